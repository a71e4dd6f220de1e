"""What all steps of `dev.py` share: saying what happens, running a program, stopping with a reason."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class StepError(Exception):
    """The command cannot go on. The text says why and what to do; `code` is the exit status, 2 = the user's turn."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str) -> None:
    """Tell in one line what happens next."""
    print(f"==> {sentence}", flush=True)


def succeeds(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    """Run a program and show what it says if it fails; True when it ends with 0."""
    child = subprocess.run(
        command, env=_environment(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if child.returncode != 0:
        print(child.stdout, flush=True)
    return child.returncode == 0


def answer(command: Sequence[str]) -> str | None:
    """Return what a program prints, or None when it cannot be started or fails."""
    try:
        child = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return child.stdout.strip() if child.returncode == 0 else None


def _environment(extra: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if extra is None else {**os.environ, **extra}
