"""YAML of exports: every text that is a value is in double quotes, so that readers of YAML 1.1 and 1.2 agree.

Without quotes `no`, `1e3`, `12:30` and `0o7` are texts for some readers and a boolean or a number for others. A line
is never folded, so that one value stays on one line.
"""

import re
from typing import Any

import yaml
from typing_extensions import override

from ollama_panel.core.export.deployment import Deployment
from ollama_panel.core.export.parts import commented

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w./-]+", re.ASCII)
"""Two characters at least: `y` and `n` alone are booleans in YAML 1.1."""
_ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")
"""What ends a line in YAML 1.1 and is read back as another sign from a literal block."""


class Block(str):
    """A text of several lines that is written as a literal block (`|`), if it can be, so that people can read it."""

    __slots__ = ()


class Row(list[str]):
    """A short list that is written on one line."""

    __slots__ = ()


def document(deployment: Deployment, value: object) -> str:
    """Return a whole file: the header of an export as comments, and a value of mappings, lists and scalars."""
    return commented(deployment) + dumped(value)


def dumped(value: object, indent: int = 0) -> str:
    """Return a value as lines of YAML, each behind so many spaces; a block must not be among indented ones."""
    text = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=False,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    )
    return "".join(f"{' ' * indent}{line}" for line in text.splitlines(keepends=True)) if indent else text


class _Dumper(yaml.SafeDumper):
    @override
    def ignore_aliases(self, data: Any) -> bool:
        """Write what occurs twice twice: not every reader knows anchors."""
        return True

    @override
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, False)

    @override
    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        """Write keys without quotes where every reader takes them for texts."""
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and _PLAIN_KEY.fullmatch(key.value):
                key.style = None
        return node


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


def _block(dumper: yaml.SafeDumper, text: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"' if _ODD_BREAK.search(text) else "|")


def _row(dumper: yaml.SafeDumper, items: Row) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Row, _row)
_Dumper.add_representer(Block, _block)
