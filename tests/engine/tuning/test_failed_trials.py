"""Trials that fail, that are disturbed, or whose model is not loaded as they want it."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.tuning.conditions import Observed
from ollama_panel.core.tuning.record import TuningState
from ollama_panel.engine.tuning.workers import TrialWorkers
from tests.engine.tuning.world import NARROW, TASK, trial, tuning_world

pytestmark = pytest.mark.usefixtures("fast")


async def test_a_trial_that_fails_is_a_result_and_the_next_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW) as world:
        world.bench.waits_in = {"load"}
        await world.begin()
        await world.bench.until("load")
        world.bench.problem = notice("attempt.failed", kind="connect")
        world.bench.let_one_go()
        await world.bench.until("load", 2)
        world.bench.problem = None
        world.bench.let_go()
        done = await world.until(TuningState.DONE)
        first, second = done.outcomes
        assert first.problem == notice("attempt.failed", kind="connect")
        assert second.measurement is not None
        await world.former_settings()


async def test_what_was_measured_while_the_user_restarted_the_worker_is_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, script=(trial(4),)) as world:
        world.bench.waits_in = {"load", "wave"}
        await world.begin()
        await world.bench.until("load")
        world.bench.let_one_go()
        await world.bench.until("wave")
        worker = world.trial_worker()
        await world.panel.engine.restart(worker)
        world.bench.problem = notice("attempt.failed", kind="connect")
        world.bench.let_one_go()
        await world.bench.until("load", 2)
        world.bench.problem = None
        world.bench.let_go()
        (outcome,) = (done := await world.until(TuningState.DONE)).outcomes
        assert (outcome.measurement is not None, outcome.repeated) == (True, 1)
        assert [one.what for one in done.happenings] == [notice("tuning.worker_ended", instance=worker)]


async def test_what_heat_has_disturbed_is_measured_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch, script=(trial(4),)) as world:
        told = notice("conditions.battery")
        world.bench.observed = Observed(disturbance=told)
        await world.begin()
        done = await world.until(TuningState.DONE)
        assert [what for what, *_ in world.bench.begun].count("wave") == 2
        assert (done.outcomes[0].repeated, [one.what for one in done.happenings]) == (1, [told])


async def test_a_tuning_in_which_nothing_could_be_measured_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        world.bench.problem = notice("attempt.failed", kind="connect")
        await world.begin()
        failed = await world.until(TuningState.FAILED)
        assert failed.verdict is None
        with pytest.raises(PanelError, match="has found no settings"):
            await world.control.apply_tuning(failed.id, wait=True)


async def test_a_model_that_does_not_fit_and_one_with_fewer_slots_are_not_measured_as_if_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = LoadedModel(TASK.model, 8, 8, None, 2, ParallelSource.LOG)
    found = [[msgspec.structs.replace(whole, size_vram=6)]] * 2 + [[whole]] * 2

    async def loaded(*_: object) -> list[LoadedModel]:
        return found.pop(0)

    monkeypatch.setattr(TrialWorkers, "loaded", loaded)
    script = (trial(1, 4), trial(2, 2), trial(4, 4))
    async with tuning_world(tmp_path, monkeypatch, script=script) as world:
        await world.begin()
        ended = await world.until(TuningState.DONE, TuningState.FAILED)
        spilled, measured, fewer = ended.outcomes
        assert spilled.problem is not None
        assert (spilled.problem.code, spilled.loading) == ("tuning.spilled", True)  # neither beside nor in place
        assert measured.measurement is not None
        assert fewer.problem == notice("tuning.fewer_slots", slots=2, wanted=4)
        assert (fewer.loading, fewer.serial) == (False, False)
