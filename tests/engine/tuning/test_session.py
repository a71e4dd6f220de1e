"""A tuning from its first trial to its verdict, a pause or its end, on the whole engine with simulated servers."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import codec
from ollama_panel.core.tuning.record import TuningState
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Candidate, TrialKind
from ollama_panel.engine import tuning_setup
from ollama_panel.engine.tuning.workers import TrialWorkers
from tests.engine.tuning.world import NARROW, ROOM, TASK, TuningWorld, is_as_before, trial, tuning_world
from tests.fakes.live_engine import chat_pool, settings

pytestmark = pytest.mark.usefixtures("fast")


@pytest.mark.parametrize("memory", [ROOM, NARROW])
async def test_a_tuning_makes_its_trials_and_leaves_the_settings_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=memory) as world:
        before = world.panel.paths.settings.read_bytes()
        begun = await world.begin()
        assert begun.provenance.model == TASK.model
        done = await world.until(TuningState.DONE)
        assert [outcome.trial.candidate.parallel for outcome in done.outcomes] == [1, 4]
        assert [outcome.repeated for outcome in done.outcomes] == [0, 0]
        assert (done.ended, done.current, done.partial) == (done.ended, None, None)
        assert world.panel.paths.settings.read_bytes() == before
        assert is_as_before(await world.former_settings())
        assert [one.id for one in await world.control.tunings()] == [done.id]


async def test_one_load_serves_all_steps_and_a_fresh_one_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (trial(1), trial(4), trial(4, fresh=True))
    async with tuning_world(tmp_path, monkeypatch, script=script) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        pids = list[int | None]()
        for number in (1, 2, 3):
            await world.bench.until("wave", number)
            assert world.panel.composition is not None
            pids.append(world.panel.composition.fleet.status(world.trial_worker()).pid)
            world.bench.let_one_go()
        await world.until(TuningState.DONE)
        assert pids[0] == pids[1] != pids[2]


async def test_two_candidates_are_measured_in_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Candidate(parallel=4, batch=1024)
    pair = msgspec.structs.replace(trial(4, against=Candidate(parallel=4)), kind=TrialKind.BATCH, candidate=other)
    async with tuning_world(tmp_path, monkeypatch, script=(pair,)) as world:
        await world.begin()
        done = await world.until(TuningState.DONE)
        batches = [candidate.batch for what, candidate, _ in world.bench.begun if what == "wave"]
        assert batches == [0, 1024, 1024, 0]
        (outcome,) = done.outcomes
        assert outcome.measurement is not None
        assert outcome.against is not None
        assert (outcome.measurement.seconds, outcome.against.seconds) == (2.0, 2.0)


async def test_more_workers_than_the_pool_has_are_measured_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = msgspec.structs.replace(trial(2), kind=TrialKind.WORKERS, candidate=Candidate(workers=3, parallel=2))
    async with tuning_world(tmp_path, monkeypatch, script=(three,)) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        (*_, (_, _, urls)) = world.bench.begun
        assert len(set(urls)) == 3
        world.bench.let_go()
        await world.until(TuningState.DONE)
        await world.former_settings()


async def test_what_is_found_is_applied_as_any_change_and_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        await world.begin()
        done = await world.until(TuningState.DONE)
        changed = await world.control.apply_tuning(done.id, wait=True)
        assert changed.settings.pools[0].parallel == 4
        await world.in_force(4)
        await world.control.undo_last_change()
        await world.in_force(2)
        with pytest.raises(PanelError, match="There is no tuning 1"):
            await world.control.apply_tuning("1", wait=True)


@pytest.mark.parametrize("memory", [ROOM, NARROW])
@pytest.mark.parametrize("what", ["start", "load", "wave"])
@pytest.mark.parametrize("command", ["pause", "cancel"])
async def test_the_former_settings_are_in_force_when_it_is_paused_or_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, what: str, memory: int
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=memory) as world:
        await _stopped_in(world, what)
        async with asyncio.TaskGroup() as group:
            group.create_task(getattr(world.control, f"{command}_tuning")())
            world.starts.let_go()
        ended = await world.until(TuningState.PAUSED if command == "pause" else TuningState.CANCELLED)
        assert (ended.current, ended.partial) == (None, None)
        await world.former_settings()
        world.bench.let_go()
        if command == "pause":
            await world.control.resume_tuning()
            done = await world.until(TuningState.DONE)
            assert (done.id, len(done.outcomes)) == (ended.id, 2)
            await world.former_settings()


@pytest.mark.parametrize("what", ["start", "load", "wave"])
async def test_the_panel_ends_cleanly_whatever_the_tuning_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW) as world:
        await _stopped_in(world, what)
        world.panel.engine.end()
        world.starts.let_go()
    async with tuning_world(tmp_path, monkeypatch) as world:
        paused = await world.until(TuningState.PAUSED)
        assert paused.kills == 0
        await world.former_settings()
        await world.begin()
        done = await world.until(TuningState.DONE)
        assert (done.id, len(done.outcomes)) == (paused.id, 2)


async def test_there_is_one_tuning_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        with pytest.raises(PanelError, match="No tuning is under way"):
            await world.control.pause_tuning()
        with pytest.raises(PanelError, match="No tuning is paused"):
            await world.control.resume_tuning()
        world.bench.waits_in = {"wave"}
        await world.begin()
        with pytest.raises(PanelError, match="is under way"):
            await world.begin()
        with pytest.raises(PanelError, match="is under way"):
            await world.control.resume_tuning()
        preview = await world.control.tuning_preview(TASK)
        assert preview.problem is not None
        assert preview.problem.code == "tuning.running"
        world.bench.let_go()
        await world.until(TuningState.DONE)


async def test_another_task_takes_the_place_of_a_paused_tuning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        world.bench.waits_in = {"wave"}
        first = await world.begin()
        await world.control.pause_tuning()
        assert (await world.control.tuning_preview(TASK)).resumes == first.id
        world.bench.let_go()
        second = await world.begin(msgspec.structs.replace(TASK, goal=Goal.THROUGHPUT))
        await world.until(TuningState.DONE)
        ended = {one.id: one.state for one in await world.control.tunings()}
        assert ended == {first.id: TuningState.CANCELLED, second.id: TuningState.DONE}


async def test_a_paused_tuning_does_not_go_on_with_other_settings_of_its_pool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.control.pause_tuning()
        await world.panel.engine.apply(codec.set(world.panel.snapshot.settings, "pools.chat.context_length", "2048"))
        assert (await world.control.tuning_preview(TASK)).resumes == ""


async def test_a_worker_that_the_user_stops_pauses_the_tuning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        worker = world.trial_worker()
        await world.panel.engine.ensure_stopped(worker)
        world.bench.problem = notice("attempt.failed", kind="connect")
        world.bench.let_go()
        paused = await world.until(TuningState.PAUSED)
        assert paused.reason == notice("tuning.worker_stopped", instance=worker)
        assert paused.outcomes == ()


async def test_one_more_worker_that_the_user_stops_comes_back_when_the_tuning_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        worker = world.trial_worker()
        await world.panel.engine.ensure_stopped(worker)
        world.bench.problem = notice("attempt.failed", kind="connect")
        world.bench.let_go()
        paused = await world.until(TuningState.PAUSED)
        assert (paused.reason, paused.outcomes) == (notice("tuning.twin_stopped", instance=worker), ())
        await world.former_settings()
        world.bench.problem = None
        await world.control.resume_tuning()
        await world.until(TuningState.DONE)


async def test_a_model_that_is_removed_ends_the_tuning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        url = world.panel.snapshot.instances[0].url
        assert (await world.panel.client.request("DELETE", f"{url}/api/delete", json={"model": TASK.model})).is_success
        world.bench.problem = notice("attempt.failed", kind="connect")
        world.bench.let_go()
        failed = await world.until(TuningState.FAILED)
        assert failed.reason == notice("tuning.model_gone", model=TASK.model)


async def test_a_change_of_the_pool_ends_the_tuning_and_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        await world.panel.engine.apply(codec.set(world.panel.snapshot.settings, "pools.chat.parallel", "3"))
        ended = await world.until(TuningState.CANCELLED)
        assert ended.reason == notice("tuning.pool_changed", pool="chat")
        await world.former_settings()
        assert world.panel.instance("chat-1").parallel == 3


async def test_another_program_of_ollama_ends_the_tuning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch, wanted=settings()) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        assert world.panel.composition is not None
        monkeypatch.setattr(world.panel.composition.tuning, "_program", lambda: ("/opt/ollama/bin/ollama",))
        await world.panel.engine.apply(codec.set(world.panel.snapshot.settings, "pools.embedding.parallel", "3"))
        assert (await world.until(TuningState.CANCELLED)).reason == notice("tuning.program_changed")
        await world.former_settings()


async def test_an_update_of_ollama_in_its_place_ends_the_tuning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        monkeypatch.setattr(TrialWorkers, "version", lambda _: "0.99.0")
        await world.begin()
        assert (await world.until(TuningState.CANCELLED)).reason == notice("tuning.program_changed")
        await world.former_settings()


async def test_a_change_of_another_pool_does_not_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tuning_world(tmp_path, monkeypatch, wanted=settings()) as world:
        world.bench.waits_in = {"wave"}
        await world.begin()
        await world.bench.until("wave")
        await world.panel.engine.apply(codec.set(world.panel.snapshot.settings, "pools.embedding.parallel", "3"))
        assert world.bench.broken_off == []
        world.bench.let_go()
        await world.until(TuningState.DONE)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": ModelName("none:1b")}, "There is no model none:1b"),
        ({"pool": PoolName("other")}, "other"),
        ({"model": ModelName("nomic-embed-text")}, "chat is not for these"),
        ({"goal": Goal.EMBEDDING}, "makes no embeddings"),
    ],
)
async def test_a_task_that_is_not_possible_is_told_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], sentence: str
) -> None:
    async with tuning_world(tmp_path, monkeypatch) as world:
        await world.panel.until(lambda snapshot: snapshot.models)
        task = msgspec.structs.replace(TASK, **changes)
        preview = await world.control.tuning_preview(task)
        assert preview.problem is not None
        with pytest.raises(PanelError, match=sentence):
            await world.control.tune(task)


async def test_a_pool_without_workers_cannot_be_tuned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = settings(pools=(*chat_pool(), msgspec.structs.replace(chat_pool(0)[0], name=PoolName("more"))))
    async with tuning_world(tmp_path, monkeypatch, wanted=wanted) as world:
        with pytest.raises(PanelError, match="more has no workers"):
            await world.begin(msgspec.structs.replace(TASK, pool=PoolName("more")))


async def test_the_preview_says_how_many_trials_there_are_and_where_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning_setup, "own_requests", lambda *_: 312)
    async with tuning_world(tmp_path, monkeypatch, memory=NARROW) as world:
        world.use_the_bench()
        preview = await world.control.tuning_preview(TASK)
        assert (preview.trials, preview.minutes, preview.problem) == (2, 1.5, None)
        assert [line.code for line in preview.lines] == ["tuning.measures_at", "tuning.goes_first"]
        assert preview.own_requests == 312


async def _stopped_in(world: TuningWorld, what: str) -> None:
    """Return when the tuning starts a worker, loads a model or measures, where it stays."""
    world.bench.waits_in = {what}
    if what == "start":
        world.starts.hold()
    await world.begin()
    await (world.starts.begun() if what == "start" else world.bench.until(what))
