"""Process trees on Linux and macOS: a session of their own, and signals to the process group."""

import contextlib
import os
import signal
from collections.abc import Sequence
from typing import TypedDict

import psutil

from ollama_panel.engine.host.processes import UNREADABLE


class _Spawn(TypedDict):
    start_new_session: bool


SPAWN: _Spawn = {"start_new_session": True}


class Tree:
    """A child that leads its own process group, and its descendants.

    Ollama's runners stay in the group (`llm/llm_linux.go` sets no attributes), even as orphans after `ollama` itself
    was killed; descendants that left the group are found as children of children.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._descendants: list[psutil.Process] = []

    def remember(self, descendants: Sequence[psutil.Process]) -> None:
        """Remember descendants; `psutil.Process` compares start times, so a reused id is never killed."""
        self._descendants = list(descendants)

    def terminate(self) -> None:
        """Send SIGTERM to the leader only, which then ends its runners."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        """Kill the group and all known descendants, whatever can be read of them."""
        try:
            with contextlib.suppress(*UNREADABLE):
                self._descendants += psutil.Process(self._pid).children(recursive=True)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
        for process in self._descendants:
            with contextlib.suppress(*UNREADABLE):
                process.kill()

    def close(self) -> None:
        """Free resources; there are none here."""
