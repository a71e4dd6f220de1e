"""Which processes are behind local connections: asked of a child process, so that no stream waits for the answer.

Reading them takes 20 to 200 ms of CPU, and a thread of the panel would hold the interpreter meanwhile. The child
(`engine.host.connections_program`) starts with the first question, and ends when nobody has asked for a while, and with
the panel, however that ends, because its input does. Whatever fails, the answer is None: the processes stay unknown.
"""

import asyncio
import contextlib
import json
import logging
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypedDict

import msgspec

from ollama_panel.engine.host import connections_program
from ollama_panel.proxy.identity import Found

TIMEOUT_S = 5.0
"""How long an answer may take, the start of the child included."""
IDLE_S = 60.0
"""How long the child stays without a question: its start takes a tenth of a second, its memory 14 MB."""
PAUSE_S = 60.0
MAX_PAUSE_S = 3600.0
"""How long no child is started after a failure, doubled each time up to the latter."""
MAX_WAITING = 16
"""How many questions may wait; more are not answered."""
_MAX_ANSWER_BYTES = 16 << 20
_ENDED = "the process that looks them up has ended"

_log = logging.getLogger(__name__)


class _Detached(TypedDict, total=False):
    start_new_session: bool
    creationflags: int


if sys.platform == "win32":
    _DETACHED: _Detached = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _DETACHED: _Detached = {"start_new_session": True}
"""Ctrl-C in the panel's terminal is not for the child."""


def child_command() -> list[str]:
    """Return the command that runs the child; [] if the panel does not know its own interpreter.

    `-P`: what lies in the same folder is not importable by its name. A bundle has no files of Python, but its program
    runs modules of the panel.
    """
    if not sys.executable:
        return []
    if getattr(sys, "frozen", False):
        return [sys.executable, "-m", connections_program.__name__]
    return [sys.executable, "-P", str(Path(connections_program.__file__))]


class _Question(msgspec.Struct, frozen=True, eq=False):
    line: bytes
    answer: asyncio.Future[Found | None]


class LocalConnections:
    """Answers questions about local connections while `run` runs; `command` is the child's."""

    def __init__(self, command: Callable[[], Sequence[str]] = child_command) -> None:
        self._command = command
        self._waiting: asyncio.Queue[_Question] = asyncio.Queue(MAX_WAITING)
        self._running = False
        self._pause = PAUSE_S
        self._paused_until = 0.0

    def ask(self, local: Collection[int], remote: Collection[int]) -> asyncio.Future[Found | None]:
        """Return, later, the TCP connections of this machine whose ports are among those given; () admits all.

        The answer is None if it is unknown; it never raises.
        """
        return self._question({"local": list(local), "remote": list(remote)})

    def clients_of(self, servers: Collection[int], besides: Collection[int]) -> asyncio.Future[Found | None]:
        """Return, later, who is connected to the ports `servers` of this machine, but for the processes `besides`.

        The answer is None if it is unknown; it never raises.
        """
        return self._question({"servers": list(servers), "besides": list(besides)})

    def _question(self, asked: connections_program.Question) -> asyncio.Future[Found | None]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found | None] = loop.create_future()
        if not self._running or self._waiting.full() or loop.time() < self._paused_until:
            answer.set_result(None)
        else:
            self._waiting.put_nowait(_Question(json.dumps(asked).encode() + b"\n", answer))
        return answer

    async def run(self) -> None:
        """Answer until cancelled; no child is left."""
        self._running = True
        try:
            while True:
                await self._converse(await self._waiting.get())
        finally:
            self._running = False
            self._give_up()

    async def _converse(self, question: _Question) -> None:
        """Start a child, and ask it until nobody asks any more or it fails."""
        try:
            async with _child(self._command()) as child:
                await self._ask(child, question)
                self._pause = PAUSE_S
                with contextlib.suppress(TimeoutError):
                    while True:
                        async with asyncio.timeout(IDLE_S):
                            question = await self._waiting.get()
                        await self._ask(child, question)
        except (OSError, ValueError, EOFError, msgspec.MsgspecError) as error:
            self._paused_until = asyncio.get_running_loop().time() + self._pause
            self._pause = min(2 * self._pause, MAX_PAUSE_S)
            _log.warning("Local programs are not known by name for a while: %s", str(error) or type(error).__name__)
            self._give_up()
        finally:
            _tell(question, None)

    @staticmethod
    async def _ask(child: Process, question: _Question) -> None:
        """Ask one question. Raises OSError, ValueError, EOFError or MsgspecError if the child cannot answer it."""
        assert child.stdin is not None
        assert child.stdout is not None
        if child.stdin.is_closing():  # it has ended since the last answer; uvloop lets nobody write to what is closed
            raise EOFError(_ENDED)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                child.stdin.write(question.line)
                await child.stdin.drain()
                line = await child.stdout.readline()
        except TimeoutError:
            raise EOFError(f"no answer within {TIMEOUT_S:.0f} s") from None
        if not line:
            raise EOFError(_ENDED)
        _tell(question, msgspec.json.decode(line, type=Found))

    def _give_up(self) -> None:
        while not self._waiting.empty():
            _tell(self._waiting.get_nowait(), None)


@asynccontextmanager
async def _child(command: Sequence[str]) -> AsyncIterator[Process]:
    """Run a child. Raises OSError if that fails."""
    if not command:
        raise FileNotFoundError("the panel's own Python is not known")
    child = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_MAX_ANSWER_BYTES, **_DETACHED
    )
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()  # it has nothing to lose
        await child.wait()


def _tell(question: _Question, found: Found | None) -> None:
    if not question.answer.done():  # whoever asked may have left
        question.answer.set_result(found)
