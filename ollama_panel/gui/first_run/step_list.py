"""The list of the steps at the left, in the place of the sidebar."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.gui import resources
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, RADIUS_CONTROL, SM
from ollama_panel.gui.widgets.card import label, rule
from ollama_panel.gui.widgets.delegates import caption

_WIDTH, _NARROW = 200, 60
_ENTRY, _GAP, _CIRCLE = 38, 5, 20
"""Heights of an entry and of the gap below it, and the diameter of its number."""


class StepButton(QAbstractButton):
    """One step: its number in a circle, a tick once it is `done`, and its name."""

    def __init__(self, number: int, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.done = False
        self._number = number
        self._theme = theme
        self._compact = False
        self.setText(name)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCheckable(True)
        self.setFixedHeight(_ENTRY)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def set_done(self, on: bool) -> None:
        """Mark the step as done."""
        if on != self.done:
            self.done = on
            self.setAccessibleDescription(self.tr("done") if on else "")
            self.update()

    def set_compact(self, on: bool) -> None:
        """Show the number alone."""
        self._compact = on
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(46 + self.fontMetrics().horizontalAdvance(self.text()), _ENTRY)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.sel if self.isChecked() else colours.surface2))
            painter.drawRoundedRect(frame, RADIUS_CONTROL, RADIUS_CONTROL)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS_CONTROL, RADIUS_CONTROL)
        centre = QPointF(frame.center().x() if self._compact else 22, frame.center().y())
        self._paint_number(painter, centre)
        if not self._compact:
            font = self.font()
            font.setWeight(font.Weight.DemiBold if self.isChecked() else font.Weight.Normal)
            painter.setFont(font)
            painter.setPen(QColor(colours.text if self.isChecked() else colours.muted))
            room = frame.adjusted(39, 0, -6, 0)
            text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _paint_number(self, painter: QPainter, centre: QPointF) -> None:
        colours = self._theme.tokens
        circle = QRectF(centre.x() - _CIRCLE / 2, centre.y() - _CIRCLE / 2, _CIRCLE, _CIRCLE)
        current = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen if current else QPen(QColor(colours.ok if self.done else colours.border), 1))
        painter.setBrush(QColor(colours.accent_fill) if current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if self.done and not current:
            painter.setPen(QPen(QColor(colours.ok), 1.7, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline([centre + QPointF(x, y) for x, y in ((-4, 0), (-1, 3), (4, -3))])
            return
        painter.setFont(caption(self.font()))
        painter.setPen(QColor(colours.on_accent if current else colours.muted))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepList(QFrame):
    """The steps in their order; any of them can be `chosen`, so that each can be skipped."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.buttons = [StepButton(number, name, theme) for number, name in enumerate(names, 1)]
        self._group = QButtonGroup(self)
        mark, self._brand = QLabel(), label("Ollama Panel", "brand")
        mark.setPixmap(resources.app_icon().pixmap(QSize(24, 24)))
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addWidget(mark)
        row.addWidget(self._brand)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MD, MD + 2, MD, MD)
        layout.setSpacing(_GAP)
        layout.addLayout(row)
        layout.addSpacing(MD + 2)
        for place, one in enumerate(self.buttons):
            self._group.addButton(one, place)
            layout.addWidget(one)
        layout.addStretch()
        self._hint = label(self.tr("You can come back to this from the menu."), "caption", wrap=True)
        layout.addWidget(rule())
        layout.addSpacing(SM)
        layout.addWidget(self._hint)
        self._group.idClicked.connect(self.chosen)
        self.setFixedWidth(_WIDTH)

    def select(self, place: int) -> None:
        """Mark a step as the current one."""
        self.buttons[place].setChecked(True)

    def set_compact(self, on: bool) -> None:
        """Show numbers only, in a narrow window."""
        self.setFixedWidth(_NARROW if on else _WIDTH)
        self._brand.setVisible(not on)
        self._hint.setVisible(not on)
        for one in self.buttons:
            one.set_compact(on)
