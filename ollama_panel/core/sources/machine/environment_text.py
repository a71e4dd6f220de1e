"""The grammar of environment files: systemd's own, and that of Homebrew. `core.sources.dotenv` has others.

Systemd's follows `env-file.c` of systemd 252 state by state, because systemd.exec(5) leaves much open. Our own code: no
library has these rules.
"""

import re
import shlex
from collections.abc import Iterator

import msgspec

_BLANKS = " \t\n\r"
_NEEDS_ESCAPE = '"\\`$'
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Line(msgspec.Struct, frozen=True):
    """An assignment from line `first` to `last`, from 1. The `name` may be one that no variable can have."""

    name: str
    value: str
    first: int
    last: int

    @property
    def is_valid(self) -> bool:
        """Whether a variable can have that name; systemd leaves out others."""
        return _NAME.fullmatch(self.name) is not None


class _Reader:
    """The state of systemd's reader: each method is one of its states, and returns the next."""

    def __init__(self) -> None:
        self.found = list[Line]()
        self.key = self.value = ""
        self.solid = 0
        self.line = self.first = 1

    def push(self) -> None:
        """Take an assignment."""
        if self.key.strip(_BLANKS):
            self.found.append(Line(self.key.rstrip(_BLANKS), self.value, self.first, self.line))
        self.key, self.value, self.solid = "", "", 0

    def step(self, state: str, sign: str) -> str:
        """Return the state after a sign."""
        return {
            "before key": self.before_key,
            "comment": self.comment,
            "comment escape": self.comment_escape,
            "key": self.in_key,
            "before value": self.before_value,
            "value": self.in_value,
            "value escape": self.value_escape,
            "single": self.single,
            "double": self.double,
            "double escape": self.double_escape,
        }[state](sign)

    def before_key(self, sign: str) -> str:
        if sign in "#;":
            return "comment"
        if sign in _BLANKS:
            return "before key"
        self.key, self.first = sign, self.line
        return "key"

    def comment(self, sign: str) -> str:
        return {"\\": "comment escape", "\n": "before key"}.get(sign, "comment")

    def comment_escape(self, sign: str) -> str:
        """Before systemd 254 a backslash at its end lets a comment go on; after it only a warning told so."""
        return "before key" if sign == "\n" else "comment"

    def in_key(self, sign: str) -> str:
        if sign == "\n":
            self.key = ""
            return "before key"
        if sign == "=":
            return "before value"
        self.key += sign
        return "key"

    def before_value(self, sign: str) -> str:
        if sign == "\n":
            self.push()
            return "before key"
        if sign in "'\"\\":
            return {"'": "single", '"': "double", "\\": "value escape"}[sign]
        if sign in _BLANKS:
            return "before value"
        self.value += sign
        self.solid = len(self.value)
        return "value"

    def in_value(self, sign: str) -> str:
        if sign == "\n":
            self.value = self.value[: self.solid]
            self.push()
            return "before key"
        if sign == "\\":
            self.solid = len(self.value)
            return "value escape"
        self.value += sign
        if sign not in _BLANKS:
            self.solid = len(self.value)
        return "value"

    def value_escape(self, sign: str) -> str:
        if sign != "\n":
            self.value += sign
        self.solid = len(self.value)
        return "value"

    def single(self, sign: str) -> str:
        return self._quoted(sign, "'", "single")

    def double(self, sign: str) -> str:
        return "double escape" if sign == "\\" else self._quoted(sign, '"', "double")

    def _quoted(self, sign: str, quote: str, state: str) -> str:
        if sign == quote:
            return "before value"
        self.value += sign
        self.solid = len(self.value)
        return state

    def double_escape(self, sign: str) -> str:
        if sign in _NEEDS_ESCAPE:
            self.value += sign
        elif sign != "\n":
            self.value += f"\\{sign}"
        self.solid = len(self.value)
        return "double"


def of_systemd(text: str) -> tuple[Line, ...]:
    """Return the assignments of a file as systemd's `EnvironmentFile=` reads them."""
    reader, state = _Reader(), "before key"
    for sign in text.replace("\r\n", "\n"):
        state = reader.step(state, sign)
        reader.line += sign == "\n"
    if state in ("value", "before value", "value escape", "single", "double"):
        if state == "value":
            reader.value = reader.value[: reader.solid]
        reader.push()
    return tuple(reader.found)


_BLANKS_OF_RUBY = "\0\t\n\v\f\r "
"""What `String#strip` takes away: no other blanks of Unicode."""


def of_homebrew(text: str) -> tuple[Line, ...]:
    """Return the assignments of a file of `brew services`: no quotes, no escapes, blanks around a value go.

    Source: Homebrew `Library/Homebrew/service.rb`, `effective_environment_variables`.
    """
    lines = (line.strip(_BLANKS_OF_RUBY) for line in text.split("\n"))
    return tuple(
        Line(name.strip(_BLANKS_OF_RUBY), value.strip(_BLANKS_OF_RUBY), number, number)
        for number, (name, equals, value) in enumerate((line.partition("=") for line in lines), 1)
        if equals and not name.startswith("#")
    )


def shown_by_systemctl(text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of a unit as `systemctl show` prints them: words of a shell, quoted where they must be."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    for word in words:
        name, equals, value = word.removeprefix("$").partition("=")
        if equals:
            yield name, value


def is_name(name: str) -> bool:
    """Return whether a variable can have a name."""
    return _NAME.fullmatch(name) is not None
