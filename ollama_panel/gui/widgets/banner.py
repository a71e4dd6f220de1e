"""A message across the window: a sentence, buttons that act on it, and a button that hides it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ollama_panel.gui import resources
from ollama_panel.gui.notices import WayLine
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import button, flat_button, label, set_property
from ollama_panel.gui.widgets.ways import Ways

_ICONS = {"info": "info", "warn": "warning", "danger": "warning"}


class Banner(QFrame):
    """A message of one kind (info, warn, danger), hidden while it has no text."""

    closed = Signal()

    def __init__(self, theme: Theme, tone: str, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = tone
        self._icon = QLabel()
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more: QPushButton | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MD, SM, SM, SM)
        self._row.setSpacing(MD)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._ways = Ways(theme)
        self._ways.setAccessibleName(self.tr("What can be done"))
        self._ways.hide()
        texts = QVBoxLayout()
        texts.setSpacing(SM)
        texts.addWidget(self._text)
        texts.addWidget(self._ways)
        self._row.addLayout(texts, 1)
        self._close = flat_button(self.tr("Dismiss"), self.tr("Hide this message"))
        self._close.clicked.connect(self._dismiss)
        self._close.setVisible(closable)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        set_property(self, "banner", tone)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def add_action(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        """Add a button before the one that hides the banner."""
        made = button(text, tip, small=True)
        made.clicked.connect(lambda: run())
        self._row.insertWidget(self._row.count() - 1, made, 0, Qt.AlignmentFlag.AlignTop)
        QWidget.setTabOrder(made, self._close)
        return made

    def show_text(self, text: str) -> None:
        """Show a sentence; "" hides the banner."""
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)
        self.setVisible(bool(text))

    def offer_ways(self) -> None:
        """Add the button that shows and hides what `show_ways` is told."""
        text = self.tr("What can be done")
        tip = self.tr("Shows or hides the ways to change this, with their commands")
        self._more = self.add_action(text, tip, self._unfold)
        self._more.setAccessibleName(text)
        self._more.setCheckable(True)
        self._more.hide()

    def show_ways(self, lines: Sequence[WayLine]) -> None:
        """Set the lines that are read only on demand."""
        self._ways.show_lines(lines)
        if self._more is not None:
            self._more.setVisible(bool(lines))
            self._unfold()

    def _unfold(self) -> None:
        """Show the ways while their button is down."""
        if self._more is not None:
            self._ways.setVisible(not self._more.isHidden() and self._more.isChecked())
            self._more.setText(self.tr("Hide") if self._more.isChecked() else self.tr("What can be done"))

    def set_tone(self, tone: str) -> None:
        """Set the kind of the message: info, warn or danger."""
        if tone != self._tone:
            self._tone = tone
            set_property(self, "banner", tone)
            self._restyle()

    def text(self) -> str:
        """Return the current sentence."""
        return self._text.text()

    def _dismiss(self) -> None:
        self.show_text("")
        self.closed.emit()

    def _restyle(self) -> None:
        colour = getattr(self._theme.tokens, self._tone)
        self._icon.setPixmap(resources.pixmap(_ICONS[self._tone], colour, 18, self.devicePixelRatioF()))
        self._close.setIcon(resources.icon("close", self._theme.tokens.muted, size=16))
