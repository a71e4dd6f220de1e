"""The program that finds out which processes are behind local connections; `engine.host.connections` runs it.

It answers each line of its input, such as `{"local": [40312], "remote": [11435]}`, with a line of JSON, and ends with
its input, so it outlives no panel. It runs as a file by itself and imports little, for its memory.

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
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

Address: TypeAlias = tuple[str, int]
Ends: TypeAlias = tuple[Address, Address]
Facts: TypeAlias = dict[str, Any]
"""A connection in the form of `proxy.identity.LocalConnection`."""

TABLES = ("tcp", "tcp6")
_PRIORITY = 10
"""Added to the nice value: streams go first."""
_COMM_LENGTH = 15
"""Of a longer name the kernel keeps the beginning (`proc(5)`, `comm`)."""
_ARGUMENTS, _TEXT = 8, 256
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


def _from_proc(proc: Path, local: frozenset[int], remote: frozenset[int]) -> list[Facts]:
    sockets: dict[str, Ends] = {}
    users: set[int] = set()
    for table in TABLES:
        with contextlib.suppress(OSError):  # tcp6 is missing where IPv6 is off
            for line in (proc / "self/net" / table).read_text("ascii").splitlines()[1:]:
                _, here, there, _, _, _, _, user, _, inode, *_ = line.split()
                ports = int(here[-4:], 16), int(there[-4:], 16)
                if inode != "0" and _wanted(*ports, local, remote):
                    sockets[f"socket:[{inode}]"] = (_address(here), _address(there))
                    users.add(int(user))
    found = []
    for pid in sorted(
        (int(one.name) for one in proc.iterdir() if one.name.isdecimal()) if sockets else (), reverse=True
    ):
        with contextlib.suppress(OSError):  # it has ended, or the system does not tell
            if (proc / str(pid)).stat().st_uid not in users:
                continue
            facts: Facts | None = None
            for ends in _owned(proc / str(pid) / "fd", sockets):
                facts = facts or _linux_process(proc, pid)
                found.append(_connection(ends, facts))
        if not sockets:
            break
    return found


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
        facts["own"] = process.username() == psutil.Process().username()
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


def answer(line: str, look: Callable[[frozenset[int], frozenset[int]], list[Facts]]) -> str:
    """Return the answer to a line; `cpu_s` are the seconds of CPU it took."""
    began = time.process_time()
    asked = json.loads(line)
    found = look(frozenset(asked["local"]), frozenset(asked["remote"]))
    return json.dumps({"connections": found, "cpu_s": time.process_time() - began})


def serve(lines: Iterable[str], say: Callable[[str], object]) -> None:
    """Answer every line."""
    proc = Path("/proc") if sys.platform == "linux" else None
    for line in lines:
        say(answer(line, lambda local, remote: find(local, remote, proc)) + "\n")


def main() -> None:
    """Answer the lines of the standard input until it ends."""
    if hasattr(os, "nice"):
        os.nice(_PRIORITY)
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        serve(iter(sys.stdin.readline, ""), lambda text: (sys.stdout.write(text), sys.stdout.flush()))


if __name__ == "__main__":
    main()
