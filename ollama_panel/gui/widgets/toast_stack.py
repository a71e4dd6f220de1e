"""The toasts in the lower right corner of the window, above all else: the newest lowest, three at most."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.gui import resources
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.tasks import exists
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast, ToastAction
from ollama_panel.gui.tokens import LG, MD, RADIUS_CARD, SM, XL
from ollama_panel.gui.widgets.card import button, flat_button
from ollama_panel.gui.widgets.elided_label import ElidedLabel, TwoLineLabel
from ollama_panel.gui.widgets.spoken import say

MOST = 3
"""More at once would be a list, and nobody reads a list in ten seconds."""
SHOWN_MS = 10_000
"""How long a toast stays that is no error."""
KEY = "F8"
"""Goes to the newest toast, as in other programs."""
_WIDTH, _HEIGHT = 428, 60
_LINE = 3
"""Pixels: the height of the line that shows the time left."""


class ToastStack(QObject):
    """Shows the toasts that the client announces, in the lower right corner of `parent`."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._client, self._theme, self._parent = client, theme, parent
        self._floor = 0
        self.boxes: list[ToastBox] = []
        QShortcut(QKeySequence(KEY), parent, self._go_to_newest)
        client.announced.connect(self.show_toast)
        theme.changed.connect(self._restyle)
        parent.installEventFilter(self)

    def keep_off(self, height: int) -> None:
        """Leave `height` pixels free at the bottom, for a bar of the page with buttons."""
        if height != self._floor:
            self._floor = height
            self._place()

    def show_toast(self, toast: Toast, left_ms: int = SHOWN_MS) -> None:
        """Show a toast for so long; the oldest that is no error makes room for a fourth one."""
        while len(self.boxes) >= MOST:
            self._remove(next((one for one in self.boxes if not one.toast.error), self.boxes[0]))
        box = ToastBox(toast, left_ms, self._theme, self._parent)
        box.undo.clicked.connect(lambda: self._undo(box))
        box.over.connect(lambda: self._remove(box))
        self.boxes.append(box)
        self._place()
        box.show()
        box.raise_()
        box.announce()

    def take_over(self, old: "ToastStack") -> None:
        """Go on with the toasts of a window that this one replaces."""
        for box in old.boxes:
            self.show_toast(box.toast, box.left_ms)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif event.type() == QEvent.Type.ChildAdded:
            for box in self.boxes:
                box.raise_()  # what comes later, as the first run, would cover them
        return super().eventFilter(watched, event)

    def _undo(self, box: "ToastBox") -> None:
        """Run the way back, once: a second click may come before the toast is gone."""
        if box.toast.undo is not None and box in self.boxes:
            self._client.spawn(box.toast.undo())
        self._remove(box)

    def _remove(self, box: "ToastBox") -> None:
        """Take a toast away, once; the focus that it had goes back."""
        if box in self.boxes:
            self.boxes.remove(box)
            box.leave()
            self._place()

    def _go_to_newest(self) -> None:
        if self.boxes:
            self.boxes[-1].take_focus()

    def _place(self) -> None:
        room = self._parent.rect()
        width = min(_WIDTH, room.width() - 2 * XL)
        corner = QPoint(room.width() - XL - width, room.height() - XL - self._floor)
        for above, box in enumerate(reversed(self.boxes), 1):
            box.setGeometry(QRect(corner.x(), corner.y() - above * _HEIGHT - (above - 1) * SM, width, _HEIGHT))

    def _restyle(self) -> None:
        for box in self.boxes:
            box.restyle()


