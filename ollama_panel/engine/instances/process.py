"""A child process and its descendants: spawned in a process group, read line by line, killed together.

It is an `asyncio.SubprocessProtocol` rather than `asyncio.create_subprocess_exec`: `Process.wait()` of some Python
versions waits for the pipe too, which an orphaned runner of Ollama keeps open, and `StreamReader` raises on long lines.
Both loops' child watchers (threads or pidfd in asyncio, libuv in uvloop) work outside the main thread.
"""

import asyncio
import contextlib
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias, cast

import msgspec
import psutil
from typing_extensions import override

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.host.processes import UNREADABLE

if sys.platform == "win32":
    from ollama_panel.engine.instances import _windows as system
else:
    from ollama_panel.engine.instances import _posix as system

_MAX_LINE_BYTES = 64 * 1024
_PIPE_CLOSE_S = 1.0


class LogLine(msgspec.Struct, frozen=True):
    """One line of a child's output; numbers count from 1 and are not reused when the ring drops lines."""

    number: int
    text: str


class LogRing:
    """The last `limit` lines, across restarts of the child. `hide` removes the secrets from each.

    `keep` is called with each line, without its secrets, and with the marks between them, which are not in the ring.
    """

    def __init__(self, limit: int = 5000, keep: Callable[[str], None] = lambda _: None) -> None:
        self.hide: Callable[[str], str] = redact.text
        self._keep = keep
        self._lines: deque[LogLine] = deque(maxlen=limit)
        self._last = 0

    def append(self, text: str) -> None:
        """Add a line."""
        self._last += 1
        hidden = self.hide(text)
        self._lines.append(LogLine(self._last, hidden))
        self._keep(hidden)

    def mark(self, text: str) -> None:
        """Let what is no line of the child be kept between its lines."""
        self._keep(self.hide(text))

    def after(self, number: int) -> tuple[LogLine, ...]:
        """Return the kept lines after number `number`."""
        missing = min(self._last - number, len(self._lines))
        if missing <= 0:
            return ()
        return tuple(self._lines[place] for place in range(len(self._lines) - missing, len(self._lines)))

    def follow(self, before: Sequence[LogLine]) -> int:
        """Put lines of another log before its own; return by how much the numbers of its own have grown."""
        last = before[-1].number if before else 0
        own = [LogLine(line.number + last, line.text) for line in self._lines]
        self._lines = deque((*before, *own), maxlen=self._lines.maxlen)
        self._last += last
        return last

    @property
    def last(self) -> int:
        """The number of the last line, 0 if there was none."""
        return self._last


class Outcome(msgspec.Struct, frozen=True):
    """How a process ended; a negative code is the signal that ended it."""

    code: int

    @property
    def notice(self) -> Notice:
        """The outcome for the user."""
        if self.code >= 0:
            return notice("process.exited", code=self.code)
        try:
            return notice("process.signalled", signal=signal.Signals(-self.code).name)
        except ValueError:
            return notice("process.signal_number", number=-self.code)


class Child(asyncio.SubprocessProtocol):
    """A child process. `on_line` is called with each line of output, `on_exit` once, after the last line."""

    def __init__(self, on_line: Callable[[str], None], on_exit: Callable[[Outcome], None]) -> None:
        self._on_line = on_line
        self._on_exit = on_exit
        self._transport: asyncio.SubprocessTransport | None = None
        self._tree: system.Tree | None = None
        self._partial_line = b""
        self._pipe_open = True
        self._outcome: Outcome | None = None
        self._pipe_timer: asyncio.TimerHandle | None = None
        self._ended = asyncio.Event()
        self.pid = 0

    @property
    def running(self) -> bool:
        """Whether the child itself (not its runners) still runs."""
        return self._outcome is None

    def terminate(self) -> None:
        """Send SIGTERM to the child; Ollama then ends its runners itself."""
        if self._tree is not None and self.running:
            self._tree.terminate()

    def kill(self) -> None:
        """Kill the child and its descendants."""
        if self._tree is not None:
            self._tree.kill()

    async def end(self) -> None:
        """Kill the whole tree and wait for its end, for two seconds at most."""
        self.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * _PIPE_CLOSE_S):
                await self._ended.wait()

    def remember(self, descendants: Sequence[psutil.Process]) -> None:
        """Remember descendants, so that they can be killed after the child has died and orphaned them."""
        if self._tree is not None:
            self._tree.remember(descendants)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods but does not inherit from the class
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self.pid = self._transport.get_pid()
        self._tree = system.Tree(self.pid)

    @override
    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, last = (self._partial_line + data).split(b"\n")
        # Of a line that is too long the rest is dropped: clients could write it so that it reads like another line
        self._partial_line = last[:_MAX_LINE_BYTES]
        for line in lines:
            self._on_line(line[:_MAX_LINE_BYTES].decode(errors="replace").rstrip("\r"))

    @override
    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._pipe_open = False
        if self._partial_line:
            self._on_line(self._partial_line.decode(errors="replace"))
            self._partial_line = b""
        self._finish()

    @override
    def process_exited(self) -> None:
        assert self._transport is not None
        self._outcome = Outcome(self._transport.get_returncode() or 0)
        self.kill()  # the descendants it left behind
        self._pipe_timer = asyncio.get_running_loop().call_later(_PIPE_CLOSE_S, self._close_pipe)
        self._finish()

    def _close_pipe(self) -> None:
        """Stop waiting for the output of a descendant that survived the kill."""
        self._pipe_open = False
        self._finish()

    def _finish(self) -> None:
        if self._outcome is None or self._pipe_open or self._transport is None:
            return
        if self._pipe_timer is not None:
            self._pipe_timer.cancel()
        self._transport.close()
        self._transport = None
        if self._tree is not None:
            self._tree.close()
        self._ended.set()
        self._on_exit(self._outcome)


Spawn: TypeAlias = Callable[
    [Sequence[str], Mapping[str, str], Callable[[str], None], Callable[[Outcome], None]], Awaitable[Child]
]
"""Starts a child, see `spawn`."""


async def spawn(
    argv: Sequence[str],
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    on_exit: Callable[[Outcome], None],
) -> Child:
    """Start `argv` with exactly this environment; `on_line` gets its standard output and error as one stream.

    Raises PanelError if the program does not exist or may not be run.
    """
    loop = asyncio.get_running_loop()
    try:
        _, child = await loop.subprocess_exec(
            lambda: Child(on_line, on_exit),
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(environment),
            **system.SPAWN,
        )
    except FileNotFoundError:
        raise PanelError(notice("program.missing", path=argv[0])) from None
    except PermissionError:
        raise PanelError(notice("program.forbidden", path=argv[0])) from None
    except OSError as problem:
        raise PanelError(notice("program.not_started", path=argv[0], reason=reason_of(problem))) from problem
    return child


def descendants(pid: int) -> list[psutil.Process]:
    """Return the descendants of process `pid`; none if it has ended."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except UNREADABLE:
        return []
