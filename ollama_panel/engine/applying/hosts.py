"""A machine that runs scripts: this one, or one that the system's `ssh` reaches.

A script goes to `sh` by its input, so that no shell of a login, be it fish, takes its quotes otherwise, and so that no
list of processes shows what is written. A script is read whole before any of it runs.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

from ollama_panel.core.applying.host import is_host
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.gather import gather

LIMIT_S = 120.0
"""How long a command may take: systemd waits 90 s for a service to end before it kills it (systemd-system.conf(5))."""
_PRELUDE = """\
PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin:/usr/local/sbin:/opt/homebrew/bin
LC_ALL=C
export PATH LC_ALL
if [ -z "${XDG_RUNTIME_DIR:-}" ] && [ -d "/run/user/$(id -u)" ]; then
    XDG_RUNTIME_DIR=/run/user/$(id -u)
    export XDG_RUNTIME_DIR
fi
"""
"""What a shell without a login lacks: the folders of the administrator's programs, and the user's own manager."""
_CONNECT_S = 15
_OPTIONS = (
    *("-T", "-o", f"ConnectTimeout={_CONNECT_S}"),
    *("-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3"),  # a machine that is silent for 15 s is gone
)
_PIECE = 65536


class Done(NamedTuple):
    """How a script has ended: its exit code, and what it has printed."""

    code: int
    out: str
    errors: str


class Host(Protocol):
    """A machine."""

    @property
    def name(self) -> str:
        """How the user names it, "" = this machine."""
        ...

    async def run(self, script: str, limit_s: float = LIMIT_S) -> Done:
        """Run a script of `sh`. Raises PanelError if the machine cannot be reached, or if it takes too long."""
        ...

    async def close(self) -> None:
        """End the connection."""
        ...


Connect: TypeAlias = Callable[[str], Host]
"""Returns a machine by its name. Raises PanelError if the name is none."""


class Local:
    """The machine that the panel runs on: `shell` is what reads its scripts."""

    name = ""

    def __init__(self, shell: tuple[str, ...] = ("/bin/sh",)) -> None:
        self._shell = shell

    async def run(self, script: str, limit_s: float = LIMIT_S) -> Done:
        """Run a script; see `Host`."""
        process = await _started(self._shell, own_session=True)
        try:
            async with asyncio.timeout(limit_s):
                out, errors = await process.communicate(f"{_PRELUDE}{{\n{script}\n}} </dev/null\n".encode())
        except TimeoutError:
            raise _slow(script, limit_s) from None
        finally:
            _kill(process)
        assert process.returncode is not None
        return Done(process.returncode, _text(out), _text(errors))

    async def close(self) -> None:
        """There is no connection."""


_DENIED = "Permission denied"
"""What ssh says last if the machine lets nobody in."""


class Ssh:
    """A machine that the system's `ssh` reaches, by the user's own keys and configuration: one shell for all scripts.

    `asks`: ssh may ask for a password, on the terminal; without that it fails instead.
    """

    def __init__(self, name: str, program: str, *, asks: bool = False) -> None:
        self.name = name
        batch = () if asks else ("-o", "BatchMode=yes")
        self._command = (program, *_OPTIONS, *batch, "--", name, "exec /bin/sh")
        self._asks = asks
        self._shell: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()

    async def run(self, script: str, limit_s: float = LIMIT_S) -> Done:
        """Run a script; see `Host`. After a connection was cut, the next script makes a new one."""
        async with self._busy:
            if self._shell is None:
                self._shell = await _started(self._command, own_session=not self._asks)
                await self._greet(limit_s)
            return await self._exchange(f"(\n{script}\n) </dev/null", limit_s)

    async def _greet(self, limit_s: float) -> None:
        """Wait for the first answer. Raises PanelError if the machine gives none."""
        try:
            await self._exchange(_PRELUDE, None if self._asks else limit_s)
        except PanelError as error:
            if error.notice.code != "apply.slow":
                raise
            silent = notice("apply.silent", limit=limit_s)
            raise PanelError(notice("apply.unreachable", host=self.name, reason=silent)) from None

    async def close(self) -> None:
        """End the connection."""
        shell, self._shell = self._shell, None
        if shell is not None:
            await _end(shell)

    async def _exchange(self, script: str, limit_s: float | None) -> Done:
        """Have the shell run a script, and read what it prints up to a mark that only then is known."""
        shell, self._shell = self._shell, None
        assert shell is not None
        assert shell.stdin is not None
        assert shell.stdout is not None
        assert shell.stderr is not None
        mark = secrets.token_hex(16)
        ending = f"code=$?\nprintf '\\n%s %s\\n' {mark} $code\nprintf '\\n%s 0\\n' {mark} >&2\n"
        try:
            async with asyncio.timeout(limit_s):
                with contextlib.suppress(ConnectionError, RuntimeError):  # uvloop's, if it has ended: stderr tells why
                    shell.stdin.write(f"{script}\n{ending}".encode())
                    await shell.stdin.drain()
                (out, code), (errors, _) = await gather(
                    _until(stream, mark.encode()) for stream in (shell.stdout, shell.stderr)
                )
            if code is not None:
                self._shell = shell
                return Done(code, out, errors)
            raise self._cut(errors)
        except TimeoutError:
            raise _slow(script.strip("(\n"), limit_s or 0.0) from None
        finally:
            if self._shell is None:
                await _end(shell)

    def _cut(self, errors: str) -> PanelError:
        lines = [line for line in errors.splitlines() if line.strip()]
        reason: str | Notice = lines[-1].strip().rstrip(".") if lines else notice("apply.closed")
        if isinstance(reason, str) and _DENIED in reason and not self._asks:
            reason = notice("apply.denied", reason=reason)
        return PanelError(notice("apply.unreachable", host=self.name, reason=reason))


def connect(name: str, *, asks: bool = False) -> Host:
    """Return a machine by its name, "" = this one. Raises PanelError if ssh would not take the name, or is missing."""
    if not name:
        return Local()
    if not is_host(name):
        raise PanelError(notice("apply.no_host", host=name))
    program = shutil.which("ssh")
    if program is None:
        raise PanelError(notice("apply.no_ssh"))
    return Ssh(name, program, asks=asks)


class _KeptOpen:
    """A machine whose connection somebody else ends."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @property
    def name(self) -> str:
        return self._host.name

    async def run(self, script: str, limit_s: float = LIMIT_S) -> Done:
        return await self._host.run(script, limit_s)

    async def close(self) -> None:
        pass


