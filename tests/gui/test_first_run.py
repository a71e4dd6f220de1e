"""The first run: what it shows, what it changes, and that nothing is done before Start."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.takeover import (
    StepBy,
    StepKind,
    StepState,
    Takeover,
    TakeoverAnswer,
    TakeoverStage,
    TakeoverStep,
    of_takeover,
)
from ollama_panel.core.trial import Trial, TrialState
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.first_run.pool_values import PoolValues
from ollama_panel.gui.first_run.view import CONNECT, EFFECTS, FOUND, TEST, FirstRun
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.window import FIRST_RUN, MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.core.first_run import machines
from tests.core.first_run.machines import FOLDER
from tests.gui.fake_client import FakeClient
from tests.gui.first_steps import calls, row
from tests.gui.screen import named, shown
from tests.gui.snapshots import LLAMA

STEP = TakeoverStep(
    StepKind.RESTART,
    StepBy.ROOT,
    notice("first_run.workers"),
    notice("first_run.workers_why"),
    ("sudo systemctl restart ollama",),
)
PLANNED = Takeover(TakeoverStage.PLANNED, "127.0.0.1:11434", "127.0.0.1:11436", machines.SERVICE, (STEP,))


def test_the_steps_take_the_place_of_the_pages(window: MainWindow, first_run: FirstRun) -> None:
    assert first_run.isVisible()
    assert not window.sidebar.isVisible()
    assert not window.overview.isVisible()
    assert [one.text() for one in first_run.list.buttons] == [
        "Found and advised",
        "What will happen",
        "Connect programs",
        "Test",
    ]


def test_it_says_what_was_found_and_what_is_advised(first_run: FirstRun) -> None:
    texts = shown(first_run.found)
    for words in ("Ollama 0.32.15", "Models: 2, 4.8 GiB", "NVIDIA RTX 4090, 24.0 GiB", "rag_indexer.py"):
        assert words in texts
    assert any(text.startswith("rag_indexer.py holds 24 of 26 connections.") for text in texts)
    assert [name for name, one in first_run.found.advised.rows.items() if one.tick.isChecked()] == [
        "queue",
        "pool.chat",
        "pool.embedding",
        "class.rag_indexer.py",
        "store",
    ]


def test_looking_at_all_steps_changes_nothing(first_run: FirstRun, client: FakeClient) -> None:
    for button in first_run.list.buttons:
        button.click()
    assert first_run.place == TEST
    assert calls(client) == []


def test_the_memory_follows_the_ticks(first_run: FirstRun) -> None:
    before = first_run.found.memory.verdict.text()
    assert before.endswith("fits")
    row(first_run, "pool.embedding").click()
    row(first_run, "pool.chat").click()
    assert first_run.found.memory.verdict.text() != before


def test_another_use_gives_other_advice(first_run: FirstRun) -> None:
    advised = first_run.found.advised
    advised.use.setCurrentIndex(advised.use.findData(Use.AGENT))
    advised.use.activated.emit(advised.use.currentIndex())
    assert first_run.draft.use is Use.AGENT
    assert "pool.code" in advised.rows


def test_the_numbers_of_a_pool_can_be_changed_and_are_kept(
    first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    first_run.found.advised.rows["pool.chat"].more.click()
    (dialog,) = first_run.found.findChildren(PoolValues)
    qtbot.waitUntil(dialog.isVisible)
    dialog.fields["parallel"].setValue(7)
    dialog.accept()
    qtbot.waitUntil(lambda: PoolName("chat") in first_run.draft.pools)
    assert "parallel 7" in row(first_run, "pool.chat").text()
    assert calls(client) == []


def test_the_second_step_names_every_file_and_every_command(first_run: FirstRun, client: FakeClient) -> None:
    first_run.next.click()
    assert first_run.place == EFFECTS
    texts = shown(first_run.effects)
    assert client.settings_file in texts
    assert [text for text in texts if text.endswith("/usr/local/bin/ollama serve") and FOLDER in text]
    assert first_run.next.text() == "Start"
    assert calls(client) == []


def test_start_applies_what_is_ticked_and_goes_on_to_the_programs(
    first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    row(first_run, "pool.embedding").click()
    first_run.next.click()
    first_run.next.click()
    qtbot.waitUntil(lambda: first_run.place == CONNECT)
    ((_, (settings,)),) = [call for call in client.calls if call[0] == "apply"]
    assert settings.ollama.models_dir == FOLDER
    assert settings.scheduling.classes == {"rag_indexer.py": RequestClass.BATCH}
    assert settings.pools[1] == client.snapshot.settings.pools[1]
    assert [one.done for one in first_run.list.buttons] == [True, True, False, False]


def test_start_can_be_undone(first_run: FirstRun, client: FakeClient, qtbot: QtBot) -> None:
    before, told = client.snapshot.settings, list[Toast]()
    client.announced.connect(told.append)
    first_run.next.click()
    first_run.next.click()
    qtbot.waitUntil(lambda: bool(told))
    undo = told[0].undo
    assert undo is not None
    client.calls.clear()
    client.spawn(undo())
    qtbot.waitUntil(lambda: client.calls == [("apply", (before,))])


def test_a_toast_leaves_the_buttons_free(
    window: MainWindow, first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    client.announce(Toast("Copied"))
    (box,) = window.toasts.boxes
    bar = first_run.bar.mapTo(window, first_run.bar.rect().topLeft())
    qtbot.waitUntil(lambda: 0 < box.mapTo(window, box.rect().bottomLeft()).y() < bar.y())
    first_run.skip.click()
    qtbot.waitUntil(lambda: box.mapTo(window, box.rect().bottomLeft()).y() > bar.y())


def test_what_fails_is_said_in_the_step_and_can_be_tried_again(
    first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    client.error = PanelError(notice("ports.too_few", first=11500))
    first_run.next.click()
    first_run.next.click()
    qtbot.waitUntil(lambda: "11500" in first_run.effects.progress.text())
    assert first_run.place == EFFECTS
    assert first_run.next.isEnabled()
    client.error = None
    first_run.next.click()
    qtbot.waitUntil(lambda: first_run.place == CONNECT)


def test_a_take_over_is_shown_step_by_step_before_it_is_done(
    first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["take_over"] = TakeoverAnswer(PLANNED)
    row(first_run, "take_over").click()
    first_run.next.click()
    qtbot.waitUntil(lambda: "sudo systemctl restart ollama" in shown(first_run.effects.yours))
    assert [call for call in client.calls if call[0] == "take_over"] == [("take_over", ("", True, False))]
    first_run.next.click()
    qtbot.waitUntil(lambda: first_run.place == CONNECT)
    assert calls(client)[-2:] == ["apply", "take_over"]
    assert client.calls[-1] == ("take_over", ("", False, True))


def test_once_the_address_is_taken_over_no_program_is_said_to_need_another(
    first_run: FirstRun, client: FakeClient
) -> None:
    taken = msgspec.structs.replace(PLANNED, stage=TakeoverStage.TAKEN)
    client.push(msgspec.structs.replace(client.snapshot, takeover=taken))
    first_run.show_step(CONNECT)
    assert first_run.hint.text() == "New programs can take this address or Ollama's own."


def test_commands_that_a_take_over_waits_for_stay_on_the_screen_and_nothing_is_said_to_be_done(
    window: MainWindow, first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    row(first_run, "take_over").click()
    first_run.next.click()
    waiting = msgspec.structs.replace(STEP, state=StepState.WAITING)
    moving = msgspec.structs.replace(PLANNED, stage=TakeoverStage.MOVING, steps=(waiting,))
    client.answers["take_over"] = TakeoverAnswer(moving, (of_takeover(moving),), moving.todo)
    client.push(msgspec.structs.replace(client.snapshot, takeover=moving))
    first_run.draft.ticks["take_over"] = True
    first_run.next.click()
    qtbot.waitUntil(lambda: first_run.started)
    assert first_run.place == EFFECTS
    assert "sudo systemctl restart ollama" in [one.text() for one in first_run.effects.todo.findChildren(QLabel)]
    assert first_run.next.text() == "Next: connect"
    assert [box.toast.text.partition(":")[0] for box in window.toasts.boxes] == ["Applied"]


def test_the_address_is_copied_in_the_third_step(first_run: FirstRun, client: FakeClient) -> None:
    first_run.show_step(CONNECT)
    first_run.connect_step.address.copy.click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:11435"


def test_the_last_button_sends_a_test_and_ends_once_it_was_answered(
    window: MainWindow, first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    answered = Trial(RequestId("t1"), LLAMA, TrialState.ANSWERED, "Hello.", first_token_s=0.2, total_s=0.5)
    client.answers["send_test"] = answered
    first_run.show_step(TEST)
    assert first_run.next.text() == "Send a test"
    first_run.next.click()
    qtbot.waitUntil(lambda: first_run.next.text() == "Finish")
    assert "send_test" in calls(client)
    first_run.next.click()
    assert window.overview.isVisible()


def test_skip_leaves_all_as_it_is_and_is_remembered(
    window: MainWindow, first_run: FirstRun, client: FakeClient, state: WindowState
) -> None:
    assert state.value(FIRST_RUN, False)
    first_run.skip.click()
    assert window.overview.isVisible()
    assert window.sidebar.isVisible()
    assert not window.in_first_run
    assert not state.value(FIRST_RUN, True)
    assert calls(client) == []


def test_the_menu_brings_it_back_from_its_beginning(window: MainWindow, first_run: FirstRun, actions: Actions) -> None:
    first_run.show_step(TEST)
    first_run.skip.click()
    assert not window.in_first_run
    actions.first_run.trigger()
    assert window.in_first_run
    assert window.first_run.place == FOUND


def test_rows_stay_the_same_widgets_while_the_machine_changes(first_run: FirstRun, client: FakeClient) -> None:
    before = dict(first_run.found.advised.rows)
    client.push(msgspec.structs.replace(client.snapshot, served=999))
    assert first_run.found.advised.rows == before


def test_all_can_be_reached_and_set_with_the_keyboard(first_run: FirstRun, qtbot: QtBot) -> None:
    tick = row(first_run, "pool.chat")
    tick.setFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert not tick.isChecked()
    assert first_run.draft.ticks == {"pool.chat": False}
    button = first_run.list.buttons[1]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert first_run.place == EFFECTS


def test_tab_goes_through_what_is_advised_and_what_will_happen_before_the_buttons_below(
    first_run: FirstRun, client: FakeClient
) -> None:
    shown = client.snapshot
    client.push(msgspec.structs.replace(shown, found_servers=()))
    client.push(shown)
    card, below = first_run.found.advised, [first_run.look_around, first_run.skip, first_run.next]
    rows = [stop for name in card.rows for stop in (card.rows[name].tick, card.rows[name].more)]
    rows.sort(key=lambda stop: (stop.mapTo(card, stop.rect().center()).y(), stop.x()))
    in_order = [card.use, card.people, *(stop for stop in rows if stop.isVisible()), *below]
    assert reached(in_order) == in_order
    first_run.show_step(EFFECTS)
    client.push(msgspec.structs.replace(shown, at=shown.at + 1))
    copies = first_run.effects.findChildren(QToolButton)
    assert copies
    assert reached([*copies, *below]) == [*copies, *below]


def reached(wanted: list[QWidget]) -> list[QWidget]:
    """Return what Tab reaches, of what is wanted, from the first on."""
    chain, widget = [wanted[0]], wanted[0].nextInFocusChain()
    while widget is not wanted[0]:
        chain += [widget] if widget in wanted else []
        widget = widget.nextInFocusChain()
    return chain


def test_every_control_has_a_name(first_run: FirstRun) -> None:
    for place in range(4):
        first_run.show_step(place)
        seen = [one for one in first_run.findChildren(QPushButton) if one.isVisible()]
        assert [one for one in seen if not (one.text() or one.accessibleName())] == []
    assert named(first_run, QPushButton, "Change: Pool chat: workers 1, parallel 2, context 16,384")


@pytest.mark.parametrize("width", [880, 1280, 2560])
def test_nothing_is_wider_than_the_window(window: MainWindow, first_run: FirstRun, qtbot: QtBot, width: int) -> None:
    window.resize(width, 800)
    for place in range(4):
        first_run.show_step(place)
        step = first_run.steps[place]
        qtbot.waitUntil(lambda step=step: step.width() == width - first_run.list.width())
        assert step.area.widget().minimumSizeHint().width() <= step.area.viewport().width()


def test_another_language_goes_on_at_the_same_step_with_the_same_ticks(
    window: MainWindow, first_run: FirstRun, client: FakeClient, actions: Actions, state: WindowState
) -> None:
    row(first_run, "store").click()
    first_run.show_step(EFFECTS)
    again = MainWindow(client, window._theme, actions, lambda: None, state)  # type: ignore[arg-type]
    again.take_over(window)
    assert again.first_run.place == EFFECTS
    assert again.first_run.draft.ticks == {"store": False}
    again.deleteLater()
