"""Commands as they are shown to people, run by the shell. `shell` and `printed` block: use a thread."""

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import Sequence

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.takeover_steps import without_sudo

LIMIT_S = 100.0
"""How long a manager may take: systemd waits 90 s for a service to end before it kills it (systemd-system.conf(5))."""
_PASSWORD_S = 180.0
"""How long somebody may take for a password, and the commands after it."""
REFUSED = "takeover.refused"
"""The code of the notice that the system has not let the panel do what needs an administrator."""
_FAILED = "takeover.command_failed"
_REFUSED = (126, 127)
"""The exit codes of pkexec where nobody is asked, or the answer is no (pkexec(1))."""


def shell(command: str) -> str:
    """Run a command and return what it prints. Raises PanelError if it fails, or takes too long."""
    return _run(command, LIMIT_S)


def printed(command: str) -> str | None:
    """Run a command that only tells something; None if it fails."""
    try:
        return shell(command)
    except PanelError:
        return None


def may_ask_password() -> bool:
    """Return whether the system can ask for a password by itself: polkit's pkexec is there."""
    return shutil.which("pkexec") is not None


async def as_administrator(commands: Sequence[str]) -> None:
    """Run commands in turn after the system has asked for a password; a panel that ends meanwhile waits for nobody.

    Raises PanelError if the system refuses, or if one of them fails.
    """
    script, pipe = " && ".join(map(without_sudo, commands)), asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *("pkexec", "/bin/sh", "-c", script), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise PanelError(notice(_FAILED, command=commands[0], reason=reason_of(error))) from error
    try:
        async with asyncio.timeout(_PASSWORD_S):
            told, said = await process.communicate()
    except TimeoutError:
        raise PanelError(notice(REFUSED)) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it may be the administrator's by now
                process.kill()
    if process.returncode in _REFUSED:
        raise PanelError(notice(REFUSED))
    if process.returncode:
        raise _failed(commands[0], (said or told).decode(errors="replace"), process.returncode)


def _failed(command: str, said: str, code: int) -> PanelError:
    """Return the error of a command, with the last line that it has said."""
    lines = said.strip().splitlines()
    return PanelError(notice(_FAILED, command=command, reason=lines[-1].rstrip(".") if lines else str(code)))


def _run(command: str, limit_s: float) -> str:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            capture_output=True,
            timeout=limit_s,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise PanelError(notice(_FAILED, command=command, reason=reason_of(error))) from error
    except subprocess.SubprocessError as error:
        raise PanelError(notice(_FAILED, command=command, reason=str(error))) from error
    if done.returncode:
        raise _failed(command, done.stderr or done.stdout, done.returncode)
    return done.stdout
