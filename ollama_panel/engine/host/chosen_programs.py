"""Finds the programs of `machine.yield_programs` among the processes; what is known of a process is not read again."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import psutil

from ollama_panel.core.gpu_yield_programs import ProcessName, chosen
from ollama_panel.engine.host.processes import UNREADABLE, processes, program_name

SETTLED_LOOKS = 3
"""How often a process is read: one that has just begun may still run the program that has started it."""


@dataclass(slots=True)
class _Known:
    """The chosen programs that a process is, and how often it was read."""

    names: tuple[str, ...]
    looks: int = 1


class ChosenPrograms:
    """Reads the table of processes again and again."""

    def __init__(self, list_processes: Callable[[], Iterable[psutil.Process]] = processes) -> None:
        self._list = list_processes
        self._wanted: tuple[str, ...] = ()
        self._known: dict[psutil.Process, _Known] = {}

    def read(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Return those of the wanted programs that run, but for the panel's own; blocks for some milliseconds."""
        if tuple(wanted) != self._wanted:
            self._wanted, self._known = tuple(wanted), {}
        self._known = {process: self._look(process) for process in self._list()}
        running = {name for one in self._known.values() for name in one.names}
        return tuple(one for one in dict.fromkeys(wanted) if one in running)

    def _look(self, process: psutil.Process) -> _Known:
        known = self._known.get(process)
        if known is not None and known.looks >= SETTLED_LOOKS:
            return known
        names = chosen(self._wanted, (ProcessName(program_name(process), _program(process)),))
        if names and _is_own(process):
            names = ()
        return _Known(names, known.looks + 1 if known is not None else 1)


def _program(process: psutil.Process) -> str:
    try:
        return process.exe()
    except UNREADABLE:
        return ""


def _is_own(process: psutil.Process) -> bool:
    """Return whether it is the panel, or was started by it: its workers and their runners."""
    own = os.getpid()
    try:
        return process.pid == own or own in [one.pid for one in process.parents()]
    except UNREADABLE:
        return False
