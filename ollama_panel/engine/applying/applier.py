"""Puts an export into force on a machine, proves it, and goes back: one at a time.

What is to be done is in the journal before it is done, so that after a crash or a cut connection the next word, forth
or back, goes on from what is there: each begins by looking.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from ollama_panel.core.applying import files, plan
from ollama_panel.core.applying.host import place_of
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.methods import manager_of
from ollama_panel.core.applying.plan import Change, Kept
from ollama_panel.core.applying.record import ActionKind, Applying, ApplyStage, FileChange, FileState, ProofState
from ollama_panel.core.applying.told import meaning
from ollama_panel.core.errors import PanelError, folder_advice, not_written
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import notice
from ollama_panel.core.takeover import StepState
from ollama_panel.engine import clock
from ollama_panel.engine.applying import acting, looking
from ollama_panel.engine.applying.acting import Patience
from ollama_panel.engine.applying.course import Course, Pace
from ollama_panel.engine.applying.hosts import Connect, Host
from ollama_panel.engine.applying.journal import Entry, Journal
from ollama_panel.engine.applying.looking import Seen
from ollama_panel.engine.files import make_private_folder
from ollama_panel.engine.host.shell import may_ask_password
from ollama_panel.engine.lock_file import LockFile

_ID_DIGITS = 16


class Applier:
    """Carries exports out. `folder` is that of the journal; `tell` gets each state, for front ends.

    `settle_s` is how long a server may take until it answers, `idle_poll_s` how often it is looked for clients at work.
    """

    def __init__(
        self,
        folder: Path,
        connect: Connect,
        tell: Callable[[Applying], None] = lambda _: None,
        *,
        settle_s: float = acting.SETTLE_S,
        idle_poll_s: float = 2.0,
    ) -> None:
        self._journal = Journal(folder)
        self._connect = connect
        self._tell = tell
        self._pace = Pace(settle_s, idle_poll_s)
        self._patience = Patience()

    def pending(self) -> Applying | None:
        """Return what an earlier run has left in the middle, None if there is nothing."""
        return next((_interrupted(one.applying) for one in self._journal.entries() if one.is_open), None)

    def last(self) -> Applying | None:
        """Return how the newest export has ended, or where it was left in the middle; None if none was begun."""
        newest = next(iter(self._journal.entries()), None)
        if newest is None:
            return None
        return _interrupted(newest.applying) if newest.is_open else newest.applying

    def restart_now(self) -> None:
        """Wait no longer for clients."""
        self._patience.hurry()

    def cancel(self) -> None:
        """Break off what waits for clients: what was written goes back."""
        self._patience.cancel()

    # Reading

    async def installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        """Return how the files of an export differ from those on a machine. Raises PanelError if it cannot be asked."""
        async with self._reached(host) as machine:
            return await looking.files_at(machine, await looking.facts_at(machine), export)

    async def plan(self, export: Export, host: str = "") -> Applying:
        """Return what would be done. Raises PanelError if that is not possible."""
        manager = manager_of(export)
        async with self._reached(host) as machine:
            seen = await looking.seen_at(machine, manager, export)
            change = _change(seen)
            kept = plan.kept_of(seen.files, plan.date_of(self._journal.now()))
            staged = acting.staged(seen.facts, _id(export, host, seen), files.to_write(seen.files))
            actions = plan.forth(manager, seen.facts, change, kept, staged, set(staged))
            applying = _record(export, host, seen, manager, change, kept)
            return msgspec.structs.replace(applying, actions=actions)

    async def verify(self, export: Export, host: str = "") -> Applying:
        """Return what is in force of an export on a machine. Raises PanelError if it cannot be asked."""
        manager = manager_of(export)
        async with self._reached(host) as machine:
            seen = await looking.seen_at(machine, manager, export)
            answers = [await looking.answer_of(machine, unit, seen.evidence[unit.name]) for unit in seen.units]
        proofs = (*answers, *seen.proofs)
        return Applying(_id(export, host, seen), export.target, host, ApplyStage.VERIFIED, seen.files, proofs=proofs)

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        """Return what going back would change. Raises PanelError if there is nothing to undo."""
        entry = self._to_undo(host, target)
        manager = manager_of(entry.export)
        async with self._reached(host) as machine:
            seen = await looking.seen_at(machine, manager, entry.export, strict=False)
            _require_way(seen)
            there = [await _back_to(machine, one) for one in entry.kept]
            left = await looking.existing(machine, [one.backup for one in entry.kept if one.backup])
            edited = await looking.edited(machine, entry.kept, entry.applying.files, plan.date_of(clock.wall()))
        change = _change_of(entry, seen)
        actions = plan.back(
            manager,
            seen.facts,
            change,
            entry.known,
            left,
            restarted=entry.restarted,
            wait=bool(change.busy),
            edited=edited,
        )
        return msgspec.structs.replace(
            _interrupted(entry.applying) if entry.is_open else entry.applying,
            stage=ApplyStage.PLANNED,
            files=tuple(one for one in there if one is not None),
            actions=actions,
            told=tuple(notice("apply.changed_since", path=path, copy=copy) for path, copy in edited.items()),
        )

    # Commands

    async def apply(
        self, export: Export, host: str = "", *, plan_id: str = "", now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Put an export into force on a machine, or go on with that; see `Applying` for how it may end.

        `plan_id` is the `id` of the plan that somebody has seen. `now`: without waiting for clients. `ask_password`:
        the system may ask for one. Raises PanelError if nothing was begun.
        """
        manager = manager_of(export)
        async with self._alone(), self._reached(host) as machine:
            seen = await looking.seen_at(machine, manager, export)
            _require_same(plan_id, export, host, seen)
            before = self._open(export, host)
            _require_whole(before, seen)
            at = self._journal.now()
            again = before is not None and _is_halfway(before)
            change = _change(seen, before.units if before is not None and again else ())
            old = await _whole(machine, before) if before is not None else ()
            fresh = _fresh(seen, {one.path for one in old}, before, plan.date_of(at))
            if not (fresh or change.units or files.to_write(seen.files)) and before is None:
                return await self._in_force(machine, manager, seen, _record(export, host, seen, manager, change, ()))
            entry = _entry(at, before, export, _record(export, host, seen, manager, change, (*old, *fresh)), change)
            entry = msgspec.structs.replace(entry, kept=(*old, *fresh))
            course = self._course(machine, manager, seen, entry, now=now, ask_password=ask_password)
            applying = await course.forth(_change_of(entry, seen, change), {one.path for one in fresh}, again=again)
            if before is not None and not applying.interrupted:  # what it had written waits under another name
                await acting.unstage(machine, seen.facts, before.applying.id)
            self._journal.forget_old()
            return applying

    async def undo(
        self, host: str = "", target: str = "", *, now: bool = False, ask_password: bool = False
    ) -> Applying:
        """Bring back what was there before the newest export of a machine, or go on with that; "" = whatever target.

        Raises PanelError if there is nothing to undo.
        """
        async with self._alone():
            entry = self._to_undo(host, target)
            manager = manager_of(entry.export)
            async with self._reached(host) as machine:
                seen = await looking.seen_at(machine, manager, entry.export, strict=False)
                _require_way(seen)
                course = self._course(machine, manager, seen, entry, now=now, ask_password=ask_password)
                return await course.back(_change_of(entry, seen), wait=not now)

    # Parts

    def _course(
        self, host: Host, manager: ServiceControl, seen: Seen, entry: Entry, *, now: bool, ask_password: bool
    ) -> Course:
        self._patience = Patience()
        pace = msgspec.structs.replace(self._pace, now=now, ask_password=ask_password)
        return Course(host, manager, seen, entry, self._journal, self._tell, self._patience, pace)

    async def _in_force(self, host: Host, manager: ServiceControl, seen: Seen, applying: Applying) -> Applying:
        """Return that nothing is to be done, with what proves it."""
        proofs = await acting.prove(host, manager, seen.units, self._pace.settle_s)
        return msgspec.structs.replace(applying, stage=ApplyStage.APPLIED, proofs=proofs)

    def _open(self, export: Export, host: str) -> Entry | None:
        newest = self._journal.newest(host, export.target)
        return newest if newest is not None and newest.is_open else None

    def _to_undo(self, host: str, target: str) -> Entry:
        entry = self._journal.newest(host, target)
        if entry is None:
            raise PanelError(notice("apply.nothing_to_undo", place=place_of(host)))
        return entry

    @asynccontextmanager
    async def _reached(self, name: str) -> AsyncIterator[Host]:
        host = self._connect(name)
        try:
            yield host
        finally:
            await host.close()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Be the only one of all processes of this state folder. Raises PanelError if another one is at it."""
        folder = self._journal.folder
        try:
            make_private_folder(folder)
            lock = LockFile(folder / "lock")
            taken = lock.take()
        except OSError as error:
            raise PanelError(not_written(str(folder), error, folder_advice(error))) from error
        if not taken:
            raise PanelError(notice("apply.busy"))
        try:
            yield
        finally:
            lock.release()


def _id(export: Export, host: str, seen: Seen) -> str:
    """Return what names a plan: all that is written and all that it replaces."""
    parts = [export.target, host, *(part for one in seen.files for part in (one.path, one.digest, one.after))]
    return sha256(msgspec.json.encode(parts)).hexdigest()[:_ID_DIGITS]


def _require_way(seen: Seen) -> None:
    """Raise PanelError if a folder is where a file would come back: `mv` would move it into that."""
    for one in seen.files:
        if one.problem is not None and one.problem.code == "apply.file_other":
            raise PanelError(one.problem)


def _require_same(plan_id: str, export: Export, host: str, seen: Seen) -> None:
    """Raise PanelError if a machine has changed since a plan was shown, or if a file cannot be compared."""
    closed = next((one.problem for one in seen.files if one.state is FileState.UNREADABLE), None)
    if closed is not None:
        raise PanelError(closed)
    if plan_id and plan_id != _id(export, host, seen):
        raise PanelError(notice("apply.changed"))


def _require_whole(before: Entry | None, seen: Seen) -> None:
    """Raise PanelError if what was interrupted has other files besides: nothing would prove nor undo those."""
    if before is not None and not {one.path for one in before.kept} <= {one.path for one in seen.files}:
        applying = before.applying
        raise PanelError(notice("apply.other_open", target=applying.target, place=place_of(applying.host)))


def _is_halfway(entry: Entry) -> bool:
    """Return whether an interrupted entry leaves it open what was read and restarted; the user does what is typed."""
    applying = entry.applying
    restarts = [one for one in applying.actions if one.kind is ActionKind.RESTART]
    done = bool(restarts) and all(one.state is StepState.DONE for one in restarts)
    return not applying.todo and not (done and applying.stage is not ApplyStage.RETURNING)


def _change(seen: Seen, also: Collection[str] = ()) -> Change:
    """Return what is to change: what is written, and the units that read it, or that run with something else.

    `also` are names of units that restart in any case.
    """
    written = {one.path for one in files.to_write(seen.files)}
    created = {one.path for one in seen.files if one.state is FileState.NEW}
    wrong = {proof.worker for proof in seen.proofs if proof.state is ProofState.DIFFERS}
    wrong |= {name for name, one in seen.evidence.items() if one.state in ("failed", "gone")}
    units = tuple(unit for unit in seen.units if unit.name in {*wrong, *also} or written.intersection(unit.paths))
    new = frozenset(unit.name for unit in units if not unit.own_address and created.issuperset(unit.paths))
    stopped = frozenset(unit.name for unit in units if seen.evidence[unit.name].state == "gone") - new
    return Change(seen.files, units, new, acting.busy(seen.evidence, units), stopped)


def _change_of(entry: Entry, seen: Seen, now: Change | None = None) -> Change:
    """Return what an entry has changed, with its units as they are found; `now` is what is to change besides."""
    named = frozenset(entry.units)
    units = tuple(unit for unit in seen.units if unit.name in named) if now is None else now.units
    busy = acting.busy(seen.evidence, units)
    return Change(seen.files, units, frozenset(entry.new), busy, frozenset(entry.stopped))


def _record(
    export: Export, host: str, seen: Seen, manager: ServiceControl, change: Change, kept: Sequence[Kept]
) -> Applying:
    asks = bool(seen.facts.sudo) and not seen.facts.root and not host and may_ask_password()
    return Applying(
        _id(export, host, seen),
        export.target,
        host,
        ApplyStage.PLANNED,
        tuple(map(files.discreet, seen.files)) if export.edits else seen.files,
        proofs=seen.proofs,
        told=tuple(meaning(manager, seen.facts, change, tuple(kept))),
        backups=tuple(one.backup for one in kept if one.backup),
        asks_password=asks,
    )


def _entry(at: float, before: Entry | None, export: Export, applying: Applying, change: Change) -> Entry:
    """Return the entry of an export: the one that was begun, or a new one."""
    units = tuple(unit.name for unit in change.units)
    new, busy, stopped = (tuple(one) for one in (change.new, change.busy, change.stopped))
    if before is None:
        return Entry(at, applying, export, units=units, new=new, busy=busy, stopped=stopped)
    return msgspec.structs.replace(
        before,
        applying=applying,
        export=export,
        units=tuple(dict.fromkeys((*before.units, *units))),
        new=tuple(dict.fromkeys((*before.new, *new))),
        busy=tuple(dict.fromkeys((*before.busy, *busy))),
        stopped=(*before.stopped, *(one for one in stopped if one not in before.units)),
    )


async def _whole(host: Host, entry: Entry) -> tuple[Kept, ...]:
    """Return what an entry keeps surely: a copy that was begun may be half of one."""
    left = await looking.existing(host, [one.backup for one in entry.kept if one.backup])
    return tuple(one for one in entry.known if not one.backup or (one.whole and one.backup in left))


def _fresh(seen: Seen, covered: Collection[str], before: Entry | None, date: str) -> tuple[Kept, ...]:
    """Return what is still to be kept, under the names that were begun."""
    names = {one.path: one.backup for one in before.kept} if before is not None else {}
    found = plan.kept_of([one for one in seen.files if one.path not in covered], date)
    return tuple(
        msgspec.structs.replace(one, backup=names.get(one.path) or one.backup) if one.backup else one for one in found
    )


async def _back_to(host: Host, one: Kept) -> FileChange | None:
    """Return how a file changes on the way back; None if that is not known, or nothing to do."""
    now = files.found_of((await host.run(files.look(one.path))).out)
    then = files.found_of((await host.run(files.look(one.backup))).out).text if one.backup else None
    if (now.text if not one.backup else then) is None:
        return None
    return files.back_of(now, then, root=one.root)


def _interrupted(applying: Applying) -> Applying:
    return msgspec.structs.replace(applying, interrupted=True)
