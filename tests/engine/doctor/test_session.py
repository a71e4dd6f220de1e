"""The doctor at work, with facts of the test's own."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine.doctor.session import DoctorSession


class Machine:
    """Counts how often it is looked at; `problem` is why it cannot be."""

    def __init__(self) -> None:
        self.looks = 0
        self.problem: PanelError | None = None

    async def facts(self) -> Facts:
        self.looks += 1
        await asyncio.sleep(0)
        if self.problem is not None:
            raise self.problem
        return Facts(at=5.0)


async def test_who_asks_while_it_looks_waits_for_that(tmp_path: Path) -> None:
    machine, running = Machine(), list[bool]()
    session = DoctorSession(tmp_path, machine.facts, tell=lambda: running.append(session.record.running))
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(session.check()) for _ in range(2)]
    assert machine.looks == 1
    assert {one.result().report is not None for one in asked} == {True}
    assert (running[0], running[-1]) == (True, False)
    await session.check()
    assert machine.looks == 2


async def test_a_machine_that_cannot_be_looked_at_says_why(tmp_path: Path) -> None:
    machine = Machine()
    machine.problem = PanelError(notice("apply.unreachable", host="ann@box", reason="no route"))
    session = DoctorSession(tmp_path, machine.facts, "ann@box")
    with pytest.raises(PanelError, match="no route"):
        await session.check()
    assert (session.record.running, session.record.problem) == (False, machine.problem.notice)
    machine.problem = None
    assert (await session.check()).problem is None


async def test_a_file_of_its_own_that_makes_no_sense_is_no_reason_to_look_at_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept.json").write_text('{"ignored": [')
    (tmp_path / "kept.json.broken-1").write_text("of old")
    session = DoctorSession(tmp_path, Machine().facts)
    session.open()
    assert (await session.check()).report is not None
    assert (tmp_path / "kept.json.broken-2").read_text() == '{"ignored": ['
    assert "kept.json.broken-2" in caplog.text


async def test_who_looks_need_not_be_able_to_write(tmp_path: Path) -> None:
    session = DoctorSession(tmp_path / "none" / "doctor", Machine().facts)
    session.open()
    assert (await session.check()).report is not None
    assert not (tmp_path / "none").exists()


async def test_a_finding_that_is_unknown_cannot_be_set_aside(tmp_path: Path) -> None:
    session = DoctorSession(tmp_path, Machine().facts)
    with pytest.raises(PanelError, match="not looked"):
        await session.ignore("settings.made-up")
    await session.check()
    with pytest.raises(PanelError, match="no finding"):
        await session.ignore("settings.made-up")
