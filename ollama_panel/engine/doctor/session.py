"""The doctor at work: looks at a machine, keeps what was set aside, mends findings and takes that back; one at a time.

It works in a running panel and without one, for this machine and for another one by ssh.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import DoctorRecord, Finding, Ignored, Report
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.engine import clock
from ollama_panel.engine.doctor import keeping
from ollama_panel.engine.doctor.keeping import Kept

Gather: TypeAlias = Callable[[], Awaitable[Facts]]
"""Returns the facts of the machine as they are now. Raises PanelError if it cannot be reached."""


class DoctorSession:
    """`folder` keeps what was set aside and mended; `gather` looks at the machine, `host`, "" = this one.

    `tell` is called when `record` is another.
    """

    def __init__(self, folder: Path, gather: Gather, host: str = "", tell: Callable[[], None] = lambda: None) -> None:
        self._folder = folder
        self._gather = gather
        self._host = host
        self._tell = tell
        self._report: Report | None = None
        self._looking = asyncio.Lock()
        self.record = DoctorRecord()

    async def open(self) -> DoctorRecord:
        """Read what is kept, and return the record. Raises PanelError if it cannot be read."""
        self._keep(await asyncio.to_thread(keeping.read, self._folder))
        return self.record

    async def check(self) -> DoctorRecord:
        """Look at everything now; while somebody else does so, wait for that. Raises PanelError if it is impossible."""
        somebody = self._looking.locked()
        async with self._looking:
            if not somebody:
                await self._look()
        if self.record.problem is not None:
            raise PanelError(self.record.problem)
        return self.record

    async def ignore(self, finding: str) -> DoctorRecord:
        """Set a finding aside. Raises PanelError if there is none of that id."""
        told, now = self._found(finding).told, clock.wall()

        def edit(kept: Kept) -> Kept:
            others = tuple(one for one in kept.ignored if one.finding != finding)
            return msgspec.structs.replace(kept, ignored=(Ignored(finding, told, now), *others))

        return await self._change(edit)

    async def show_again(self, finding: str) -> DoctorRecord:
        """Take back that a finding is set aside."""

        def edit(kept: Kept) -> Kept:
            others = tuple(one for one in kept.ignored if one.finding != finding)
            return msgspec.structs.replace(kept, ignored=others)

        return await self._change(edit)

    def _found(self, finding: str) -> Finding:
        if self._report is None:
            raise PanelError(notice("doctor.not_looked"))
        found = next((one for one in self._report.findings if one.id == finding), None)
        if found is None:
            raise PanelError(notice("doctor.no_finding", finding=forms.quoted(finding)))
        return found

    async def _look(self) -> None:
        self._show(running=True, problem=None)
        began = clock.seconds()
        try:
            facts = await self._gather()
            self._report = await asyncio.to_thread(examine, facts, clock.seconds() - began)
            self._show(report=self._report)
            self._keep(await asyncio.to_thread(keeping.read, self._folder))
        except PanelError as error:
            self._show(problem=error.notice)
        finally:
            self._show(running=False)

    async def _change(self, edit: Callable[[Kept], Kept]) -> DoctorRecord:
        self._keep(await asyncio.to_thread(keeping.change, self._folder, edit))
        return self.record

    def _keep(self, kept: Kept) -> None:
        mended = tuple(one.mended for one in kept.repairs if one.host == self._host)
        self._show(ignored=kept.ignored, mended=mended)

    def _show(self, **changes: object) -> None:
        self.record = msgspec.structs.replace(self.record, **changes)
        self._tell()
