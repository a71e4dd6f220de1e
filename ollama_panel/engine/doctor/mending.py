"""Carries out the fixes of findings on a machine, and takes them back."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from ollama_panel.core import setting_changes
from ollama_panel.core.applying import files
from ollama_panel.core.applying.host import HostFacts, place_of
from ollama_panel.core.applying.record import Action, Applying, ApplyStage
from ollama_panel.core.doctor import mending
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.findings import ChangeSettings, EditFiles, Finding, Fix, FixPlan, Mended, RunCommands, UseRemedy
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.applying import acting, looking
from ollama_panel.engine.applying.applier import Applier
from ollama_panel.engine.applying.hosts import Connect, Host
from ollama_panel.engine.doctor.keeping import Repair
from ollama_panel.engine.host.shell import REFUSED as NO_PASSWORD
from ollama_panel.engine.host.shell import as_administrator, may_ask_password

_REFUSED = (acting.REFUSED, NO_PASSWORD)
_GOES_BACK = "apply.goes_back"


class Panel(Protocol):
    """The panel of this machine, whose settings a fix may change."""

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings; see `PanelSource`."""
        ...

    async def use(self, remedy: UseRemedy) -> None:
        """Do what a button of the window does. Raises PanelError if only the window can."""
        ...


Guard: TypeAlias = Callable[[], Awaitable[None]]
"""Raises PanelError if nothing of the machine may be changed."""


async def unguarded() -> None:
    """Let the machine be changed."""


class Permission(msgspec.Struct, frozen=True):
    """What whoever asks for a fix allows: to restart `now`, and that the system asks for a password.

    `plan` is the id of the plan that they have seen, "" = none.
    """

    plan: str = ""
    now: bool = False
    ask_password: bool = False


