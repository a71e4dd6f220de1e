"""The strip of the alerts under the hand of somebody who uses its buttons."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.test_alerts import PORT, QUEUE, TAKEN, snapshot

TAKEN_PORT = {"proxy": ProxyRecord(problem=TAKEN)}


def test_no_button_changes_under_a_hand(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(problems=(PORT,)))
    client.push(snapshot(problems=(QUEUE, PORT)))
    assert window.strip.text.startswith("proxy.port"), "the one that is shown stays"
    named(window.strip, QToolButton, "Dismiss").setFocus()
    client.push(snapshot(**TAKEN_PORT, problems=(PORT,)))
    assert window.strip.text.startswith("proxy.port"), "somebody is about to press its button"
    window.overview.add_pool.setFocus()
    client.push(snapshot(**TAKEN_PORT, problems=(PORT,), at=106.0))
    assert "cannot listen" in window.strip.text


def test_a_pointer_delays_no_alert(window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.strip, "underMouse", lambda: True)
    client.push(snapshot(demo=True))
    client.push(snapshot(demo=True, **TAKEN_PORT))
    assert "cannot listen" in window.strip.text


def test_a_pointer_on_a_button_delays_alerts_once_it_has_moved_there(
    window: MainWindow, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.push(snapshot(demo=True))
    monkeypatch.setattr(named(window.strip, QToolButton, "Dismiss"), "underMouse", lambda: True)
    QCursor.setPos(QCursor.pos() + QPoint(3, 0))
    client.push(snapshot(demo=True, **TAKEN_PORT))
    assert window.strip.text.startswith("Demonstration")


@pytest.mark.parametrize("points", [False, True])
def test_an_alert_that_comes_back_after_its_button_was_pressed_is_shown_although_the_hand_is_still_there(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, points: bool
) -> None:
    client.push(snapshot(demo=True, **TAKEN_PORT))
    pressed = named(window.strip, QPushButton, "Try again")
    monkeypatch.setattr(pressed, "underMouse", lambda: points)
    QCursor.setPos(QCursor.pos() + QPoint(3, 0))
    pressed.setFocus()
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: client.calls == [("set_proxy", (True,))])
    client.push(snapshot(demo=True))
    assert window.strip.text.startswith("Demonstration")
    client.push(snapshot(demo=True, **TAKEN_PORT))
    assert "cannot listen" in window.strip.text


def test_a_more_serious_alert_is_shown_after_a_button_was_pressed(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(paused=True))
    pressed = named(window.strip, QPushButton, "Resume")
    pressed.setFocus()
    client.push(snapshot(paused=True, **TAKEN_PORT))
    assert window.strip.text.startswith("The queue is paused"), "it is about to be pressed"
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: client.calls == [("set_paused", (False,))])
    assert "cannot listen" in window.strip.text


def test_a_button_that_is_down_stays_what_it_is(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(paused=True))
    pressed = named(window.strip, QPushButton, "Resume")
    qtbot.mousePress(pressed, Qt.MouseButton.LeftButton)
    client.push(snapshot(paused=True, **TAKEN_PORT))
    qtbot.mouseRelease(pressed, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: client.calls == [("set_paused", (False,))])
