"""Instances, requests, export and settings, on hand-made snapshots."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import find
from ollama_panel.core.snapshot import ProxyRecord, RequestState
from ollama_panel.gui import dialogs
from ollama_panel.gui.widgets.time_line import spans
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import labelled, named, shown
from tests.gui.snapshots import SETTINGS, snapshot

INSTANCES, REQUESTS, EXPORT, SETTINGS_PAGE = range(1, 5)


def called(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == name]


class TestInstances:
    @pytest.fixture(autouse=True)
    def _shown(self, window: MainWindow) -> None:
        window.show_page(INSTANCES)

    def parallel(self, window: MainWindow) -> list[QLabel]:
        """Return the labels of the wanted value, the effective value and its source."""
        return [named(window, QLabel, f"Parallel, {what}") for what in ("Wanted", "Effective", "Read from")]

    def log(self, window: MainWindow) -> str:
        """Pull the log once more and return its text."""
        window.instances.detail.pull_log()
        return named(window, QPlainTextEdit, "Log of this instance").toPlainText()

    def test_the_first_instance_is_selected(self, window: MainWindow) -> None:
        detail = window.instances.detail
        assert "chat-1" in shown(detail)
        assert labelled(detail, "Address").text() == "http://127.0.0.1:11500"
        assert labelled(detail, "Loaded models").text() == "llama3.1:8b (6.1 GiB)"

    def test_wanted_and_effective_values_are_shown_with_their_source(self, window: MainWindow) -> None:
        wanted, effective, source = self.parallel(window)
        assert (wanted.text(), effective.text(), source.text()) == ("2", "2", "environment (llama3.1:8b)")

    def test_the_context_is_that_of_the_model_which_tells_it(self, window: MainWindow, client: FakeClient) -> None:
        silent = msgspec.structs.replace(snapshots.loaded(snapshots.NOMIC, 0.3, 2), context_length=None)
        first = msgspec.structs.replace(
            snapshots.instances()[0], models=(silent, snapshots.loaded(snapshots.LLAMA, 6.1, 2))
        )
        client.push(snapshot(instances=(first,)))
        read_from = named(window, QLabel, "Context length, Read from")
        assert read_from.text() == "loaded model (llama3.1:8b)"

    def test_an_effective_value_that_differs_is_highlighted(self, window: MainWindow, client: FakeClient) -> None:
        first = snapshots.instances()[0]
        forced = msgspec.structs.replace(first, models=(snapshots.loaded(snapshots.NOMIC, 0.3, 1, ParallelSource.LOG),))
        client.push(snapshot(instances=(forced,)))
        wanted, effective, source = self.parallel(window)
        assert (wanted.text(), effective.text()) == ("2", "1")
        assert [one.accessibleDescription() for one in (wanted, effective)] == ["2", "1"]
        assert effective.property("tone") == "warn"
        assert "log" in source.text()

    def test_of_several_loaded_models_the_one_with_the_fewest_slots_is_shown(
        self, window: MainWindow, client: FakeClient
    ) -> None:
        models = tuple(snapshots.loaded(ModelName(f"m{slots}:1"), 1, slots, ParallelSource.LOG) for slots in (3, 1, 2))
        client.push(snapshot(instances=(msgspec.structs.replace(snapshots.instances()[0], models=models),)))
        assert [one.text() for one in self.parallel(window)] == ["2", "1", "log line (m1:1)"]

    @pytest.mark.parametrize("phase", Phase)
    @pytest.mark.parametrize("managed", [True, False])
    def test_only_buttons_with_an_effect_are_enabled(
        self, window: MainWindow, client: FakeClient, phase: Phase, managed: bool
    ) -> None:
        first = snapshots.instances()[0]
        client.push(snapshot(instances=(msgspec.structs.replace(first, phase=phase, managed=managed),)))
        detail = window.instances.detail
        runs = phase in (Phase.STARTING, Phase.READY, Phase.BACKOFF)
        enabled = [one.isEnabled() for one in (detail.start, detail.stop, detail.restart)]
        assert enabled == [managed and not runs, managed and runs, managed and phase is Phase.READY]

    def test_buttons_call_their_commands(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        detail = window.instances.detail
        assert not detail.start.isEnabled()
        detail.stop.click()
        detail.restart.click()
        qtbot.waitUntil(lambda: bool(called(client, "restart")))
        assert called(client, "ensure_stopped") == [("chat-1",)]
        assert called(client, "restart") == [("chat-1",)]

    def test_an_adopted_server_cannot_be_stopped_and_shows_why(self, window: MainWindow) -> None:
        window.instances.view.selectRow(3)
        detail = window.instances.detail
        assert not any(one.isEnabled() for one in (detail.start, detail.stop, detail.restart))
        assert any("never stops it" in text for text in shown(detail))
        assert self.parallel(window)[0].text() == "—"

    def test_the_log_is_pulled_line_by_line(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        client.log += ["starting", "listening"]
        qtbot.waitUntil(lambda: self.log(window) == "starting\nlistening")
        client.log.append("ready")
        qtbot.waitUntil(lambda: self.log(window) == "starting\nlistening\nready")
        assert ("chat-1", 2) in called(client, "log_lines")

    def test_another_instance_starts_its_log_from_the_beginning(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.log += ["older", "old"]
        qtbot.waitUntil(lambda: self.log(window) == "older\nold")
        client.log = ["new"]
        window.instances.view.selectRow(1)
        qtbot.waitUntil(lambda: self.log(window) == "new")
        assert ("chat-2", 0) in called(client, "log_lines")

    def test_without_instances_the_page_explains_how_to_add_one(self, window: MainWindow, client: FakeClient) -> None:
        client.push(snapshot(instances=()))
        assert any("No instance yet" in text for text in shown(window.instances))
        assert not window.instances.detail.isEnabled()


class TestRequests:
    @pytest.fixture(autouse=True)
    def _shown(self, window: MainWindow) -> None:
        window.show_page(REQUESTS)

    def choose(self, window: MainWindow, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        view = window.requests.view
        view.selectionModel().setCurrentIndex(window.requests.table.index(row, 0), flags)

    def test_waiting_and_running_requests_come_before_finished_ones(self, window: MainWindow) -> None:
        states = [window.requests.table.record(row).state for row in range(window.requests.table.rowCount())]  # type: ignore[union-attr]
        assert states[:4] == [RequestState.RUNNING] * 3 + [RequestState.WAITING]
        assert len(states) == 45

    def test_counts_are_written_as_the_locale_writes_numbers(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.push(snapshot(served=1_234_567))
        qtbot.waitUntil(lambda: any("1,234,567 served" in text for text in shown(window.requests)))

    @pytest.mark.parametrize(("choice", "rows"), [(0, 45), (1, 15), (2, 30)])
    def test_the_filter_selects_the_rows(self, window: MainWindow, choice: int, rows: int) -> None:
        window.requests.filter.setCurrentIndex(choice)
        assert window.requests.table.rowCount() == rows

    def test_a_waiting_request_is_cancelled_by_its_id(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        self.choose(window, 5)
        window.requests.cancel.click()
        qtbot.waitUntil(lambda: bool(called(client, "cancel_request")))
        assert called(client, "cancel_request") == [("r00005",)]

    def test_the_delete_key_cancels_too(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        self.choose(window, 3)
        window.activateWindow()
        window.requests.view.setFocus()
        qtbot.waitUntil(window.requests.view.hasFocus)
        qtbot.keyClick(window.requests.view, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: called(client, "cancel_request") == [("r00003",)])

    def test_a_finished_request_cannot_be_cancelled(self, window: MainWindow) -> None:
        self.choose(window, 40)
        assert not window.requests.cancel.isEnabled()

    def test_the_selected_request_stays_selected_when_it_moves(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        self.choose(window, 5)
        live, done = snapshots.requests()
        client.push(snapshot(requests=live[2:], finished=done))
        qtbot.waitUntil(lambda: window.requests.table.rowCount() == 43)
        assert window.requests.current().id == "r00005"  # type: ignore[union-attr]

    def test_the_time_line_adds_up(self) -> None:
        live, done = snapshots.requests()
        assert spans(done[0], now=999.0) == pytest.approx((1.0, 0.5, 8.5), abs=300)
        assert sum(part or 0 for part in spans(done[0], 999.0)) == pytest.approx(done[0].finished - done[0].arrived)  # type: ignore[operator]
        assert spans(live[5], now=live[5].arrived + 4) == (4, None, None)

    def test_no_request_explains_how_to_send_one(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        client.push(snapshot(requests=(), finished=()))
        qtbot.waitUntil(lambda: any("OLLAMA_HOST=http://127.0.0.1:11435" in one for one in shown(window.requests)))
        client.push(snapshot(requests=(), finished=(), proxy=ProxyRecord()))
        qtbot.waitUntil(lambda: any("the panel's address" in text for text in shown(window.requests)))


class TestExport:
    @pytest.fixture(autouse=True)
    def _shown(self, window: MainWindow) -> None:
        window.show_page(EXPORT)

    def test_every_target_has_a_preview(self, window: MainWindow) -> None:
        page = window.export
        assert page.targets.count() >= 3
        for row in range(page.targets.count()):
            page.targets.setCurrentRow(row)
            assert "OLLAMA_NUM_PARALLEL" in page.text.toPlainText()

    def test_the_preview_follows_the_settings(self, window: MainWindow, client: FakeClient) -> None:
        pools = (msgspec.structs.replace(SETTINGS.pools[0], parallel=7), SETTINGS.pools[1])
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        assert "OLLAMA_NUM_PARALLEL=7" in window.export.text.toPlainText()

    def test_copy_takes_the_whole_text(self, window: MainWindow) -> None:
        window.export.copy.click()
        assert QGuiApplication.clipboard().text() == window.export.text.toPlainText()

    def test_save_writes_the_file(
        self, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chosen = tmp_path / "out.conf"

        async def save_as(*_: object) -> Path:
            return chosen

        monkeypatch.setattr(dialogs, "save_as", save_as)
        window.export.save.click()
        qtbot.waitUntil(chosen.exists)
        assert chosen.read_text() == window.export.text.toPlainText()

    def test_a_file_that_cannot_be_written_is_reported_in_one_sentence(
        self, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def save_as(*_: object) -> Path:
            return tmp_path / "no" / "such" / "folder"

        monkeypatch.setattr(dialogs, "save_as", save_as)
        window.export.save.click()
        qtbot.waitUntil(window.message.isVisible)
        assert "cannot be written" in window.message.text()

    def test_a_failed_export_is_explained(self, window: MainWindow, client: FakeClient) -> None:
        pools = tuple(msgspec.structs.replace(pool, workers=0) for pool in SETTINGS.pools)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        assert any("no worker to export" in text for text in shown(window.export))
        assert not window.export.save.isEnabled()


class TestSettings:
    @pytest.fixture(autouse=True)
    def _shown(self, window: MainWindow) -> None:
        window.show_page(SETTINGS_PAGE)

    def editor(self, window: MainWindow, key: str) -> QLineEdit:
        form = window.settings.proxy if key.startswith("proxy") else window.settings.ollama
        editor = form.editors[key]
        assert isinstance(editor, QLineEdit)
        return editor

    def type_into(self, qtbot: QtBot, editor: QLineEdit, text: str) -> None:
        editor.selectAll()
        qtbot.keyClicks(editor, text)

    def test_the_forms_show_what_is_in_force(self, window: MainWindow) -> None:
        assert self.editor(window, "proxy.port").text() == "11435"
        assert not window.settings.apply.isEnabled()

    def test_every_editor_has_the_name_and_the_meaning_of_its_setting(self, window: MainWindow) -> None:
        page, texts = window.settings, shown(window.settings)
        forms = {"window": page.appearance, "proxy": page.proxy, "scheduling": page.scheduling, "ollama": page.ollama}
        for group, form in forms.items():
            assert find(group).title in texts
            for key, editor in form.editors.items():
                assert key.startswith(f"{group}.")
                assert find(key).description in texts
                assert (editor.toolTip(), editor.accessibleDescription()) == (find(key).description,) * 2
                assert editor.accessibleName().startswith(find(key).title)
                assert editor.accessibleName() in texts
                assert isinstance(editor, QCheckBox) is find(key).switch

    def test_apply_shows_the_new_address_and_sends_the_settings(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        self.type_into(qtbot, self.editor(window, "proxy.port"), "11434")
        assert any("moves to 127.0.0.1:11434" in text for text in shown(window.settings))
        window.settings.apply.click()
        qtbot.waitUntil(lambda: bool(called(client, "apply")))
        assert called(client, "apply")[0][0].proxy.port == 11434  # type: ignore[attr-defined]

    def test_what_a_command_changes_while_somebody_types_stays(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        self.type_into(qtbot, self.editor(window, "proxy.port"), "11434")
        theirs = codec.set(codec.set(SETTINGS, "proxy.queue_limit", "77"), "pools.chat.parallel", "7")
        client.push(snapshot(settings=theirs))
        window.settings.apply.click()
        qtbot.waitUntil(lambda: bool(called(client, "apply")))
        assert called(client, "apply")[0][0] == codec.set(theirs, "proxy.port", "11434")

    def test_an_invalid_value_is_marked_and_not_applied(self, window: MainWindow, qtbot: QtBot) -> None:
        editor = self.editor(window, "proxy.port")
        self.type_into(qtbot, editor, "99999")
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
        self, window: MainWindow, client: FakeClient, qtbot: QtBot, key: str, value: str
    ) -> None:
        theirs = codec.set(SETTINGS, key, value)
        client.push(snapshot(settings=theirs))
        assert self.editor(window, key).text() == value
        self.type_into(qtbot, self.editor(window, "proxy.port"), "11434")
        window.settings.apply.click()
        qtbot.waitUntil(lambda: bool(called(client, "apply")))
        assert called(client, "apply")[0][0] == codec.set(theirs, "proxy.port", "11434")

    def test_every_invalid_value_is_marked_and_the_first_explained(self, window: MainWindow, qtbot: QtBot) -> None:
        host, port, first = (self.editor(window, key) for key in ("proxy.host", "proxy.port", "ollama.first_port"))
        for editor, text in ((first, "x"), (port, "0"), (host, "a b")):
            self.type_into(qtbot, editor, text)
        assert [editor.property("invalid") for editor in (host, port, first)] == [True, True, True]
        assert any(text.startswith("Address must be") for text in shown(window.settings))
        self.type_into(qtbot, port, "80")
        assert [editor.property("invalid") for editor in (host, port, first)] == [True, False, True]
        self.type_into(qtbot, host, "::1")
        assert any(text.startswith("First port of instances must be") for text in shown(window.settings))

    def test_what_does_not_go_with_a_command_s_change_is_not_applied(
        self, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        self.type_into(qtbot, self.editor(window, "ollama.first_port"), "65530")
        assert window.settings.apply.isEnabled()
        client.push(snapshot(settings=codec.set(SETTINGS, "pools.chat.workers", "16")))
        self.type_into(qtbot, self.editor(window, "proxy.port"), "11434")
        assert any("too few ports" in text for text in shown(window.settings))
        assert not window.settings.apply.isEnabled()

    def test_typed_text_survives_snapshots(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        self.type_into(qtbot, self.editor(window, "ollama.models_dir"), "/data/models")
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS)))
        assert self.editor(window, "ollama.models_dir").text() == "/data/models"

    def test_a_switch_counts_as_a_change(self, window: MainWindow) -> None:
        switch = window.settings.ollama.editors["ollama.adopt"]
        assert isinstance(switch, QCheckBox)
        switch.click()
        assert window.settings.apply.isEnabled()
        switch.click()
        assert not window.settings.apply.isEnabled()

    def test_the_theme_changes_at_once(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        combo = window.settings.appearance.editors["window.theme"]
        assert isinstance(combo, QComboBox)
        combo.setCurrentIndex(2)
        qtbot.waitUntil(lambda: bool(called(client, "apply")))
        assert called(client, "apply")[0][0].window.theme.value == "dark"  # type: ignore[attr-defined]
