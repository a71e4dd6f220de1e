"""Checks that Ollama understands an environment variable and its value; Ollama itself reports no errors.

A number that it cannot read becomes the default (with a line in the log), a duration becomes the default silently, a
switch that it cannot read is on, and an unknown name is ignored.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, joined, notice
from ollama_panel.core.ollama.environment_kinds import (
    OF_PANEL,
    PREFIXES,
    PRINTED_UNSET,
    Kind,
    Restarts,
    Variable,
    plain,
    switched,
    taken,
)
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED, VARIABLES, find
from ollama_panel.core.ollama.environment_values import value_problem
from ollama_panel.core.ollama.kvcache import CACHE_TYPES, F16, OLD_CACHE_TYPES
from ollama_panel.core.ollama.versions import LLAMA_SERVER_SINCE, NEWEST, NO_VERSION
from ollama_panel.core.settings import paths
from ollama_panel.core.settings.tree import Problem, Settings

__all__ = [
    "SET_BY_PANEL",
    "VARIABLES",
    "Kind",
    "Restarts",
    "Variable",
    "check",
    "check_launched",
    "check_pool",
    "check_pools",
    "find",
    "is_folder",
    "is_read",
    "may_be_read",
    "meant_by",
    "refused",
    "require_usable",
]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

SET_BY_PANEL = {
    "OLLAMA_HOST": notice("environment.address_is_ours"),
    "OLLAMA_NUM_PARALLEL": notice("environment.parallel_is_ours"),
    "OLLAMA_CONTEXT_LENGTH": notice("environment.context_is_ours"),
    "OLLAMA_ORIGINS": notice("environment.origins_are_ours"),
}
_CACHE_TYPE, _VALUES_TYPE, _FLASH = "OLLAMA_KV_CACHE_TYPE", "LLAMA_ARG_CACHE_TYPE_V", "OLLAMA_FLASH_ATTENTION"
_NOTHING: Mapping[str, str] = MappingProxyType({})
_AT_HOME = "environment.not_expanded"
_REFUSED = frozenset(("environment.never_existed", "environment.relative", _AT_HOME))
"""What no version of Ollama can make right; of the rest a newer Ollama may know more than the panel."""


def check(name: str, value: str, version: tuple[int, ...] = NEWEST) -> Problem | None:
    """Return what is wrong with setting `name` to `value`, or None if it is right; `where` is the name.

    `version` are the numbers of the Ollama that reads it, () = unknown.
    """
    wrong = _name_problem(name, value, version) or _value_problem(name, value, version)
    return Problem(name, wrong) if wrong else None


def is_folder(name: str) -> bool:
    """Return whether a variable names a folder, in which the panel puts the user's home for `~` and the like."""
    return name in VARIABLES and VARIABLES[name].kind is Kind.FOLDER


def is_read(name: str) -> bool:
    """Return whether a server of some version may read a variable, so that a change takes effect with a restart."""
    known = find(name)
    if known is not None:
        return known.restarts is Restarts.INSTANCE and known.overruled is None
    return name not in NEVER_EXISTED and meant_by(name) is None


def may_be_read(name: str) -> bool:
    """Return whether a server, its runner or a library of either may read a variable of this name."""
    return (name.startswith(PREFIXES) and not name.startswith(OF_PANEL)) or name in VARIABLES


def check_pool(
    environment: Mapping[str, str], version: tuple[int, ...] = NEWEST, inherited: Mapping[str, str] = _NOTHING
) -> tuple[Problem, ...]:
    """Return what is wrong with a pool's own environment; some variables are set by the panel alone.

    `inherited` are the variables that its workers have besides.
    """
    found = {
        name: SET_BY_PANEL.get(name) or check_launched(name, value, version) for name, value in environment.items()
    }
    for name in (_CACHE_TYPE, _VALUES_TYPE):
        if name in environment and found[name] is None:
            found[name] = _without_flash_attention(name, {**inherited, **environment}, version)
    return tuple(Problem(name, wrong) for name, wrong in found.items() if wrong is not None)


