"""YAML with the lines on which its values stand, and its scalars as programs written in Go take and print them.

Compose, Kubernetes and Helm are such programs: what PyYAML itself would make of `012`, `1e3` or `on` is not what they
read. Sources: `gopkg.in/yaml.v3` `resolve.go`, and `sigs.k8s.io/yaml` for the older rules of Kubernetes.
"""

import json
import re
from collections.abc import Iterator

import msgspec
import yaml

from ollama_panel.core.notices import notice
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Place, TextFile, UnreadableError
from ollama_panel.core.text import one_line

_DEEPEST = 64
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false", "FALSE": "false"}
_OLD_BOOLEANS = frozenset(
    form(word) for word in ("y", "n", "yes", "no", "on", "off") for form in (str.lower, str.title, str.upper)
)
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_LARGEST_PRINTED = 1e21
"""From here on Go prints a number with an exponent."""


class Item(msgspec.Struct, frozen=True):
    """A value of a YAML document, with its file."""

    file: TextFile
    node: yaml.Node

    @property
    def line(self) -> int:
        """The number of its line, from 1; YAML itself counts further signs as ends of lines."""
        return self.file.text.count("\n", 0, self.node.start_mark.index) + 1

    @property
    def place(self) -> Place:
        """Its place."""
        return at(self.file, self.line)

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_text(self) -> bool:
        """Whether Kubernetes takes it for a text: a number, a boolean and nothing are none."""
        if not isinstance(self.node, yaml.ScalarNode):
            return False
        return self._is_quoted or not (_is_special(self.node.value) or self.node.value in _OLD_BOOLEANS)

    @property
    def is_null(self) -> bool:
        """Whether it is nothing."""
        return isinstance(self.node, yaml.ScalarNode) and not self._is_quoted and self.node.value in _NULL

    @property
    def text(self) -> str:
        """A scalar as a program in Go prints it; "" for anything else."""
        if not isinstance(self.node, yaml.ScalarNode):
            return ""
        raw = _joined(self.node.value)
        return raw if self._is_quoted else _printed(raw)

    @property
    def _is_quoted(self) -> bool:
        tagged = self.file.text.startswith("!", self.node.start_mark.index)
        return getattr(self.node, "style", None) is not None or (tagged and self.node.tag == "tag:yaml.org,2002:str")

    def get(self, *path: str) -> "Item | None":
        """Return the value below keys, None if there is none."""
        found: Item | None = self
        for key in path:
            found = _merged(found, {}, 0).get(key) if found is not None else None
        return found

    def text_at(self, *path: str) -> str:
        """Return the text below keys, "" if there is none."""
        found = self.get(*path)
        return found.text if found is not None else ""

    def pairs(self) -> Iterator[tuple[str, "Item"]]:
        """Yield the keys with their values, each once; what `<<` brings is overruled by the mapping's own."""
        yield from _merged(self, {}, 0).items()

    def items(self) -> list["Item"]:
        """Return the items of a list, [] for anything else."""
        return [Item(self.file, one) for one in self.node.value] if isinstance(self.node, yaml.SequenceNode) else []

    def listed(self) -> list["Item"]:
        """Return the items of a list, or a single value as a list of one; nothing is none."""
        return self.items() if self.is_list else [] if self.is_null else [self]

    def replaced(self, text: str) -> str | None:
        """Return the whole text of the file with another text in place of this scalar; None if it has an anchor."""
        start, end = self.node.start_mark.index, self.node.end_mark.index
        if not isinstance(self.node, yaml.ScalarNode) or self.file.text[start : start + 1] in ("&", "!"):
            return None
        return self.file.text[:start] + json.dumps(text, ensure_ascii=False) + self.file.text[end:]


def documents(file: TextFile) -> list[Item]:
    """Return the documents of a file. Raises UnreadableError if it is no YAML."""
    try:
        nodes = list(yaml.compose_all(file.text, yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = file.text.count("\n", 0, mark.index) + 1 if mark is not None else 0
        cause = one_line(f"{error.problem or ''}")
        raise UnreadableError(notice("source.no_yaml", path=file.path, line=line, cause=cause)) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        cause = one_line(str(error)) if isinstance(error, yaml.YAMLError) else type(error).__name__
        raise UnreadableError(notice("source.no_yaml", path=file.path, line=0, cause=cause)) from error
    return [Item(file, node) for node in nodes]


def _merged(item: Item, known: dict[int, dict[str, Item]], depth: int) -> dict[str, Item]:
    """Return the values of a mapping by their keys, with what `<<` brings.

    Each node is merged once, however often others name it, and not again from within; `known` are those that are.
    """
    if not isinstance(item.node, yaml.MappingNode) or depth > _DEEPEST:
        return {}
    if id(item.node) in known:
        return known[id(item.node)]
    known[id(item.node)] = {}
    own = [(Item(item.file, key).text, Item(item.file, value)) for key, value in item.node.value]
    merged = dict[str, Item]()
    for key, value in own:
        if key == "<<":
            for base in reversed(value.items()) if value.is_list else [value]:
                merged |= _merged(base, known, depth + 1)
    merged |= {key: value for key, value in own if key != "<<"}
    known[id(item.node)] = merged
    return merged


def duplicates(item: Item) -> Iterator[tuple[str, Item]]:
    """Yield the keys that a mapping, here or below, has again, with the value of each but the first."""
    waiting, seen = [item], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one.node) in seen:
            continue
        seen.add(id(one.node))
        waiting += one.items()
        if isinstance(one.node, yaml.MappingNode):
            keys = set[str]()
            for key, value in one.node.value:
                name = Item(one.file, key).text
                if name in keys and name != "<<":
                    yield name, Item(one.file, key)
                keys.add(name)
                waiting.append(Item(one.file, value))


def _is_special(raw: str) -> bool:
    return raw in _NULL or raw in _BOOLEANS or _number(raw) is not None


def _printed(raw: str) -> str:
    if raw in _NULL:
        return ""
    return _BOOLEANS.get(raw) or _number(raw) or raw


def _number(raw: str) -> str | None:
    """Return a number as Go prints it, None if it is none."""
    plain = raw.replace("_", "") if raw[:1] != "_" else raw
    if len(plain) >= _DEEPEST:
        return None
    if _INTEGER.fullmatch(plain):
        sign, digits = ("-" if plain[0] == "-" else ""), plain.lstrip("+-").lower()
        base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if digits[:1] == "0" and len(digits) > 1 else 10)
        return sign + str(int(digits[2:] if digits[:2] in ("0x", "0b", "0o") else digits, base))
    if _FLOAT.fullmatch(plain):
        value = float(plain)
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_PRINTED else repr(value)
    return None


def _joined(text: str) -> str:
    """Return text with pairs of surrogates joined: JSON, which is YAML, writes signs so that need more than 16 bits."""
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
