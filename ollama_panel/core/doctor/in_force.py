"""What a server really runs with, and whether that is what somebody wanted.

The log counts most: there a server prints the values that it uses. What is not in it its process tells.
"""

import msgspec

from ollama_panel.core.applying.proof import is_same
from ollama_panel.core.doctor.facts import Facts, LogFacts
from ollama_panel.core.findings import Evidence
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.environment import find
from ollama_panel.core.ollama.environment_kinds import Kind, Restarts, Variable, plain
from ollama_panel.core.ollama.slog import number
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.stores import Found

_COMPARED = frozenset(
    {
        *(Kind.COUNT, Kind.COUNTS, Kind.BYTES, Kind.SWITCH, Kind.TRISTATE, Kind.TOGGLE, Kind.DURATION),
        *(Kind.CHOICE, Kind.ADDRESS, Kind.FOLDER, Kind.ORIGINS, Kind.LIBRARY, Kind.DEVICES, Kind.GFX),
    }
)
"""The kinds of which it can be said whether two spellings mean the same; a text may be printed in any way."""

_PRINTED_IN_WORDS = frozenset({"OLLAMA_DEBUG"})
"""What a log shows by names of its own, as INFO for 0."""

PARALLEL = "OLLAMA_NUM_PARALLEL"
_CONTEXT = "OLLAMA_CONTEXT_LENGTH"

_NOT_OF_PROCESS = frozenset({Found.LOG, Found.UNIT})
"""Where variables are from that do not say what the process lacks: a log names few, a unit is what is wanted."""

_RUNNER = {
    "OLLAMA_NUM_PARALLEL": ("-np", "--parallel"),
    "OLLAMA_KV_CACHE_TYPE": ("--cache-type-k", "-ctk", "--kv-cache-type"),
    "OLLAMA_FLASH_ATTENTION": ("--flash-attn", "-fa"),
}
"""The arguments by which a server hands a variable on (0.32 `llm/llama_server.go`, 0.9 `llm/server.go`)."""


class InForce(msgspec.Struct, frozen=True):
    """The `value` of a variable that a server runs with, "" = none, and what shows it."""

    value: str
    evidence: Evidence
    logged: bool = False


def in_force(facts: Facts, server: FoundServer, name: str) -> InForce | None:
    """Return what a server runs with for a variable; None if nothing tells it."""
    log = log_of(facts, server)
    if log is not None and name in log.configured and name not in _PRINTED_IN_WORDS:
        value = log.configured[name]
        return InForce(value, Evidence(f"{name}:{value}", log_place(server)), logged=True)
    if server.variables is None or server.variables_from in _NOT_OF_PROCESS:
        return None
    value = server.variables.get(name, "")
    return InForce(value, Evidence(f"{name}={value}", process_place(server)))


def environment_of(facts: Facts, server: FoundServer) -> dict[str, str] | None:
    """Return the variables that a server runs with: those that its log says, else its process; None = unknown."""
    log = next((one for one in facts.logs if one.server == server.pid and one.configured), None)
    return dict(log.configured) if log is not None else server.variables


def wanted_parallel(facts: Facts, server: FoundServer) -> int | None:
    """Return the number of slots that a server is set to, None if it is not set, or unknown."""
    return number((environment_of(facts, server) or {}).get(PARALLEL, "").strip()) or None


def tells(facts: Facts, server: FoundServer) -> bool:
    """Return whether anything tells with which variables a server runs."""
    log = log_of(facts, server)
    of_process = server.variables is not None and server.variables_from not in _NOT_OF_PROCESS
    return of_process or bool(log is not None and log.configured)


def log_of(facts: Facts, server: FoundServer) -> LogFacts | None:
    """Return what the log of a server says, None if it is not known."""
    return next((one for one in facts.logs if one.server == server.pid), None)


def log_place(server: FoundServer) -> str:
    """Return where the log of a server is: a path, a command that shows it, or the server's name."""
    log = server.log
    return (log.path or log.command or server.id) if log is not None else server.id


def process_place(server: FoundServer) -> str:
    """Return the name of a server's process."""
    return f"PID {server.pid}"


def of_runners(facts: Facts, server: FoundServer, name: str) -> tuple[Evidence, ...]:
    """Return the arguments of a server's runners that follow from a variable."""
    found = list[Evidence]()
    for runner in facts.runners:
        if runner.server != server.pid:
            continue
        for argument, value in zip(runner.arguments, runner.arguments[1:], strict=False):
            if argument in _RUNNER.get(name, ()):
                found.append(Evidence(f"{argument} {value}", f"runner {runner.pid}"))
                break
    return tuple(found)


def version_of(server: FoundServer) -> tuple[int, ...]:
    """Return the numbers of a server's version, () = unknown."""
    return numbers(server.version or "")


def is_of_server(name: str, version: tuple[int, ...] = ()) -> Variable | None:
    """Return a variable if a server of that version reads it, so that it matters whether it has it."""
    known = find(name)
    if known is None or known.restarts is Restarts.NOTHING or known.overruled is not None:
        return None
    return known if known.outside(version) is None else None


def holds(name: str, wanted: str, found: InForce, version: tuple[int, ...] = ()) -> bool | None:
    """Return whether a server runs with what is wanted; None if that cannot be said of this variable."""
    variable = is_of_server(name, version)
    if variable is None or variable.kind not in _COMPARED or name in _PRINTED_IN_WORDS:
        return None
    ours, theirs = plain(wanted), plain(found.value)
    if not theirs and not found.logged:
        theirs = variable.default_in(version)
    if not ours or ours.lower() in variable.printed:
        return True  # so it is where nobody has set it
    if variable.kind is Kind.FOLDER:
        return _folder(ours) == _folder(theirs)
    if variable.kind is Kind.DURATION and _has_no_end(name, ours) and _has_no_end(name, theirs):
        return True
    return is_same(name, ours, theirs)


def _folder(path: str) -> str:
    return path.replace("\\", "/").rstrip("/")


def _has_no_end(name: str, value: str) -> bool:
    """Return whether a time never ends: a load time-out of 0 is printed as the longest time (0.32 `LoadTimeout`)."""
    seconds = durations.parse_setting(value)
    return seconds is not None and (seconds < 0 or seconds > 1e9 or (name == "OLLAMA_LOAD_TIMEOUT" and seconds == 0))


def is_set_but(name: str, wanted: str, found: InForce) -> Notice:
    """Return that a server does not run with what was set."""
    if not found.value:
        return notice("doctor.set_but_not_there", name=name, wanted=wanted)
    if name == PARALLEL:
        return notice("doctor.set_but_parallel", wanted=wanted, found=found.value)
    if name == _CONTEXT:
        return notice("doctor.set_but_context", wanted=wanted, found=found.value)
    return notice("doctor.set_but", name=name, wanted=wanted, found=found.value)
