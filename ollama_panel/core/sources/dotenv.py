"""Files of variables that Docker reads: by the rules of Compose, and by those of `docker run --env-file`.

Sources: `compose-go/dotenv` `parser.go`, docker/cli `opts/envfile.go`.
"""

import re
from collections.abc import Iterator

import msgspec

from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Place, TextFile

_NAME = re.compile(r"[ \t]*(?:export[ \t]+)?([\w.\[\]-]+)[ \t]*(?:([=:])[ \t]*)?", re.ASCII)
_SINGLE = re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"
_COMMENT = re.compile(r"[ \t]#.*")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Line(msgspec.Struct, frozen=True):
    """A variable: `value` None = it is that of the shell. `literal`: nothing in it is replaced."""

    name: str
    value: str | None
    place: Place
    literal: bool = False


def of_compose(file: TextFile) -> Iterator[Line]:
    """Yield the variables of an `.env` or `env_file`; a line that Compose cannot read is left out."""
    text = file.text.replace("\r\n", "\n")
    position = len(text) - len(text.removeprefix(_BYTE_ORDER_MARK))
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line, place = text[position:end], at(file, text.count("\n", 0, position) + 1)
        found = _NAME.match(line)
        if not line.strip() or line.lstrip().startswith("#") or found is None:
            position = end + 1
            continue
        if found[2] is None:
            if found.end() == len(line):
                yield Line(found[1], None, place)
            position = end + 1
            continue
        value, literal, length = _value(text[position + found.end() :])
        yield Line(found[1], value, place, literal)
        after = text.find("\n", position + found.end() + length)
        position = len(text) if after < 0 else after + 1


def _value(text: str) -> tuple[str, bool, int]:
    """Return a value, whether it is literal, and how many signs of the text it takes."""
    if single := _SINGLE.match(text):
        return single[1].replace("\\'", "'"), True, single.end()
    if double := _DOUBLE.match(text):
        return re.sub(r"\\([nrtabfv\"\\])", lambda hit: _ESCAPES.get(hit[1], hit[1]), double[1]), False, double.end()
    line = text.partition("\n")[0]
    return ("" if line.startswith("#") else _COMMENT.sub("", line).strip()), False, len(line)


def of_docker(file: TextFile) -> Iterator[Line]:
    """Yield the variables of a file for `--env-file`: lines as they are, quotes and all."""
    for number, line in enumerate(file.text.removeprefix(_BYTE_ORDER_MARK).split("\n"), 1):
        plain = line.removesuffix("\r").lstrip()
        if plain and not plain.startswith("#"):
            name, equals, value = plain.partition("=")
            yield Line(name, value if equals else None, at(file, number), literal=True)
