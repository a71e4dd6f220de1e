"""The connect page as a whole: its summary, the take-over of Ollama's port, and its place in narrow windows."""

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.takeover import Takeover, TakeoverStage
from ollama_panel.gui import dialogs
from ollama_panel.gui.pages.connect import ConnectPage
from ollama_panel.gui.widgets.takeover_dialog import TakeoverDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot
from tests.gui.test_clients_part import RAG, WEBUI

SERVICE = FoundServer("812", 812, 1.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"), address="127.0.0.1:11434")
WORKER = FoundServer("9", 9, 2.0, Owner(OwnerKind.PANEL), address="127.0.0.1:11434")


@pytest.fixture
def page(window: MainWindow) -> ConnectPage:
    window.show_page_named("connect")
    return window.connect_page


def test_the_summary_counts_who_comes_and_who_goes_past(page: ConnectPage, client: FakeClient) -> None:
    assert page.summary == "One address for all programs."
    client.push(snapshot(bypassing=(RAG,)))
    assert page.summary == "One address for all programs. 1 program goes past it."
    client.push(snapshot(clients=(WEBUI,), bypassing=()))
    assert page.summary == "One address for all programs. 1 program came through the panel."


@pytest.mark.parametrize(
    ("takeover", "text"),
    [
        (None, "Take over 11434…"),
        (Takeover(TakeoverStage.MOVING, "127.0.0.1:11434"), "Take-over of 11434…"),
        (Takeover(TakeoverStage.RETURNING, "127.0.0.1:11434"), "Take-over of 11434…"),
        (Takeover(TakeoverStage.TAKEN, "127.0.0.1:11434"), "11434 taken over…"),
    ],
)
def test_the_button_of_the_take_over_says_how_far_it_is_and_keeps_its_width(
    page: ConnectPage, client: FakeClient, takeover: Takeover | None, text: str
) -> None:
    width = page.take_port.width()
    client.push(snapshot(takeover=takeover))
    assert (page.take_port.text(), page.take_port.width()) == (text, width)


def test_it_opens_the_guide_of_the_take_over(
    window: MainWindow, page: ConnectPage, client: FakeClient, qtbot: QtBot
) -> None:
    page.take_port.click()
    (dialog,) = window.findChildren(TakeoverDialog)
    qtbot.waitUntil(dialog.isVisible)
    dialog.close()


def test_without_an_engine_nothing_can_be_taken_over(page: ConnectPage, client: FakeClient) -> None:
    client.push(snapshot(fatal=notice("engine.stopped", error="x")))
    assert not page.take_port.isEnabled()


@pytest.mark.parametrize(("server", "offered"), [(SERVICE, True), (WORKER, False)])
def test_a_program_past_the_panel_can_be_helped_by_taking_its_servers_address(
    window: MainWindow,
    page: ConnectPage,
    client: FakeClient,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    server: FoundServer,
    offered: bool,
) -> None:
    asked = list[tuple[str, ...]]()

    async def choose(_: object, text: str, detail: str, answers: tuple[str, ...]) -> int:
        asked.append(answers)
        return 1

    monkeypatch.setattr(dialogs, "choose", choose)
    client.push(snapshot(bypassing=(RAG,), found_servers=(server,)))
    (row,) = page.clients.bypassing.values()
    row.change.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert ("Take over 127.0.0.1:11434…" in asked[0]) == offered
    qtbot.waitUntil(lambda: bool(window.findChildren(TakeoverDialog)) == offered)
    for dialog in window.findChildren(TakeoverDialog):
        dialog.close()


@pytest.mark.parametrize(("width", "beside"), [(880, False), (1280, True)])
def test_the_test_is_beside_the_guides_or_below_them(
    window: MainWindow, page: ConnectPage, qtbot: QtBot, width: int, beside: bool
) -> None:
    window.resize(width, 700)
    trial, guides = page.trial, page.guides
    qtbot.waitUntil(lambda: (trial.mapTo(page, QPoint()).y() == guides.mapTo(page, QPoint()).y()) == beside)
    assert (trial.mapTo(page, QPoint()).x() > guides.geometry().right()) == beside
