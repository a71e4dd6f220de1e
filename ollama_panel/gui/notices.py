"""Notices in the user's language, with numbers in its format."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.gui import format as fmt

_SHORTEST = int(QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value)


class LocaleFormats:
    """The formats of the window's locale; see `core.notices.render.Formats`."""

    def count(self, value: float) -> str:
        """Return a whole number."""
        return fmt.number(value)

    def number(self, value: float) -> str:
        """Return a number with at most two decimals."""
        return QLocale().toString(round(float(value), 2), "f", _SHORTEST)

    def seconds(self, value: float) -> str:
        """Return a duration with its unit."""
        return fmt.duration(value)

    def bytes(self, value: float) -> str:
        """Return a size with its unit."""
        return fmt.size(value)

    def setting(self, title: str) -> str:
        """Return the title of a setting."""
        return QCoreApplication.translate("settings", title)

    def list(self, items: Sequence[str]) -> str:
        """Return several names or phrases as one."""
        return joined_list(items)


def joined_list(items: Sequence[str]) -> str:
    """Return several names or phrases as one; Qt's "和" for Chinese runs into Latin names."""
    if QLocale().language() is QLocale.Language.Chinese:
        return "、".join(items)
    return QLocale().createSeparatedList(items)


_FORMATS = LocaleFormats()


def notice_text(notice: Notice | None) -> str:
    """Return a notice as text, "" for None."""
    return render(notice, _translated, _FORMATS) if notice is not None else ""


class WayLine(NamedTuple):
    """A way, or a step of the way before it: the command to type, "" = none, and what is said of it."""

    text: str
    command: str = ""
    is_step: bool = False


def ways_of(notice: Notice | None) -> tuple[WayLine, ...]:
    """Return what can be done about a notice: the ways with their numbers, each with its steps after it."""
    return tuple(_way_lines(notice)) if notice is not None else ()


def _way_lines(notice: Notice) -> Iterator[WayLine]:
    for number, way in enumerate(notice.ways, 1):
        yield WayLine(f"{number}. {notice_text(way)}")
        yield from map(step_line, way.ways)


def step_line(step: Notice) -> WayLine:
    """Return a step of a way: its command apart from what is said of it."""
    text, command = notice_text(step), str(step.values.get("command", ""))
    return WayLine(text.removeprefix(command).removeprefix(" # "), command, is_step=True)


def tone_of(notices: Iterable[Notice]) -> str:
    """Return the colour token for the most serious of several notices."""
    levels = {notice.level for notice in notices}
    return "danger" if Level.ERROR in levels else "warn" if Level.WARNING in levels else "info"


def _translated(template: str) -> str:
    return QCoreApplication.translate("notices", template)
