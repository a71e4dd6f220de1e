"""Renders notices as text: English here, any language with a translation of the templates and other formats."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.notices.templates import FIELD, TEMPLATES

_GIB, _MIB, _KIB = 1024**3, 1024**2, 1024


class Formats(Protocol):
    """How a language writes numbers, with their units, and lists."""

    def count(self, value: float) -> str:
        """Return a whole number."""
        ...

    def number(self, value: float) -> str:
        """Return a number with as many decimals as it needs."""
        ...

    def seconds(self, value: float) -> str:
        """Return a duration with its unit."""
        ...

    def bytes(self, value: float) -> str:
        """Return a size with its unit."""
        ...

    def list(self, items: Sequence[str]) -> str:
        """Return several names or phrases as one."""
        ...


class English:
    """The formats of the command line, the proxy and the log."""

    def count(self, value: float) -> str:
        """Return a whole number with commas."""
        return f"{value:,.0f}"

    def number(self, value: float) -> str:
        """Return a number with at most two decimals."""
        return f"{round(value, 2):,g}"

    def seconds(self, value: float) -> str:
        """Return whole seconds, below ten with one decimal."""
        return f"{value:.0f} s" if value >= 10 or value == int(value) else f"{value:.1f} s"

    def bytes(self, value: float) -> str:
        """Return GiB with one decimal, below one whole MiB, below one of those whole KiB."""
        if value >= _GIB:
            return f"{value / _GIB:.1f} GiB"
        return f"{value / _KIB:.0f} KiB" if 0 < value < _MIB else f"{value / _MIB:.0f} MiB"

    def list(self, items: Sequence[str]) -> str:
        """Return "a, b and c"."""
        *most, last = items or ("",)
        return f"{', '.join(most)} and {last}" if most else last


ENGLISH = English()


def _unchanged(text: str) -> str:
    return text


def render(it: Notice, translate: Callable[[str], str] = _unchanged, formats: Formats = ENGLISH) -> str:
    """Return a notice as text; `translate` returns a template in another language, with the same fields.

    A code that this version does not know, from another version's panel, is shown as it is.
    """

    def text(value: Value, kind: str) -> str:
        if isinstance(value, Notice):
            return render(value, translate, formats)
        if isinstance(value, tuple):
            return formats.list([text(one, kind) for one in value])
        if isinstance(value, str) or not kind:
            return str(value)
        return str(getattr(formats, kind)(value))

    template = TEMPLATES.get(it.code)
    if template is None:
        return " ".join((it.code, *(f"{name}={value}" for name, value in it.values.items())))
    sentence = FIELD.sub(lambda field: text(it.values.get(field[1], "—"), field[2] or ""), translate(template.text))
    quoted = [render(notice("evidence", line=line), translate, formats) for line in it.evidence]
    return " ".join((sentence, *quoted))
