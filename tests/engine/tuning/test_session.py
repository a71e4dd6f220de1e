"""A tuning from its first trial to its verdict, on the whole engine with simulated servers."""

from pathlib import Path

import pytest

from ollama_panel.core.tuning.record import TuningState
from tests.engine.tuning.world import NARROW, ROOM, tuning_world

pytestmark = pytest.mark.usefixtures("fast")


@pytest.mark.parametrize("memory", [ROOM, NARROW])
async def test_a_tuning_makes_its_trials_and_leaves_the_settings_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=memory) as world:
        before = world.panel.paths.settings.read_bytes()
        await world.begin()
        done = await world.until(TuningState.DONE)
        assert [outcome.trial.candidate.parallel for outcome in done.outcomes] == [1, 4]
        assert world.panel.paths.settings.read_bytes() == before
        await world.former_settings()
        assert [one.id for one in await world.control.tunings()] == [done.id]
