"""Whether what was wanted is in force: each variable of a worker beside what its server says.

The log counts most: there a server of Ollama prints the values that it uses (`server/routes.go`: "server config"), in
its own spelling, as `5m0s` for `5m`. What is not in it the process's variables tell, else those of its unit.
"""

import shlex
from collections.abc import Iterator

from ollama_panel.core.applying.evidence import Evidence
from ollama_panel.core.applying.record import Proof, ProofSource, ProofState
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.ollama import durations
from ollama_panel.core.ollama.environment import find
from ollama_panel.core.ollama.environment_kinds import Kind, Variable, plain, switched
from ollama_panel.core.ollama.host_variable import read
from ollama_panel.core.redact import HIDDEN

COMMAND = "command"
"""The name of the proof that a server was started by the command of the export."""
ANSWER = "answer"
"""The name of the proof that a server answers."""
_LISTS = "[]"
_FOR_EVER_S = 1e9
"""A negative duration means for ever, and is printed as the longest that Go can hold, 292 years."""


def proofs_of(unit: Unit, evidence: Evidence) -> Iterator[Proof]:
    """Yield whether a unit's server has what it is to have."""
    for name, wanted in unit.wanted.items():
        yield _of_variable(unit, evidence, name, wanted)
    if unit.worker is not None and not (unit.own_address or unit.contained) and evidence.arguments:
        wanted, found = shlex.join(unit.worker.argv), shlex.join(evidence.arguments)
        state = ProofState.HOLDS if wanted == found else ProofState.DIFFERS
        yield Proof(unit.name, COMMAND, wanted, found, state, ProofSource.COMMAND_LINE, found)


def answered(unit: Unit, url: str, answer: str | None) -> Proof:
    """Return whether a unit's server answers at an address; `answer` is what it says, None = nothing."""
    state = ProofState.DIFFERS if answer is None else ProofState.HOLDS
    return Proof(unit.name, ANSWER, url, answer, state, ProofSource.ANSWER, answer or "")


def _of_variable(unit: Unit, evidence: Evidence, name: str, wanted: str) -> Proof:
    for source, known, line in (
        (ProofSource.LOG, evidence.logged, evidence.line),
        (ProofSource.ENVIRONMENT, evidence.environment, ""),
        (ProofSource.UNIT, evidence.declared, ""),
    ):
        if known is None or (source is ProofSource.LOG and name not in known):
            continue  # a version prints the variables that it knows
        found = known.get(name)
        state = ProofState.HOLDS if found is not None and is_same(name, wanted, found) else ProofState.DIFFERS
        return Proof(unit.name, name, wanted, found, state, source, line or f"{name}={found or ''}")
    return Proof(unit.name, name, wanted, None, ProofState.UNKNOWN)


def is_same(name: str, wanted: str, found: str) -> bool:
    """Return whether a value means what was wanted, however a server spells it."""
    ours, theirs = plain(wanted), plain(found)
    variable = find(name)
    if ours == theirs or variable is None or HIDDEN in theirs:
        return ours == theirs or HIDDEN in theirs
    return _means_the_same(variable, ours, theirs)


def _means_the_same(variable: Variable, ours: str, theirs: str) -> bool:
    match variable.kind:
        case Kind.SWITCH | Kind.TRISTATE:
            return bool(switched(ours)) == bool(switched(theirs))
        case Kind.DURATION:
            return _seconds(ours) == _seconds(theirs)
        case Kind.ADDRESS:
            one, other = read(ours), read(theirs)
            return (one.local or one.host, one.port) == (other.local or other.host, other.port)
        case Kind.ORIGINS | Kind.DEVICES | Kind.COUNTS:
            return _items(ours) <= _items(theirs)
        case Kind.CHOICE | Kind.TOGGLE:
            return ours.lower() == theirs.lower()
        case _:
            return _number(ours) is not None and _number(ours) == _number(theirs)


def _seconds(text: str) -> float | None:
    found = durations.parse_setting(text)
    return found if found is None or 0 <= found < _FOR_EVER_S else -1.0


def _items(text: str) -> set[str]:
    """Return the items of a list, as people write it (`a,b`) or as Go prints it (`[a b]`)."""
    return set(text.strip(_LISTS).replace(",", " ").split())


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() else None