def _without_flash_attention(name: str, environment: Mapping[str, str], version: tuple[int, ...]) -> Notice | None:
    """Return what becomes of a quantised context cache that has no flash attention.

    From 0.30 on the runner refuses to start (llama.cpp `llama-context.cpp`). Before, the cache is stored as f16, and
    flash attention is off unless it is set, but for some models (0.24 `llm/server.go NewLlamaServer`).
    """
    cache_type = plain(environment[name]).lower()
    if cache_type not in CACHE_TYPES or CACHE_TYPES[cache_type] >= CACHE_TYPES[F16]:
        return None
    flash = switched(environment.get(_FLASH, ""))
    if flash is False:
        code = "environment.flash_falls_back" if _is_old(version) else "environment.flash_is_off"
        return notice(code, name=name, flash=_FLASH)
    if flash is None and _is_old(version):
        return notice("environment.flash_is_needed", name=name, flash=_FLASH)
    return None


def _is_old(version: tuple[int, ...]) -> bool:
    """Return whether a version, if it is known, is from before the runner was llama.cpp's own server."""
    return version not in ((), NO_VERSION) and version < LLAMA_SERVER_SINCE


def check_launched(name: str, value: str, version: tuple[int, ...] = NEWEST) -> Notice | None:
    """Return what is wrong with a variable that the panel gives its workers, with the home put into folders."""
    problem = check(name, value, version)
    if problem is None or (problem.notice.code == _AT_HOME and paths.flaw(plain(value)) is None):
        return None
    return problem.notice


def require_usable(old: Settings, new: Settings) -> None:
    """Raise PanelError if `new` has variables that no Ollama can use, and `old` does not have them already."""
    if found := refused(old, new):
        raise PanelError(joined(*(problem.notice for problem in found)))


def refused(old: Settings, new: Settings) -> tuple[Problem, ...]:
    """Return the problems of the variables that `require_usable` refuses."""
    before = {problem.notice for problem in check_pools(old)}
    return tuple(
        problem for problem in check_pools(new) if problem.notice.code in _REFUSED and problem.notice not in before
    )


def check_pools(
    settings: Settings, version: tuple[int, ...] = NEWEST, inherited: Mapping[str, str] = _NOTHING
) -> Iterator[Problem]:
    """Yield what is wrong with the pools' environments, which are used all the same: Ollama may be a newer version.

    `version` as for `check`, `inherited` as for `check_pool`. Each notice names its variable itself.
    """
    for pool in settings.pools:
        for problem in check_pool(pool.environment, version, inherited):
            yield Problem(f"pools.{pool.name}.environment", problem.notice)


def _name_problem(name: str, value: str, version: tuple[int, ...]) -> Notice | None:
    if not _NAME.fullmatch(name):
        return notice("environment.name", name=name)
    if name in NEVER_EXISTED:
        return notice("environment.never_existed", name=name, advice=NEVER_EXISTED[name])
    known = find(name)
    if known is None:
        return _unknown(name)
    if (outside := known.outside(version)) is not None and plain(value).lower() not in {
        *PRINTED_UNSET,
        known.default.lower(),
    }:
        if outside.code == "advice.read_since":
            return notice("environment.too_new", name=name, version=known.since)
        return notice("environment.removed", name=name, version=known.until)
    return notice("environment.overruled", name=name, advice=known.overruled) if known.overruled else None


def _unknown(name: str) -> Notice | None:
    """Report only names with Ollama's own prefixes; any other variable may be meant for another program."""
    meant = meant_by(name)
    if meant is not None:
        return notice("environment.misspelt", name=name, meant=meant)
    if name.upper().startswith("OLLAMA_"):  # llama.cpp has some 150 of them and new ones every month
        return notice("environment.unknown", name=name)
    return None


def meant_by(name: str) -> str | None:
    """Return the variable that an unknown name with one of Ollama's prefixes is likely to mean; None = no idea."""
    upper = name.upper()
    if name in VARIABLES or not upper.startswith(PREFIXES):
        return None
    return next(iter(get_close_matches(upper, VARIABLES, n=1, cutoff=0.8)), None)


def _value_problem(name: str, value: str, version: tuple[int, ...]) -> Notice | None:
    if "\0" in value or "\n" in value:
        return notice("environment.two_lines", name=name)
    variable, meant = find(name), taken(name, value)
    if variable is None or not meant:
        return None
    if wrong := value_problem(variable, meant):
        return wrong
    if name == _CACHE_TYPE and _is_old(version) and meant.lower() not in OLD_CACHE_TYPES:
        return notice("environment.no_choice", name=name, given=meant, choices=OLD_CACHE_TYPES)
    return None
