"""Renders notices as text: English here, any language with a translation of the templates and other formats."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.notices.templates import FIELD, TEMPLATES

_GIB, _MIB, _KIB = 1024**3, 1024**2, 1024
_TIMES = ((86_400, "days"), (3600, "h"), (60, "min"))


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

    def setting(self, title: str) -> str:
        """Return the title of a setting."""
        ...

    def list(self, items: Sequence[str]) -> str:
        """Return several names or phrases as one."""
        ...


def in_unit(value: float) -> tuple[float, int, str]:
    """Return a number of bytes as GiB with one decimal, below one as whole MiB, below one of those as whole KiB.

    It is the number, its decimals and the unit.
    """
    if value >= _GIB:
        return value / _GIB, 1, "GiB"
    return (value / _KIB, 0, "KiB") if 0 < value < _MIB else (value / _MIB, 0, "MiB")


def in_time(value: float) -> tuple[float, int, str]:
    """Return at least two minutes as minutes, from two hours on as hours, from two days on as days.

    It is the number, its decimals and the unit.
    """
    size, unit = next(((size, unit) for size, unit in _TIMES if value >= 2 * size), _TIMES[-1])
    return value / size, 1 if value < 10 * size else 0, unit


class English:
    """The formats of the command line, the proxy and the log."""

    def count(self, value: float) -> str:
        """Return a whole number with commas."""
        return f"{value:,.0f}"

    def number(self, value: float) -> str:
        """Return a number with at most two decimals."""
        return f"{value:,.2f}".rstrip("0").rstrip(".")

    def seconds(self, value: float) -> str:
        """Return whole seconds, below ten with one decimal, and longer times in the unit that `in_time` chooses."""
        if value >= 120:
            number, decimals, unit = in_time(value)
            return f"{round(number, decimals):g} {unit}"
        return f"{value:.0f} s" if value >= 10 or value == int(value) else f"{value:.1f} s"

    def bytes(self, value: float) -> str:
        """Return a size in the unit that `in_unit` chooses."""
        number, decimals, unit = in_unit(value)
        return f"{number:.{decimals}f} {unit}"

    def setting(self, title: str) -> str:
        """Return the title as it is."""
        return title

    def list(self, items: Sequence[str]) -> str:
        """Return "a, b and c"."""
        *most, last = items or ("",)
        return f"{', '.join(most)} and {last}" if most else last


ENGLISH = English()


def _unchanged(text: str) -> str:
    return text


_FIELDS = frozenset(Notice.__struct_fields__)


def with_texts(content: object) -> object:
    """Return builtin objects (`msgspec.to_builtins`) with an English `text` in each notice, for programs."""
    if isinstance(content, dict):
        if content.keys() == _FIELDS:
            return with_text(msgspec.convert(content, Notice))
        return {key: with_texts(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [with_texts(value) for value in content]
    return content


def with_text(it: Notice) -> dict[str, object]:
    """Return a notice as an object for JSON with its English `text`; those in its values have one, too."""
    return {
        "code": it.code,
        "level": it.level,
        "values": {name: _with_texts(value) for name, value in it.values.items()},
        "action": it.action,
        "evidence": it.evidence,
        "ways": [with_text(way) for way in it.ways],
        "text": render(it),
    }


def _with_texts(value: Value) -> object:
    if isinstance(value, Notice):
        return with_text(value)
    return [_with_texts(one) for one in value] if isinstance(value, tuple) else value


def ways(it: Notice) -> Iterator[str]:
    """Yield what can be done about a notice in English, a line each: ways with numbers, their steps indented below."""
    for number, way in enumerate(it.ways, 1):
        yield f"{number}. {render(way)}"
        yield from (f"    {render(step)}" for step in way.ways)


def render(it: Notice, translate: Callable[[str], str] = _unchanged, formats: Formats = ENGLISH) -> str:
    """Return a notice as text; `translate` returns a template in another language, with the same fields.

    A code that this version does not know, from another version's panel, is shown as it is.
    """

    def text(value: Value, kind: str) -> str:
        if isinstance(value, Notice):
            return render(value, translate, formats)
        if isinstance(value, tuple):
            return formats.list([text(one, kind) for one in value])
        if kind == "setting":
            return formats.setting(str(value))
        if isinstance(value, str) or not kind:
            return str(value)
        return str(getattr(formats, kind)(value))

    def filled(template: str, values: Mapping[str, Value]) -> str:
        return FIELD.sub(lambda field: text(values.get(field[1], "—"), field[2] or ""), translate(template))

    template = TEMPLATES.get(it.code)
    if template is None:
        return " ".join((it.code, *(f"{name}={value}" for name, value in it.values.items())))
    sentence = filled(template.text, it.values)
    for line in it.evidence:
        sentence = filled(TEMPLATES["joined"].text, {"first": sentence, "then": notice("evidence", line=line)})
    return sentence
