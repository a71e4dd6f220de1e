"""A recording that begins in the middle of a run replays to what the window showed, and so do the last minutes."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.scheduling.event_log import read
from ollama_panel.core.scheduling.messages import Loaded, Progressed
from ollama_panel.core.settings import codec
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.timeline.timeline import MAX_OPEN
from ollama_panel.engine.store import Store
from ollama_panel.lab.replay import Replay, bench_replay
from tests.engine import test_replayed_run as parts
from tests.engine.test_replayed_run import RecordedRun
from tests.fakes.live_engine import LiveEngine, chat_pool, live, settings
from tests.fakes.timelines import shown

run = parts.run
PARTS = (parts.preempt, parts.fail, parts.end_early, parts.swap, parts.cut, parts.lose_the_instance)


def replayed(path: Path) -> Replay:
    """Return the replay of a recording, which decides all as it was decided."""
    again = Replay()
    steps = list(again.take(read(path.read_bytes().splitlines())))
    assert [step for step, actions in steps if list(step.actions) != actions] == []
    return again


@pytest.mark.parametrize("first", range(1, len(PARTS)))
async def test_it_begins_between_any_two_parts_of_a_run(run: RecordedRun, first: int) -> None:
    run.recorder.close()
    run.answer(await run.placed("served"))
    run.post(Loaded(parts.ONE, parts.A, 9 * parts.GB, 1, parts.CONTEXT))
    for number, part in enumerate(PARTS):
        if number == first:
            await run.placed("runs meanwhile")
            await run.arrive("waits meanwhile")
            run.recorder.begin()
            for name in ("waits meanwhile", "runs meanwhile"):
                await run.leave(name)
        await part(run)
    saved = await run.recorder.save_recent()
    now = shown(run.timeline, run.dispatcher, run.clock.now)
    run.recorder.close()
    for path in (Path(run.recorder.record().path), Path(saved.path)):
        again = replayed(path)
        assert shown(again.timeline, again.scheduler, run.clock.now) == now
        assert bench_replay(lambda _: None, path) == 0


def shown_again(panel: Snapshot, path: Path) -> Snapshot:
    """Return what a store shows of the replay of a recording, with the instances of the panel."""
    again = replayed(path)
    store = Store(panel.settings, again.timeline, lambda: None, again.scheduler.slots, again.scheduler)
    for one in panel.instances:
        store.put_instance(replace(one, slots=0, limits=(), in_flight=0, served=0, failed=0, tokens_per_s=None))
    return store.snapshot(panel.at, again.scheduler.waiting(MAX_OPEN))


async def busy(panel: LiveEngine) -> None:
    """Return when requests run and wait, and some have ended."""
    before = panel.snapshot.served
    await panel.until(lambda one: one.served >= before + 5 and one.pools[0].queued and one.pools[0].in_flight)


@pytest.mark.usefixtures("fast")
async def test_a_recording_begun_and_ended_under_load_shows_the_very_screen(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        assert panel.composition is not None
        recorder, commands = panel.composition.recorder, panel.engine.control.recording
        async with panel.load(8):
            for _ in range(3):
                await busy(panel)
                begun = await commands.switch(on=True)
                assert begun.on
                assert panel.snapshot.settings.scheduling.record_events
                await busy(panel)
                recorder.close()
                now = panel.snapshot
                again = shown_again(now, Path(begun.path))
                assert (again.requests, again.finished) == (now.requests, now.finished)
                assert (again.pools, again.instances) == (now.pools, now.instances)
                assert (again.served, again.failed, again.refused) == (now.served, now.failed, now.refused)
                ended = await commands.switch(on=False)
                assert not ended.on
                assert ended.path == begun.path
            saved = await commands.save_recent()
        assert len({file.name for file in panel.paths.recordings.iterdir()}) == 4
        assert replayed(Path(saved.path)).timeline.counts.ended
        assert (await commands.show()).taken == sum(file.stat().st_size for file in panel.paths.recordings.iterdir())


async def test_what_all_recordings_take_includes_what_is_not_written_yet(run: RecordedRun) -> None:
    before = run.recorder.record().size
    run.recorder.step(Progressed(RequestId("chat"), 1), run.clock.now)
    size = run.recorder.record().size
    assert size > run.path.stat().st_size == before
    assert run.recorder.taken() == size
    run.recorder.close()
    assert run.recorder.taken() == run.path.stat().st_size == size


@pytest.mark.usefixtures("fast")
async def test_the_setting_begins_and_ends_a_recording_at_once(tmp_path: Path) -> None:
    async with live(tmp_path, settings(("scheduling.record_events", "on"), pools=chat_pool())) as panel:
        await panel.ready()
        assert panel.snapshot.recording.on
        first = panel.snapshot.recording.path
        await panel.chat()
        for on in (False, True):
            wanted = codec.set(panel.snapshot.settings, "scheduling.record_events", "on" if on else "off")
            await panel.engine.apply(wanted)
            assert panel.snapshot.recording.on is on
        assert panel.snapshot.recording.path != first
        assert panel.snapshot.recording.recent_s > 0


async def test_it_waits_while_so_many_requests_are_open_that_its_beginning_would_hold_them_up(
    run: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ollama_panel.engine.recorder.MOST_OPEN", 2)
    run.recorder.close()
    for name in "abc":
        await run.arrive(name)
    run.recorder.begin()
    assert not run.recorder.record().on
    assert run.recorder.record().problem == notice("recording.later", open=3, most=2)
    run.later(2)
    assert not run.recorder.record().on
    await run.leave("c")
    run.later(2)
    record = run.recorder.record()
    assert (record.on, record.problem) == (True, None)
    await run.leave("b")
    now = shown(run.timeline, run.dispatcher, run.clock.now)
    run.recorder.close()
    again = replayed(Path(record.path))
    assert shown(again.timeline, again.scheduler, run.clock.now) == now


async def test_one_that_waits_to_begin_can_be_ended(run: RecordedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_panel.engine.recorder.MOST_OPEN", 0)
    run.recorder.close()
    await run.arrive("a")
    run.recorder.begin()
    run.recorder.close()
    await run.leave("a")
    run.later(2)
    assert (run.recorder.record().on, run.recorder.record().problem) == (False, None)
