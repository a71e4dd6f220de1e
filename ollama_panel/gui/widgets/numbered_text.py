"""A text to read with numbered lines, in the colours of its grammar; lines that count have an edge and a tint."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget
from typing_extensions import override

from ollama_panel.core.export.deployment import Syntax
from ollama_panel.gui import syntax as grammar
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM, tint

LINE = 22
"""Pixels: the height of a line."""
_EDGE, _PAD = 3, 14
"""Pixels: the edge of a line that counts, and the room between the numbers and the text."""
_TAB = 4
"""Letters to which a tab goes on."""
_RISE = 2
"""Pixels by which a line stands below the middle of its height in Qt's layout."""
_PARAGRAPH, _LINE_BREAK = "\u2029", "\u2028"
_ORDER_MARK = "\ufeff"
"""Begins scripts for Windows. Qt takes it away, and the colours of the first line would be one letter off."""


class _Colours(QSyntaxHighlighter):
    """Gives each line the colours that are known of it."""

    def __init__(self, view: QTextEdit, theme: Theme) -> None:
        super().__init__(view.document())
        self._theme = theme
        self.lines: list[list[grammar.Span]] = []
        theme.changed.connect(self.rehighlight)

    @override
    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        for start, length, tone in self.lines[number] if number < len(self.lines) else ():
            look = QTextCharFormat()
            look.setForeground(QColor(getattr(self._theme.tokens, tone or "text")))
            if tone == grammar.HEAD:
                look.setFontWeight(QFont.Weight.DemiBold)
            self.setFormat(start, length, look)


class _Numbers(QWidget):
    """The numbers at the left of the lines."""

    def __init__(self, view: "NumberedText") -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._view.numbers_width, 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(self)


class NumberedText(QTextEdit):
    """Shows a text. `wanted_numbers` are those of its lines, 0 = none, where they are not counted from 1."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is the accessible name."""
        super().__init__(parent)
        self.setObjectName("numbered")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptRichText(False)
        self.setAccessibleName(name)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self._theme = theme
        self._text, self._marks, self._signs = "", dict[int, str](), dict[int, str]()
        self._labels: Sequence[int] | None = None
        self._colours = _Colours(self, theme)
        self._numbers = _Numbers(self)
        self.verticalScrollBar().valueChanged.connect(self._numbers.update)
        theme.changed.connect(self._repaint)

    @property
    def numbers_width(self) -> int:
        """The pixels that the numbers take."""
        most = max(self._labels, default=0) if self._labels is not None else self.document().blockCount()
        return self.fontMetrics().horizontalAdvance("0") * max(2, len(str(most))) + self._beside + SM + _EDGE

    @property
    def _beside(self) -> int:
        """The pixels between the numbers and the text, where the signs are."""
        return _PAD + SM + self.fontMetrics().horizontalAdvance("+") if self._signs else _PAD

    @property
    def marked(self) -> dict[int, str]:
        """The lines that count, by their place from 1, with the colour's token of each."""
        return dict(self._marks)

    def show_text(
        self,
        text: str,
        syntax: Syntax,
        marks: Mapping[int, str],
        lines: Sequence[int] | None = None,
        signs: Mapping[int, str] | None = None,
    ) -> None:
        """Show a text. `marks` are tones by the place of a line from 1; `lines` are numbers in place of 1, 2, 3.

        `signs` are letters before marked lines, by place too, so that not the colour alone tells what becomes of them.

        A text that has not changed stays scrolled and selected as it is.
        """
        text = text.removeprefix(_ORDER_MARK).replace("\r", "").replace(_PARAGRAPH, _LINE_BREAK).removesuffix("\n")
        self._signs = dict(signs or {})
        if text != self._text or lines != self._labels:
            self._text, self._labels = text, lines
            self._colours.lines = _by_line(text, syntax)
            self.setPlainText(text)
            self._set_line_height()
            self._place()
        self._marks = dict(marks)
        self._repaint()

    def paint_numbers(self, on: QWidget) -> None:
        """Paint the numbers, and the edges of the lines that count, on a widget at the left of the text."""
        colours, painter = self._theme.tokens, QPainter(on)
        painter.setFont(self.font())
        for number, place in self._in_sight():
            if tone := self._marks.get(number, ""):
                painter.fillRect(0, place.top(), on.width(), LINE, self._tinted(tone))
                painter.fillRect(0, place.top(), _EDGE, LINE, QColor(getattr(colours, tone)))
            label = number if self._labels is None else self._labels[number - 1]
            sign = self._signs.get(number, "")
            painter.setPen(QColor(getattr(colours, tone) if sign and tone else colours.muted))
            if sign:
                room = QRect(0, place.top(), on.width() - SM, LINE)
                painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, sign)
            if label:
                room = QRect(0, place.top(), on.width() - self._beside, LINE)
                painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(label))
        painter.end()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for number, place in self._in_sight():
            if tone := self._marks.get(number, ""):
                painter.fillRect(0, place.top(), self.viewport().width(), LINE, self._tinted(tone))
        painter.end()
        super().paintEvent(event)

    def _tinted(self, tone: str) -> QColor:
        return QColor(tint(getattr(self._theme.tokens, tone), self._theme.tokens.surface2))

    def _in_sight(self) -> Iterator[tuple[int, QRect]]:
        """Yield the places from 1 of the lines that can be seen, and where they are in the viewport."""
        layout, offset, height = self.document().documentLayout(), self.verticalScrollBar().value(), self.height()
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid():
            top = round(layout.blockBoundingRect(block).top()) - offset + _RISE
            if top > height:
                return
            yield block.blockNumber() + 1, QRect(0, top, self.viewport().width(), LINE)
            block = block.next()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        width = self.numbers_width
        if self.viewportMargins().left() != width:
            self.setViewportMargins(width, 0, 0, 0)
        inner = self.viewport().geometry()
        self._numbers.setGeometry(QRect(QPoint(inner.left() - width, inner.top()), QSize(width, inner.height())))
        self._numbers.update()

    def _set_line_height(self) -> None:
        self.setTabStopDistance(_TAB * self.fontMetrics().horizontalAdvance(" "))
        look = QTextBlockFormat()
        look.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(look)

    def _repaint(self) -> None:
        self.viewport().update()
        self._numbers.update()


def _by_line(text: str, syntax: Syntax) -> list[list[grammar.Span]]:
    """Return the coloured parts of each line, counted as Qt does: a letter beyond the first 65,536 counts twice."""
    found: list[list[grammar.Span]] = []
    coloured = iter(grammar.spans(text, syntax))
    span = next(coloured, None)
    begin = 0
    parts: list[grammar.Span] = []
    for line in text.split("\n"):
        end = begin + len(line)
        while span is not None and span.start <= end:
            parts.append(span)
            span = next(coloured, None)
        found.append([_cut(one, begin, line) for one in parts])
        parts = [one for one in parts if one.start + one.length > end + 1]
        begin = end + 1
    return found


def _cut(span: grammar.Span, begin: int, line: str) -> grammar.Span:
    """Return the part of a span that is in a line which begins at `begin`."""
    first = max(0, span.start - begin)
    last = min(len(line), span.start + span.length - begin)
    units = [_units(line[:place]) for place in (first, max(first, last))]
    return grammar.Span(units[0], units[1] - units[0], span.tone)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
