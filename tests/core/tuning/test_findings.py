"""What trials have found: rates of candidates, comparisons, the best, and what has failed."""

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.findings import Findings, rate_of
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind
from tests.core.tuning.tuning_script import PROBLEM, bounds, task

WHY = notice("tuning_plan.present")
TWO, FOUR = Candidate(parallel=2), Candidate(parallel=4)


def gave(tokens: float, seconds: float = 20.0, token_s: float = 0.01) -> Measurement:
    """Return a measurement."""
    return Measurement(
        Estimate(tokens), Estimate(tokens / 50), token_p95_s=token_s, requests=round(5 * seconds), seconds=seconds
    )


def trial(
    candidate: Candidate, kind: TrialKind = TrialKind.RUNG, load: int = 0, against: Candidate | None = None
) -> Trial:
    """Return a trial."""
    return Trial(kind, candidate, load or candidate.parallel, WHY, against=against)


def found(*outcomes: Outcome, goal: Goal = Goal.THROUGHPUT, **others: object) -> Findings:
    """Return what follows from outcomes."""
    return Findings(task(goal, **others), outcomes)


def pair(candidate: Candidate, gain: float, kind: TrialKind = TrialKind.BATCH) -> Outcome:
    """Return a candidate in turns with four slots, which give 400 tokens per second."""
    return Outcome(trial(candidate, kind, against=FOUR), gave(400 * (1 + gain)), against=gave(400))


def test_the_rate_of_a_candidate_is_the_mean_over_all_its_seconds() -> None:
    findings = found(Outcome(trial(FOUR), gave(400, 20)), Outcome(trial(FOUR), gave(430, 40)))
    assert findings.values == {FOUR: pytest.approx(420)}
    assert findings.measured(FOUR) == gave(430, 40)


def test_a_request_for_embeddings_has_ten_texts() -> None:
    measured = msgspec.structs.replace(gave(9000), requests_per_s=Estimate(12.0, 0.5))
    assert rate_of(Goal.EMBEDDING, measured) == Estimate(120.0, 5.0)
    assert rate_of(Goal.THROUGHPUT, measured) == Estimate(9000)


def test_a_fresh_load_far_below_the_prediction_counts_alone() -> None:
    first, verify = Outcome(trial(FOUR), gave(400)), trial(FOUR, TrialKind.VERIFY)
    assert found(first, Outcome(verify, gave(390, 40))).values[FOUR] == pytest.approx((400 + 2 * 390) / 3)
    assert found(first, Outcome(verify, gave(380, 40))).values[FOUR] == 380


def test_the_repeated_first_step_tells_of_the_machine_and_not_of_the_step() -> None:
    findings = found(Outcome(trial(TWO), gave(200)), Outcome(trial(TWO, TrialKind.DRIFT), gave(180)))
    assert findings.values[TWO] == 200
    assert findings.drift == pytest.approx(-0.1)
    assert found(Outcome(trial(TWO), gave(200))).drift is None


def test_the_strain_is_that_of_the_bound_that_is_nearest_to_break() -> None:
    measured = msgspec.structs.replace(gave(400, token_s=0.09), first_token_p95_s=1.0)
    findings = found(Outcome(trial(FOUR), measured), bounds=bounds(2.0, 0.1))
    assert findings.strain(FOUR) == pytest.approx(0.9)
    assert found(Outcome(trial(FOUR), measured)).strain(FOUR) == 0.0


def test_without_a_candidate_that_keeps_the_bounds_the_nearest_is_the_best() -> None:
    outcomes = [Outcome(trial(one), gave(100, token_s=time)) for one, time in ((TWO, 0.2), (FOUR, 0.3))]
    findings = found(*outcomes, bounds=bounds(token_s=0.1))
    assert findings.best == TWO
    assert not findings.keeps(TWO)


@pytest.mark.parametrize("gain", [0.1, 0.021, 0.019, -0.1])
@pytest.mark.parametrize(
    ("candidate", "kind"),
    [
        (Candidate(parallel=4, batch=2048), TrialKind.BATCH),
        (Candidate(parallel=4, cache_type="q8_0"), TrialKind.CACHE),
        (Candidate(workers=2, parallel=4), TrialKind.WORKERS),
    ],
)
def test_a_dear_setting_is_out_unless_it_is_worth_its_price(candidate: Candidate, kind: TrialKind, gain: float) -> None:
    findings = found(Outcome(trial(FOUR), gave(400)), pair(candidate, gain, kind))
    assert findings.rejected(candidate) == (gain < 0.02)
    assert findings.best == (FOUR if gain < 0.02 else candidate)


@pytest.mark.parametrize("half_width", [None, 10.0, 30.0])
@pytest.mark.parametrize("dear_side", [True, False])
def test_a_dear_setting_is_out_unless_its_gain_exceeds_both_half_widths(
    half_width: float | None, dear_side: bool
) -> None:
    large = Candidate(parallel=4, batch=2048)
    rates = [Estimate(420, half_width if dear_side else 5.0), Estimate(400, 5.0 if dear_side else half_width)]
    one, other = (msgspec.structs.replace(gave(400), tokens_per_s=rate) for rate in rates)
    outcome = Outcome(trial(large, TrialKind.BATCH, against=FOUR), one, against=other)
    assert found(outcome).worth(outcome) == (half_width != 30.0)
    assert found(outcome).rejected(large) == (half_width == 30.0)


def test_the_gain_of_a_pair_is_that_of_its_dearer_one() -> None:
    small = Candidate(parallel=4, cache_type="q8_0")
    outcome = Outcome(trial(FOUR, TrialKind.CACHE, against=small), gave(400), against=gave(500))
    assert found(outcome).pair(outcome) == (small, pytest.approx(0.25))


def test_a_pair_that_failed_or_gave_nothing_rejects_nothing() -> None:
    large = Candidate(parallel=4, batch=2048)
    for outcome in (Outcome(trial(large, TrialKind.BATCH, against=FOUR), problem=PROBLEM), pair(large, -1.0)):
        findings = found(outcome)
        assert findings.pair(outcome) is None
        assert not findings.rejected(large)
        assert not findings.worth(outcome)


def test_a_failed_load_rules_out_all_that_ask_for_as_much() -> None:
    findings = found(Outcome(trial(TWO, load=16), problem=PROBLEM))
    assert findings.impossible(Candidate(parallel=16, batch=1024))
    assert findings.impossible(Candidate(workers=2, parallel=24))
    assert not findings.impossible(Candidate(parallel=12))
    assert not findings.impossible(Candidate(parallel=16, cache_type="q8_0"))


def test_a_load_that_has_worked_is_not_to_blame_for_a_step() -> None:
    findings = found(Outcome(trial(TWO, load=16), gave(200)), Outcome(trial(FOUR, load=16), problem=PROBLEM))
    assert findings.failed == [FOUR]
    assert not findings.impossible(TWO)


def test_nothing_measured_has_no_best() -> None:
    assert found().best is None
    assert found(Outcome(trial(TWO), problem=PROBLEM)).best is None
