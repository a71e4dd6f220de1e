"""How programs are set up: the list, the texts to copy, and a key that is made and shown once."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.clients import ClientRecord, Process
from ollama_panel.core.ids import ClientId
from ollama_panel.core.settings.tree import ApiKey, KeyRule, ProxySettings, Scope
from ollama_panel.core.snapshot import ProxyRecord, Snapshot
from ollama_panel.gui.pages.connect import ConnectPage
from ollama_panel.gui.widgets.guides_card import GuidesCard
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import SETTINGS, snapshot


@pytest.fixture
def card(window: MainWindow) -> GuidesCard:
    window.show_page_named("connect")
    return window.connect_page.guides


def with_keys(*names: str) -> Snapshot:
    keys = tuple(ApiKey(name, "00") for name in names)
    proxy = ProxySettings(require_key=KeyRule.ALWAYS, api_keys=keys)
    return snapshot(settings=msgspec.structs.replace(SETTINGS, proxy=proxy))


def names(card: GuidesCard) -> list[str]:
    return [item.text() for item in card.list.rows() if not item.isHidden()]


def tabs(card: GuidesCard) -> list[QAbstractButton]:
    return card.tabs.group.buttons()


def test_each_program_shows_the_panels_address_and_each_of_its_ways(card: GuidesCard) -> None:
    assert names(card)[:2] == ["Open WebUI", "Continue"]
    for item in card.list.rows():
        card.list.setCurrentItem(item)
        texts = []
        for tab in tabs(card):
            tab.click()
            texts.append(card.code.toPlainText())
        assert len(set(texts)) == len(texts)
        assert any("127.0.0.1:11435" in text for text in texts), item.text()


def test_a_text_is_copied_whole_and_that_is_told(card: GuidesCard, client: FakeClient) -> None:
    card.show_program("curl")
    card.code.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("curl http://127.0.0.1:11435/api/chat")
    assert copied.rstrip("\n") == card.code.toPlainText()
    assert [(toast.text, toast.detail) for toast in client.toasts] == [("Copied", "curl · Terminal")]


def test_the_texts_follow_the_address_and_the_chosen_way_stays(card: GuidesCard, client: FakeClient) -> None:
    tabs(card)[-1].click()
    chosen = tabs(card)[-1].text()
    client.push(snapshot(proxy=ProxyRecord(True, "http://127.0.0.1:11500", port=11500)))
    assert "11500" in card.code.toPlainText()
    assert [tab.text() for tab in tabs(card) if tab.isChecked()] == [chosen]


def test_programs_are_found_by_a_part_of_their_names(card: GuidesCard, qtbot: QtBot) -> None:
    qtbot.keyClicks(card.search, "cod")
    assert names(card) == ["Claude Code", "Codex"]
    assert card.chosen is not None
    assert card.chosen.name == "Claude Code"
    card.search.clear()
    assert len(names(card)) > 10


def test_a_program_that_has_come_has_a_tick(card: GuidesCard, client: FakeClient) -> None:
    client.push(snapshot(clients=(ClientRecord("curl", ClientId("curl (pid 7)"), process=Process(7, "curl")),)))
    told = {item.text(): item.data(Qt.ItemDataRole.AccessibleTextRole) for item in card.list.rows()}
    assert (told["curl"], told["Aider"]) == ("curl, has come", "Aider")
    client.push(snapshot())
    assert card.list.rows()[0].data(Qt.ItemDataRole.DecorationRole) is None


def test_without_need_of_a_key_none_can_be_made(card: GuidesCard) -> None:
    assert (card.make_key.isEnabled(), card.make_key.toolTip()) == (False, "No key is needed")
    assert not card.key_line.isVisibleTo(card)


def test_a_key_made_here_is_in_the_text_until_the_page_is_left(
    window: MainWindow, card: GuidesCard, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(with_keys("curl"))
    card.show_program("curl")
    assert "YOUR-KEY" in card.code.toPlainText()
    card.make_key.click()
    qtbot.waitUntil(lambda: "op-key-of-curl-2" in card.code.toPlainText())
    assert ("make_key", ("curl-2", (Scope.USE,), None)) in client.calls
    assert not card.make_key.isEnabled()
    assert "“curl-2”" in card.key_line.text()
    card.show_program("aider")
    assert "op-key" not in card.code.toPlainText(), "a key is for one program"
    card.show_program("curl")
    card.code.copy_button.click()
    assert "op-key-of-curl-2" in QGuiApplication.clipboard().text()
    window.show_page_named("settings")
    window.show_page_named("connect")
    assert "op-key" not in card.code.toPlainText()


@pytest.mark.parametrize("page", ["connect", "first run"])
def test_a_key_that_was_made_is_copied_but_not_told(
    window: MainWindow, card: GuidesCard, client: FakeClient, qtbot: QtBot, page: str
) -> None:
    client.push(with_keys())
    if page == "first run":
        window.begin_first_run()
        card = window.first_run.connect_step.guides
        card.show_snapshot(client.snapshot)
    card.show_program("codex")
    card.make_key.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    for tab in tabs(card):
        tab.click()
        card.code.copy_button.click()
    assert "op-key-of-codex" in QGuiApplication.clipboard().text()
    assert [toast for toast in client.toasts if "op-key" in f"{toast.text} {toast.detail}"] == []


def test_the_key_that_was_made_can_be_revoked_at_once(card: GuidesCard, client: FakeClient, qtbot: QtBot) -> None:
    client.push(with_keys())
    card.show_program("curl")
    card.make_key.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    undo = client.toasts[0].undo
    assert undo is not None
    assert "op-key-of-curl" in card.code.toPlainText()
    client.spawn(undo())
    qtbot.waitUntil(lambda: ("remove_key", ("curl",)) in client.calls)
    qtbot.waitUntil(lambda: "op-key-of-curl" not in card.code.toPlainText())
    assert "make one for this program" in card.key_line.text()


def test_what_is_told_of_a_copy_has_no_key_in_it(card: GuidesCard, client: FakeClient, qtbot: QtBot) -> None:
    client.push(with_keys())
    card.show_program("codex")
    tabs(card)[-1].click()
    card.make_key.click()
    qtbot.waitUntil(lambda: "op-key-of-codex" in card.code.toPlainText())
    card.code.copy_button.click()
    told = client.toasts[-1]
    assert (told.text, told.detail) == ("Copied", "Codex · Terminal")


def test_a_program_that_cannot_send_a_key_says_so(card: GuidesCard, client: FakeClient) -> None:
    client.push(with_keys())
    card.show_program("ollama")
    assert (card.make_key.isEnabled(), card.make_key.toolTip()) == (False, "This program cannot send a key")
    assert "sends a key to ollama.com alone" in card.text.text()


def test_another_language_keeps_what_was_chosen(
    window: MainWindow, card: GuidesCard, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(with_keys())
    card.show_program("curl")
    card.make_key.click()
    qtbot.waitUntil(lambda: "op-key-of-curl" in card.code.toPlainText())
    again = ConnectPage(client, window._theme)  # type: ignore[arg-type]
    again.take_over(window.connect_page)
    assert again.guides.code.toPlainText() == card.code.toPlainText()
    again.deleteLater()


def choose_place(card: GuidesCard, title: str) -> None:
    place = card.place_of.findText(title)
    card.place_of.setCurrentIndex(place)
    card.place_of.activated.emit(place)


def test_a_program_elsewhere_gets_the_address_for_other_machines_and_the_commands_of_its_system(
    card: GuidesCard, client: FakeClient
) -> None:
    url = "http://192.168.1.20:11435"
    client.push(snapshot(proxy=ProxyRecord(True, "http://127.0.0.1:11435", port=11435, others=(url,))))
    card.show_program("curl")
    choose_place(card, "Elsewhere: Windows")
    assert "curl.exe http://192.168.1.20:11435/api/chat" in card.code.toPlainText()
    choose_place(card, "On this machine")
    assert card.code.toPlainText().startswith("curl http://127.0.0.1:11435/api/chat")


def test_what_cannot_reach_the_panel_gets_a_reason_and_nothing_to_copy(card: GuidesCard, client: FakeClient) -> None:
    choose_place(card, "Elsewhere: Linux")
    assert card.code.toPlainText() == ""
    assert not card.code.copy_button.isEnabled()
    assert "its own machine only" in card.key_line.text()
    client.push(snapshot(proxy=ProxyRecord(True, "http://192.168.1.20:11435", port=11435)))
    assert "192.168.1.20" in card.code.toPlainText()
    assert card.code.copy_button.isEnabled()


def test_a_container_is_told_which_network_it_needs(card: GuidesCard) -> None:
    choose_place(card, "In a container")
    assert "--network=host" in card.text.text()


def test_the_time_out_is_told_once(card: GuidesCard) -> None:
    for item in card.list.rows():
        card.list.setCurrentItem(item)
        assert card.text.text().count("A time-out of") <= 1, item.text()
    card.show_program("open-webui")
    assert "A time-out of" not in card.text.text(), "it waits as long as it takes"
