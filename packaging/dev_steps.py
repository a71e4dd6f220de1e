"""Functions shared by the steps of `dev.py` and `build.py`: print a message, run a program, stop with a reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class StepError(Exception):
    """The command cannot continue. The text has reason and remedy; `code` is the exit status, 2 = the user must act."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def status_of(command: Callable[[], int]) -> int:
    """Run a command and return its exit status; what stops it is printed in one sentence."""
    try:
        return command()
    except StepError as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except OSError as error:
        print(f"Stopped: {_first(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _first(error: OSError) -> str:
    """Return what went wrong; `shutil.copytree` collects the failures of all files, which a full disk makes many."""
    return str(error.args[0][0][2]) if isinstance(error, shutil.Error) else str(error)


def say(sentence: str) -> None:
    """Print the next step in one line."""
    print(f"==> {sentence}", flush=True)


def succeeds(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    """Run a program, and print its output if it fails; return whether it succeeded."""
    child = subprocess.run(
        command, env=_environment(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if child.returncode != 0:
        print(child.stdout, flush=True)
    return child.returncode == 0


def answer(command: Sequence[str]) -> str | None:
    """Return the output of a program, or None if it cannot be started or fails."""
    try:
        child = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return child.stdout.strip() if child.returncode == 0 else None


def _environment(extra: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if extra is None else {**os.environ, **extra}