def kept_open(host: Host) -> Host:
    """Return a machine whose `close` leaves the connection open, for several things that are done one after another."""
    return _KeptOpen(host)


async def _started(command: tuple[str, ...], *, own_session: bool) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    try:
        return await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=own_session
        )
    except OSError as error:
        raise PanelError(notice("apply.failed", command=command[0], reason=reason_of(error))) from error


async def _until(stream: asyncio.StreamReader, mark: bytes) -> tuple[str, int | None]:
    """Read up to the line that begins with a mark, and return what comes before and its number; None = it has ended."""
    read = b""
    while True:
        place = read.find(b"\n" + mark)
        number, end, _ = read[place + len(mark) + 2 :].partition(b"\n")  # ssh itself may say something right after it
        if place >= 0 and end:
            return _text(read[:place]), int(number)
        piece = await stream.read(_PIECE)
        if not piece:
            return _text(read), None
        read += piece


async def _end(shell: asyncio.subprocess.Process) -> None:
    _kill(shell)
    await shell.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process with all that it has started, unless it has ended."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform != "win32" and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _slow(script: str, limit_s: float) -> PanelError:
    return PanelError(notice("apply.slow", command=script.strip().partition("\n")[0], limit=limit_s))


def _text(content: bytes) -> str:
    return content.decode(errors="replace")
