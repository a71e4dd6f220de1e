"""The doctor at work: looks at a machine, keeps what was set aside, mends findings and takes that back; one at a time.

It works in a running panel and without one, for this machine and for another one by ssh.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec

from ollama_panel.core.applying.plan import date_of
from ollama_panel.core.doctor import examine, mending
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import Area, DoctorRecord, EditFiles, Finding, FixPlan, Ignored, Mended, Report
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.engine import clock
from ollama_panel.engine.applying.hosts import Connect, connect
from ollama_panel.engine.doctor import keeping
from ollama_panel.engine.doctor.keeping import Kept, Repair
from ollama_panel.engine.doctor.mending import Guard, Mender, Panel, Permission, unguarded

Gather: TypeAlias = Callable[[], Awaitable[Facts]]
"""Returns the facts of the machine as they are now. Raises PanelError if it cannot be reached."""


class DoctorSession:
    """`folder` keeps what was set aside and mended; `gather` looks at the machine, `host`, "" = this one.

    `tell` is called when `record` is another. `panel` is the one whose settings a fix may change, None = none.
    `guard` is asked before the machine is changed.
    """

    def __init__(
        self,
        folder: Path,
        gather: Gather,
        host: str = "",
        tell: Callable[[], None] = lambda: None,
        *,
        panel: Panel | None = None,
        connect: Connect = partial(connect, asks=False),  # noqa: B008 - immutable
        guard: Guard = unguarded,
    ) -> None:
        self._folder = folder
        self._gather = gather
        self._host = host
        self._tell = tell
        self._mender = Mender(folder, host, connect, panel, lambda applying: self._show(applying=applying), guard)
        self._report: Report | None = None
        self._looking = asyncio.Lock()
        self.record = DoctorRecord()
        self.facts: Facts | None = None

    def open(self) -> DoctorRecord:
        """Read what is kept, and return the record. Blocks. Raises PanelError if it cannot be read."""
        self._keep(self._as_left(keeping.read(self._folder)))
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
        others_of = partial(keeping.others_ignored, host=self._host, finding=finding)

        def edit(kept: Kept) -> Kept:
            return msgspec.structs.replace(kept, ignored=(Ignored(finding, told, now, self._host), *others_of(kept)))

        return await self._change(edit)

    async def show_again(self, finding: str) -> DoctorRecord:
        """Take back that a finding is set aside. Raises PanelError if none of that id is."""

        def edit(kept: Kept) -> Kept:
            others = keeping.others_ignored(kept, self._host, finding)
            if others == kept.ignored:
                raise PanelError(notice("doctor.not_aside", finding=forms.quoted(finding)))
            return msgspec.structs.replace(kept, ignored=others)

        return await self._change(edit)

    # Fixes

    async def plan(self, finding: str) -> FixPlan:
        """Return what the fix of a finding would do; it only reads. Raises PanelError if it has none."""
        begun = await self._begun(finding)
        return await self._mender.plan(self._to_mend(finding, begun), begun.mended.id if begun else "")

    async def fix(self, finding: str, allowed: Permission = Permission()) -> Mended:  # noqa: B008 - immutable
        """Mend a finding, or go on with that, and look again. Raises PanelError if nothing was begun."""
        async with self._alone(finding):
            begun = await self._begun(finding)
            found = self._to_mend(finding, begun)
            repair = begun or await self._new(found)
            try:
                done = await self._mender.fix(repair, found, allowed)
            except BaseException as error:
                await self._left(repair, error)
                raise
            await self._put(done)
        return (await self._looked_after(done)).mended

    async def plan_undo(self, mended: str) -> FixPlan:
        """Return what `undo` would do; it only reads. Raises PanelError if it cannot be taken back."""
        return await self._mender.plan_undo(await self._to_undo(mended))

    async def undo(self, mended: str, allowed: Permission = Permission()) -> Mended:  # noqa: B008 - immutable
        """Take back what has mended a finding, and look again. Raises PanelError if it cannot be taken back."""
        finding = (await self._to_undo(mended)).mended.finding
        async with self._alone(finding):
            repair = await self._to_undo(mended)
            done = await self._mender.undo(repair, allowed)
            await self._put(done)
        await self._look_if_possible()
        return done.mended

    def restart_now(self) -> None:
        """Wait no longer until no client is at work."""
        self._mender.restart_now()

    def cancel(self) -> None:
        """Break off what waits for clients."""
        self._mender.cancel()

    @asynccontextmanager
    async def _alone(self, finding: str) -> AsyncIterator[None]:
        """Mend one finding at a time, whichever process of this state folder does so."""
        if self.record.mending:
            raise PanelError(notice("doctor.mends", finding=self.record.mending))
        with keeping.alone(self._folder):
            self._show(mending=finding, applying=None)
            try:
                yield
            finally:
                self._show(mending="", applying=None)

    async def _repairs(self) -> tuple[Repair, ...]:
        kept = await asyncio.to_thread(lambda: self._as_left(keeping.read(self._folder)))
        return tuple(one for one in kept.repairs if one.host == self._host)

    async def _begun(self, finding: str) -> Repair | None:
        """Return the repair of a finding that was begun and has not ended."""
        newest = next((one for one in await self._repairs() if one.mended.finding == finding), None)
        return newest if newest is not None and self._mender.pending(newest) is not None else None

    def _to_mend(self, finding: str, begun: Repair | None) -> Finding:
        """Return the finding as it is now, or as it was when its repair was begun."""
        found = next((one for one in self._report.findings if one.id == finding), None) if self._report else None
        if found is None and begun is not None:
            return Finding(finding, finding, Area.SETTINGS, begun.mended.told, fix=begun.fix)
        return found or self._found(finding)

    async def _new(self, found: Finding) -> Repair:
        if found.fix is None:
            raise PanelError(notice("doctor.no_fix", finding=found.id))
        now = clock.wall()
        fix = mending.without_secrets(found.fix) if isinstance(found.fix, EditFiles) else found.fix
        repair = Repair(Mended(date_of(now), found.id, found.told, now), fix, self._host, under_way=True)
        await self._put(repair)
        return repair

    def _as_left(self, kept: Kept, under_way: str = "") -> Kept:
        """Return what is kept, with each repair as an earlier run has left it: perhaps in the middle. Blocks.

        `under_way` is the finding that this one is mending.
        """

        def left_of(one: Repair) -> Repair | None:
            others = one.host != self._host or one.mended.finding == under_way
            return one if others else self._mender.as_left(one)

        left = map(left_of, kept.repairs)
        return msgspec.structs.replace(kept, repairs=tuple(one for one in left if one is not None))

    async def _left(self, repair: Repair, error: BaseException) -> None:
        """Forget a repair that was not begun; keep how far one is that was left in the middle."""
        left = await asyncio.to_thread(self._mender.as_left, repair)
        if left is not None and (left.mended.applying is not None or not isinstance(error, PanelError)):
            await self._put(left)
        else:
            await self._change(lambda kept: keeping.without(kept, repair.mended.id))

    async def _looked_after(self, done: Repair) -> Repair:
        """Look again after a repair; a finding that is still there is its problem."""
        looked, one = await self._look_if_possible(), done.mended
        if not looked or one.todo or one.problem is not None or self._report is None:
            return done
        if all(found.id != one.finding for found in self._report.findings):
            return done
        still = msgspec.structs.replace(one, problem=notice("doctor.still_there", what=one.told))
        done = msgspec.structs.replace(done, mended=still)
        await self._put(done)
        return done

    async def _look_if_possible(self) -> bool:
        try:
            await self.check()
        except PanelError:
            return False
        return True

    async def _put(self, repair: Repair) -> None:
        await self._change(lambda kept: keeping.with_repair(kept, repair))

    async def _to_undo(self, mended: str) -> Repair:
        repairs = await self._repairs()
        place = next((place for place, one in enumerate(repairs) if one.mended.id == mended), None)
        if place is None or not repairs[place].mended.can_undo:
            raise PanelError(notice("doctor.no_undo", mended=forms.quoted(mended)))
        paths = keeping.paths_of(repairs[place])
        for newer in repairs[:place]:
            if newer.mended.can_undo and paths & keeping.paths_of(newer):
                raise PanelError(notice("doctor.undo_newer", mended=newer.mended.id, what=newer.mended.told))
        return repairs[place]

    # Parts

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
            self.facts = facts
            self._show(report=mending.discreet(self._report))
            ids = frozenset(one.id for one in self._report.findings)
            await self._change_if_need_be(lambda kept: keeping.without_todo(kept, self._host, ids))
        except PanelError as error:
            self._show(problem=error.notice)
        finally:
            self._show(running=False)

    async def _change_if_need_be(self, edit: Callable[[Kept], Kept]) -> None:
        """Change what is kept, unless that changes nothing: who only looks need not be able to write."""
        kept = await asyncio.to_thread(keeping.read, self._folder)
        if edit(kept) != kept:
            await self._change(edit)
        else:
            self._keep(await asyncio.to_thread(self._as_left, kept, self.record.mending))

    async def _change(self, edit: Callable[[Kept], Kept]) -> DoctorRecord:
        mending = self.record.mending
        self._keep(await asyncio.to_thread(lambda: self._as_left(keeping.change(self._folder, edit), mending)))
        return self.record

    def _keep(self, kept: Kept) -> None:
        mended = tuple(one.mended for one in kept.repairs if one.host == self._host)
        self._show(ignored=tuple(one for one in kept.ignored if one.host == self._host), mended=mended)

    def _show(self, **changes: object) -> None:
        self.record = msgspec.structs.replace(self.record, **changes)
        self._tell()
