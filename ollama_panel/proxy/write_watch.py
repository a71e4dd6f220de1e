"""Watches whether a client takes what is written to it, while the write buffer is full or the connection is closing.

Without it a client that does not read keeps its request, its slot and what the proxy has buffered for ever: TCP itself
asks a closed window again and again. As with nginx's `send_timeout`, the time begins anew with all that is taken. In
all of its parts (see `PatientTimer`) nothing must have been taken.
"""

import asyncio
import sys
from collections.abc import Callable

from ollama_panel.proxy.patient_timer import PARTS

if sys.platform != "win32":
    from fcntl import ioctl
    from termios import TIOCOUTQ


class WriteWatch:
    """The watch of one connection: calls `on_stalled` and aborts it once its peer took nothing for its time limit.

    It costs nothing until `start`, and ends by itself when the write buffer has room, or is empty if the connection is
    closing.
    """

    __slots__ = ("_blocked", "_idle_checks", "_limit_s", "_on_stalled", "_pending", "_resumed", "_timer", "_transport")

    def __init__(self, transport: asyncio.Transport, on_stalled: Callable[[float], None]) -> None:
        self._transport = transport
        self._limit_s = 0.0
        self._on_stalled = on_stalled
        self._timer: asyncio.TimerHandle | None = None
        self._blocked = False
        self._resumed = False
        self._pending = 0
        self._idle_checks = 0

    def start(self, limit_s: float, *, blocked: bool) -> None:
        """Begin to watch, if that is not under way; `blocked`: the write buffer is full."""
        self._limit_s = limit_s
        self._blocked = self._blocked or blocked
        if self._timer is None:
            self._resumed, self._idle_checks = False, 0
            self._pending = self._untaken()
            self._schedule()

    def resumed(self) -> None:
        """Note that the write buffer has room again."""
        self._blocked, self._resumed = False, True

    def stop(self) -> None:
        """Stop to watch: the connection is closed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _schedule(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._limit_s / PARTS, self._check)

    def _check(self) -> None:
        self._timer = None
        closing = self._transport.is_closing() and self._transport.get_write_buffer_size() > 0
        if not (self._blocked or closing):
            return
        pending = self._untaken()
        taken = self._resumed or pending < self._pending
        self._resumed, self._pending = False, pending
        self._idle_checks = 0 if taken else self._idle_checks + 1
        if self._idle_checks < PARTS:
            self._schedule()
        else:
            self._on_stalled(self._limit_s)
            self._transport.abort()

    def _untaken(self) -> int:
        """Return the bytes that the peer has not taken: in the write buffer and, where it tells, in the system's.

        The system's counts, too, because a socket becomes writable only when a third of it is free: megabytes, for
        which a client that reads slowly but steadily needs minutes.
        """
        return self._transport.get_write_buffer_size() + unsent(self._transport)


def unsent(transport: asyncio.Transport) -> int:
    """Return how many bytes wait in the send buffer of a socket, 0 if the system does not tell."""
    if sys.platform == "win32":
        return 0
    size = bytearray(4)
    try:
        ioctl(transport.get_extra_info("socket").fileno(), TIOCOUTQ, size)
    except (OSError, ValueError):
        return 0
    return int.from_bytes(size, sys.byteorder)
