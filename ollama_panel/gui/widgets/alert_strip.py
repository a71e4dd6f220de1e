"""The line below a page's heading: the page's summary, or in its place the most serious alert.

Its height never changes, so nothing on a page moves when an alert comes or goes.
"""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QCursor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from ollama_panel.core.alerts import Alert
from ollama_panel.core.notices.templates import Level
from ollama_panel.gui import resources
from ollama_panel.gui.alerts import Alerts
from ollama_panel.gui.notices import notice_text, tone_of
from ollama_panel.gui.offers import label_of, tip_of
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import button, flat_button, set_property
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.spoken import say

HEIGHT = 36
"""Pixels."""
_WIDE = 900
"""From how many pixels on there is room for a second button."""
ICONS = {"info": "info", "warn": "warning", "danger": "warning"}


class AlertStrip(QFrame):
    """Shows one alert with what can be done about it. `list_wanted` is emitted when the user wants to see all."""

    list_wanted = Signal()

    def __init__(self, theme: Theme, alerts: Alerts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._alerts = theme, alerts
        self._shown: Alert | None = None
        self._pointer_rests: QPoint | None = None
        self._focus_rests: QWidget | None = None
        self._summary = ""
        self.setFixedHeight(HEIGHT)
        self._icon = QLabel()
        self._text = ElidedLabel()
        self._remedies = (button("", small=True), button("", small=True))
        for number, made in enumerate(self._remedies):
            made.clicked.connect(lambda _=False, number=number: self._run(number))
        self.all = button("", self.tr("Shows all alerts with their whole texts"), small=True)
        self.all.clicked.connect(self.list_wanted)
        self._close = flat_button(self.tr("Dismiss"), self.tr("Hide this message"))
        self._close.clicked.connect(self._dismiss)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(SM)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        for made in (*self._remedies, self.all):
            self._row.addWidget(made)
        self._row.addWidget(self._close)
        alerts.changed.connect(self.refresh)
        alerts.arrived.connect(self._announce)
        theme.changed.connect(self._restyle)
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.refresh()

    @property
    def text(self) -> str:
        """The text, whole."""
        return self._text.text()

    @property
    def alert(self) -> Alert | None:
        """The alert that is shown, None if it is the summary."""
        return self._shown

    def show_summary(self, text: str) -> None:
        """Set the sentence that is shown while there is no alert."""
        self._summary = text
        if self._shown is None:
            self._text.show_text(text)
            self.setAccessibleName(text)

    def refresh(self) -> None:
        """Show the alert to be shown now."""
        before = self._shown
        self._shown = shown = self._choose()
        tone = "" if shown is None else tone_of([shown.told])
        set_property(self, "banner", tone)
        set_property(self._text, "role", "" if shown else "muted")
        self._icon.setVisible(shown is not None)
        self._close.setVisible(shown is not None and shown.closable)
        self._text.show_text(notice_text(shown.told) if shown else self._summary)
        self.setAccessibleName(self._text.text())
        self._text.setAlignment(Qt.AlignmentFlag.AlignVCenter if shown else Qt.AlignmentFlag.AlignTop)
        margin = SM // 2 if shown else 0
        self._row.setContentsMargins(MD if shown else 0, margin, margin, margin)
        self._show_remedies()
        self._show_count()
        self._restyle()
        if not _same(before, shown):
            self._rest()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_remedies()
        self._show_count()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.refresh()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._shown is not None and self.rect().contains(event.position().toPoint()):
            self.list_wanted.emit()

    def _choose(self) -> Alert | None:
        """Return the most serious alert; the one shown stays while it lasts, and no button changes under a hand.

        What came of a command goes before others that are as serious: somebody waits for it.
        """
        waiting = self._alerts.open
        if not waiting or self._shown is None:
            return waiting[0] if waiting else None
        same = next((one for one in waiting if _same(one, self._shown)), None)
        if same is None or (self._alerts.is_answer(waiting[0]) and not self._alerts.is_answer(same)):
            return waiting[0]
        return same if self._in_use() or same.told.level is waiting[0].told.level else waiting[0]

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, _: QWidget | None) -> None:
        """Show what has waited until nobody is about to press a button."""
        self._focus_rests = None
        if old is not None and self.isAncestorOf(old):
            self.refresh()

    def _buttons(self) -> tuple[QAbstractButton, ...]:
        return (*self._remedies, self.all, self._close)

    def _in_use(self) -> bool:
        """Return whether somebody is about to press a button.

        A hand that has pressed one, or was there before the alert, may be there for long; it counts when it moves.
        """
        if any(one.isDown() for one in self._buttons()):
            return True
        pointed = any(one.underMouse() for one in self._buttons()) and QCursor.pos() != self._pointer_rests
        focus = QApplication.focusWidget()
        return pointed or (focus is not None and focus is not self._focus_rests and self.isAncestorOf(focus))

    def _rest(self) -> None:
        """Take pointer and focus, where they are now, for nobody about to press a button."""
        self._pointer_rests, self._focus_rests = QCursor.pos(), QApplication.focusWidget()

    def _show_remedies(self) -> None:
        remedies = self._shown.remedies if self._shown else ()
        room = len(self._remedies) if self.width() >= _WIDE else 1
        for number, made in enumerate(self._remedies):
            made.setVisible(number < min(room, len(remedies)))
            if self._shown is not None and number < len(remedies):
                _set_up(made, self._alerts, self._shown, number)

    def _show_count(self) -> None:
        """Show the button for the list, if there is more to see there than here."""
        waiting, every = len(self._alerts.open), len(self._alerts.all)
        if self._shown is None:
            text = self.tr("%n dismissed", "", every) if every else ""
        elif waiting > 1:
            text = self.tr("%n more", "", waiting - 1)
        else:
            text = self.tr("Details")
        self.all.setText(text)
        self.all.setAccessibleName(text)
        self.all.setVisible(bool(text))

    def _run(self, number: int) -> None:
        if self._shown is not None:
            self._alerts.run(self._shown, self._shown.remedies[number])
            self._rest()
            self.refresh()

    def _dismiss(self) -> None:
        if self._shown is not None:
            closed, self._shown = self._shown, None
            self._alerts.close(closed)

    def _announce(self, alert: Alert) -> None:
        say(self, notice_text(alert.told), urgent=alert.told.level is Level.ERROR)

    def _restyle(self) -> None:
        tone = tone_of([self._shown.told]) if self._shown else "info"
        colour = getattr(self._theme.tokens, tone)
        self._icon.setPixmap(resources.pixmap(ICONS[tone], colour, 18, self.devicePixelRatioF()))
        self._close.setIcon(resources.icon("close", self._theme.tokens.muted, size=16))


def _same(one: Alert | None, other: Alert | None) -> bool:
    """Return whether two alerts are about the same, be it of fewer or more instances."""
    return one is other or (one is not None and other is not None and bool(one.topics & other.topics))


def _set_up(made: QPushButton, alerts: Alerts, alert: Alert, number: int) -> None:
    remedy = alert.remedies[number]
    made.setText(label_of(remedy))
    made.setAccessibleName(label_of(remedy))
    made.setToolTip(tip_of(remedy))
    made.setEnabled(not alerts.is_under_way(alert, remedy))
