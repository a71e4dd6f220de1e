"""Finds out in the background which local process is behind a connection.

Reading the sockets of all processes takes 20 ms of CPU on a small machine, tenths of seconds on a busy one, and blocks
the streams meanwhile. So no request waits for it (until then a client is named by its address), one look-up serves all
new connections, and look-ups take at most a hundredth of the time.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import psutil

from ollama_panel.core.text import valid_text

Peer: TypeAlias = tuple[str, int]

LOOPBACK = ("127.0.0.1", "::1")
MIN_INTERVAL_S = 1.0
MAX_TIME_SHARE = 0.01
"""The largest share of the time that look-ups may take."""


def local_clients() -> dict[Peer, str]:
    """Return the process of every established loopback connection by its address, as "name (pid 1234)"."""
    found: dict[Peer, str] = {}
    names: dict[int, str] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.pid and connection.laddr and connection.laddr.ip in LOOPBACK:
            name = names.get(connection.pid) or names.setdefault(connection.pid, _name(connection.pid))
            found[(connection.laddr.ip, connection.laddr.port)] = name
    return found


def _name(pid: int) -> str:
    try:
        return f"{valid_text(psutil.Process(pid).name())} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"


class ProcessNames:
    """The process names of the open connections; `clock` is the loop's time in seconds.

    `on_found` is called when names were looked up.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        spawn: Callable[[Callable[[], dict[Peer, str]]], asyncio.Future[dict[Peer, str]]] | None = None,
        on_found: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._on_found = on_found
        self._spawn = spawn
        self._names: dict[Peer, str] = {}
        self._unresolved: set[Peer] = set()
        self._running = False
        self._next = 0.0

    def name(self, peer: Peer) -> str | None:
        """Return the process behind `peer`, or None while unknown; start a look-up if one is due."""
        name = self._names.get(peer)
        if name is None:
            self._names[peer] = ""
            self._unresolved.add(peer)
        self._look_up_if_due()
        return name or None

    def forget(self, peer: Peer) -> None:
        """Forget a closed connection: another process may get its port."""
        if self._names.pop(peer, None) is not None:
            self._unresolved.discard(peer)

    def _look_up_if_due(self) -> None:
        if self._unresolved and not self._running and self._clock() >= self._next:
            self._look_up()

    def _look_up(self) -> None:
        self._running = True
        self._unresolved.clear()
        loop = asyncio.get_running_loop()
        job = self._spawn(local_clients) if self._spawn else loop.run_in_executor(None, local_clients)
        job.add_done_callback(partial(self._looked_up, self._clock()))

    def _looked_up(self, began: float, job: asyncio.Future[dict[Peer, str]]) -> None:
        self._running = False
        now = self._clock()
        self._next = now + max(MIN_INTERVAL_S, (now - began) / MAX_TIME_SHARE)
        if job.cancelled():
            return
        if job.exception() is not None:
            # Some systems do not permit this to ordinary users: clients keep their addresses, with no further look-up.
            self._next = float("inf")
            return
        found = job.result()
        self._names = {peer: name or found.get(peer, "") for peer, name in self._names.items()}
        self._on_found()
        if self._unresolved:
            asyncio.get_running_loop().call_later(self._next - now, self._look_up_if_due)
