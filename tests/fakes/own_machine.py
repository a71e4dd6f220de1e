"""A machine on which nothing runs but this run of the tests: what else runs, other runs among it, is not seen.

    Engine(paths, publish, overrides, OWN)
    python -m tests.fakes.own_machine serve --demo       # `ollama-panel serve --demo` that sees no more

Whatever a run of the tests starts has its mark in its variables, and so has all that this starts.
"""

import os
import sys
import uuid
from collections.abc import Iterator, Mapping

import psutil

from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.engine import system
from ollama_panel.engine.host.power import PowerReading
from ollama_panel.engine.host.processes import UNREADABLE, processes
from ollama_panel.engine.system import System

MARK = "TESTS_OF_PANEL_RUN"
"""The variable that all processes of a run share."""


def own_processes() -> Iterator[psutil.Process]:
    """Yield the processes that this run has started, and those below them, whoever's they are."""
    wanted = os.environ[MARK]
    return (one for one in processes() if _has(one, wanted))


def own_places(environment: Mapping[str, str]) -> dict[int, str]:
    """Return where servers may listen that a test names by OLLAMA_HOST; nobody has started one at Ollama's port."""
    named = read(environment.get("OLLAMA_HOST", "")).local
    return {} if named is None or named[1] == DEFAULT_PORT else {named[1]: named[0]}


def _has(process: psutil.Process, wanted: str) -> bool:
    try:
        return process.environ().get(MARK) == wanted
    except psutil.AccessDenied:  # of another user
        return _is_below(process, wanted)
    except UNREADABLE:
        return False


def _is_below(process: psutil.Process, wanted: str) -> bool:
    try:
        parent = process.parent()
    except UNREADABLE:
        return False
    return parent is not None and _has(parent, wanted)


os.environ.setdefault(MARK, uuid.uuid4().hex)
OWN = System(processes=own_processes, places=own_places, power=lambda: PowerReading)

if __name__ == "__main__":
    system.REAL = OWN  # before the engine is imported, which takes it as it is then
    from ollama_panel.__main__ import main

    sys.exit(main())
