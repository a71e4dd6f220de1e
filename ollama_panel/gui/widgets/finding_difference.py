"""What the fix of a finding changes in a file: the lines that go and come, with those around them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.export.deployment import Syntax
from ollama_panel.core.export.difference import LineChange, Row, rows
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.difference_view import Line, unified
from ollama_panel.gui.widgets.numbered_text import LINE, NumberedText

_AROUND = 2
"""How many lines before and after a change are shown."""
_MOST = 14
"""The lines that have room; longer ones scroll."""
_FRAME = 22
"""Pixels: the border, the padding and the margins of Qt's document, above and below the text."""
_BAR = 10
"""Pixels: the scroll bar below lines that are too long."""

_SYNTAXES = {
    ".conf": Syntax.INI,
    ".service": Syntax.INI,
    ".container": Syntax.INI,
    ".plist": Syntax.XML,
    ".xml": Syntax.XML,
    ".yml": Syntax.YAML,
    ".yaml": Syntax.YAML,
    ".json": Syntax.JSON,
    ".sh": Syntax.SHELL,
    ".bashrc": Syntax.SHELL,
    ".zshrc": Syntax.SHELL,
    ".profile": Syntax.SHELL,
    ".fish": Syntax.FISH,
    ".ps1": Syntax.POWERSHELL,
    ".nix": Syntax.NIX,
    ".env": Syntax.ENV,
}


class FindingDifference(NumberedText):
    """Takes the height of its lines, up to a limit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self.title = self.tr("What the fix changes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.lines: tuple[Line, ...] = ()

    def show_change(self, path: str, before: str, after: str) -> None:
        """Show what becomes of a file."""
        syntax = syntax_of(path)
        self.lines = tuple(changed_part(rows(before, after, syntax)))
        self.show_text(
            "\n".join(line.text for line in self.lines),
            syntax,
            {place: line.tone for place, line in enumerate(self.lines, 1) if line.tone},
            [line.number for line in self.lines],
            {place: line.sign for place, line in enumerate(self.lines, 1) if line.sign},
        )
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        bar = _BAR if self.horizontalScrollBar().maximum() > 0 else 0
        height = LINE * max(1, min(_MOST, len(self.lines))) + _FRAME + bar
        if height != self.height():
            self.setFixedHeight(height)


def syntax_of(path: str) -> Syntax:
    """Return the grammar of a file by its name; TEXT if it is not known by that."""
    name = PurePosixPath(path.replace("\\", "/"))
    return _SYNTAXES.get(name.suffix or name.name, Syntax.TEXT)


def changed_part(found: Sequence[Row]) -> Iterator[Line]:
    """Yield the lines that go, come and stand near those; a gap is a line without a number."""
    changed = [place for place, row in enumerate(found) if row.change is not LineChange.SAME]
    near = {one for place in changed for one in range(place - _AROUND, place + _AROUND + 1)}
    before = -1
    for kept, group in groupby(enumerate(found), key=lambda one: one[0] in near):
        together = list(group)
        if kept:
            if before >= 0:
                yield Line("…", "", 0)
            yield from unified([row for _, row in together])
            before = together[-1][0]
