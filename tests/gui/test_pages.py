"""Instances, on hand-made snapshots."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import labelled, named, shown
from tests.gui.snapshots import snapshot


def called(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == name]


class TestInstances:
    @pytest.fixture(autouse=True)
    def _shown(self, window: MainWindow) -> None:
        window.show_page_named("instances")

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
        assert {"llama3.1:8b", "6.1 GiB"} <= set(shown(detail.models))

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

    def test_an_instance_that_is_removed_leaves_no_other_one_in_its_place(
        self, window: MainWindow, client: FakeClient
    ) -> None:
        window.instances.view.select(1)
        client.push(snapshot(instances=snapshots.instances()[:1]))
        assert not window.instances.view.selected()
        assert not window.instances.detail.isEnabled()
        window.instances.detail.restart.click()
        assert not called(client, "restart")
        client.push(snapshot())
        assert window.instances.detail.isEnabled()

    def test_the_chosen_instance_stays_when_others_come_and_go(self, window: MainWindow, client: FakeClient) -> None:
        window.instances.view.select(1)
        client.push(snapshot(instances=snapshots.instances()[::-1]))
        assert [one.id for one in window.instances.view.selected()] == ["chat-2"]
        client.push(snapshot(instances=snapshots.instances()[1:]))
        assert [one.id for one in window.instances.view.selected()] == ["chat-2"]
        assert "chat-2" in shown(window.instances.detail)

    def test_without_instances_the_page_explains_how_to_add_one(self, window: MainWindow, client: FakeClient) -> None:
        client.push(snapshot(instances=()))
        assert any("No instance yet" in text for text in shown(window.instances))
        assert not window.instances.detail.isEnabled()
