"""Reads what the system tells of the processes of Ollama: the servers, and the desktop app.

Other users' processes tell less, and any may end meanwhile: what cannot be read stays unknown. Everything here blocks,
some milliseconds for the table, a second at most for systemd's answer about a new server: use a thread.
"""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil

from ollama_panel.core.server_owners import (
    Ancestor,
    ProcessFacts,
    base_name,
    is_app,
    is_server,
    may_be_server,
    unit_of,
    without_wrappers,
)
from ollama_panel.engine.host.launchd_jobs import label_of
from ollama_panel.engine.host.processes import UNREADABLE, processes, program_name
from ollama_panel.engine.host.services import PROC, Run, control_groups, run_command

T = TypeVar("T")
_STANDARD_ERROR, _STANDARD_OUTPUT = 2, 1


class Table(msgspec.Struct, frozen=True):
    """The processes of Ollama: its servers, and whether its desktop app runs."""

    servers: tuple[ProcessFacts, ...] = ()
    app: bool = False


class ProcessTable:
    """Reads the table again and again; what cannot change of a process is read once."""

    def __init__(
        self,
        list_processes: Callable[[], Iterable[psutil.Process]] = processes,
        run: Run = run_command,
        proc: Path = PROC,
        platform: str = sys.platform,
    ) -> None:
        self._list = list_processes
        self._run = run
        self._proc = proc
        self._platform = platform
        self._known: dict[tuple[int, float], ProcessFacts] = {}

    def read(self) -> Table:
        """Return the processes as they are now."""
        listed, found, app = tuple(self._list()), list[tuple[psutil.Process, ProcessFacts]](), False
        for process in listed:
            name = program_name(process)
            app = app or is_app(name)
            if _may_be_server(process, name):
                with contextlib.suppress(*UNREADABLE):
                    facts = self._server(process, name)
                    found += [(process, facts)] if facts is not None else []
        self._known = {(one.pid, one.since): one for _, one in found}
        below = _by_parent(listed) if found else {}
        servers = (msgspec.structs.replace(one, rss_bytes=_memory(process, below)) for process, one in found)
        return Table(without_wrappers(sorted(servers, key=lambda one: (one.since, one.pid))), app)

    def _server(self, process: psutil.Process, name: str) -> ProcessFacts | None:
        """Return the facts of a process if it is a server. Raises psutil's errors if it has ended."""
        since = process.create_time()
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        known = self._known.get((process.pid, since))
        if known is None or (known.ours and known.environment is None):  # it had only just begun
            known = self._facts(process, name, since)
        return known

    def _facts(self, process: psutil.Process, name: str, since: float) -> ProcessFacts | None:
        program = _read(process.exe) or ""
        arguments = tuple(process.cmdline())
        if not is_server(program, arguments):
            return None
        user = _read(process.username) or ""
        ancestors = _read(process.parents)
        cgroup = control_groups(process.pid, self._proc) if self._platform == "linux" else None
        return ProcessFacts(
            pid=process.pid,
            since=since,
            name=name,
            program=program,
            arguments=arguments,
            user=user,
            ours=bool(user) and user == _read(psutil.Process().username),
            ancestors=None if ancestors is None else tuple(map(_ancestor, ancestors)),
            cgroup=cgroup,
            environment=_read(process.environ) or None,
            main_pid=self._main_pid(cgroup or ""),
            label=label_of(arguments, program) if self._platform == "darwin" else "",
            outputs=tuple(self._outputs(process.pid)),
            platform=self._platform,
        )

    def _main_pid(self, cgroup: str) -> int | None:
        """Return the main process of the unit that a process is in, None if it is in none or systemd does not tell."""
        unit, user_unit = unit_of(cgroup)
        if not unit:
            return None
        manager = ["--user"] if user_unit else []
        told = self._run(["systemctl", *manager, "show", unit, "--property=MainPID", "--value"]) or ""
        return int(told) if told.strip().isdecimal() and int(told) else None

    def _outputs(self, pid: int) -> Iterator[str]:
        for descriptor in (_STANDARD_ERROR, _STANDARD_OUTPUT):
            with contextlib.suppress(OSError):
                yield str((self._proc / str(pid) / "fd" / str(descriptor)).readlink())


def _may_be_server(process: psutil.Process, name: str) -> bool:
    """Return whether a closer look is worth it: few processes have such a name, of themselves or of their file."""
    return may_be_server(name) or may_be_server(base_name(_read(process.exe) or ""))


def _read(get: Callable[[], T]) -> T | None:
    """Return what the system tells, None if it does not."""
    try:
        return get()
    except UNREADABLE:
        return None


def _ancestor(process: psutil.Process) -> Ancestor:
    return Ancestor(process.pid, program_name(process), tuple(_read(process.cmdline) or ()))


def _by_parent(listed: Iterable[psutil.Process]) -> Mapping[int, Sequence[psutil.Process]]:
    """Return processes by those that have started them; psutil would read the whole table for each that is asked."""
    found = dict[int, list[psutil.Process]]()
    for process in listed:
        if (parent := _read(process.ppid)) is not None:
            found.setdefault(parent, []).append(process)
    return found


def _memory(process: psutil.Process, below: Mapping[int, Sequence[psutil.Process]]) -> int | None:
    """Return the main memory of a process and of those below it; None if the system does not tell."""
    own = _read(process.memory_info)
    if own is None:
        return None
    children = (one for one in below.get(process.pid, ()) if _is_younger(one, process))
    return own.rss + sum(_memory(one, below) or 0 for one in children)


def _is_younger(child: psutil.Process, process: psutil.Process) -> bool:
    """Return whether a process can be a child: Windows names parents that have ended, whose number others may have."""
    began, before = _read(child.create_time), _read(process.create_time)
    return child.pid != process.pid and began is not None and before is not None and began >= before
