"""The variables of the panel's own environment, which its workers inherit: which of them are in vain, and why.

A user who sets OLLAMA_NUM_PARALLEL for Ollama, as every guide says, sets nothing here: the pool's own value replaces
it. All such variables are told in one notice; what a server itself prints for variables that are not set is silent.
"""

from collections.abc import Iterator, Mapping

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import environment, host_variable
from ollama_panel.core.ollama.environment_kinds import OF_PANEL, PREFIXES, PRINTED_UNSET, plain
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED, OF_OTHER_PROGRAMS
from ollama_panel.core.ollama.environment_values import are_ollamas_own
from ollama_panel.core.ollama.versions import NEWEST
from ollama_panel.core.settings import paths
from ollama_panel.core.settings.tree import Problem, Settings

_WHERE = "environment"


def check_inherited(
    variables: Mapping[str, str], settings: Settings, home: str = "", version: tuple[int, ...] = NEWEST
) -> tuple[Problem, ...]:
    """Return what the panel's own environment asks for in vain: one problem for all names, one for each wrong value.

    `home` is the user's home folder, "" = unknown. `version` as for `environment.check`.
    """
    ours = {name: plain(value) for name, value in variables.items() if _is_ollamas(name)}
    told = {name: _in_vain(name, value, settings, home, version) for name, value in sorted(ours.items())}
    advice = {name: why for name, why in told.items() if why is not None}
    parts = tuple(notice("inherited.variable", name=name, advice=why) for name, why in advice.items())
    found = [Problem(_WHERE, notice("environment.inherited", variables=parts))] if parts else []
    wrong = ((name, value) for name, value in ours.items() if name not in advice)
    return (*found, *(Problem(_WHERE, told) for told in _wrong_values(wrong, version)))


def _is_ollamas(name: str) -> bool:
    return name.startswith(PREFIXES) and not name.startswith(OF_PANEL) and name not in OF_OTHER_PROGRAMS


def _in_vain(name: str, value: str, settings: Settings, home: str, version: tuple[int, ...]) -> Notice | None:
    """Return what to do instead of setting a variable; None if it works, or means nothing."""
    known = environment.find(name)
    if known is None:
        return None if value.lower() in PRINTED_UNSET else _advice(name)
    if known.overruled is not None:
        return known.overruled
    if (outside := known.outside(version)) is not None and value.lower() not in {*PRINTED_UNSET, known.default}:
        return outside
    return _replaced(name, value, settings, home)


def _advice(name: str) -> Notice | None:
    if name in NEVER_EXISTED:
        return NEVER_EXISTED[name]
    if (meant := environment.meant_by(name)) is not None:
        return notice("advice.meant", meant=meant)
    return notice("advice.not_read") if name.startswith("OLLAMA_") else None


def _replaced(name: str, value: str, settings: Settings, home: str) -> Notice | None:
    """Return what to do instead of a variable that the panel replaces by another value; None where that is the same."""
    match name:
        case "OLLAMA_NUM_PARALLEL":
            others = {str(pool.parallel) for pool in settings.pools} - {value}
            return notice("advice.pool_parallel") if others and value not in ("", "0", "1") else None
        case "OLLAMA_CONTEXT_LENGTH":
            others = {str(pool.context_length) for pool in settings.pools} - {value}
            return notice("advice.pool_context") if others and value not in ("", "0") else None
        case "OLLAMA_ORIGINS":
            allowed = set(settings.proxy.allowed_origins)
            known = are_ollamas_own(value) or allowed >= set(map(str.strip, value.split(",")))
            return None if known else notice("advice.allowed_origins")
        case "OLLAMA_MODELS":
            mine, its = (paths.expanded(path, home) for path in (settings.ollama.models_dir, value))
            return notice("advice.models_dir") if mine and its and mine != its else None
        case "OLLAMA_HOST":
            return notice("advice.panel_address") if _asks_for_an_address(value, settings) else None
        case _:
            return None


def _asks_for_an_address(value: str, settings: Settings) -> bool:
    """Return whether OLLAMA_HOST asks for an address on which other machines reach a server, and the panel has none.

    At any other address on this machine the panel looks for a running server, or is there itself; one of another
    machine is for Ollama's commands.
    """
    return host_variable.read(value).is_everywhere and settings.proxy.host not in ("0.0.0.0", "::", "[::]")


def _wrong_values(variables: Iterator[tuple[str, str]], version: tuple[int, ...]) -> Iterator[Notice]:
    """Yield what is wrong with values that reach the workers; one of OLLAMA_HOST never does."""
    for name, value in variables:
        found = None if name == "OLLAMA_HOST" or not value else environment.check_launched(name, value, version)
        if found is not None:
            yield found
