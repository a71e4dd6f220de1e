"""The ports of this machine that are taken, and the processes that listen on them."""

import contextlib
import socket
import sys
from pathlib import Path, PurePath
from typing import Any

import psutil

from ollama_panel.core.launch import HOST
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.host.processes import UNREADABLE, processes

_LISTENS = "0A"
"""The state of a socket that listens, in `/proc/net/tcp`."""


def is_free(host: str, port: int) -> bool:
    """Return whether a server could listen on the port now; connections in TIME_WAIT do not matter.

    True also if no socket can be made to try it: the server will tell.
    """
    try:
        probe = socket.socket()
    except OSError:
        return True
    with probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def taken_ports(first: int, count: int = 64) -> frozenset[int]:
    """Return which of the `count` ports from `first` on are taken."""
    last = min(first + count, 65536)
    return frozenset(port for port in range(first, last) if not is_free(HOST, port))


def listening_process(port: int) -> psutil.Process | None:
    """Return the process that listens on `port`; None if there is none or the system does not tell.

    Linux tells it for the user's own processes only, macOS only with privileges: there the user's processes are
    searched one by one. Blocks for some milliseconds.
    """
    with contextlib.suppress(*UNREADABLE):
        for connection in psutil.net_connections("tcp"):
            if _listens(connection, port) and connection.pid:
                return psutil.Process(connection.pid)
        return None
    for process in processes():
        with contextlib.suppress(*UNREADABLE):
            if any(_listens(connection, port) for connection in process.net_connections("tcp")):
                return process
    return None


def listens_on(pid: int, port: int) -> bool:
    """Return whether process `pid` or a descendant listens on `port`; True also if the system does not tell."""
    try:
        process = psutil.Process(pid)
        tree = [process, *process.children(recursive=True)]
        return any(_listens(connection, port) for one in tree for connection in one.net_connections("tcp"))
    except UNREADABLE:
        return True


def other_users_server(port: int) -> psutil.Process | None:
    """Return the only `ollama serve` of another user, such as the system service; None if there is none or several.

    For a port whose process the system does not tell; those of users that do not listen on it do not count, where the
    system tells that. Blocks for some milliseconds.
    """
    found = other_users_servers(port)
    return found[0] if len(found) == 1 else None


def other_users_servers(port: int) -> tuple[psutil.Process, ...]:
    """Return every `ollama serve` of another user that may listen on `port`, as `other_users_server`."""
    found, listeners = list[psutil.Process](), listening_users(port)
    for process in processes():
        with contextlib.suppress(*UNREADABLE):
            program, *arguments = process.cmdline() or [""]
            named = PurePath(program).stem == "ollama" and arguments[:1] == ["serve"]
            foreign = named and process.username() != psutil.Process().username()
            if foreign and (not listeners or process.uids().effective in listeners):
                found.append(process)
    return tuple(found)


def listening_users(port: int, folder: Path = Path("/proc/net")) -> frozenset[int]:
    """Return the ids of the users who listen on `port`; none where the system does not tell.

    Linux tells everybody, in the eighth column of `tcp` and `tcp6` (kernel documentation `networking/proc_net_tcp`).
    """
    users = set[int]()
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(OSError, ValueError):
            for line in (folder / name).read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENS and int(columns[1].rpartition(":")[2], 16) == port:
                    users.add(int(columns[7]))
    return frozenset(users)


def listening_names(port: int) -> frozenset[str]:
    """Return the names of the users who listen on `port`; none where the system does not tell."""
    return frozenset(filter(None, map(_name_of_user, listening_users(port))))


def owner_of(port: int) -> Notice:
    """Return the process that listens on `port`, else its user, as a part of a notice."""
    process = listening_process(port)
    if process is None:
        users = listening_users(port)
        if len(users) == 1 and (name := _name_of_user(*users)):
            return notice("port.owner_user", user=name)
        return notice("port.owner_unknown")
    try:
        return notice("port.owner", name=process.name(), pid=process.pid)
    except UNREADABLE:
        return notice("port.owner_process", pid=process.pid)


def _name_of_user(number: int) -> str:
    """Return the name of a user, "" if the system has none."""
    if sys.platform != "win32":
        import pwd

        with contextlib.suppress(KeyError):
            return pwd.getpwuid(number).pw_name
    return ""


def _listens(connection: Any, port: int) -> bool:
    return connection.status == psutil.CONN_LISTEN and bool(connection.laddr) and connection.laddr.port == port
