"""The drill in the window: what is chosen, its steps as they go on, and its score."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ollama_panel.core.drill import DrillFault, DrillRecord, DrillRequest, DrillState, DrillStep
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.gui import tasks
from ollama_panel.gui.widgets.drill_dialog import DrillDialog, show_drill
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import GIB, LLAMA, MODELS, snapshot
from tests.gui.test_accessibility import controls, shared_names

KILLED = DrillStep(DrillFault.KILL, 62.0, 0.21, 3.4, sent=6, broken=1, passed=True)
HUNG = DrillStep(DrillFault.HANG, 97.0, sent=4)
TO_COME = DrillStep(DrillFault.SLOW)


@pytest.fixture
def dialog(window: MainWindow, client: FakeClient) -> DrillDialog:
    return show_drill(client, window)  # type: ignore[arg-type]


def record(state: DrillState = DrillState.RUNNING, *steps: DrillStep, **more: Any) -> DrillRecord:
    return DrillRecord(state, InstanceId("drill-1"), 60.0, steps, **more)


def row(dialog: DrillDialog, fault: str) -> list[str]:
    """Return the texts of a row of the table, without the name of its fault."""
    titles = ("Noticed after", "Back after", "Requests", "Lost", "Broken off", "Verdict")
    return [named(dialog.steps, QLabel, f"{fault}, {title}").text() for title in titles]


def calls(client: FakeClient) -> list[tuple[str, tuple[Any, ...]]]:
    return [call for call in client.calls if "drill" in call[0]]


def test_without_a_drill_it_says_what_would_happen(dialog: DrillDialog) -> None:
    assert "No drill was run since the panel has started." in shown(dialog)
    assert any("loads llama3.1:8b (4.6 GiB)" in text for text in shown(dialog))
    assert not dialog.steps.isVisible()
    assert dialog.start.isEnabled()
    assert not dialog.cancel.isEnabled()


def test_all_faults_and_the_smallest_model_are_what_the_panel_chooses(
    dialog: DrillDialog, client: FakeClient, qtbot: QtBot
) -> None:
    dialog.start.click()
    dialog.start.click()
    assert not dialog.start.isEnabled()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert calls(client) == [("operations.begin_drill", (DrillRequest(),))]


def test_some_faults_with_a_model_of_ones_own(dialog: DrillDialog, client: FakeClient, qtbot: QtBot) -> None:
    big = msgspec.structs.replace(MODELS[0], name="qwen3:14b", size=9 * GIB)
    client.push(snapshot(models=(big, *MODELS)))
    offered = [dialog.model.itemData(number) for number in range(dialog.model.count())]
    assert offered == ["", LLAMA, "qwen3:14b"], "a model for embeddings answers no chat"
    dialog.faults[DrillFault.SLOW].setChecked(False)
    dialog.faults[DrillFault.RUNNER_HANG].setChecked(False)
    dialog.model.setCurrentIndex(1)
    assert any("loads llama3.1:8b" in text for text in shown(dialog))
    dialog.start.click()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert calls(client) == [("operations.begin_drill", (DrillRequest((DrillFault.KILL, DrillFault.HANG), LLAMA),))]


def test_before_its_first_fault_it_says_what_it_waits_for(dialog: DrillDialog, client: FakeClient) -> None:
    client.push(snapshot(drill=record(DrillState.RUNNING, TO_COME)))
    assert "drill-1 gets ready for the drill, and loads the model…" in shown(dialog)
    assert dialog.cancel.isEnabled()


def test_its_steps_count_their_seconds_until_it_is_cancelled(
    dialog: DrillDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(drill=record(DrillState.RUNNING, KILLED, HUNG, TO_COME)))
    assert "The drill is under way at drill-1." in shown(dialog)
    assert row(dialog, "Kill the server") == ["210 ms", "3.4 s", "6", "0", "1", "passed"]
    assert row(dialog, "Hang the server") == ["7 s…", "7 s…", "4", "0", "0", "under way…"]
    assert row(dialog, "Slow it down") == ["—", "—", "—", "—", "—", "to come"]
    assert not dialog.start.isEnabled()
    assert not dialog.faults[DrillFault.KILL].isEnabled()
    dialog.cancel.click()
    qtbot.waitUntil(lambda: calls(client) == [("operations.cancel_drill", ())])


def test_its_result_is_a_score_with_a_verdict_for_each_fault(dialog: DrillDialog, client: FakeClient) -> None:
    told = notice("instance.gone", url="http://127.0.0.1:11500")
    lost = msgspec.structs.replace(HUNG, detected_s=42.0, recovered_s=48.0, lost=1, passed=False, told=told)
    alarmed = msgspec.structs.replace(TO_COME, began=99.0, false_alarm=True, passed=False)
    client.push(snapshot(drill=record(DrillState.DONE, KILLED, lost, alarmed, score=64)))
    assert "The panel did not cope with 2 faults." in shown(dialog)
    assert "64 of 100" in shown(dialog)
    assert row(dialog, "Hang the server") == ["42 s", "48 s", "4", "1", "0", "failed"]
    assert row(dialog, "Slow it down")[0] == "false alarm"
    assert any("Nothing answers at" in text for text in shown(dialog.steps))
    assert dialog.start.text() == "Repeat the drill"
    client.push(snapshot(drill=record(DrillState.DONE, KILLED, score=100)))
    assert "The panel coped with every fault." in shown(dialog)
    client.push(snapshot(drill=record(DrillState.DONE, KILLED, TO_COME, score=100)))
    assert "The panel coped with every fault that was carried out." in shown(dialog)
    client.push(snapshot(drill=record(DrillState.DONE, TO_COME)))
    assert "No fault was carried out." in shown(dialog)


def test_who_starts_it_by_a_key_can_cancel_and_repeat_it_by_the_same_key(
    dialog: DrillDialog, client: FakeClient, qtbot: QtBot
) -> None:
    qtbot.waitUntil(dialog.start.hasFocus)
    qtbot.keyClick(dialog.start, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not tasks.pending())
    client.push(snapshot(drill=record(DrillState.RUNNING, HUNG)))
    assert dialog.focusWidget() is dialog.cancel
    client.push(snapshot(drill=record(DrillState.CANCELLED, HUNG)))
    assert dialog.focusWidget() is dialog.start
    dialog.close_button.setFocus()
    client.push(snapshot(drill=record(DrillState.RUNNING, HUNG)))
    assert dialog.focusWidget() is dialog.close_button


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DrillState.CANCELLED, "The drill was cancelled: all is as it was before."),
        (DrillState.FAILED, "could not go on"),
    ],
)
def test_a_drill_that_was_not_done_has_no_verdicts(
    dialog: DrillDialog, client: FakeClient, state: DrillState, words: str
) -> None:
    problem = notice("instance.gone", url="http://127.0.0.1:11500")
    client.push(snapshot(drill=record(state, KILLED, HUNG, problem=problem)))
    assert words in dialog.state.text()
    assert "Nothing answers at" in dialog.state.text()
    assert row(dialog, "Hang the server")[-1] == "not done"
    assert not dialog.score.isVisible()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"models": ()}, "There is no model here that answers chats"),
        ({"models": MODELS[1:]}, "There is no model here that answers chats"),
        ({"starting": True}, "The panel is starting"),
        ({"fatal": notice("engine.not_started")}, "The engine has stopped"),
    ],
)
def test_a_drill_that_cannot_begin_says_why(
    dialog: DrillDialog, client: FakeClient, changes: dict[str, Any], reason: str
) -> None:
    client.push(snapshot(**changes))
    assert not dialog.start.isEnabled()
    assert dialog.start.toolTip() == reason


def test_without_a_fault_there_is_nothing_to_start(dialog: DrillDialog) -> None:
    for box in dialog.faults.values():
        box.setChecked(False)
    assert dialog.start.toolTip() == "Choose a fault"


def test_what_fails_is_told_and_it_can_be_tried_again(dialog: DrillDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("instance.gone", url="http://127.0.0.1:11500"))
    dialog.start.click()
    qtbot.waitUntil(lambda: bool(client.reported) and dialog.start.isEnabled())


def test_the_page_of_the_instances_leads_to_it(window: MainWindow, client: FakeClient) -> None:
    window.show_page_named("instances")
    page = window.instances
    page.drill.click()
    page.drill.click()
    assert len(window.findChildren(DrillDialog)) == 1
    client.push(snapshot(drill=record(DrillState.RUNNING, HUNG)))
    assert page.drill.text() == "Drill under way…"


def test_its_controls_have_names_of_their_own(dialog: DrillDialog, client: FakeClient) -> None:
    client.push(snapshot(drill=record(DrillState.RUNNING, KILLED, HUNG)))
    assert len(controls(dialog)) >= 7
    assert shared_names(dialog) == []


def test_a_closed_one_takes_no_more_snapshots(dialog: DrillDialog, client: FakeClient) -> None:
    dialog.close_button.click()
    client.push(snapshot(drill=record(DrillState.DONE, KILLED, score=100)))
    assert "No drill was run" in dialog.state.text()
