"""Fixes whose process was killed, at whatever step: what the next one shows of them, goes on with and takes back."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import Area, EditFiles, Finding, Fix, Report, RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.engine.applying import journal
from ollama_panel.engine.doctor import keeping
from ollama_panel.engine.doctor import session as sessions
from ollama_panel.engine.doctor.session import DoctorSession
from ollama_panel.engine.files import write_whole

BEFORE, AFTER = "export A=1\n", "A=1\n"
MOST_STEPS = 12


class Killed(BaseException):
    """The process ends here."""


class Machine:
    """A file with a mistake, and sessions one after another, each as a process of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.path = folder / "doctor", folder / "ollama.env"
        self.path.write_text(BEFORE)
        self.fix: Fix = EditFiles(((str(self.path), BEFORE, AFTER),))
        self.left = 0
        self.dead = False
        monkeypatch.setattr(sessions, "examine", self._examine)
        for module in (journal, keeping):
            monkeypatch.setattr(module, "write_whole", self._write)

    def _write(self, path: Path, content: bytes) -> None:
        self.left -= 1
        if self.dead or self.left == 0:
            self.dead = True
            raise Killed
        write_whole(path, content)

    async def _gather(self) -> Facts:
        return Facts(at=1.0)

    def _examine(self, facts: Facts, took_s: float = 0.0) -> Report:
        found = Finding("a", "a", Area.SETTINGS, notice("source.unknown", path="x"), fix=self.fix)
        return Report(1.0, findings=(found,) if self.path.read_text() == BEFORE else ())

    async def again(self) -> DoctorSession:
        """Return the doctor of a new process."""
        session = DoctorSession(self.folder, self._gather)
        await asyncio.to_thread(session.open)
        await session.check()
        return session

    async def killed(self, step: int, work: Callable[[], Awaitable[Any]]) -> bool:
        """Do something, and be killed before the file of that number is written; return whether it was."""
        self.left, self.dead = step, False
        with contextlib.suppress(Killed):
            await work()
        was, self.left, self.dead = self.dead, 0, False
        return was


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("step", range(1, MOST_STEPS))
async def test_a_fix_that_was_killed_goes_on_or_is_taken_back(machine: Machine, step: int) -> None:
    session = await machine.again()
    if not await machine.killed(step, lambda: session.fix("a")):
        return
    later = await machine.again()
    changed = machine.path.read_text() != BEFORE
    for one in later.record.mended:
        assert one.can_undo
        assert one.problem is not None or (changed and one.applying is not None)
    if changed:
        assert len(later.record.mended) == 1, "it can come back"
    else:
        done = await later.fix("a")
        assert (done.problem, machine.path.read_text()) == (None, AFTER)
        assert [one.id for one in later.record.mended] == [done.id]
    await later.undo(later.record.mended[0].id)
    assert machine.path.read_text() == BEFORE
    assert not list(machine.path.parent.glob("ollama.env.*"))


@pytest.mark.parametrize("step", range(1, MOST_STEPS))
async def test_a_way_back_that_was_killed_goes_on(machine: Machine, step: int) -> None:
    session = await machine.again()
    mended = await session.fix("a")
    if not await machine.killed(step, lambda: session.undo(mended.id)):
        return
    later = await machine.again()
    (left,) = later.record.mended
    assert left.can_undo is not left.undone
    if left.can_undo:
        await later.undo(left.id)
    assert machine.path.read_text() == BEFORE
    assert (later.record.mended[0].undone, later.record.mended[0].can_undo) == (True, False)


async def test_commands_that_were_killed_are_no_success(machine: Machine) -> None:
    machine.fix = RunCommands(("true",), ("true",))
    session = await machine.again()
    await machine.killed(2, lambda: session.fix("a"))
    (left,) = (await machine.again()).record.mended
    assert left.problem is not None
    assert (left.problem.code, left.can_undo) == ("doctor.interrupted", True)


async def test_two_processes_mend_one_after_the_other(machine: Machine) -> None:
    session = await machine.again()
    with keeping.alone(machine.folder), pytest.raises(PanelError, match="Another program is mending"):
        await session.fix("a")
    assert session.record.mended == ()
    assert (await session.fix("a")).problem is None


async def test_what_is_set_aside_on_one_machine_is_so_there_alone(machine: Machine) -> None:
    session = await machine.again()
    await session.ignore("a")
    other = DoctorSession(machine.folder, machine._gather, "ann@box")
    other.open()
    assert other.record.ignored == ()
    with pytest.raises(PanelError, match="is set aside"):
        await other.show_again("a")
    assert [one.finding for one in (await machine.again()).record.ignored] == ["a"]
    assert (await session.show_again("a")).ignored == ()
