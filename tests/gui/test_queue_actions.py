"""What one can do with requests on the queue page: by button, key and menu, each with its result told."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.client_menu import ClientMenu
from ollama_panel.gui.pages.requests import RequestsPage
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot


@pytest.fixture
def page(window: MainWindow) -> RequestsPage:
    window.show_page_named("requests")
    return window.requests


def put(page: RequestsPage, client: FakeClient, shown: Snapshot) -> None:
    client.push(shown)
    page._show()


def called(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == name]


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_a_request_moves_to_the_front_and_back(page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
    page.waiting.select(4)
    page.line.front.click()
    qtbot.waitUntil(lambda: len(client.toasts) == 1)
    assert called(client, "move_to_front") == [("r00007",)]
    assert client.toasts[0].text == "1 request moved to the front"
    assert client.toasts[0].undo is not None
    client.spawn(client.toasts[0].undo())
    qtbot.waitUntil(lambda: called(client, "move_back") == [("r00007",)])


def test_several_move_so_that_the_first_stays_the_first(page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
    page.waiting.select(4)
    for _ in range(2):
        qtbot.keyClick(page.waiting, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    page.line.front.click()
    qtbot.waitUntil(lambda: len(client.toasts) == 1)
    assert called(client, "move_to_front") == [("r00009",), ("r00008",), ("r00007",)]


def test_one_that_has_begun_before_the_click_is_told_as_an_error(
    page: RequestsPage, client: FakeClient, qtbot: QtBot
) -> None:
    page.waiting.select(0)
    client.error = PanelError(notice("request.not_waiting", request="r00003"))
    page.line.front.click()
    qtbot.waitUntil(lambda: len(client.reported) == 1)
    assert client.toasts == []


def test_only_what_waits_and_is_not_in_front_already_can_be_moved(page: RequestsPage, client: FakeClient) -> None:
    assert not page.line.front.isEnabled()
    page.work.select(0)
    assert not page.line.front.isEnabled()
    page.waiting.select(0)
    assert page.line.front.isEnabled()
    live, done = snapshots.requests()
    moved = tuple(msgspec.structs.replace(one, moved=True) for one in live[3:])
    put(page, client, snapshot(requests=(*live[:3], *moved), finished=done))
    assert not page.line.front.isEnabled()


def test_the_whole_id_and_a_command_are_copied(page: RequestsPage, client: FakeClient) -> None:
    page.waiting.select(0)
    page.line.copy_id.click()
    assert clipboard() == "r00003"
    page.line.copy_curl.click()
    assert clipboard().startswith("curl --no-buffer http://127.0.0.1:11435/api/chat ")
    assert [toast.text for toast in client.toasts] == ["Copied", "Copied"]


def test_of_several_there_is_no_one_id(page: RequestsPage) -> None:
    page.waiting.selectAll()
    assert not page.line.copy_id.isEnabled()
    assert not page.line.copy_curl.isEnabled()


def test_cancel_tells_how_many_it_ended(page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
    page.waiting.selectAll()
    page.line.cancel.click()
    qtbot.waitUntil(lambda: len(client.toasts) == 1)
    assert client.toasts[0].text == "12 requests cancelled"


@pytest.mark.parametrize(("answer", "cancelled"), [("Cancel them", 1), ("Let them go on", 0)])
def test_many_are_cancelled_only_after_a_question(
    page: RequestsPage, client: FakeClient, qtbot: QtBot, answer: str, cancelled: int
) -> None:
    live, done = snapshots.requests(waiting=40)
    put(page, client, snapshot(requests=live, finished=done))
    page.waiting.selectAll()
    qtbot.keyClick(page.waiting, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == "Cancel 40 requests?"
    (chosen,) = [one for one in box.buttons() if one.text() == answer]
    chosen.click()
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    assert len(called(client, "cancel_requests")) == cancelled


def test_the_menu_of_a_row_is_that_of_its_client(page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
    asked: list[QPoint] = []
    page.waiting.asked.connect(asked.append)
    place = QPoint(20, page.waiting.rowViewportPosition(1) + 10)
    page.waiting.customContextMenuRequested.emit(place)
    assert [one.id for one in page.chosen()] == ["r00004"]
    assert asked == [page.waiting.viewport().mapToGlobal(place)]
    (menu,) = page.findChildren(ClientMenu)
    assert menu.actions()[0].text() == "python"
    menu.waits.trigger()
    qtbot.waitUntil(lambda: called(client, "apply") != [])
    ((settings,),) = called(client, "apply")
    assert settings.scheduling.classes == {"python": RequestClass.BATCH}  # type: ignore[attr-defined]


def test_a_right_click_on_one_of_several_chosen_ones_keeps_them(page: RequestsPage) -> None:
    page.waiting.selectAll()
    page.waiting.customContextMenuRequested.emit(QPoint(20, page.waiting.rowViewportPosition(1) + 10))
    assert len(page.chosen()) == 12
    for menu in page.findChildren(ClientMenu):
        menu.close()


def test_the_menu_has_what_the_buttons_have(page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
    page.ended.select(0)
    actions = {one.text(): one for one in page.menu(page.ended).actions()}
    assert not actions["Move to front"].isEnabled()
    assert not actions["Cancel request"].isEnabled()
    actions["Copy as curl"].trigger()
    assert clipboard().startswith("curl")


def test_one_click_shows_only_the_requests_of_a_client(page: RequestsPage) -> None:
    page.waiting.select(1)
    (only,) = [one for one in page.menu(page.waiting).actions() if one.text() == "Show only python"]
    only.trigger()
    assert page.filter.client.currentText() == "python"
    assert {one.client for one in page.waiting._table.records} == {"python"}


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)],
)
def test_the_menu_opens_by_key(page: RequestsPage, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    page.waiting.select(1)
    qtbot.keyClick(page.waiting, key, modifier)
    menus = page.findChildren(QMenu)
    assert any(isinstance(menu, ClientMenu) for menu in menus)
    for menu in menus:
        menu.close()
