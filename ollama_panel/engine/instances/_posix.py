"""Process trees on Linux and macOS: a session of their own, and signals to the whole group."""

import contextlib
import os
import signal
from collections.abc import Sequence
from typing import TypedDict

import psutil


class _Spawn(TypedDict):
    start_new_session: bool


SPAWN: _Spawn = {"start_new_session": True}


class Tree:
    """A child that leads its own process group, and its descendants.

    Ollama's runners stay in the group (`llm/llm_linux.go` sets no attributes), also when `ollama` itself has been
    killed and orphaned them; descendants that left the group are found by parentage.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._descendants: list[psutil.Process] = []

    def remember(self, descendants: Sequence[psutil.Process]) -> None:
        """Note descendants; a `psutil.Process` knows its start time, so a reused id is never hit."""
        self._descendants = list(descendants)

    def terminate(self) -> None:
        """Ask the leader alone to end: it ends its runners in order."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        """Kill the group and all known descendants."""
        with contextlib.suppress(psutil.Error):
            self._descendants += psutil.Process(self._pid).children(recursive=True)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        for process in self._descendants:
            with contextlib.suppress(psutil.Error):
                process.kill()

    def close(self) -> None:
        """Free what the tree holds: nothing here."""
