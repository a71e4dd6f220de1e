"""What a machine tells of a server that runs there: the state of its unit, its variables, its arguments and its log.

A script prints it in sections, each after a line `@@name`.
"""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Configured
from ollama_panel.core.redact import hider
from ollama_panel.core.sources.machine.environment_text import shown_by_systemctl

_MARK = "@@"
_LINE_BREAK = "\x01"

OF_PROCESS = r"""
if [ "${pid:-0}" -gt 0 ] 2>/dev/null; then
    printf '\n@@pid\n%s\n' "$pid"
    if [ -r "/proc/$pid/environ" ]; then as=; else as='sudo -n'; fi
    printf '\n@@environment\n'; $as cat "/proc/$pid/environ" 2>/dev/null | tr '\000\n' '\n\001'
    printf '\n@@arguments\n'; tr '\000\n' '\n\001' <"/proc/$pid/cmdline" 2>/dev/null
fi
"""
"""Prints what Linux tells of the process `$pid`. A line break in a value is \\x01."""


class Evidence(msgspec.Struct, frozen=True):
    """What is known of the server of a unit; None and () = unknown.

    `state` is `active`, `failed`, `starting` or `gone`, "" = unknown. `restarts` are those that its manager has made by
    itself. `environment` are the variables of its process, `declared` those that its manager gives it, `logged` those
    that its log says it uses, in `line`.
    """

    state: str = ""
    pid: int = 0
    restarts: int = 0
    environment: dict[str, str] | None = None
    declared: dict[str, str] | None = None
    arguments: tuple[str, ...] = ()
    logged: dict[str, str] | None = None
    line: str = ""
    said: str = ""


def sections(printed: str) -> dict[str, str]:
    """Return the sections of what a script prints, by name; a line ends by a line feed only."""
    found = dict[str, list[str]]()
    lines: list[str] = []
    for line in printed.split("\n"):
        if line.startswith(_MARK) and line[len(_MARK) :].isidentifier():
            lines = found.setdefault(line[len(_MARK) :], [])
        else:
            lines.append(line)
    return {name: "\n".join(text).strip("\n") for name, text in found.items()}


def evidence_of(printed: str) -> Evidence:
    """Return what a script of a manager tells."""
    told = sections(printed)
    environment = dict(_variables(told["environment"])) if told.get("environment") else None
    line = _configured(told.get("log", ""))
    fact = parse(line) if line else None
    pid, restarts = told.get("pid", ""), told.get("restarts", "")
    return Evidence(
        state=told.get("state", "").strip(),
        pid=int(pid) if pid.isdecimal() else 0,
        restarts=int(restarts) if restarts.isdecimal() else 0,
        environment=environment,
        declared=dict(shown_by_systemctl(told["declared"])) if "declared" in told else None,
        arguments=tuple(one.replace(_LINE_BREAK, "\n") for one in told.get("arguments", "").split("\n") if one),
        logged=fact.environment if isinstance(fact, Configured) else None,
        line=hider(environment or {})(line),
        said=hider(environment or {})(told.get("said", "").strip().rpartition("\n")[2]),
    )


def _configured(log: str) -> str:
    """Return the last line of a log in which a server says with which variables it runs, "" if there is none."""
    return next((line for line in reversed(log.splitlines()) if "server config" in line), "")


def _variables(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        name, equals, value = line.partition("=")
        if equals:
            yield name, value.replace(_LINE_BREAK, "\n")
