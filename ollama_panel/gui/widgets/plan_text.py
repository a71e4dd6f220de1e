"""What an Apply will do or does, in a place of a fixed height: the text scrolls in it, and nothing else moves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ollama_panel.gui.widgets.card import label, set_tone


class PlanText(QScrollArea):
    """A text of any length, of which `lines` lines show at once; a longer one can be scrolled with wheel and keys."""

    def __init__(
        self,
        name: str,
        lines: int,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
        parent: QWidget | None = None,
    ) -> None:
        """Make the place; `side` is where a text stands that is shorter."""
        super().__init__(parent)
        self._text = label("", "caption", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | side)
        self.setObjectName("plan")
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self._text)
        self.viewport().setAutoFillBackground(False)
        self._text.setAutoFillBackground(False)
        self._text.ensurePolished()  # by the style sheet, which has the size of its font
        written = self._text.fontMetrics().size(0, "\n".join([name] * lines))  # Chinese may come from a higher font
        self.setFixedHeight(written.height() + 2)
        self.verticalScrollBar().rangeChanged.connect(self._follow_length)
        self._follow_length()

    def text(self) -> str:
        """Return the whole text."""
        return self._text.text()

    def show_text(self, text: str, tone: str = "") -> None:
        """Show a text from its beginning, in a tone of the style sheet."""
        set_tone(self._text, tone)
        if text == self._text.text():
            return
        self._text.setText(text)
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.verticalScrollBar().setValue(0)

    def _follow_length(self) -> None:
        """Be a stop of the Tab key only while there is something to scroll."""
        longer = self.verticalScrollBar().maximum() > 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if longer else Qt.FocusPolicy.NoFocus)
