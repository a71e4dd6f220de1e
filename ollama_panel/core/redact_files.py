"""Takes secrets out of texts of files, whatever their format: shells, units, YAML, JSON, Nix, property lists, XML.

A secret is what follows a name that says so, in any of the ways in which those formats write values, also over several
lines; keys between PEM's marks; and what has the form of a well-known token. The lines stay, and so do the quotes, so
that a text can still be read. Rather too much is hidden than too little.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ollama_panel.core.redact import HIDDEN, is_secret

_NAME = r"[A-Za-z_][\w.-]*"
_ASSIGNED = re.compile(
    rf"(?P<open>[\"']?)(?<![\w.-])(?P<name>-{{0,2}}{_NAME})"
    r"(?:(?P<close>\\?[\"'])[ \t]*(?:=(?!=)|:)[ \t]*|[ \t]*(?:=(?!=)|:(?=[ \t]|$))[ \t]*"
    r"|[ \t]+REG_(?:EXPAND_)?SZ[ \t]+)"
)
"""A name and what separates it from its value: `=`, a colon, or the column of `reg query`."""
_NEXT = re.compile(rf"(?:(?<![\w-])(?P<option>--?{_NAME})|\([\"'](?P<name>{_NAME}))[\"']?,[ \t]*")
"""An option in a list, or the first word of a call or a pair, whose value is the next word."""
_SET = re.compile(rf"(?:\bsetx?|\bsetenv|\bset\s+-\w+)[ \t]+(?:-\w+[ \t]+)*(?P<name>{_NAME})[ \t]+")
"""A command that sets a variable to its next word."""
_PAIR = re.compile(rf"\b(?:name|key)[\"']?[ \t]*[:=][ \t]*[\"']?(?P<name>{_NAME})", re.IGNORECASE)
_VALUE = re.compile(r"\b(?:value|default)[\"']?[ \t]*[:=][ \t]*", re.IGNORECASE)
_ELEMENT = re.compile(r"(?<=>)[^<>]+(?=</)")
_MASKED = re.compile(r"\bmask=[\"']true", re.IGNORECASE)
_LOGIN = re.compile(
    r"(?<!\S)(?:-u|--user|--proxy-user)[ =]?[\"']?[^\s:\"'/]+:(?=\S)|\blogin\b.{0,80}?[ \t]-p[ =]?(?=\S)"
)
"""What stands before a password in the command lines of curl and of docker."""
_TOKEN = re.compile(
    r"\b(?:hf_[A-Za-z0-9]{16,}|sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{12,}"
    r"|op-[\w-]{40,}|xox[abp]-[\w-]{10,}|eyJ[\w-]{10,400}\.[\w-]{10,}\.[\w-]*)"
)
"""Tokens of Hugging Face, OpenAI, GitHub, GitLab, Amazon, the panel itself and Slack, and those of RFC 7519."""
_BEGIN, _END = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"), re.compile(r"-----END [A-Z ]*PRIVATE KEY")
_BLOCK = re.compile(r"[|>][+-]?[0-9]?[ \t]*(?:#.*)?$")
_ITEM = re.compile(rf"\s*(?:- |[\"']?{_NAME}[\"']?[ \t]*[:=])")
_WORD = re.compile(r"(?:(?i:basic|bearer|token)[ \t]+)?[^\s\"']*[^\s\"',;)\]}]")
_NO_SECRETS = frozenset(("PassEnvironment", "KeyringMode"))
"""Options of systemd with such a word in their names."""
_QUOTE_IN_QUOTES = '\\"'
"""A quote of JSON that is itself in a text of JSON, as logs have it."""
_PAIR_LINES = 2
"""So many lines after its name comes the value of a pair, at the latest."""


class _Later(NamedTuple):
    """What is hidden of the lines that follow: up to a quote, of one line, or of those that are indented by more."""

    quote: str = ""
    next_line: bool = False
    block: int | None = None
    sure: bool = True
    key: bool = False


_NOTHING = _Later()


def without_secrets(text: str) -> str:
    """Return a text, line by line, without its secrets; done twice, it is the same."""
    return "\n".join(_lines(text.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    later, pair = _NOTHING, 0
    for line in lines:
        end = line[len(line.rstrip("\r")) :]
        hidden, later, pair = _line(line.removesuffix(end) if end else line, later, pair)
        yield hidden + end


def _line(line: str, later: _Later, pair: int) -> tuple[str, _Later, int]:
    """Return what is shown of a line, what is to be hidden later, and for how many lines a value belongs to a name."""
    if later.key and _END.search(line):
        return line, _NOTHING, 0
    if later.key or (later.quote and later.quote not in line):
        return _whole(line), later, 0
    if later.quote:
        rest, found, more = line.partition(later.quote)
        shown, then, pair = _of_names(more, 0)
        return f"{_whole(rest)}{found}{shown}", then, pair
    if later.next_line or (later.block is not None and _is_of_block(line, later.block, sure=later.sure)):
        return _whole(line), _Later(next_line=line.endswith("\\")) if later.next_line else later, 0
    if _BEGIN.search(line) and not _END.search(line):
        return line, _Later(key=True), 0
    return _of_names(line, pair)


def _is_of_block(line: str, indent: int, *, sure: bool) -> bool:
    """Return whether a line belongs to the value above that begins with that indent; unless `sure`, no other name."""
    inside = line.lstrip()
    return not inside or (len(line) - len(inside) > indent and (sure or not _ITEM.match(line)))


def _whole(line: str) -> str:
    inside = line.strip()
    if not inside:
        return line
    return line[: len(line) - len(line.lstrip())] + HIDDEN + ("\\" if inside.endswith("\\") else "")


def _of_names(line: str, pair: int) -> tuple[str, _Later, int]:
    if any(is_secret(found["name"], "x") for found in _PAIR.finditer(line)) or _MASKED.search(line):
        pair = _PAIR_LINES + 1
        line = _ELEMENT.sub(HIDDEN, line)
    shown, place, later = list[str](), 0, _NOTHING
    for start, name, quote in sorted(_values(line, pair=pair > 0)):
        if start < place:
            continue
        first, last, later = _span(line, start, name, quote)
        if first < last:
            shown += [line[place:first], HIDDEN]
            place = last
        if later is not _NOTHING:
            break
    return _TOKEN.sub(HIDDEN, "".join((*shown, line[place:]))), later, max(0, pair - 1)


def _values(line: str, *, pair: bool) -> Iterator[tuple[int, str, str]]:
    """Yield where secret values begin, their names, and the quotes in which both are."""
    for one in _SET.finditer(line):
        if is_secret(one["name"], "x"):
            yield one.end(), one["name"], ""
    for one in _ASSIGNED.finditer(line):
        if one["name"] not in _NO_SECRETS and is_secret(one["name"], "x"):
            yield one.end(), one["name"], "" if one["close"] else one["open"]
    for one in _NEXT.finditer(line):
        name = one["name"] or one["option"]
        if is_secret(name, "x"):
            yield one.end(), name, ""
    for one in (*_LOGIN.finditer(line), *(_VALUE.finditer(line) if pair else ())):
        yield one.end(), "password", ""


def _span(line: str, start: int, name: str, quote: str) -> tuple[int, int, _Later]:
    """Return from where to where the value is that begins at a place, and what is hidden later."""
    nothing = (start, start, _NOTHING)
    if line.startswith(HIDDEN, start) or line.startswith("{", start):
        return nothing
    if start == len(line) or _BLOCK.match(line, start) or (line[-1] == "\\" and start == len(line) - 1):
        return start, start, _after_line(line, line[start:])
    if line.startswith(_QUOTE_IN_QUOTES, start):
        start, quote = start + len(_QUOTE_IN_QUOTES), _QUOTE_IN_QUOTES
    elif line.startswith(("'", '"'), start):
        rest = line[start:].rstrip(" ;")
        quote = "''" if rest.startswith("''") and len(rest) > len("''") else line[start]
        start += len(quote)
    elif line.startswith("[", start):
        start, quote = start + 1, "]"
    if quote:
        end = _closing(line, start, quote)
        last, later = (len(line), _Later(quote=quote)) if end is None else (end, _NOTHING)
    else:
        word = _WORD.match(line, start)
        last, later = (word.end() if word else start), _NOTHING
    if line.startswith(HIDDEN, start) and last == start + len(HIDDEN):
        return start, start, later
    if later is _NOTHING and not is_secret(name, line[start:last]):
        return nothing
    return start, last, later


def _after_line(line: str, rest: str) -> _Later:
    if rest == "\\":
        return _Later(next_line=True)
    if rest or line.rstrip().endswith(":"):
        return _Later(block=len(line) - len(line.lstrip()), sure=bool(rest))
    return _Later(next_line=True) if line.rstrip().endswith(",") else _NOTHING


def _closing(line: str, start: int, quote: str) -> int | None:
    place = line.find(quote, start)
    while place > start and line[place - 1] == "\\" and quote == '"':
        place = line.find(quote, place + 1)
    return None if place < 0 else place
