"""Checks that Ollama understands an environment variable and its value; Ollama itself reports no errors.

A number that it cannot read becomes the default (with a line in the log), a duration becomes the default silently, a
switch that it cannot read is on, and an unknown name is ignored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.environment_kinds import Kind, Restarts, Variable
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED, VARIABLES
from ollama_panel.core.settings.tree import Problem, Settings

__all__ = ["VARIABLES", "Kind", "Restarts", "Variable", "check", "check_pool", "check_pools"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BOOLEAN = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))
_TOGGLE = frozenset(("1", "0", "on", "off", "true", "false", "enabled", "disabled"))
_ADDRESS = re.compile(r"(https?://)?(\[[0-9A-Fa-f:.]*\]|[^:/\s]*)(:\d{1,5})?(/.*)?")

_SET_BY_PANEL = {
    "OLLAMA_HOST": notice("environment.address_is_ours"),
    "OLLAMA_NUM_PARALLEL": notice("environment.parallel_is_ours"),
    "OLLAMA_CONTEXT_LENGTH": notice("environment.context_is_ours"),
}


def check(name: str, value: str) -> Problem | None:
    """Return what is wrong with setting `name` to `value`, or None if it is right; `where` is the name."""
    wrong = _name_problem(name) or _value_problem(name, value)
    return Problem(name, wrong) if wrong else None


def check_pool(environment: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with a pool's own environment; some variables are set by the panel alone."""
    found = []
    for name, value in environment.items():
        ours = _SET_BY_PANEL.get(name)
        problem = Problem(name, ours) if ours else check(name, value)
        if problem is not None:
            found.append(problem)
    return tuple(found)


def check_pools(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the pools' environments, which are used all the same: Ollama may be a newer version.

    Each notice names its variable itself.
    """
    for pool in settings.pools:
        for problem in check_pool(pool.environment):
            yield Problem(f"pools.{pool.name}.environment", problem.notice)


def _name_problem(name: str) -> Notice | None:
    if not _NAME.fullmatch(name):
        return notice("environment.name", name=name)
    if name in NEVER_EXISTED:
        return notice("environment.never_existed", name=name, advice=NEVER_EXISTED[name])
    known = VARIABLES.get(name)
    if known is None:
        return _unknown(name)
    if known.until:
        return notice("environment.removed", name=name, version=known.until)
    return notice("environment.overruled", name=name, advice=known.overruled) if known.overruled else None


def _unknown(name: str) -> Notice | None:
    """Report only names with Ollama's own prefixes; any other variable may be meant for another program."""
    upper = name.upper()
    if not upper.startswith(("OLLAMA_", "LLAMA_ARG_")):
        return None
    close = get_close_matches(upper, VARIABLES, n=1, cutoff=0.8)
    if close:
        return notice("environment.misspelt", name=name, meant=close[0])
    if upper.startswith("LLAMA_ARG_"):  # llama.cpp has some 150 of them and new ones every month
        return None
    return notice("environment.unknown", name=name)


def _value_problem(name: str, value: str) -> Notice | None:
    if "\0" in value or "\n" in value:
        return notice("environment.two_lines", name=name)
    variable, plain = VARIABLES.get(name), value.strip().strip("\"'")
    if variable is None or not plain:
        return None
    return _CHECKS[variable.kind](variable, plain)


def _number(variable: Variable, value: str) -> Notice | None:
    """Check a whole number; a negative one is valid only where the variable allows it."""
    name = variable.name
    sign = "-?" if (variable.low or 0) < 0 else ""
    if not re.fullmatch(rf"{sign}[0-9]{{1,18}}", value):
        return notice("environment.no_number", name=name, given=value, default=_default(variable))
    number = int(value)
    if variable.low is not None and number < variable.low:
        return notice("environment.too_low", name=name, limit=variable.low, given=number)
    if variable.high is not None and number > variable.high:
        return notice("environment.too_high", name=name, limit=variable.high, given=number)
    return None


def _switch(variable: Variable, value: str) -> Notice | None:
    return None if value in _BOOLEAN else notice("environment.no_switch", name=variable.name, given=value)


def _toggle(variable: Variable, value: str) -> Notice | None:
    return None if value in _TOGGLE else notice("environment.no_toggle", name=variable.name, given=value)


def _duration(variable: Variable, value: str) -> Notice | None:
    if durations.parse_setting(value) is not None:
        return None
    return notice("environment.no_duration", name=variable.name, given=value, default=_default(variable))


def _choice(variable: Variable, value: str) -> Notice | None:
    if value.lower() in variable.choices:
        return None
    return notice("environment.no_choice", name=variable.name, given=value, choices=variable.choices)


def _address(variable: Variable, value: str) -> Notice | None:
    found = _ADDRESS.fullmatch(value)
    if found is None or (found[3] and int(found[3][1:]) > 65535):
        return notice("environment.no_address", name=variable.name, given=value)
    return None


def _any_text(_: Variable, __: str) -> None:
    return None


def _default(variable: Variable) -> str | Notice:
    return variable.default or notice("environment.own_choice")


_CHECKS: dict[Kind, Callable[[Variable, str], Notice | None]] = {
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
