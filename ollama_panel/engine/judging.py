"""Lets the tools of this machine judge an export: its files lie in a folder of their own meanwhile."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.export.judges import FOLDER, LIMIT_S, Command, Judge, Outcome, Verdict, judges_of, words_of
from ollama_panel.core.notices import notice

_MORE_PLACES = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/bin")
"""Where programs are that are not on everybody's PATH, such as nginx on Debian."""

_MOST_READ = 100_000


def judge(target: str, export: Export, limit_s: float = LIMIT_S) -> tuple[Verdict, ...]:
    """Return what the tools for a target's files say; blocks for up to `limit_s` for each, so use a thread.

    Raises PanelError if the temporary folder takes no files.
    """
    try:
        return tuple(_judged(one, limit_s) for one in judges_of(target, export))
    except OSError as error:
        place = error.filename or tempfile.gettempdir()
        raise PanelError(not_written(str(place), error, notice("advice.another_place"))) from error


def _judged(judge: Judge, limit_s: float) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="ollama-panel-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        _lay(judge, folder)
        for command in judge.commands:
            program = _found(command.program)
            if program is None:
                continue
            outcome, said = _asked(program, command, folder, limit_s)
            if outcome is not Outcome.MISSING:
                return Verdict(command.name, outcome, said, judge.files, judge.package)
    return Verdict(judge.commands[-1].name, Outcome.MISSING, "", judge.files, judge.package)


def _lay(judge: Judge, folder: Path) -> None:
    added = (msgspec.structs.replace(file, text=_there(file.text, folder)) for file in judge.added)
    for file in (*judge.laid, *added):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
        if file.executable:
            path.chmod(0o755)


def _found(program: str) -> str | None:
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_MORE_PLACES])
    return shutil.which(program, path=places)


def _asked(program: str, command: Command, folder: Path, limit_s: float) -> tuple[Outcome, str]:
    """Return what comes of all runs, with what the tool has printed against the files."""
    environment = os.environ | {name: _there(value, folder) for name, value in command.environment.items()}
    for arguments in command.runs:
        status, printed = _run([program, *(_there(one, folder) for one in arguments)], environment, folder, limit_s)
        if status is None:
            return Outcome.SILENT, ""
        if any(text in printed for text in command.lacking):
            return Outcome.MISSING, ""
        if status != 0 or (command.quiet and printed.strip()):
            return Outcome.REFUSED, words_of(printed, str(folder))
    return Outcome.ACCEPTED, ""


def _there(text: str, folder: Path) -> str:
    return text.replace(FOLDER, str(folder))


def _run(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, limit_s: float
) -> tuple[int | None, str]:
    """Return the exit status of a program, None if it took too long, and what it printed.

    That goes through a file: a child of the program may keep a pipe open after its end.
    """
    with tempfile.TemporaryFile() as printed:
        try:
            child = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return 127, str(error)
        try:
            status: int | None = child.wait(limit_s)
        except subprocess.TimeoutExpired:
            status = None
        _end(child)
        printed.seek(0)
        return status, printed.read(_MOST_READ).decode(errors="replace")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a program with what it has started, if anything of it is left."""
    if sys.platform == "win32":
        child.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
