"""Accepts connections: all that wait at once, within the limit, and hands them to the loop a few at a time.

Own code, because neither loop does both. uvloop accepts one connection in each turn: of 10,000 that come at once the
kernel drops what exceeds its backlog of 4096 meanwhile, and resets 6 to 11 % of them. asyncio accepts and starts as
many as the backlog holds in one turn, and streams stand still for tens of milliseconds. Neither can pause.
"""

import asyncio
import errno
import logging
import select
import socket
from collections import deque
from collections.abc import Callable, Sequence

from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.listening import BACKLOG, addresses, open_families

_log = logging.getLogger(__name__)

ACCEPTED_PER_TURN = 256
"""How many connections a socket accepts in one turn of the loop, which takes a millisecond or two."""
STARTED_PER_TURN = 2
"""How many of them are given to the loop in one turn, at some 0.1 ms each and what their requests take in the next: the
more, the longer running streams and the first bytes of others wait."""
RETRY_S = 0.1
"""How long accepting rests after the system has refused a connection."""
TOLD_AGAIN_S = 60.0
"""How often the log says so while that goes on."""
PRESSURE_S = 1.0
"""How often silent connections are looked for while others wait for room."""
REPEAT_S = 0.05
"""The same, as long as some are found: the room that these made is filled by then."""

_AGAIN = frozenset(
    getattr(errno, name, 0)
    for name in (
        *("ECONNABORTED", "EPERM", "EPROTO", "ENETDOWN", "ENETUNREACH", "ENONET"),
        *("ENOPROTOOPT", "EHOSTDOWN", "EHOSTUNREACH", "EOPNOTSUPP", "EINTR"),
    )
)
"""Errors of one connection, which accept(2) reports instead of it; the next may be sound."""


class Acceptor:
    """Accepts on `sockets`, which it owns, and makes a protocol of `new_protocol` for each connection.

    The protocol's owner calls `limit.release` when the connection is lost. While the limit is reached, accepting
    pauses, the kernel holds the newcomers, and `make_room` is called from time to time if there are any; it returns
    whether it closed connections. `open` raises
    OSError if the loop cannot watch the sockets.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        new_protocol: Callable[[], asyncio.Protocol],
        limit: ConnectionLimit,
        make_room: Callable[[], bool] = lambda: False,
    ) -> None:
        self._sockets = tuple(sockets)
        self._new_protocol = new_protocol
        self._limit = limit
        self._make_room = make_room
        self._loop = asyncio.get_running_loop()
        self._accepted: deque[socket.socket] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._started = asyncio.Event()
        self._started.set()
        self._paused = False
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = -TOLD_AGAIN_S

    @property
    def port(self) -> int:
        """The port of all sockets; 0 once closed."""
        return int(self._sockets[0].getsockname()[1]) if not self._closed else 0

    @property
    def open_families(self) -> tuple[int, ...]:
        """The families of which it accepts on all addresses of the machine."""
        return () if self._closed else open_families(self._sockets)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses on which it accepts; none once closed."""
        return frozenset() if self._closed else addresses(self._sockets)

    async def open(self) -> None:
        """Begin to accept. Windows' loop cannot watch a socket, so it accepts itself there, without a limit."""
        try:
            self._watch()
        except NotImplementedError:
            for listening in self._sockets:
                self._servers.append(await self._loop.create_server(self._counted, sock=listening))

    def close(self) -> None:
        """Accept what the kernel holds, as far as the limit permits, and stop listening."""
        if self._closed:
            return
        self._closed = True
        if not self._servers:
            for listening in self._sockets:
                self._accept_from(listening, BACKLOG)
            self._unwatch()
        self._limit.wait_no_more(self._room)
        if self._timer is not None:
            self._timer.cancel()
        for server in self._servers:
            server.close()
        for listening in self._sockets:
            listening.close()

    async def wait_started(self) -> None:
        """Wait until every connection that was accepted has its protocol."""
        await self._started.wait()

    def _watch(self) -> None:
        for listening in self._sockets:
            self._loop.add_reader(listening.fileno(), self._accept_from, listening, ACCEPTED_PER_TURN)

    def _unwatch(self) -> None:
        for listening in self._sockets:
            self._loop.remove_reader(listening.fileno())

    def _counted(self) -> asyncio.Protocol:
        self._limit.take()
        return self._new_protocol()

    def _accept_from(self, listening: socket.socket, most: int) -> bool:
        """Accept up to `most` connections; return whether there may be more."""
        for accepted in range(most):
            if self._limit.full:
                if not accepted:  # one waits; whether another one does after these, the next turn shows
                    self._pause()
                return True
            try:
                connection, _ = listening.accept()
            except BlockingIOError:
                return False
            except OSError as error:
                if error.errno in _AGAIN:
                    continue
                self._stumble(error)
                return True
            connection.setblocking(False)
            self._limit.take()
            self._accepted.append(connection)
            if len(self._accepted) == 1:
                self._started.clear()
                self._loop.call_soon(self._start_some)
        return True

    def _start_some(self) -> None:
        for _ in range(min(STARTED_PER_TURN, len(self._accepted))):
            task = self._loop.create_task(self._start(self._accepted.popleft()))
            self._starting.add(task)
            task.add_done_callback(self._start_done)
        if self._accepted:
            self._loop.call_soon(self._start_some)

    async def _start(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._new_protocol, connection)
        except OSError as error:
            connection.close()
            self._limit.release()
            _log.warning("A connection could not be served: %s.", error)

    def _start_done(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if not self._starting and not self._accepted:
            self._started.set()

    def _pause(self) -> None:
        """Leave newcomers to the kernel until there is room."""
        if self._paused or self._closed:
            return
        self._paused = True
        self._limit.pauses += 1
        self._unwatch()
        self._limit.wait(self._room)
        self._relieve()

    def _relieve(self) -> None:
        """Make room if somebody waits for it, and look again later."""
        made = self._newcomers() and self._make_room()
        self._timer = self._loop.call_later(REPEAT_S if made else PRESSURE_S, self._relieve)

    def _room(self) -> None:
        """Accept again; the pause ends once nobody waits any more."""
        waiting = [listening for listening in self._sockets if self._accept_from(listening, ACCEPTED_PER_TURN)]
        if not waiting or not self._limit.full:
            self._resume()

    def _resume(self) -> None:
        if self._closed or not self._paused:
            return
        self._paused = False
        self._limit.wait_no_more(self._room)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._watch()

    def _stumble(self, error: OSError) -> None:
        """Rest after an error of the system, such as "too many open files", which would come again at once."""
        if self._paused or self._closed:
            return
        self._paused = True
        self._limit.pauses += 1
        if self._loop.time() - self._told_at >= TOLD_AGAIN_S:
            self._told_at = self._loop.time()
            _log.warning("Accepting connections rests: %s.", error.strerror)
        self._unwatch()
        self._make_room()
        self._timer = self._loop.call_later(RETRY_S, self._resume)

    def _newcomers(self) -> bool:
        """Return whether the kernel holds connections that wait to be accepted."""
        poller = select.poll()
        for listening in self._sockets:
            poller.register(listening.fileno(), select.POLLIN)
        return bool(poller.poll(0))
