"""The process of a server that somebody has started by hand: how it runs, its end, and its start as it ran.

Everything here blocks for some milliseconds: use a thread.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import psutil

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, LogKind
from ollama_panel.engine.host.processes import UNREADABLE

_START_TOLERANCE_S = 1.0
_LIMIT_S = 10.0
_IN_BACKGROUND = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
"""The shell ends at once, so that the server is nobody's child and outlives the panel."""


class Launch(msgspec.Struct, frozen=True):
    """How a server was started: file, arguments, environment and folder; `log` is the file that has its output.

    The environment may hold secrets: it stays in the state folder.
    """

    program: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    log: str = os.devnull


def launch_of(server: FoundServer, logs: Path) -> Launch | None:
    """Return how a server runs, None if that is unknown or cannot be repeated.

    What went to a terminal goes to a file in `logs` then.
    """
    try:
        process = psutil.Process(server.pid)
        if not is_alive(server.pid, server.since):
            return None
        program, arguments = process.exe(), tuple(process.cmdline()[1:])
        environment, folder = process.environ(), process.cwd()
        if not os.access(program, os.X_OK):
            return None  # deleted, or of other mounts than ours, as in a sandbox
    except UNREADABLE:
        return None
    kind = server.log.kind if server.log is not None else None
    log = str(logs / f"server-{server.pid}.log")
    if kind is LogKind.NOTHING:
        log = os.devnull
    elif kind is LogKind.FILE and server.log is not None and server.log.path:
        log = server.log.path
    return Launch(program, arguments, environment, folder, log)


def is_alive(pid: int, since: float) -> bool:
    """Return whether the process that began at `since` still runs; a later one with the same id is another."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - since) <= _START_TOLERANCE_S
        return same and process.status() != psutil.STATUS_ZOMBIE
    except UNREADABLE:
        return False


def terminate(pid: int, since: float) -> None:
    """Ask a process to end, if it still runs. Raises PanelError if it is suspended: it would end when it goes on."""
    if is_alive(pid, since):
        with contextlib.suppress(*UNREADABLE):
            process = psutil.Process(pid)
            if process.status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP):
                raise PanelError(notice("replacing.suspended", pid=pid))
            process.terminate()


def start(launch: Launch) -> int:
    """Start a server as it ran, and return its process id. Raises PanelError if that fails."""
    command = [launch.program, *launch.arguments]
    try:
        if sys.platform == "win32":
            return _start_detached(launch, command)
        Path(launch.log).parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["/bin/sh", "-c", _IN_BACKGROUND, "sh", launch.log, *command],
            env=launch.environment,
            cwd=launch.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            check=True,
            start_new_session=True,
        )
        return int(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise PanelError(notice("replacing.not_started", command=" ".join(command), reason=reason)) from error


if sys.platform == "win32":

    def _start_detached(launch: Launch, command: list[str]) -> int:
        with Path(launch.log).open("ab") as log:
            flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
            child = subprocess.Popen(
                command, env=launch.environment, cwd=launch.folder, stdout=log, stderr=log, creationflags=flags
            )
        return child.pid