class Mender:
    """`folder` keeps what takes back; a `host` is `user@machine`, "" = this machine; `tell` gets how far files are."""

    def __init__(
        self,
        folder: Path,
        host: str,
        connect: Connect,
        panel: Panel | None,
        tell: Callable[[Applying], None],
        guard: Guard = unguarded,
    ) -> None:
        self._folder = folder
        self._host = host
        self._connect = connect
        self._panel = panel
        self._tell = tell
        self._guard = guard
        self._applier: Applier | None = None

    def restart_now(self) -> None:
        """Wait no longer for clients."""
        if self._applier is not None:
            self._applier.restart_now()

    def cancel(self) -> None:
        """Break off what waits for clients."""
        if self._applier is not None:
            self._applier.cancel()

    def pending(self, repair: Repair) -> Applying | None:
        """Return how far the files of a repair are that an earlier run has left in the middle, None if it has not."""
        return self._files_of(repair.mended.id).pending() if isinstance(repair.fix, EditFiles) else None

    def as_left(self, repair: Repair) -> Repair | None:
        """Return a repair as whoever was at it last has left it, perhaps in the middle; None if it was never begun."""
        fix, one = repair.fix, repair.mended
        if not isinstance(fix, EditFiles):
            if not repair.under_way:
                return repair
            can_undo = isinstance(fix, RunCommands) and bool(fix.undo)
            return _interrupted(_ended(repair, can_undo=can_undo))
        last = self._files_of(one.id).last()
        if last is None:
            return None if repair.under_way else repair
        if repair.under_way or one.applying is None or last.interrupted or one.applying.stage is not last.stage:
            left = _with_files(repair, last)
            return _interrupted(left) if last.interrupted and last.problem is None and not last.todo else left
        return repair

    # Plans

    async def plan(self, finding: Finding, folder: str = "") -> FixPlan:
        """Return what a fix would do. `folder` is that of one that was begun. Raises PanelError if it has none."""
        fix = _fix_of(finding)
        await self._require_allowed(fix)
        if isinstance(fix, EditFiles):
            planned = await self._files_of(folder or "plan").plan(await self._export(fix), self._host)
            told = tuple(notice("doctor.goes_back") if one.code == _GOES_BACK else one for one in planned.told)
            return FixPlan(
                planned.id, finding.id, told, planned.files, planned.actions, asks_password=planned.asks_password
            )
        plan = FixPlan(mending.id_of(finding.id, fix), finding.id)
        if isinstance(fix, RunCommands):
            return await self._plan_commands(plan, fix.commands, by_hand=fix.by_hand)
        if isinstance(fix, ChangeSettings):
            before, after, effects = await self._change(fix, dry_run=True)
            return msgspec.structs.replace(plan, settings=setting_changes.told(before, after), told=effects)
        return msgspec.structs.replace(plan, told=(notice(f"doctor.remedy.{fix.remedy.value}"),))

    async def plan_undo(self, repair: Repair) -> FixPlan:
        """Return what taking a repair back would do."""
        fix, one = repair.fix, repair.mended
        await self._require_allowed(fix)
        plan = FixPlan(one.id, one.finding)
        if isinstance(fix, EditFiles):
            planned = await self._files_of(one.id).plan_undo(self._host)
            asks = planned.asks_password
            return FixPlan(one.id, one.finding, planned.told, planned.files, planned.actions, asks_password=asks)
        if isinstance(fix, RunCommands):
            return await self._plan_commands(plan, fix.undo)
        before, after = (_settings(one) for one in (repair.before, repair.after))
        return msgspec.structs.replace(plan, settings=setting_changes.told(after, before))

    async def _plan_commands(self, plan: FixPlan, commands: Sequence[str], *, by_hand: bool = False) -> FixPlan:
        async with self._reached() as (_, facts):
            actions = mending.actions_of(commands, facts)
        closed = any(one.root for one in actions) and not facts.root
        told: tuple[Notice, ...] = (notice("doctor.by_hand"),) if by_hand else ()
        if closed:
            told = (*told, notice("apply.by_user"))
        asks = closed and not by_hand and not self._host and may_ask_password()
        return msgspec.structs.replace(plan, actions=actions, told=told, asks_password=asks)

    # Commands

    async def fix(self, repair: Repair, finding: Finding, allowed: Permission) -> Repair:
        """Carry out the fix of a finding, or go on with it; return it with how it has ended.

        Raises PanelError if nothing was begun.
        """
        fix = _fix_of(finding)
        await self._require_allowed(fix)
        if isinstance(fix, EditFiles):
            export = await self._export(fix)
            self._applier = self._files_of(repair.mended.id)
            done = await self._applier.apply(
                export, self._host, plan_id=allowed.plan, now=allowed.now, ask_password=allowed.ask_password
            )
            return _with_files(repair, done)
        if allowed.plan and allowed.plan != mending.id_of(finding.id, fix):
            raise PanelError(notice("doctor.changed"))
        if isinstance(fix, RunCommands):
            return await self._run(repair, fix.commands, allowed, by_hand=fix.by_hand, can_undo=bool(fix.undo))
        if isinstance(fix, ChangeSettings):
            before, after, _ = await self._change(fix, dry_run=False)
            texts = (codec.dump(before).decode(), codec.dump(after).decode())
            return msgspec.structs.replace(_ended(repair, can_undo=before != after), before=texts[0], after=texts[1])
        await self._require_panel().use(fix)
        return _ended(repair)

    async def undo(self, repair: Repair, allowed: Permission) -> Repair:
        """Take a repair back, and return it as it is then. Raises PanelError if that is not possible."""
        fix = repair.fix
        await self._require_allowed(fix)
        if isinstance(fix, EditFiles):
            self._applier = self._files_of(repair.mended.id)
            done = await self._applier.undo(self._host, now=allowed.now, ask_password=allowed.ask_password)
            return _with_files(repair, done)
        if isinstance(fix, RunCommands):
            one = (await self._run(repair, fix.undo, allowed, can_undo=True)).mended
            back = one.problem is None and not one.todo
            return _ended(repair, undone=back, can_undo=not back, todo=one.todo, problem=one.problem)
        before, after = (_settings(one) for one in (repair.before, repair.after))
        await self._require_panel().change(lambda now: taken_back(before, after, now), wait=True, dry_run=False)
        return _ended(repair, undone=True)

    async def _run(
        self,
        repair: Repair,
        commands: Sequence[str],
        allowed: Permission,
        *,
        by_hand: bool = False,
        can_undo: bool = False,
    ) -> Repair:
        async with self._reached() as (host, facts):
            actions = mending.actions_of(commands, facts)
            if by_hand:
                return _ended(repair, todo=tuple(one.commands[0] for one in actions))
            for number, action in enumerate(actions):
                try:
                    await self._act(host, facts, action, allowed)
                except PanelError as error:
                    left = tuple(one.commands[0] for one in actions[number:])
                    if error.notice.code in _REFUSED:
                        return _ended(repair, todo=left, can_undo=can_undo)
                    return _ended(repair, problem=error.notice, can_undo=can_undo and number > 0)
        return _ended(repair, can_undo=can_undo)

    async def _act(self, host: Host, facts: HostFacts, action: Action, allowed: Permission) -> None:
        if action.root and not facts.root and allowed.ask_password and not self._host:
            await as_administrator(action.commands)
        else:
            await acting.commands(host, action)

    async def _change(self, fix: ChangeSettings, *, dry_run: bool) -> tuple[Settings, Settings, tuple[Notice, ...]]:
        """Change the settings; return them before and after, and what that does."""
        seen = list[Settings]()

        def edit(before: Settings) -> Settings:
            seen.append(before)
            return mending.changed(before, fix)

        done = await self._require_panel().change(edit, wait=True, dry_run=dry_run)
        return seen[-1], done.settings, done.effects

    # Parts

    async def _require_allowed(self, fix: Fix) -> None:
        """Raise PanelError if a fix changes the machine, and nothing of it may be changed."""
        if isinstance(fix, EditFiles) or (isinstance(fix, RunCommands) and not fix.by_hand):
            await self._guard()

    def _files_of(self, repair: str) -> Applier:
        return Applier(self._folder / repair, self._connect, self._tell)

    def _require_panel(self) -> Panel:
        if self._panel is None:
            raise PanelError(notice("doctor.needs_panel", place=place_of(self._host)))
        return self._panel

    async def _export(self, edit: EditFiles) -> Export:
        """Return edited files with their whole new texts. Raises PanelError if a file is another than was read."""
        texts = list[str]()
        async with self._reached() as (host, _):
            for path, read, wanted in edit.files:
                found = files.found_of((await host.run(files.look(path))).out)
                now = found.text or ""
                text = mending.rebased(read, wanted, now)
                if text is None and not found.problem:
                    raise PanelError(notice("doctor.file_changed", path=path))
                texts.append(wanted if text is None else text)
        return mending.export_of(edit, texts)

    @asynccontextmanager
    async def _reached(self) -> "AsyncIterator[tuple[Host, HostFacts]]":
        host = self._connect(self._host)
        try:
            yield host, await looking.facts_at(host)
        finally:
            await host.close()


