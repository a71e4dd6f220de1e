"""How much of the CPU some servers take, with their runners."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec
import psutil

from ollama_panel.core.ids import InstanceId
from ollama_panel.engine.host.processes import UNREADABLE

_READS_PER_SEARCH = 30
"""Looking for the children of a process reads the whole process table, which takes milliseconds of CPU."""


class _Tree(msgspec.Struct):
    key: object
    processes: tuple[psutil.Process, ...]
    reads: int = 0
    seconds: dict[psutil.Process, float] = {}
    at: float | None = None


class ProcessLoads:
    """The processes of some servers. Use it from one thread at a time."""

    def __init__(self) -> None:
        self._trees = dict[InstanceId, _Tree]()

    def read(self, servers: Mapping[InstanceId, tuple[int, object]], now: float) -> dict[InstanceId, float]:
        """Return the percent of one core that each server has taken since the last call; one that is new is left out.

        A server is the number of its process, and a value that is another one when its runners may be. `now` is in
        seconds.
        """
        self._trees = {name: self._tree(name, pid, changes) for name, (pid, changes) in servers.items()}
        loads = {name: _percent(tree, now) for name, tree in self._trees.items()}
        return {name: load for name, load in loads.items() if load is not None}

    def _tree(self, name: InstanceId, pid: int, changes: object) -> _Tree:
        old = self._trees.get(name)
        if old is not None and old.key == (pid, changes) and old.reads < _READS_PER_SEARCH:
            old.reads += 1
            return old
        tree = _Tree((pid, changes), _with_children(pid))
        if old is not None and old.at is not None:
            tree.seconds, tree.at = old.seconds, old.at
        return tree


def _with_children(pid: int) -> tuple[psutil.Process, ...]:
    with suppress(*UNREADABLE):
        leader = psutil.Process(pid)
        return (leader, *leader.children(recursive=True))
    return ()


def _percent(tree: _Tree, now: float) -> float | None:
    """Return the CPU time since the last reading; a process that was not known then counts from now on."""
    before, since = tree.seconds, tree.at
    tree.seconds, tree.at = _seconds(tree.processes), now
    if since is None or now <= since or not set(tree.processes[:1]) & tree.seconds.keys():
        return None
    spent = sum(max(0.0, seconds - before.get(process, seconds)) for process, seconds in tree.seconds.items())
    return 100 * spent / (now - since)


def _seconds(processes: tuple[psutil.Process, ...]) -> dict[psutil.Process, float]:
    found = dict[psutil.Process, float]()
    for process in processes:
        with suppress(*UNREADABLE):
            times = process.cpu_times()
            found[process] = times.user + times.system
    return found
