"""Notices in the user's language, with numbers in its format."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.gui import format as fmt


class LocaleFormats:
    """The formats of the window's locale; see `core.notices.render.Formats`."""

    def count(self, value: float) -> str:
        """Return a whole number."""
        return fmt.number(value)

    def number(self, value: float) -> str:
        """Return a number with at most two decimals."""
        return QLocale().toString(round(float(value), 2))

    def seconds(self, value: float) -> str:
        """Return a duration with its unit."""
        return fmt.duration(value)

    def bytes(self, value: float) -> str:
        """Return a size with its unit."""
        return fmt.size(value)

    def list(self, items: Sequence[str]) -> str:
        """Return several names or phrases as one."""
        return QLocale().createSeparatedList(items)


_FORMATS = LocaleFormats()


def notice_text(notice: Notice) -> str:
    """Return a notice as text."""
    return render(notice, _translated, _FORMATS)


def _translated(template: str) -> str:
    return QCoreApplication.translate("notices", template)
