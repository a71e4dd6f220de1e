"""Which local process is behind a connection, learned in the background.

Looking through the sockets of all processes takes milliseconds to tenths of seconds, so nobody waits for it: a
connection is known by its address until the look-up has an answer, and one look-up serves all that ask meanwhile.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import psutil

Peer: TypeAlias = tuple[str, int]

LOOPBACK = ("127.0.0.1", "::1")
INTERVAL_S = 1.0
REMEMBERED = 4096


def local_clients() -> dict[Peer, str]:
    """Return, for every established loopback connection, what process it belongs to, as "name (pid 1234)"."""
    found: dict[Peer, str] = {}
    names: dict[int, str] = {}
    for connection in psutil.net_connections("tcp"):
        if connection.pid and connection.laddr and connection.laddr.ip in LOOPBACK:
            name = names.get(connection.pid) or names.setdefault(connection.pid, _name(connection.pid))
            found[(connection.laddr.ip, connection.laddr.port)] = name
    return found


def _name(pid: int) -> str:
    try:
        return f"{psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return f"pid {pid}"


class ProcessNames:
    """Answers at once from what is known; starts a look-up, at most one a second, for what is not."""

    def __init__(self, spawn: Callable[[Callable[[], dict[Peer, str]]], asyncio.Future[dict[Peer, str]]] | None = None):
        self._known: dict[Peer, str | None] = {}
        self._spawn = spawn
        self._running = False
        self._next = 0.0

    def name(self, peer: Peer, now: float) -> str | None:
        """Return the process behind `peer`, None while unknown; `now` is the loop's time in seconds."""
        if peer in self._known:
            return self._known[peer]
        if not self._running and now >= self._next:
            self._look_up(peer, now)
        return None

    def forget(self, peer: Peer) -> None:
        """Drop a closed connection: its port will be somebody else's."""
        self._known.pop(peer, None)

    def _look_up(self, peer: Peer, now: float) -> None:
        self._running = True
        self._next = now + INTERVAL_S
        loop = asyncio.get_running_loop()
        job = self._spawn(local_clients) if self._spawn else loop.run_in_executor(None, local_clients)
        job.add_done_callback(partial(self._learned, peer))

    def _learned(self, peer: Peer, job: asyncio.Future[dict[Peer, str]]) -> None:
        self._running = False
        if job.cancelled():
            return
        if job.exception() is not None:
            # Some systems do not let an ordinary user look: addresses will do, and asking again would be in vain.
            self._next = float("inf")
            return
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._known.update(job.result())
        self._known.setdefault(peer, None)
