"""Tunings that have ended, with the figures that a test gives."""

from collections.abc import Mapping

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind

LLAMA = ModelName("llama3.1:8b")
POOL = PoolSettings(PoolName("chat"), parallel=2, context_length=8192, models=(LLAMA,))
HERE = Provenance(
    at=1_790_000_000.0,
    hardware="NVIDIA GeForce RTX 4090",
    memory_bytes=24 << 30,
    driver="580.65.06",
    ollama="0.32.15",
    model=LLAMA,
    digest="a" * 64,
    power="mains 450 W",
    panel="0.9.0",
)
CURVE = {1: 80.0, 2: 150.0, 4: 262.0, 8: 421.0, 16: 433.0}
"""Tokens per second by slots, of a card whose throughput ends to grow at 8."""


def measured(tokens_per_s: float, slots: int) -> Measurement:
    """Return a measurement of so many slots at once; each has its share of the tokens per second."""
    return Measurement(
        tokens_per_s=Estimate(tokens_per_s, tokens_per_s / 100),
        requests_per_s=Estimate(tokens_per_s / 200),
        first_token_p50_s=0.05 * slots,
        first_token_p95_s=0.1 * slots,
        token_p50_s=slots / tokens_per_s,
        token_p95_s=1.2 * slots / tokens_per_s,
        requests=40 * slots,
        seconds=30.0,
    )


def outcome(candidate: Candidate, tokens_per_s: float, kind: TrialKind = TrialKind.RUNG) -> Outcome:
    """Return a trial that has measured so much."""
    trial = Trial(kind, candidate, candidate.parallel, notice("plan.nothing"))
    return Outcome(trial, measured(tokens_per_s, candidate.workers * candidate.parallel))


def tuning(
    outcomes: tuple[Outcome, ...] = tuple(outcome(Candidate(parallel=slots), rate) for slots, rate in CURVE.items()),
    *,
    tuning_id: str = "t-1",
    pool: PoolSettings = POOL,
    model: ModelName = LLAMA,
    provenance: Provenance = HERE,
    ended: float | None = 1_790_000_600.0,
    state: TuningState = TuningState.DONE,
) -> TuningRecord:
    """Return a tuning whose best candidate is the one with the most tokens per second."""
    best = max(outcomes, key=lambda one: one.measurement.tokens_per_s.mean if one.measurement else 0.0, default=None)
    verdict = None
    if best is not None and state is TuningState.DONE:
        verdict = Verdict(
            VerdictKind.BETTER,
            Candidate.of(pool),
            best.trial.candidate,
            notice("plan.nothing"),
            after=best.measurement,
            verified=True,
        )
    task = TuningTask(pool.name, model)
    return TuningRecord(tuning_id, task, pool, provenance, state, outcomes=outcomes, verdict=verdict, ended=ended)


def rates(of: Mapping[int, float]) -> tuple[Outcome, ...]:
    """Return a trial of one worker for each number of slots."""
    return tuple(outcome(Candidate(parallel=slots), rate) for slots, rate in of.items())
