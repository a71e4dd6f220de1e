"""Tells macOS that the panel works while it serves: App Nap would slow down a program whose windows are hidden."""

import sys

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.host.process_info import ProcessInfo

_USER_INITIATED_ALLOWING_SLEEP = 0x00FFFFFF & ~(1 << 20)
"""`NSActivityUserInitiatedAllowingIdleSystemSleep`, of Apple's NSProcessInfo.h: no App Nap, and sleep as ever."""


class AppNap:
    """`process` is the system's knowledge of this process, None = it has none: only macOS has App Nap."""

    def __init__(self, process: ProcessInfo | None = None) -> None:
        self._process = process
        self._activity: int | None = None

    @classmethod
    def of_system(cls) -> "AppNap":
        """Return that of this machine."""
        return cls(ProcessInfo.of_system() if sys.platform == "darwin" else None)

    def prevent(self) -> None:
        """Begin the activity, unless it has begun."""
        if self._process is not None and self._activity is None:
            self._activity = self._process.begin_activity(
                _USER_INITIATED_ALLOWING_SLEEP, render(notice("keep_awake.serving"))
            )

    def allow(self) -> None:
        """End the activity, if it has begun."""
        if self._process is not None and self._activity is not None:
            self._process.end_activity(self._activity)
            self._activity = None
