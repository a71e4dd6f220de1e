"""The difference between a text that is installed and the one of an export, line by line, comments apart from settings.

The header of an export has its day, so that comments differ where no setting does.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest

import msgspec

from ollama_panel.core.export.deployment import Syntax

_HASH = frozenset(Syntax) - {Syntax.JSON, Syntax.XML, Syntax.TEXT}
"""The grammars in which `#` begins a comment."""


class LineChange(Enum):
    """What has become of a line: it is the SAME, another text is in its place, or there was or is none."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Row(msgspec.Struct, frozen=True):
    """Two lines side by side, each with its number from 1, 0 = there is none. `matters`: not only comments differ."""

    change: LineChange
    before: str = ""
    after: str = ""
    before_number: int = 0
    after_number: int = 0
    matters: bool = False


def rows(before: str, after: str, syntax: Syntax) -> tuple[Row, ...]:
    """Return the lines of two texts side by side."""
    old, new = lines_of(before), lines_of(after)
    idle_old, idle_new = idle_lines(before, syntax), idle_lines(after, syntax)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        row
        for tag, begin, end, first, last in matcher.get_opcodes()
        for row in _rows(tag, range(begin, end), range(first, last), (old, new), (idle_old, idle_new))
    )


def changed_lines(found: Sequence[Row]) -> tuple[int, ...]:
    """Return the numbers of the lines of the new text that are new or changed, without comments."""
    return tuple(row.after_number for row in found if row.matters and row.after_number)


def differs(found: Sequence[Row]) -> bool:
    """Return whether a setting differs."""
    return any(row.matters for row in found)


def lines_of(text: str) -> list[str]:
    """Return the lines of a file, which end at line feeds only: other signs of Unicode stand in values."""
    return text.removesuffix("\n").split("\n") if text else []


def idle_lines(text: str, syntax: Syntax) -> frozenset[int]:
    """Return the numbers from 1 of the lines that set nothing: comments and empty ones."""
    return frozenset(_idle(lines_of(text), syntax))


def _idle(lines: Sequence[str], syntax: Syntax) -> Iterator[int]:
    inside = False
    for number, line in enumerate(lines, 1):
        told = line.strip()
        inside = inside or (syntax is Syntax.XML and told.startswith("<!--"))
        first_of_script = number == 1 and told.startswith("#!")
        if not told or inside or (syntax in _HASH and told.startswith("#") and not first_of_script):
            yield number
        if inside and "-->" in told:
            inside = False


def _rows(
    tag: str,
    before: range,
    after: range,
    lines: tuple[Sequence[str], Sequence[str]],
    idle: tuple[frozenset[int], frozenset[int]],
) -> Iterator[Row]:
    for old, new in zip_longest(before, after):
        if tag == "equal":
            change = LineChange.SAME
        elif old is None or new is None:
            change = LineChange.ADDED if old is None else LineChange.REMOVED
        else:
            change = LineChange.CHANGED
        numbers = (0 if old is None else old + 1, 0 if new is None else new + 1)
        told = (numbers[0] and numbers[0] not in idle[0]) or (numbers[1] and numbers[1] not in idle[1])
        yield Row(
            change,
            lines[0][old] if old is not None else "",
            lines[1][new] if new is not None else "",
            *numbers,
            matters=change is not LineChange.SAME and bool(told),
        )