class ToastBox(QFrame):
    """One toast. `over` is emitted when its time is over or the user closes it.

    Its time stands still while the pointer or the focus is in it, and while nobody can see it.
    """

    over = Signal()

    def __init__(self, toast: Toast, left_ms: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.toast = toast
        self._theme = theme
        self._held: set[str] = {"hidden"}
        self._came_from: QWidget | None = None
        self.setProperty("overlay", True)
        self.setAccessibleName(". ".join(filter(None, (toast.text, toast.detail))))
        self._icon = QLabel()
        self.undo = button(self.tr("Undo"), self.tr("Restores what was before ({key} goes here)").format(key=KEY))
        self.undo.setProperty("small", True)
        self.undo.setAccessibleName(self.tr("Undo: {action}").format(action=toast.text))
        self.undo.setVisible(toast.undo is not None)
        self.close_button = flat_button(
            self.tr("Close: {message}").format(message=toast.text), self.tr("Hide this message (Esc)")
        )
        self.close_button.clicked.connect(self.over)
        row = QHBoxLayout(self)
        row.setContentsMargins(LG, SM, MD, SM)
        row.setSpacing(MD)
        row.addWidget(self._icon)
        row.addLayout(_two_lines(toast), 1)
        self.actions_shown = tuple(_button(action) for action in toast.actions)
        for made in self.actions_shown:
            row.addWidget(made)
        row.addWidget(self.undo)
        row.addWidget(self.close_button)
        self._time = QVariantAnimation(self, duration=max(left_ms, 1))
        self._time.setStartValue(left_ms / SHOWN_MS)
        self._time.setEndValue(0.0)
        self._time.valueChanged.connect(lambda: self.update(self._line()))
        self._time.finished.connect(self.over)
        for stop in (*self.actions_shown, self.undo, self.close_button):
            stop.installEventFilter(self)
        self.restyle()

    @property
    def left_ms(self) -> int:
        """How long it stays, in milliseconds, if nothing holds it."""
        return self._time.duration() - self._time.currentTime()

    @property
    def held(self) -> bool:
        """Whether its time stands still."""
        return bool(self._held)

    def announce(self) -> None:
        """Let a screen reader say the toast, and how to undo what it tells."""
        words = self.accessibleName()
        if self.toast.undo is not None:
            words = self.tr("{message}. {key} goes to Undo.").format(message=words, key=KEY)
        say(self, words, urgent=self.toast.error)

    def take_focus(self) -> None:
        """Get the focus, until it is closed."""
        if not self._has_focus():
            self._came_from = QApplication.focusWidget()
        last = self.close_button if self.undo.isHidden() else self.undo
        next(iter(self.actions_shown), last).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Go for good; who had the focus before gets it back."""
        if self._has_focus() and self._came_from is not None and exists(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        colours, scale = self._theme.tokens, self.devicePixelRatioF()
        name, colour = ("warning", colours.danger) if self.toast.error else ("check", colours.ok)
        self._icon.setPixmap(resources.pixmap(name, colour, 20, scale))
        self.undo.setIcon(resources.icon("undo", colours.text, size=16))
        self.close_button.setIcon(resources.icon("close", colours.muted, size=16))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._hold("focus", event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hold("pointer", True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hold("pointer", False)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._hold("hidden", False)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hold("hidden", True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.over.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.toast.error:
            return
        inside = QPainterPath()
        inside.addRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS_CARD - 1, RADIUS_CARD - 1)
        line = self._line()
        line.setWidth(round(line.width() * float(self._time.currentValue())))
        painter = QPainter(self)
        painter.setClipPath(inside)
        painter.fillRect(line, QColor(self._theme.tokens.accent))
        painter.end()

    def _line(self) -> QRect:
        """Return the place of the line that shows the time left."""
        return QRect(1, self.height() - 1 - _LINE, self.width() - 2, _LINE)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _hold(self, why: str, on: bool) -> None:
        """Let the time stand still, or go on if nothing else holds it."""
        (self._held.add if on else self._held.discard)(why)
        if self.toast.error:
            return
        if not self._held:
            if self._time.state() is QVariantAnimation.State.Paused:
                self._time.resume()
            else:
                self._time.start()
        elif self._time.state() is QVariantAnimation.State.Running:
            self._time.pause()


def _button(action: ToastAction) -> QPushButton:
    made = button(action.text, action.tip, small=True)
    made.clicked.connect(lambda: action.run())
    return made


def _two_lines(toast: Toast) -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(2)
    lines.addStretch()
    if toast.detail:
        lines.addWidget(ElidedLabel(toast.text, "value"))
        lines.addWidget(ElidedLabel(toast.detail, "caption"))
    else:
        lines.addWidget(TwoLineLabel(toast.text, "value"))
    lines.addStretch()
    return lines
