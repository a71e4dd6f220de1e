"""Finds out which local process is behind a connection; no request waits for its name.

Until it is known a client is named by its address, one look-up serves all new connections, and look-ups take at most a
fiftieth of the time of a core.
"""

import asyncio
from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import PurePath
from typing import TypeAlias

import msgspec

from ollama_panel.core.clients import Process
from ollama_panel.core.program_names import program_name

Peer: TypeAlias = tuple[str, int]

LOOPBACK = ("127.0.0.1", "::1")
MIN_INTERVAL_S = 0.2
"""How soon a look-up follows another: embeddings and the answers of small models take some tenths of a second."""
FAILED_INTERVAL_S = 60.0
"""How long nothing is looked up after a failure."""
MAX_TIME_SHARE = 0.02
"""The largest share of the time of a core that look-ups may take."""

_name = lru_cache(maxsize=256)(program_name)
"""A flood of connections is that of few programs."""


class LocalConnection(msgspec.Struct, frozen=True):
    """A TCP connection of this machine, seen from the process that owns its local end.

    `name` is the process's, `program` the path of its program and `arguments` the first few; all "" or () where the
    system does not tell. `user` is its user, `own`: it is the panel's. `pid` is 0 where no process is known;
    `interface` is then that of this machine which leads to a client that is elsewhere, "" if unknown.
    """

    local: Peer
    remote: Peer
    pid: int
    name: str
    program: str
    arguments: tuple[str, ...]
    own: bool
    user: str = ""
    interface: str = ""

    @property
    def shown(self) -> str:
        """The process as people see it: "name (pid 1234)". It may have given itself any name."""
        name = self.process.name
        return f"{name} (pid {self.pid})" if name else f"pid {self.pid}"

    @property
    def process(self) -> Process:
        """The process, by the name of the script that it runs if it is an interpreter."""
        return Process(self.pid, _name(self.name, self.program, self.arguments), self.program)


class Found(msgspec.Struct, frozen=True):
    """What a look-up found, and the seconds of CPU it took."""

    connections: tuple[LocalConnection, ...] = ()
    cpu_s: float = 0.0


LookUp: TypeAlias = Callable[[Collection[int], Collection[int]], asyncio.Future[Found | None]]
"""Finds the connections of this machine by their local and remote ports (of the process's own end, and of the other);
no ports = any. None = unknown. It never raises."""


class ProcessNames:
    """The process names of the open connections; `clock` is the loop's time in seconds, `port` the server's.

    `on_found` is called when names were looked up.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        look_up: LookUp,
        port: Callable[[], int],
        on_found: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._look_up = look_up
        self._port = port
        self._on_found = on_found
        self._names: dict[Peer, str] = {}
        self._processes: dict[Peer, Process] = {}
        self._unresolved: set[Peer] = set()
        self._running = False
        self._next = 0.0

    def name(self, peer: Peer) -> str | None:
        """Return the process behind `peer`, or None while unknown; start a look-up if one is due."""
        name = self._names.get(peer)
        if name is None:
            self._names[peer] = ""
            self._unresolved.add(peer)
        if self._unresolved:
            self._look_up_if_due()
        return name or None

    def process(self, peer: Peer) -> Process | None:
        """Return the process behind `peer` as far as it is known; nothing is looked up for it."""
        return self._processes.get(peer)

    def forget(self, peer: Peer) -> None:
        """Forget a closed connection: another process may get its port."""
        self._processes.pop(peer, None)
        if self._names.pop(peer, None) is not None:
            self._unresolved.discard(peer)

    def _look_up_if_due(self) -> None:
        if self._unresolved and not self._running and self._clock() >= self._next:
            self._running = True
            wanted, self._unresolved = self._unresolved, set()
            job = self._look_up([port for _, port in wanted], [self._port()])
            job.add_done_callback(lambda job: self._looked_up(wanted, None if job.cancelled() else job.result()))

    def _looked_up(self, wanted: set[Peer], found: Found | None) -> None:
        self._running = False
        now = self._clock()
        if found is None:
            self._unresolved |= wanted & self._names.keys()
            self._next = now + FAILED_INTERVAL_S
        else:
            self._next = now + max(MIN_INTERVAL_S, found.cpu_s / MAX_TIME_SHARE)
            for one in found.connections:
                if self._names.get(one.local) == "":
                    self._names[one.local] = one.shown
                    self._processes[one.local] = one.process
            self._on_found()
        if self._unresolved:
            asyncio.get_running_loop().call_later(self._next - now, self._look_up_if_due)


_SERVING = frozenset({"serve", "start", "runner"})
"""The commands of `ollama` that answer others, and might pass on what those ask for (Ollama `cmd/cmd.go`)."""


async def is_own_ollama(look_up: LookUp, peer: Peer, server: Peer) -> bool:
    """Return whether the `ollama` command of the panel's own user is at the other end of a connection from `peer`.

    Whoever runs it could read the panel's files, and it relays for nobody, unlike a reverse proxy or a tunnel. Both
    ends are compared: another program may use the same port towards another address.
    """
    found = await look_up([peer[1]], [server[1]]) or Found()
    return any(_is_own_command(one) for one in found.connections if (one.local, one.remote) == (peer, server))


def _is_own_command(connection: LocalConnection) -> bool:
    called = PurePath(connection.program).name in ("ollama", "ollama.exe")
    return called and connection.own and _SERVING.isdisjoint(connection.arguments[1:2])
