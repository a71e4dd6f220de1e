"""Lets the doctor look at the machine by itself: after the start, then every hour, while nobody is at work."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.notices.render import render
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.system import System

_LOG = logging.getLogger(__name__)
LOOK_S = 5.0
"""How often it is looked whether nobody is at work."""
AGAIN_S = 3600.0
"""How often it looks while the panel runs: about a second of work, for what changes in files and disks."""
SETTLE_S = 15.0
"""How long a start takes that looks at the machine itself: servers find their cards, stores are read."""


class Doctor(Protocol):
    """The doctor; see `DoctorSource`."""

    async def check(self) -> DoctorRecord:
        """Look at everything."""
        ...


class DoctorWatch:
    """Waits until the engine has `started`, and until no request is open (`busy` counts them)."""

    def __init__(self, doctor: Doctor, started: Callable[[], bool], busy: Callable[[], int], system: System) -> None:
        self._doctor = doctor
        self._started = started
        self._busy = busy
        self._system = system

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        if not self._system.examined:
            return
        due: float | None = None
        while True:
            if due is None and self._started():
                due = self._system.seconds() + SETTLE_S
            rest = until_next(LOOK_S)
            if due is not None and due <= self._system.seconds() and not self._busy():
                await self._look()
                due, rest = self._system.seconds() + AGAIN_S, AGAIN_S
            await asyncio.sleep(rest)

    async def _look(self) -> None:
        try:
            await self._doctor.check()
        except PanelError as error:
            _LOG.warning(render(error.notice))
