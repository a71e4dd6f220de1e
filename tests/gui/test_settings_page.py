"""The settings page: its forms, the marks on what was changed, and the bar with Apply."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import find
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import SETTINGS, snapshot

IN_WORDS = {
    "window.language": "The language of the window: that of the desktop, or one of these.",
    "scheduling.adjust": "Slots: only as many requests run at once as make a model faster. Settings: more or fewer "
    "slots and workers are proposed, too, one step at a time.",
}
"""The meanings of settings whose choices have words in the window; elsewhere their values are named."""


@pytest.fixture(autouse=True)
def _shown(window: MainWindow) -> None:
    window.show_page_named("settings")


def called(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == name]


def editor_of(window: MainWindow, key: str) -> QLineEdit:
    form = window.settings.proxy if key.startswith("proxy") else window.settings.ollama
    editor = form.editors[key]
    assert isinstance(editor, QLineEdit)
    return editor


def type_into(qtbot: QtBot, editor: QLineEdit, text: str) -> None:
    editor.selectAll()
    qtbot.keyClicks(editor, text)


def test_the_forms_show_what_is_in_force(window: MainWindow) -> None:
    assert editor_of(window, "proxy.port").text() == "11435"
    assert not window.settings.apply.isEnabled()


def test_every_editor_has_the_name_and_the_meaning_of_its_setting(window: MainWindow) -> None:
    page, texts = window.settings, shown(window.settings)
    forms = {"window": page.appearance, "proxy": page.proxy, "scheduling": page.scheduling, "ollama": page.ollama}
    forms |= {"history": page.history, "machine": page.machine}
    for group, form in forms.items():
        assert find(group).title in texts
        for key, editor in form.editors.items():
            assert key.startswith(f"{group}.")
            meaning = IN_WORDS.get(key, find(key).description)
            assert meaning in texts
            assert (editor.toolTip(), editor.accessibleDescription()) == (meaning,) * 2
            assert editor.accessibleName().startswith(find(key).title)
            assert editor.accessibleName() in texts
            assert isinstance(editor, QCheckBox) is find(key).switch


def test_the_meanings_of_all_forms_begin_in_one_column(window: MainWindow) -> None:
    page = window.settings
    forms = (page.appearance, page.proxy, page.scheduling, page.ollama, page.machine, page.history)
    places = {
        found.mapTo(page, found.rect().topLeft()).x()
        for form in forms
        for key in form.editors
        for found in form.findChildren(QLabel)
        if found.text() == find(key).description
    }
    assert len(places) == 1


def test_apply_shows_the_new_address_and_sends_the_settings(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    assert any("moves to 127.0.0.1:11434" in text for text in shown(window.settings))
    window.settings.apply.click()
    qtbot.waitUntil(lambda: bool(called(client, "apply")))
    assert called(client, "apply")[0][0].proxy.port == 11434  # type: ignore[attr-defined]


def test_what_a_command_changes_while_somebody_types_stays(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    theirs = codec.set(codec.set(SETTINGS, "proxy.queue_limit", "77"), "pools.chat.parallel", "7")
    client.push(snapshot(settings=theirs))
    window.settings.apply.click()
    qtbot.waitUntil(lambda: bool(called(client, "apply")))
    assert called(client, "apply")[0][0] == codec.set(theirs, "proxy.port", "11434")


def test_an_invalid_value_is_marked_and_not_applied(window: MainWindow, qtbot: QtBot) -> None:
    editor = editor_of(window, "proxy.port")
    type_into(qtbot, editor, "99999")
    assert 'Port must be a whole number from 1 to 65535, not "99999".' in shown(window.settings)
    assert editor.property("invalid") is True
    assert not window.settings.apply.isEnabled()
    window.settings.revert.click()
    assert editor.text() == "11435"
    assert editor.property("invalid") is False


@pytest.mark.parametrize(
    ("key", "value"),
    [("proxy.host", "0.0.0.0"), ("ollama.models_dir", "/srv/ollama-1.0"), ("ollama.binary", "a.0")],
)
def test_a_text_that_ends_like_a_number_stays(
    window: MainWindow, client: FakeClient, qtbot: QtBot, key: str, value: str
) -> None:
    theirs = codec.set(SETTINGS, key, value)
    client.push(snapshot(settings=theirs))
    assert editor_of(window, key).text() == value
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    window.settings.apply.click()
    qtbot.waitUntil(lambda: bool(called(client, "apply")))
    assert called(client, "apply")[0][0] == codec.set(theirs, "proxy.port", "11434")


def test_every_invalid_value_is_marked_and_the_first_explained(window: MainWindow, qtbot: QtBot) -> None:
    host, port, first = (editor_of(window, key) for key in ("proxy.host", "proxy.port", "ollama.first_port"))
    for editor, text in ((first, "x"), (port, "0"), (host, "a b")):
        type_into(qtbot, editor, text)
    assert [editor.property("invalid") for editor in (host, port, first)] == [True, True, True]
    assert any(text.startswith("Address must be") for text in shown(window.settings))
    type_into(qtbot, port, "80")
    assert [editor.property("invalid") for editor in (host, port, first)] == [True, False, True]
    type_into(qtbot, host, "::1")
    assert any(text.startswith("First port of instances must be") for text in shown(window.settings))


def test_what_does_not_go_with_a_command_s_change_is_not_applied(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    type_into(qtbot, editor_of(window, "ollama.first_port"), "65530")
    assert window.settings.apply.isEnabled()
    client.push(snapshot(settings=codec.set(SETTINGS, "pools.chat.workers", "16")))
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    assert any("too few ports" in text for text in shown(window.settings))
    assert not window.settings.apply.isEnabled()


def test_typed_text_survives_snapshots(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    type_into(qtbot, editor_of(window, "ollama.models_dir"), "/data/models")
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS)))
    assert editor_of(window, "ollama.models_dir").text() == "/data/models"


def test_a_switch_counts_as_a_change(window: MainWindow) -> None:
    switch = window.settings.ollama.editors["ollama.adopt"]
    assert isinstance(switch, QCheckBox)
    switch.click()
    assert window.settings.apply.isEnabled()
    switch.click()
    assert not window.settings.apply.isEnabled()


def test_a_changed_entry_is_marked_and_goes_back_by_itself(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    page = window.settings
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    type_into(qtbot, editor_of(window, "proxy.queue_limit"), "50")
    assert {"Port •", "Queue limit •", "2 settings changed"} <= set(shown(page))
    assert editor_of(window, "proxy.port").accessibleDescription().startswith("In force: 11435.")
    assert [key for key, one in page.proxy.reverts.items() if one.isEnabled()] == [
        "proxy.port",
        "proxy.queue_limit",
    ]
    named(page, QToolButton, "Revert Port").click()
    assert editor_of(window, "proxy.port").text() == "11435"
    assert {"Port", "Queue limit •", "1 setting changed"} <= set(shown(page))
    assert page.apply.isEnabled()
    named(page, QToolButton, "Revert Queue limit").click()
    assert not page.apply.isEnabled()
    assert client.calls == []


def test_what_a_command_puts_in_force_is_no_change(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    client.push(snapshot(settings=codec.set(SETTINGS, "proxy.port", "11434")))
    assert "Port" in shown(window.settings)
    assert not window.settings.apply.isEnabled()


def test_the_bar_stays_in_view_and_toasts_keep_off_it(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    page = window.settings
    bar = page.bar
    assert bar is not None
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: bar.mapTo(page, bar.rect().bottomLeft()).y() == page.height() - 1)
    client.announce(Toast("Copied"))
    (box,) = window.toasts.boxes
    assert box.mapTo(window, box.rect().bottomLeft()).y() < bar.mapTo(window, bar.rect().topLeft()).y()


def test_nothing_moves_when_something_changes(window: MainWindow, qtbot: QtBot) -> None:
    page = window.settings

    def places() -> list[object]:
        return [one.geometry() for one in (page.bar, page.revert, page.apply, *page.proxy.editors.values()) if one]

    qtbot.waitUntil(lambda: page.width() > 600)
    before = places()
    type_into(qtbot, editor_of(window, "proxy.queue_limit"), "50")
    assert places() == before


def test_control_s_applies(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    window.activateWindow()
    editor = editor_of(window, "proxy.port")
    type_into(qtbot, editor, "11434")
    qtbot.keyClick(editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(called(client, "apply")))


def test_control_s_does_nothing_on_another_page(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    window.show_page(0)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert called(client, "apply") == []


def test_revert_can_be_undone(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    type_into(qtbot, editor_of(window, "proxy.port"), "11434")
    window.settings.revert.click()
    assert editor_of(window, "proxy.port").text() == "11435"
    named(window, QPushButton, "Undo: The forms show what is in force again").click()
    qtbot.waitUntil(lambda: editor_of(window, "proxy.port").text() == "11434")
    assert window.settings.apply.isEnabled()


def test_the_theme_changes_at_once(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    combo = window.settings.appearance.editors["window.theme"]
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(2)
    qtbot.waitUntil(lambda: bool(called(client, "apply")))
    assert called(client, "apply")[0][0].window.theme.value == "dark"  # type: ignore[attr-defined]
