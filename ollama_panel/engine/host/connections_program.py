"""The program that finds out which processes are behind local connections; `engine.host.connections` runs it.

It answers each line of its input, such as `{"local": [40312], "remote": [11435]}`, with a line of JSON, and ends with
its input, so it outlives no panel. `{"servers": [11434], "besides": [4711]}` asks who is connected to servers of this
machine, besides some processes. It runs as a file by itself and imports little, for its memory.

On Linux it reads `/proc` itself: `psutil.net_connections` opens every process and reads every descriptor's target, 150
to 200 ms at 1,500 connections; here the kernel's table names the sockets that are asked for (`proc(5)`,
`/proc/net/tcp`), and only processes of their owner are searched, the newest first, until all are found.
"""

import contextlib
import json
import os
import socket
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

Address: TypeAlias = tuple[str, int]
Ends: TypeAlias = tuple[Address, Address]
Facts: TypeAlias = dict[str, Any]
"""A connection in the form of `proxy.identity.LocalConnection`."""

Question: TypeAlias = dict[str, list[int]]

TABLES = ("tcp", "tcp6")
_ESTABLISHED = "01"
"""The state of a connection that is open (Linux `include/net/tcp_states.h`)."""
_found: OrderedDict[int, None] = OrderedDict()
_MOST_FOUND = 16
"""The processes that were found last, and how many of them are remembered."""
_PRIORITY = 10
"""Added to the nice value: streams go first."""
_COMM_LENGTH = 15
"""Of a longer name the kernel keeps the beginning (`proc(5)`, `comm`)."""
_ARGUMENTS, _TEXT = 16, 512
"""How many arguments of a process are told, and how many characters of each and of every other text."""


def find(local: frozenset[int], remote: frozenset[int], proc: Path | None = None) -> list[Facts]:
    """Return the TCP connections whose local and remote ports are among those given; an empty set admits all.

    Each has the process that owns its local end; the remote port of a listening socket is 0. Left out are connections
    that ended, and those whose process the system does not tell: of other users, except on Windows and for root. `proc`
    is `/proc`, None = the system has none like Linux's.
    """
    return _from_proc(proc, local, remote) if proc is not None else _from_psutil(local, remote)


def _wanted(local_port: int, remote_port: int, local: frozenset[int], remote: frozenset[int]) -> bool:
    return (not local or local_port in local) and (not remote or remote_port in remote)


def find_clients(servers: frozenset[int], besides: frozenset[int], proc: Path | None = None) -> list[Facts]:
    """Return the connections that are open to the ports `servers` of this machine, seen from the clients' ends.

    Left out are those of the processes `besides`, and those that end while they are looked at: they may be one of
    these. Where the system does not tell the process of a client, as of other
    users, its `pid` is 0; so is that of another machine, or of a container with an address of its own, whose
    `interface` is the one of this machine that leads there, "" if unknown.
    """
    return _clients_from_proc(proc, servers, besides) if proc is not None else _clients_from_psutil(servers, besides)


def _from_proc(proc: Path, local: frozenset[int], remote: frozenset[int]) -> list[Facts]:
    sockets: dict[str, Ends] = {}
    users: set[int] = set()
    for ends, ports, user, inode, _ in _sockets(proc):
        if inode != "0" and _wanted(*ports, local, remote):
            sockets[_target(inode)] = _addresses(ends)
            users.add(user)
    return [_connection(ends, facts) for ends, facts in _owners(proc, sockets, users)]


def _clients_from_proc(proc: Path, servers: frozenset[int], besides: frozenset[int]) -> list[Facts]:
    sockets: dict[str, Ends] = {}
    users: dict[Ends, int] = {}
    away: list[Ends] = []
    for texts, ports, user, inode, state in _sockets(proc):
        if state != _ESTABLISHED or servers.isdisjoint(ports):
            continue
        ends = _addresses(texts)
        if ports[1] in servers and _is_here(ends):
            sockets[_target(inode)] = ends
            users[ends] = user
        elif ports[0] in servers and not _is_here(ends):
            away.append((ends[1], ends[0]))
    for pid in besides:
        with contextlib.suppress(OSError):  # it has ended
            for ends in _owned(proc / str(pid) / "fd", sockets):
                del users[ends]
    owners = _owners(proc, sockets, set(users.values()))
    found = [_connection(ends, {**facts, "user": _user_name(users[ends])}) for ends, facts in owners]
    if sockets:
        still_open = {_target(inode) for _, _, _, inode, state in _sockets(proc) if state == _ESTABLISHED}
        others = [ends for target, ends in sockets.items() if target in still_open]
        found += [_connection(ends, _unknown(_user_name(users[ends]))) for ends in others]
    routes = _routes(proc) if away else []
    return found + [_connection(ends, _unknown(interface=_interface(routes, ends[0][0]))) for ends in away]