def _fix_of(finding: Finding) -> Fix:
    if finding.fix is None:
        raise PanelError(notice("doctor.no_fix", finding=finding.id))
    return finding.fix


def _settings(content: str) -> Settings:
    return codec.load(content.encode())[0]


def _with_files(repair: Repair, applying: Applying) -> Repair:
    """Return a repair with how its files are."""
    in_force = applying.stage is ApplyStage.APPLIED
    back = applying.stage is ApplyStage.RETURNED
    return _ended(
        repair,
        applying=applying,
        can_undo=not back and (in_force or bool(applying.todo) or applying.interrupted),
        undone=back,
        todo=applying.todo,
        problem=applying.problem,
    )


def _interrupted(repair: Repair) -> Repair:
    mended = msgspec.structs.replace(repair.mended, problem=notice("doctor.interrupted"))
    return msgspec.structs.replace(repair, mended=mended)


def _ended(
    repair: Repair,
    *,
    applying: Applying | None = None,
    can_undo: bool = False,
    undone: bool = False,
    todo: tuple[str, ...] = (),
    problem: Notice | None = None,
) -> Repair:
    one = repair.mended
    mended = Mended(one.id, one.finding, one.told, one.at, applying, can_undo, undone, todo, problem)
    return msgspec.structs.replace(repair, mended=mended, under_way=False)
