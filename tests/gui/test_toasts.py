"""The toasts: what an action has done, told in the corner of the window."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QVariantAnimation
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.widgets import toast_stack
from ollama_panel.gui.widgets.elided_label import TwoLineLabel
from ollama_panel.gui.widgets.toast_stack import ToastBox
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown

COPIED = Toast("Copied", "http://127.0.0.1:11435")


@pytest.fixture
def paused(client: FakeClient) -> Toast:
    """A toast whose undo resumes the queue."""
    return Toast("The queue is paused", undo=lambda: client.set_paused(False))


def boxes(window: MainWindow) -> list[str]:
    """Return the texts of the toasts, the oldest first."""
    return [shown(box)[0] for box in window.toasts.boxes]


def enter(box: ToastBox) -> None:
    middle = QPointF(box.rect().center())
    QApplication.sendEvent(box, QEnterEvent(middle, middle, middle))


def test_a_toast_is_in_the_lower_right_corner_and_says_what_came_of_it(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    (box,) = window.toasts.boxes
    assert shown(box) == ["Copied", "http://127.0.0.1:11435"]
    assert (box.width(), box.height()) == (428, 60)
    root = window.centralWidget()
    assert root.rect().bottomRight() - box.geometry().bottomRight() == QPoint(24, 24)
    window.resize(1000, 700)
    assert root.rect().bottomRight() - box.geometry().bottomRight() == QPoint(24, 24)


def test_a_text_without_a_detail_has_both_lines(window: MainWindow, client: FakeClient) -> None:
    text = "Pool chat shows what is in force again, and nothing was applied"
    client.announce(Toast(text, undo=lambda: client.set_paused(False)))
    client.announce(Toast(text * 3))
    short, long = (box.findChildren(TwoLineLabel)[0] for box in window.toasts.boxes)
    assert (short.is_cut(), short.toolTip()) == (False, "")
    assert (long.is_cut(), long.toolTip()) == (True, text * 3)


def test_the_first_run_does_not_cover_a_toast(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    window.begin_first_run()
    (box,) = window.toasts.boxes
    root = window.centralWidget()
    assert root.childAt(box.geometry().center()) in (box, *box.findChildren(QWidget))
    window.end_first_run("overview")


def test_a_bar_of_the_page_stays_free(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    window.toasts.keep_off(56)
    assert window.centralWidget().height() - 56 - window.toasts.boxes[0].geometry().bottom() == 25


def test_a_toast_goes_when_its_time_is_over(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    time = window.toasts.boxes[0].findChild(QVariantAnimation)
    time.setCurrentTime(time.duration())
    assert boxes(window) == []


def test_undo_restores_what_was_before_once(
    window: MainWindow, client: FakeClient, paused: Toast, qtbot: QtBot
) -> None:
    client.announce(paused)
    undo = named(window, QPushButton, "Undo: The queue is paused")
    undo.click()
    assert boxes(window) == []
    undo.click()
    qtbot.waitUntil(lambda: client.calls == [("set_paused", (False,))])


def test_a_toast_without_a_way_back_has_no_undo(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    assert window.toasts.boxes[0].undo.isHidden()
    named(window, QToolButton, "Close: Copied").click()
    assert boxes(window) == []


def test_its_time_stands_still_under_the_pointer(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    (box,) = window.toasts.boxes
    assert not box.held
    enter(box)
    assert box.held
    QApplication.sendEvent(box, QEvent(QEvent.Type.Leave))
    assert not box.held


def test_its_time_stands_still_while_the_window_is_hidden(window: MainWindow, client: FakeClient) -> None:
    client.announce(COPIED)
    window.hide()
    assert window.toasts.boxes[0].held
    window.show()
    assert not window.toasts.boxes[0].held


def test_an_error_stays_until_it_is_closed(window: MainWindow, client: FakeClient) -> None:
    client.announce(Toast("Not copied", error=True))
    (box,) = window.toasts.boxes
    enter(box)
    QApplication.sendEvent(box, QEvent(QEvent.Type.Leave))
    assert box.left_ms == toast_stack.SHOWN_MS
    named(window, QToolButton, "Close: Not copied").click()
    assert boxes(window) == []


def test_the_oldest_that_is_no_error_makes_room_for_a_fourth(window: MainWindow, client: FakeClient) -> None:
    client.announce(Toast("failed", error=True))
    for text in ("one", "two", "three"):
        client.announce(Toast(text))
    assert boxes(window) == ["failed", "two", "three"]
    tops = [box.y() for box in window.toasts.boxes]
    assert tops == sorted(tops), "the newest is the lowest"
    client.announce(Toast("another", error=True))
    client.announce(Toast("and another", error=True))
    client.announce(Toast("four errors", error=True))
    assert boxes(window) == ["another", "and another", "four errors"]


def test_f8_goes_to_the_newest_and_esc_closes_it_and_goes_back(
    window: MainWindow, client: FakeClient, paused: Toast, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.overview.add_pool.setFocus()
    client.announce(paused)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    undo = named(window, QPushButton, "Undo: The queue is paused")
    assert window.focusWidget() is undo
    assert window.toasts.boxes[0].held
    qtbot.keyClick(undo, Qt.Key.Key_Escape)
    assert boxes(window) == []
    assert window.focusWidget() is window.overview.add_pool


def test_a_screen_reader_hears_the_result_and_the_way_back(
    window: MainWindow, client: FakeClient, paused: Toast, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, bool]] = []

    def say(_: QWidget, text: str, *, urgent: bool) -> None:
        said.append((text, urgent))

    monkeypatch.setattr(toast_stack, "say", say)
    client.announce(COPIED)
    client.announce(paused)
    client.announce(Toast("Not copied", error=True))
    assert said == [
        ("Copied. http://127.0.0.1:11435", False),
        ("The queue is paused. F8 goes to Undo.", False),
        ("Not copied", True),
    ]
