"""What may be shown of sources: neither the values of secrets nor logins, wherever they stand in them."""

import re
from collections.abc import Iterable

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.notices import Notice, Value
from ollama_panel.core.sources.record import Place, Reading

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+")
_LOGIN = re.compile(r"[^\s/:@=\"']+:(?!//)[^\s@\"']+@(?=[\w.\[])")
"""A login in a line, before whatever looks like the name of a machine."""
_GIVEN = frozenset(("given", "value", "wanted", "written"))
"""Values of notices that are, or come of, the value of the variable that they are about."""
_ANYTHING = "a value"


class Secrets:
    """Takes the secrets of readings out of what is told of them."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        every = [one for reading in readings for one in reading.assignments]
        self._hide = redact.hider_of((one.name, one.value) for one in every)
        secret = (one for one in every if redact.is_secret(one.name, one.value))
        self._lines = {(one.place.path, one.place.line) for one in secret if one.place.line}

    def text(self, text: str) -> str:
        """Return a text without the values of secrets, and without logins."""
        return redact.variable("", self._hide(text))

    def place(self, place: Place) -> Place:
        """Return a place whose text may be shown: nothing of a line that has, or names, a secret.

        Lines that set nothing, such as comments, are among them.
        """
        hides = (place.path, place.line) in self._lines or any(_is_secret(name) for name in _NAME.findall(place.text))
        text = redact.HIDDEN if hides and place.text else _LOGIN.sub(f"{redact.HIDDEN}@", self._hide(place.text))
        return msgspec.structs.replace(place, text=text)

    def notice(self, told: Notice, name: str = "") -> Notice:
        """Return a notice that may be shown. It is about the variable `name`, "" = the one among its values."""
        name = name or str(told.values.get("name", ""))
        values = {key: self._value(key, value, name) for key, value in told.values.items()}
        return msgspec.structs.replace(
            told,
            values=values,
            evidence=tuple(map(self.text, told.evidence)),
            ways=tuple(self.notice(one, name) for one in told.ways),
        )

    def _value(self, key: str, value: Value, name: str) -> Value:
        if isinstance(value, Notice):
            return self.notice(value, name)
        if isinstance(value, tuple):
            return tuple(self._single(key, one, name) for one in value)
        return self._single(key, value, name)

    def _single(self, key: str, value: "int | float | str | Notice", name: str) -> "int | float | str | Notice":
        if isinstance(value, Notice):
            return self.notice(value, name)
        if not isinstance(value, str):
            return value
        return redact.HIDDEN if key in _GIVEN and _is_secret(name) else self.text(value)


def _is_secret(name: str) -> bool:
    return redact.is_secret(name, _ANYTHING)
