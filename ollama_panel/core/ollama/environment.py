"""Checks that Ollama understands an environment variable and its value; Ollama itself reports no errors.

A number that it cannot read becomes the default (with a line in the log), a duration becomes the default silently, a
switch that it cannot read is on, and an unknown name is ignored.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches

from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.environment_kinds import Kind, Restarts, Variable
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED, VARIABLES
from ollama_panel.core.settings.tree import Problem

__all__ = ["VARIABLES", "Kind", "Restarts", "Variable", "check", "check_pool"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BOOLEAN = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))
_TOGGLE = frozenset(("1", "0", "on", "off", "true", "false", "enabled", "disabled"))
_ADDRESS = re.compile(r"(https?://)?(\[[0-9A-Fa-f:.]*\]|[^:/\s]*)(:\d{1,5})?(/.*)?")

_SET_BY_PANEL = {
    "OLLAMA_HOST": "the panel gives every instance its own address; remove it here",
    "OLLAMA_NUM_PARALLEL": "it overrides the pool's parallel slider; use the slider and remove it here",
    "OLLAMA_CONTEXT_LENGTH": "it overrides the pool's context length; set that and remove it here",
}


def check(name: str, value: str) -> Problem | None:
    """Return what is wrong with setting `name` to `value`, or None if it is right; `where` is the name."""
    message = _name_problem(name) or _value_problem(name, value)
    return Problem(name, message) if message else None


def check_pool(environment: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with a pool's own environment; some variables are set by the panel alone."""
    found = []
    for name, value in environment.items():
        reason = _SET_BY_PANEL.get(name)
        problem = Problem(name, f"{name}: {reason}.") if reason else check(name, value)
        if problem is not None:
            found.append(problem)
    return tuple(found)


def _name_problem(name: str) -> str:
    if not _NAME.fullmatch(name):
        return f'"{name}" is not a variable name: use letters, digits and underscores, and no digit first.'
    if name in NEVER_EXISTED:
        return f"{name} does not exist in Ollama, although guides name it: {NEVER_EXISTED[name]}."
    known = VARIABLES.get(name)
    if known is None:
        return _unknown(name)
    if known.until:
        return f"Ollama no longer reads {name}; {known.until} was the last version that did: remove it."
    return f"{name} has no effect: {known.overruled}." if known.overruled else ""


def _unknown(name: str) -> str:
    """Report only names with Ollama's own prefixes; any other variable may be meant for another program."""
    upper = name.upper()
    if not upper.startswith(("OLLAMA_", "LLAMA_ARG_")):
        return ""
    close = get_close_matches(upper, VARIABLES, n=1, cutoff=0.8)
    if close:
        return f"Ollama does not read {name}; did you mean {close[0]}?"
    if upper.startswith("LLAMA_ARG_"):  # llama.cpp has some 150 of them and new ones every month
        return ""
    return f"Ollama does not read {name}: check the name, or remove it."


def _value_problem(name: str, value: str) -> str:
    if "\0" in value or "\n" in value:
        return f"The value of {name} has a line break or a null byte: write it on one line."
    variable, plain = VARIABLES.get(name), value.strip().strip("\"'")
    if variable is None or not plain:
        return ""
    return _CHECKS[variable.kind](variable, plain)


def _number(variable: Variable, value: str) -> str:
    """Check a whole number; a negative one is valid only where the variable allows it."""
    sign = "-?" if (variable.low or 0) < 0 else ""
    if not re.fullmatch(rf"{sign}[0-9]{{1,18}}", value):
        return f'{variable.name} must be a whole number, not "{value}"; Ollama would use {_default(variable)} instead.'
    number = int(value)
    if variable.low is not None and number < variable.low:
        return f"{variable.name} must be at least {variable.low}, not {number}."
    if variable.high is not None and number > variable.high:
        return f"{variable.name} must be at most {variable.high}, not {number}."
    return ""


def _switch(variable: Variable, value: str) -> str:
    if value in _BOOLEAN:
        return ""
    return f'{variable.name} must be 1 or 0, not "{value}"; Ollama would read that as 1.'


def _toggle(variable: Variable, value: str) -> str:
    return "" if value in _TOGGLE else f'{variable.name} must be on or off, not "{value}".'


def _duration(variable: Variable, value: str) -> str:
    if durations.parse_setting(value) is not None:
        return ""
    return (
        f'{variable.name} must be a time such as 90s, 5m, 24h or -1, not "{value}"; '
        f"Ollama would silently use {_default(variable)}."
    )


def _choice(variable: Variable, value: str) -> str:
    if value.lower() in variable.choices:
        return ""
    return f'{variable.name} must be one of {", ".join(variable.choices)}, not "{value}".'


def _address(variable: Variable, value: str) -> str:
    found = _ADDRESS.fullmatch(value)
    if found is None or (found[3] and int(found[3][1:]) > 65535):
        return f'{variable.name} must be an address such as 127.0.0.1:11434, not "{value}".'
    return ""


def _any_text(_: Variable, __: str) -> str:
    return ""


def _default(variable: Variable) -> str:
    return variable.default or "its own choice"


_CHECKS: dict[Kind, Callable[[Variable, str], str]] = {
    Kind.COUNT: _number,
    Kind.BYTES: _number,
    Kind.SWITCH: _switch,
    Kind.TRISTATE: _switch,
    Kind.TOGGLE: _toggle,
    Kind.DURATION: _duration,
    Kind.CHOICE: _choice,
    Kind.TEXT: _any_text,
    Kind.ADDRESS: _address,
    Kind.FOLDER: _any_text,
}