def _sockets(proc: Path) -> Iterator[tuple[tuple[str, str], tuple[int, int], int, str, str]]:
    """Yield the ends of each socket in the kernel's tables, their ports, its user, its inode and its state.

    The ends are as the kernel writes them, because few are wanted. Inode "0" = it has ended.
    """
    for table in TABLES:
        with contextlib.suppress(OSError):  # tcp6 is missing where IPv6 is off
            for line in (proc / "self/net" / table).read_text("ascii").splitlines()[1:]:
                _, here, there, state, _, _, _, user, _, inode, *_ = line.split()
                yield (here, there), (int(here[-4:], 16), int(there[-4:], 16)), int(user), inode, state


def _addresses(ends: tuple[str, str]) -> Ends:
    return _address(ends[0]), _address(ends[1])


def _target(inode: str) -> str:
    """Return what the descriptor of a socket leads to."""
    return f"socket:[{inode}]"


def _owners(proc: Path, sockets: dict[str, Ends], users: set[int]) -> Iterator[tuple[Ends, Facts]]:
    """Yield sockets with their processes, which are of these users, and take them out.

    The processes that were found last come first: a program that connects anew for each request is found at once.
    """
    for pid in _processes(proc) if sockets else ():
        with contextlib.suppress(OSError):  # it has ended, or the system does not tell
            if (proc / str(pid)).stat().st_uid not in users:
                continue
            facts: Facts | None = None
            for ends in _owned(proc / str(pid) / "fd", sockets):
                facts = facts or _linux_process(proc, pid)
                yield ends, facts
            if facts is not None:
                _found[pid] = None
                _found.move_to_end(pid)
        if not sockets:
            break


def _processes(proc: Path) -> Iterator[int]:
    """Yield the processes that were found last, then all others, the newest first."""
    while len(_found) > _MOST_FOUND:
        _found.popitem(last=False)
    first = list(reversed(_found))
    yield from first
    known = frozenset(first)
    yield from sorted(
        (pid for one in proc.iterdir() if one.name.isdecimal() and (pid := int(one.name)) not in known), reverse=True
    )


def _is_here(ends: Ends) -> bool:
    """Return whether both ends are on this machine: a program that calls its address has that address itself."""
    (local, _), (remote, _) = _plain(ends[0]), _plain(ends[1])
    return local == remote or remote.startswith("127.") or remote == "::1"


def _unknown(user: str = "", interface: str = "") -> Facts:
    return {"pid": 0, "name": "", "program": "", "arguments": [], "own": False, "user": user, "interface": interface}


@lru_cache(maxsize=64)
def _user_name(number: int) -> str:
    import pwd  # here, because other systems have none

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _routes(proc: Path) -> list[tuple[int, int, str]]:
    """Return the mask, the network and the interface of each route, the most special first (`proc(5)` net/route)."""
    with contextlib.suppress(OSError, ValueError):
        lines = (proc / "self/net/route").read_text("ascii").splitlines()[1:]
        rows = [line.split() for line in lines]
        return sorted(((int(row[7], 16), int(row[1], 16), row[0]) for row in rows), reverse=True, key=_length)
    return []


def _length(route: tuple[int, int, str]) -> int:
    return route[0].bit_count()


def _interface(routes: list[tuple[int, int, str]], address: str) -> str:
    try:
        number = int.from_bytes(socket.inet_aton(_plain((address, 0))[0]), sys.byteorder)
    except OSError:  # of IPv6
        return ""
    return next((name for mask, network, name in routes if number & mask == network), "")


def _owned(descriptors: Path, sockets: dict[str, Ends]) -> Iterator[Ends]:
    """Yield the wanted sockets among the descriptors of a process and take them out; the newest come first."""
    for descriptor in reversed(list(descriptors.iterdir())):
        try:
            target = descriptor.readlink()
        except OSError:
            continue  # it has been closed
        ends = sockets.pop(str(target), None)
        if ends is not None:
            yield ends
            if not sockets:
                return


def _address(text: str) -> Address:
    """Return an address of the kernel's table: words of 32 bits in the machine's byte order, then the port."""
    words, _, port = text.partition(":")
    packed = b"".join(int(words[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(words), 8))
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed), int(port, 16)


