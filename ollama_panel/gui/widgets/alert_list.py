"""The list of all alerts, above the page: whole texts, what can be done, and those that were dismissed."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.alerts import Alert
from ollama_panel.gui import resources
from ollama_panel.gui.alerts import Alerts
from ollama_panel.gui.format import moment
from ollama_panel.gui.notices import notice_text, tone_of, ways_of
from ollama_panel.gui.offers import label_of, tip_of
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.alert_strip import ICONS
from ollama_panel.gui.widgets.card import button, flat_button, label, needed_height, set_property
from ollama_panel.gui.widgets.ways import Ways

_WIDEST = 900
"""Pixels: longer lines are hard to read."""
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class AlertList(QWidget):
    """Covers its parent, so that a click beside the list closes it; so does Esc. Tab stays inside."""

    def __init__(self, theme: Theme, alerts: Alerts, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._alerts = theme, alerts
        self._entries: list[_Entry] = []
        self._under: QWidget | None = None
        self._opener: QWidget | None = None
        self._frame = QFrame(self)
        self._frame.setProperty("overlay", True)
        self._close = flat_button(self.tr("Close"), self.tr("Closes the list (Esc)"))
        self._close.clicked.connect(self.close_list)
        heading = QHBoxLayout()
        heading.addWidget(label(self.tr("Alerts"), "title"), 1)
        heading.addWidget(self._close)
        self._content = QWidget()
        self._content.setObjectName("page")
        self._rows = QVBoxLayout(self._content)
        self._rows.setContentsMargins(0, 0, SM, 0)
        self._rows.setSpacing(SM)
        self._rows.addStretch()
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._content)
        self._layout = QVBoxLayout(self._frame)
        self._layout.setContentsMargins(LG, MD, SM, MD)
        self._layout.setSpacing(SM)
        self._layout.addLayout(heading)
        self._layout.addWidget(self._area, 1)
        self.hide()
        alerts.changed.connect(self.refresh)
        alerts.finding_wanted.connect(self.close_list)
        theme.changed.connect(self._restyle)
        parent.installEventFilter(self)
        self._restyle()

    def open_below(self, widget: QWidget, opener: QWidget) -> None:
        """Show the list below a widget; in the end the `opener` gets the focus."""
        self._under, self._opener = widget, opener
        self.show()
        self.raise_()
        self.refresh()
        stops = self._stops()
        (stops[1] if len(stops) > 1 else self._close).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_list(self) -> None:
        """Hide the list."""
        if self.isVisible():
            self.hide()
            if self._opener is not None:
                self._opener.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Show the alerts as they are now, if the list is open."""
        if self.isHidden():
            return
        if not self._alerts.all:
            self.close_list()
            return
        kept = list(self._entries)
        self._entries = []
        for place, alert in enumerate(self._alerts.all):
            entry = next((one for one in kept if one.alert.topics & alert.topics), None)
            if entry is not None:
                kept.remove(entry)
            else:
                entry = _Entry(self._theme, self._alerts, alert)
            entry.show_alert(alert)
            if self._rows.indexOf(entry) != place:
                self._rows.insertWidget(place, entry)
                entry.show()  # at once, not when the event loop runs again: it may get the focus
            self._entries.append(entry)
        for gone in kept:
            gone.hide()
            self._rows.removeWidget(gone)
            gone.deleteLater()
        self._place()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._frame.geometry().contains(event.position().toPoint()):
            self.close_list()

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        stops, focus = self._stops(), self.window().focusWidget()
        place = stops.index(focus) if focus in stops else -1
        step = 1 if next else -1
        if place < 0 and not next:
            step = 0
        stops[(place + step) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def _stops(self) -> list[QWidget]:
        """Return what the Tab key reaches, from the top down."""
        stops: list[QWidget] = [self._close]
        for entry in self._entries:
            stops += [one for one in entry.stops() if one.isVisibleTo(self) and one.isEnabled()]
        return stops

    def _place(self) -> None:
        """Cover the parent; put the frame below the strip, as high as it needs to be and as there is room."""
        parent = self.parentWidget()
        if parent is None or self._under is None:
            return
        self.setGeometry(parent.rect())
        left = self._under.mapTo(parent, self._under.rect().bottomLeft())
        room = self.width() - left.x() - XL
        width = min(_WIDEST, room, max(self._under.width(), 480))
        edges = self._layout.contentsMargins()
        inner = width - edges.left() - edges.right()
        needed = needed_height(self._rows, inner - 2) + edges.top() + edges.bottom() + self._close.sizeHint().height()
        top = left.y() + 5
        height = min(needed + 3 * SM, self.height() - top - LG)
        self._frame.setGeometry(QRect(left.x(), top, width, height))

    def _restyle(self) -> None:
        self._close.setIcon(resources.icon("close", self._theme.tokens.muted, size=16))


class _Entry(QFrame):
    """One alert, with its ways and buttons."""

    def __init__(self, theme: Theme, alerts: Alerts, alert: Alert) -> None:
        super().__init__()
        self.alert = alert
        self._theme, self._alerts = theme, alerts
        self._buttons: list[QPushButton] = []
        self._icon = QLabel()
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(_SELECTABLE)
        self._since = label(role="muted")
        self._ways = Ways(theme, alerts.copy)
        self._ways.setAccessibleName(self.tr("What can be done"))
        self._close = flat_button(self.tr("Dismiss"), self.tr("Hide this message"))
        self._close.clicked.connect(lambda: self._alerts.close(self.alert))
        self._doctor = button(self.tr("Doctor…"), self.tr("Shows what the doctor has found about it"), small=True)
        self._doctor.clicked.connect(lambda: self._alerts.finding_wanted.emit(self._alerts.finding_of(self.alert)))
        self._actions = QHBoxLayout()
        self._actions.setSpacing(SM)
        self._actions.addWidget(self._doctor)
        self._actions.addStretch()
        texts = QVBoxLayout()
        texts.setSpacing(SM)
        texts.addWidget(self._text)
        texts.addWidget(self._since)
        texts.addWidget(self._ways)
        texts.addLayout(self._actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(MD, SM, SM, SM)
        row.setSpacing(MD)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._restyle)

    def stops(self) -> list[QWidget]:
        """Return what the Tab key reaches, in its order."""
        return [*self._ways.buttons, *self._buttons, self._doctor, self._close]

    def show_alert(self, alert: Alert) -> None:
        """Show an alert, in place of an earlier one about the same."""
        if len(alert.remedies) != len(self._buttons):
            self._make_buttons(len(alert.remedies))
        self.alert = alert
        text = notice_text(alert.told)
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)
            self._doctor.setAccessibleName(f"{self._doctor.text()} {text}")
        self._doctor.setVisible(bool(self._alerts.finding_of(alert)))
        began = self._alerts.began(alert)
        self._since.setText("" if began is None else self.tr("Since {time}").format(time=moment(began)))
        self._since.setVisible(began is not None)
        lines = ways_of(alert.told)
        self._ways.show_lines(lines)
        self._ways.setVisible(bool(lines))
        for made, remedy in zip(self._buttons, alert.remedies, strict=True):
            made.setText(label_of(remedy))
            made.setAccessibleName(label_of(remedy))
            made.setToolTip(tip_of(remedy))
            made.setEnabled(not self._alerts.is_under_way(alert, remedy))
        closed = self._alerts.is_closed(alert)
        self._close.setVisible(alert.closable and not closed)
        set_property(self, "banner", "dismissed" if closed else tone_of([alert.told]))
        self._restyle()

    def _make_buttons(self, number: int) -> None:
        for gone in self._buttons:
            gone.hide()
            self._actions.removeWidget(gone)
            gone.deleteLater()
        self._buttons = [button("", small=True) for _ in range(number)]
        for place, made in enumerate(self._buttons):
            made.clicked.connect(lambda _=False, place=place: self._alerts.run(self.alert, self.alert.remedies[place]))
            self._actions.insertWidget(place, made)

    def _restyle(self) -> None:
        tone = tone_of([self.alert.told])
        colour = getattr(self._theme.tokens, "muted" if self._alerts.is_closed(self.alert) else tone)
        self._icon.setPixmap(resources.pixmap(ICONS[tone], colour, 18, self.devicePixelRatioF()))
        self._close.setIcon(resources.icon("close", self._theme.tokens.muted, size=16))
