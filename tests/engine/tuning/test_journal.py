"""The tunings on the disk: a kill at any moment leaves the user's settings, and the tuning goes on."""

import asyncio
import shutil
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import PoolSettings, Problem
from ollama_panel.core.tuning.record import ENDED, Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Outcome
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.tuning import journal as module
from ollama_panel.engine.tuning.journal import Journal
from tests.engine.tuning.world import TASK, trial, tuning_world
from tests.fakes.live_engine import settings

POOL = PoolSettings(PoolName("chat"))


def names(folder: Path) -> list[str]:
    """Return the ids of the tunings in a folder."""
    return sorted(path.stem for path in folder.iterdir())


def record(number: int, state: TuningState = TuningState.DONE) -> TuningRecord:
    """Return a tuning by its number."""
    task = TuningTask(PoolName("chat"), ModelName("tiny:latest"))
    ended = float(number) if state in ENDED else None
    return TuningRecord(f"20261130-{number:06}", task, POOL, Provenance(at=0.0), state, ended=ended)


def kept(folder: Path) -> tuple[Journal, list[tuple[Problem, ...]]]:
    """Return a journal, and what it reports."""
    told = list[tuple[Problem, ...]]()
    return Journal(folder, lambda problems: told.append(tuple(problems))), told


async def test_what_is_written_is_read_again_the_newest_first(tmp_path: Path) -> None:
    journal, told = kept(tmp_path / "tunings")
    assert await journal.read() == ()
    measured = msgspec.structs.replace(record(2), outcomes=(Outcome(trial(4)),), current=trial(8))
    for one in (record(1), measured, record(3)):
        await journal.write(one)
    assert await journal.read() == (record(3), measured, record(1))
    assert set(told) == {()}


async def test_a_file_that_cannot_be_read_is_told_in_a_sentence_and_kept(tmp_path: Path) -> None:
    journal, told = kept(tmp_path)
    broken = tmp_path / "20261130-000009.json"
    broken.write_text("{")
    assert await journal.read() == ()
    ((problem,),) = told
    assert render(problem.told).startswith("tunings: The tuning 20261130-000009.json cannot be read (")
    await journal.write(record(1))
    assert told[-1] == (problem,)
    assert broken.read_text() == "{"


async def test_the_newest_are_kept_and_no_unreadable_one_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    journal, _ = kept(tmp_path)
    (tmp_path / "20261130-000000.json").write_text("?")
    await journal.read()
    for number in (1, 2, 3):
        await journal.write(record(number))
    assert names(tmp_path) == ["20261130-000000", "20261130-000002", "20261130-000003"]


async def test_a_folder_that_cannot_be_written_is_told_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "tunings"
    folder.write_text("a file")
    journal, told = kept(folder)
    await journal.write(record(1))
    assert told[-1]
    folder.unlink()
    await journal.write(record(1))
    assert told[-1] == ()
    assert await journal.read() == (record(1),)


async def test_of_writes_at_once_the_last_one_stays(tmp_path: Path) -> None:
    journal, _ = kept(tmp_path)
    states = [TuningState.PREPARING, TuningState.MEASURING, TuningState.PAUSED, TuningState.DONE] * 5
    async with asyncio.TaskGroup() as group:
        for state in states:
            group.create_task(journal.write(record(1, state)))
    assert (await journal.read())[0].state is TuningState.DONE


@pytest.mark.usefixtures("fast")
async def test_a_kill_after_any_write_leaves_the_settings_and_the_tuning_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies on the disk after each write is what the next panel finds if this one is killed then."""
    folders = list[Path]()
    write = Journal._write

    def copied(journal: Journal, one: TuningRecord, number: int) -> None:
        write(journal, one, number)
        folders.append(tmp_path / f"killed-{len(folders)}")
        shutil.copytree(tmp_path / "panel" / "tunings", folders[-1] / "tunings")

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "_write", copied)
        async with tuning_world(tmp_path / "panel", monkeypatch) as world:
            await world.begin()
            done = await world.until(TuningState.DONE)
    assert len(folders) == 5  # two trials begin and end, and the tuning ends
    for number, folder in enumerate(folders):
        async with tuning_world(folder, monkeypatch) as world:
            if number == 4:
                assert [one.id for one in await world.control.tunings()] == [done.id]
                assert world.panel.snapshot.tuning is None
                continue
            paused = await world.until(TuningState.PAUSED)
            assert paused.kills == (1 if number % 2 == 0 else 0)
            assert paused.reason is not None
            assert render(paused.reason).startswith(f"The panel ended during trial {1 + (number + 1) // 2};")
            await world.former_settings()
            await world.begin()
            after = await world.until(TuningState.DONE)
            assert (after.id, len(after.outcomes), after.kills) == (done.id, 2, 0)
            await world.former_settings()


@pytest.mark.usefixtures("fast")
async def test_a_trial_during_which_the_panel_was_killed_twice_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted = msgspec.structs.replace(
        record(1, TuningState.MEASURING), task=TASK, settings=settings().pools[0], current=trial(1), kills=1
    )
    journal, _ = kept(Paths(tmp_path).tunings)
    await journal.write(interrupted)
    async with tuning_world(tmp_path, monkeypatch, wanted=settings()) as world:
        assert (await world.until(TuningState.PAUSED)).kills == 2
        await world.begin()
        done = await world.until(TuningState.DONE)
        assert done.id == interrupted.id
        first, second = done.outcomes
        assert first.problem is not None
        assert first.problem.code == "tuning.killed_often"
        assert second.measurement is not None


@pytest.mark.usefixtures("fast")
async def test_of_several_that_have_not_ended_the_newest_may_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, _ = kept(Paths(tmp_path).tunings)
    for number in (1, 2):
        await journal.write(record(number, TuningState.PAUSED))
    async with tuning_world(tmp_path, monkeypatch) as world:
        assert (await world.until(TuningState.PAUSED)).id == record(2).id
        assert [(one.id, one.state) for one in await world.control.tunings()] == [(record(1).id, TuningState.CANCELLED)]


@pytest.mark.usefixtures("fast")
async def test_a_tuning_of_settings_that_have_changed_does_not_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = msgspec.structs.replace(settings().pools[0], parallel=7)
    paused = msgspec.structs.replace(record(1, TuningState.PAUSED), task=TASK, settings=changed)
    journal, _ = kept(Paths(tmp_path).tunings)
    await journal.write(paused)
    async with tuning_world(tmp_path, monkeypatch, wanted=settings()) as world:
        begun = await world.begin()
        assert begun.id != paused.id
        await world.until(TuningState.DONE)
        states = [one.state for one in await world.control.tunings()]
        assert states == [TuningState.DONE, TuningState.CANCELLED]


async def test_a_file_that_was_copied_is_a_tuning_of_its_own_name_and_is_written_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "tunings"
    journal, _ = kept(folder)
    await journal.write(msgspec.structs.replace(record(1), state=TuningState.PAUSED))
    written = (folder / "20261130-000001.json").read_text()
    (folder / "copy.json").write_text(written.replace("20261130-000001", "../settings"))
    found = await journal.read()
    assert [one.id for one in found] == ["copy", "20261130-000001"]
    for one in found:
        await journal.write(one)
    assert names(folder) == ["20261130-000001", "copy"]
    assert not (tmp_path / "settings.json").exists()


async def test_a_file_of_endless_brackets_is_told(tmp_path: Path) -> None:
    journal, told = kept(tmp_path)
    (tmp_path / "20261130-000001.json").write_text('{"reason":' + "[" * 200_000)
    assert await journal.read() == ()
    assert len(told[0]) == 1
