"""A tuning as front ends see it."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import ENDED, Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate

POOL = PoolSettings(PoolName("chat"), parallel=3)
RECORD = TuningRecord("1", TuningTask(PoolName("chat"), ModelName("tiny:latest")), POOL, Provenance(at=0.0))


@pytest.mark.parametrize("state", TuningState)
def test_a_tuning_is_under_way_until_it_is_paused_or_has_ended(state: TuningState) -> None:
    stopped = ENDED | {TuningState.PAUSED}
    assert msgspec.structs.replace(RECORD, state=state).under_way is (state not in stopped)


def test_the_present_candidate_is_that_of_the_pool_before_it() -> None:
    assert RECORD.present == Candidate(workers=1, parallel=3)
