"""What Compose puts in for `$NAME` and `${NAME:-default}` (compose-go `template.go`)."""

import re
from collections.abc import Mapping

import msgspec

from ollama_panel.core.sources.filling import Room

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_OPERATOR = re.compile(r":?[-+?]")
_DEEPEST = 20


class Filled(msgspec.Struct, frozen=True):
    """A value with what was put in. `unset` are names that are nowhere set and have no default.

    `is_wrong`: Compose refuses it, as a dollar sign that begins no name.
    """

    text: str
    unset: tuple[str, ...] = ()
    is_wrong: bool = False


def filled(text: str, variables: Mapping[str, str], depth: int = 0) -> Filled:
    """Return a value with variables put in."""
    parts, unset, wrong, position, room = list[str](), list[str](), False, 0, Room()
    while (dollar := text.find("$", position)) >= 0:
        parts.append(text[position:dollar])
        rest = text[dollar + 1 :]
        if rest.startswith("$"):
            parts.append("$")
            position = dollar + 2
            continue
        end = _closing(rest) if rest.startswith("{") else -1
        name = _NAME.match(rest[1:] if end > 0 else rest)
        if name is None or depth > _DEEPEST:
            parts.append("$")
            position, wrong = dollar + 1, True
            continue
        stop = dollar + 1 + (end + 1 if end > 0 else name.end())
        put = _put(name[0], rest[1 + name.end() : end] if end > 0 else "", variables, depth)
        parts.append(put.text if room.has(put.text) else text[dollar:stop])
        unset += put.unset
        wrong = wrong or put.is_wrong
        position = stop
    return Filled("".join([*parts, text[position:]]), tuple(unset), wrong)


def _closing(text: str) -> int:
    """Return where the brace at the beginning is closed, -1 if nowhere."""
    open_braces = 0
    for index, sign in enumerate(text):
        if sign == "{":
            open_braces += 1
        elif sign == "}":
            open_braces -= 1
            if open_braces == 0:
                return index
    return -1


def _put(name: str, behind: str, variables: Mapping[str, str], depth: int) -> Filled:
    """Return what stands for a name with what is behind it in the braces."""
    value = variables.get(name)
    operator = _OPERATOR.match(behind)
    if operator is None:
        wrong = bool(behind)
        return Filled(value or "", () if value is not None else (name,), wrong)
    other = filled(behind[operator.end() :], variables, depth + 1)
    is_set = bool(value) if operator[0].startswith(":") else value is not None
    match operator[0][-1]:
        case "-":
            return Filled(value or "") if is_set else other
        case "+":
            return other if is_set else Filled("")
        case _:
            return Filled(value or "") if is_set else Filled("", (name,))
