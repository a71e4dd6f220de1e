"""Commands from slots: none is lost, every error is reported, and no dialog runs a nested loop."""

import asyncio
import logging
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.gui import dialogs, tasks


async def fail(error: Exception) -> None:
    raise error


def test_the_error_of_a_command_is_reported_to_the_user(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    told: list[Notice] = []
    tasks.spawn(fail(PanelError(notice("export.no_worker"))), told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [notice("export.no_worker")]


def test_an_unexpected_error_is_reported_and_logged(
    loop: asyncio.AbstractEventLoop, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Notice] = []
    with caplog.at_level(logging.ERROR):
        tasks.spawn(fail(KeyError("chat-9")), told.append)
        qtbot.waitUntil(lambda: bool(told))
    assert told == [notice("unexpected", error="'chat-9'")]
    assert caplog.records[0].exc_info is not None


def test_a_running_command_is_kept_alive(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    before = tasks.pending()
    gate = asyncio.Event()
    tasks.spawn(gate.wait(), lambda _: None)  # type: ignore[arg-type]
    assert tasks.pending() == before + 1
    loop.call_soon(gate.set)
    qtbot.waitUntil(lambda: tasks.pending() == before)


def test_of_each_kind_one_command_is_under_way(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    owner, gate, begun, changes = QObject(), asyncio.Event(), list[str](), list[bool]()

    async def command(name: str) -> None:
        begun.append(name)
        await gate.wait()

    commands = tasks.OneOfAKind(
        owner, lambda one: tasks.spawn(one, lambda _: None), lambda: changes.append(commands.runs("save"))
    )
    for kind, name in (("save", "first"), ("save", "second"), ("record", "third")):
        commands.spawn(kind, command(name))
    qtbot.waitUntil(lambda: len(begun) == 2)
    assert begun == ["first", "third"]
    assert commands.runs("save", "other")
    loop.call_soon(gate.set)
    qtbot.waitUntil(lambda: not commands.runs("save", "record"))
    assert changes == [True, True, False, False]


def test_other_tasks_run_while_a_question_is_open(loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
    dialog, answers = QDialog(), list[int]()
    qtbot.addWidget(dialog)

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        dialog.accept()

    async def question() -> None:
        answers.append(await dialogs.ask(dialog))

    tasks.spawn(question(), pytest.fail)
    qtbot.waitUntil(dialog.isVisible)
    tasks.spawn(tick(), pytest.fail)
    qtbot.waitUntil(lambda: answers == [1])


@pytest.mark.parametrize(("press", "index"), [(0, 0), (1, 1), (2, 2), (None, 2)])
def test_a_choice_returns_its_index_and_escape_the_last_one(
    loop: asyncio.AbstractEventLoop, qtbot: QtBot, qapp: Any, press: int | None, index: int
) -> None:
    answers: list[int] = []

    async def question() -> None:
        answers.append(await dialogs.choose(None, "Quit?", "Requests run.", ("Finish", "At once", "Stay")))

    tasks.spawn(question(), pytest.fail)
    qtbot.waitUntil(lambda: isinstance(qapp.activeModalWidget(), QMessageBox))
    box = qapp.activeModalWidget()
    if press is None:
        box.reject()
    else:
        next(one for one in box.buttons() if one.text() == ("Finish", "At once", "Stay")[press]).click()
    qtbot.waitUntil(lambda: answers == [index])