def _linux_process(proc: Path, pid: int) -> Facts:
    folder = proc / str(pid)
    facts: Facts = {"pid": pid, "name": "", "program": "", "arguments": [], "own": folder.stat().st_uid == os.getuid()}
    with contextlib.suppress(OSError):
        facts["name"] = os.fsdecode((folder / "comm").read_bytes().rstrip(b"\n"))
        facts["arguments"] = os.fsdecode((folder / "cmdline").read_bytes()).split("\0")[:-1]
        facts["program"] = str((folder / "exe").readlink()).removesuffix(" (deleted)")
    called = Path(*facts["arguments"][:1]).name
    if len(facts["name"]) >= _COMM_LENGTH and called.startswith(facts["name"]):
        facts["name"] = called
    return facts


def _from_psutil(local: frozenset[int], remote: frozenset[int]) -> list[Facts]:
    import psutil  # here, because Linux needs none of its 3 MB

    found = []
    processes: dict[int, Facts] = {}
    for pid, connection in _connections(psutil):
        ends = connection.laddr, connection.raddr or ("", 0)
        if pid and connection.laddr and _wanted(ends[0][1], ends[1][1], local, remote):
            facts = processes.get(pid) or processes.setdefault(pid, _process(psutil, pid))
            found.append(_connection((tuple(ends[0]), tuple(ends[1])), facts))
    return found


def _clients_from_psutil(servers: frozenset[int], besides: frozenset[int]) -> list[Facts]:
    import psutil  # here, because Linux needs none of its 3 MB

    found = []
    processes: dict[int, Facts] = {}
    for pid, connection in _connections(psutil):
        if connection.status != psutil.CONN_ESTABLISHED or pid in besides:
            continue
        ends: Ends = tuple(connection.laddr), tuple(connection.raddr)
        if ends[1][1] in servers and _is_here(ends):
            facts = _unknown() if not pid else processes.get(pid) or processes.setdefault(pid, _process(psutil, pid))
            found.append(_connection(ends, facts))
        elif ends[0][1] in servers and not _is_here(ends):
            found.append(_connection((ends[1], ends[0]), _unknown()))
    return found


def _connections(psutil: Any) -> Iterator[tuple[int | None, Any]]:
    """Yield all connections that the system tells; macOS tells those of all processes to root only."""
    try:
        for connection in psutil.net_connections("tcp"):
            yield connection.pid, connection
    except psutil.AccessDenied:
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                for connection in process.net_connections("tcp"):
                    yield process.pid, connection


def _process(psutil: Any, pid: int) -> Facts:
    facts: Facts = {"pid": pid, "name": "", "program": "", "arguments": [], "own": False}
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        facts["name"] = process.name()
        facts["user"] = process.username()
        facts["own"] = facts["user"] == psutil.Process().username()
        facts["program"] = process.exe()
        facts["arguments"] = process.cmdline()
    return facts


def _connection(ends: Ends, process: Facts) -> Facts:
    texts = {"name": _text(process["name"]), "program": _text(process["program"])}
    arguments = [_text(one) for one in process["arguments"][:_ARGUMENTS]]
    return {**process, **texts, "arguments": arguments, "local": _plain(ends[0]), "remote": _plain(ends[1])}


def _text(text: str) -> str:
    """Return valid text in place of a name, which may be any bytes."""
    return text[:_TEXT].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _plain(address: Address) -> Address:
    """Return an IPv4 address as such if a socket of IPv6 has it."""
    return address[0].removeprefix("::ffff:") if "." in address[0] else address[0], address[1]


def answer(line: str, look: Callable[[Question], list[Facts]]) -> str:
    """Return the answer to a line; `cpu_s` are the seconds of CPU it took."""
    began = time.process_time()
    found = look(json.loads(line))
    return json.dumps({"connections": found, "cpu_s": time.process_time() - began})


def serve(lines: Iterable[str], say: Callable[[str], object]) -> None:
    """Answer every line."""
    proc = Path("/proc") if sys.platform == "linux" else None
    for line in lines:
        say(answer(line, lambda asked: look(asked, proc)) + "\n")


def look(asked: Question, proc: Path | None) -> list[Facts]:
    """Return the connections that a question is about."""
    if "servers" in asked:
        return find_clients(frozenset(asked["servers"]), frozenset(asked["besides"]), proc)
    return find(frozenset(asked["local"]), frozenset(asked["remote"]), proc)


def main() -> None:
    """Answer the lines of the standard input until it ends."""
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        serve(iter(sys.stdin.readline, ""), lambda text: (sys.stdout.write(text), sys.stdout.flush()))


if __name__ == "__main__":
    main()
