"""The recording on the page of the requests: on and off, the last minutes, and the way to the file."""

from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.gui import recording_results, tasks
from ollama_panel.gui.widgets.recording_button import RecordingButton
from ollama_panel.gui.widgets.toast_stack import ToastBox
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot

MIB = 1024**2
FILE = "/state/my recordings/run.jsonl"
ON = RecordingRecord(True, FILE, 12 * MIB, 512 * MIB, since=40.0, recent_s=600.0)


@pytest.fixture
def recording(window: MainWindow) -> RecordingButton:
    window.show_page_named("requests")
    return window.requests.recording


def push(qtbot: QtBot, client: FakeClient, recording: RecordingButton, record: RecordingRecord, **more: Any) -> None:
    client.push(snapshot(recording=record, **more))
    qtbot.waitUntil(lambda: recording._snapshot is client.snapshot)


def calls(client: FakeClient) -> list[tuple[str, tuple[Any, ...]]]:
    return [call for call in client.calls if call[0] in ("operations.record", "operations.save_recent")]


def test_it_is_switched_on_once_and_the_panel_decides_whether_it_is(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot
) -> None:
    recording.record.trigger()
    recording.record.trigger()
    assert not recording.record.isEnabled()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert calls(client) == [("operations.record", (True,))]
    assert client.toasts[0].text == "This run is recorded"
    assert client.toasts[0].undo is not None
    assert not recording.record.isChecked()
    push(qtbot, client, recording, ON)
    assert recording.record.isChecked()


def test_it_shows_how_large_the_recording_is_and_its_limit(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot
) -> None:
    assert recording.text() == "Record"
    push(qtbot, client, recording, ON)
    assert recording.text() == "12 MiB"
    assert recording.told.text().startswith("12 MiB of 512 MiB, since ")
    assert recording.told.text() in recording.toolTip()


def test_its_menu_says_how_much_all_recordings_take(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot
) -> None:
    assert recording.taken.text() == "All recordings take —"
    client.answers["operations.recordings"] = RecordingRecord(taken=730 * MIB)
    recording.click()
    qtbot.waitUntil(lambda: recording.taken.text() == "All recordings take 730 MiB")
    assert not recording.taken.isEnabled()
    recording.actions_menu.close()


def test_the_end_of_a_recording_leads_to_its_file(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot, opened: list[str]
) -> None:
    push(qtbot, client, recording, ON)
    client.answers["operations.record"] = RecordingRecord(False, FILE, 13 * MIB)
    recording.record.trigger()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert calls(client) == [("operations.record", (False,))]
    assert (client.toasts[0].text, client.toasts[0].detail) == ("13 MiB recorded", FILE)
    client.toasts[0].actions[0].run()
    assert opened == ["/state/my recordings"]


def test_one_that_has_ended_by_itself_says_why(recording: RecordingButton, client: FakeClient, qtbot: QtBot) -> None:
    why = notice("instance.gone", url="http://127.0.0.1:11500")
    push(qtbot, client, recording, RecordingRecord(False, FILE, 512 * MIB, problem=why))
    assert "Nothing answers at" in recording.told.text()


def test_the_last_minutes_are_saved_with_the_command_that_replays_them(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot, window: MainWindow, opened: list[str]
) -> None:
    client.answers["operations.save_recent"] = SavedRecording(FILE, 600.0, 1000, 90_000)
    push(qtbot, client, recording, RecordingRecord(recent_s=600.0))
    assert recording.save.text() == "Save the last ten minutes"
    recording.save.trigger()
    recording.save.trigger()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert calls(client) == [("operations.save_recent", ())]
    assert client.toasts[0].text == "10 min saved"
    assert client.toasts[0].detail == f"88 KiB · {FILE}"
    (box,) = window.findChildren(ToastBox)
    show, copy = box.actions_shown
    show.click()
    copy.click()
    assert opened == ["/state/my recordings"]
    assert QGuiApplication.clipboard().text() == "ollama-panel bench replay '/state/my recordings/run.jsonl'"
    box.take_focus()
    assert show.hasFocus()


def test_a_short_past_says_how_long_it_is_and_none_cannot_be_saved(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot
) -> None:
    push(qtbot, client, recording, RecordingRecord(recent_s=90.0))
    assert recording.save.text() == "Save the last 90 s"
    push(qtbot, client, recording, RecordingRecord())
    assert not recording.save.isEnabled()
    assert recording.save.toolTip() == "Nothing has happened yet that could be saved"


def test_the_file_is_shown_and_its_path_and_command_copied(
    recording: RecordingButton, client: FakeClient, qtbot: QtBot, opened: list[str]
) -> None:
    assert not recording.show_file.isEnabled()
    push(qtbot, client, recording, ON)
    recording.show_file.trigger()
    recording.copy_path.trigger()
    assert opened == ["/state/my recordings"]
    assert QGuiApplication.clipboard().text() == FILE
    recording.copy_command.trigger()
    assert QGuiApplication.clipboard().text() == recording_results.replay_command(FILE)


def test_nothing_is_recorded_without_an_engine(recording: RecordingButton, client: FakeClient, qtbot: QtBot) -> None:
    push(qtbot, client, recording, RecordingRecord(recent_s=600.0), fatal=notice("engine.not_started"))
    assert not recording.record.isEnabled()
    assert not recording.save.isEnabled()


def test_a_narrow_page_has_its_icon_alone(
    window: MainWindow, recording: RecordingButton, client: FakeClient, qtbot: QtBot
) -> None:
    push(qtbot, client, recording, ON)
    window.resize(880, 600)
    assert recording.text() == ""
    assert recording.accessibleName() == "Recording"
    assert "12 MiB of 512 MiB" in recording.toolTip()
