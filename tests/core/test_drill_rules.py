"""What passes in a drill, and how many points it gives."""

import msgspec
import pytest

from ollama_panel.core.drill import DrillFault, DrillStep
from ollama_panel.core.drill_rules import GOOD_S, SLOW_S, limit_s, noticed, passed, points, score, smallest
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState

KILL, HANG, RUNNER_HANG, SLOW = DrillFault
LIMIT = 60.0


def step(fault: DrillFault = KILL, **fields: object) -> DrillStep:
    return DrillStep(fault, **{"detected_s": 0.1, "recovered_s": 3.0, "sent": 10, **fields})  # type: ignore[arg-type]


def test_all_is_well_that_is_noticed_at_once_loses_nothing_and_serves_again() -> None:
    assert points(step(), LIMIT) == 100
    assert passed(step())
    assert points(step(broken=3), LIMIT) == 100, "what a client has read nobody can take back"


def test_a_late_notice_costs_in_proportion() -> None:
    half = (GOOD_S[KILL] + LIMIT) / 2
    assert points(step(detected_s=GOOD_S[KILL]), LIMIT) == 100
    assert points(step(detected_s=half), LIMIT) == pytest.approx(80)
    assert points(step(detected_s=LIMIT), LIMIT) == 60
    assert points(step(detected_s=None, recovered_s=None), LIMIT) == 40


def test_one_lost_request_costs_more_than_half_of_what_none_is_worth() -> None:
    assert points(step(lost=1), LIMIT) == pytest.approx(60 + 18)
    assert points(step(lost=10), LIMIT) == 60
    assert points(step(lost=1, sent=0), LIMIT) == 60
    assert not passed(step(lost=1))


def test_what_does_not_serve_again_is_not_passed() -> None:
    assert points(step(recovered_s=None), LIMIT) == 80
    assert not passed(step(recovered_s=None))
    assert not passed(step(detected_s=None))


def test_who_is_only_slow_is_to_be_left_alone() -> None:
    well = step(SLOW, detected_s=None, recovered_s=None)
    assert (points(well, SLOW_S), passed(well)) == (100, True)
    alarm = step(SLOW, false_alarm=True)
    assert (points(alarm, SLOW_S), passed(alarm)) == (0, False)
    assert not passed(step(SLOW, lost=1))


def test_the_score_is_the_mean_of_what_was_carried_out() -> None:
    steps = [step(passed=True), step(SLOW, false_alarm=True, passed=False), step(HANG, passed=None)]
    assert score(steps, 60.0) == 50
    assert score([step(passed=None)], 60.0) is None
    assert score([], 60.0) is None


def test_each_fault_has_a_limit_that_leaves_time_to_notice_it() -> None:
    assert all(limit_s(fault, 60.0) > GOOD_S[fault] for fault in (KILL, HANG, RUNNER_HANG))
    assert limit_s(RUNNER_HANG, 600.0) > 600.0
    assert limit_s(SLOW, 60.0) == SLOW_S


def test_the_smallest_model_that_answers_is_asked() -> None:
    large, small = ModelFacts(ModelName("large"), size=9), ModelFacts(ModelName("small"), size=3)
    embedding = ModelFacts(ModelName("embed"), size=1, family="bert", capabilities=("embedding",))
    remote = ModelFacts(ModelName("cloud"), size=2, remote=True)
    assert smallest([large, small, embedding, remote]) == small
    assert smallest([embedding, remote]) is None


UP = InstanceRecord(InstanceId("chat-2"), PoolName("chat"), Role.CHAT, True, "http://x", Phase.READY, pid=7)
CALM = WatchdogRecord()


def test_the_panel_has_noticed_what_its_records_say() -> None:
    assert not noticed(UP, CALM, UP)
    assert not noticed(UP, WatchdogRecord(WatchdogState.ASKING), UP), "it only asks"
    assert noticed(UP, WatchdogRecord(WatchdogState.HUNG), UP)
    assert noticed(UP, WatchdogRecord(WatchdogState.EXHAUSTED), UP)
    assert noticed(msgspec.structs.replace(UP, silent=(ModelName("a"),)), CALM, UP)
    assert noticed(msgspec.structs.replace(UP, phase=Phase.BACKOFF), CALM, UP)
    assert noticed(msgspec.structs.replace(UP, pid=8), CALM, UP)
    assert noticed(None, CALM, UP)
