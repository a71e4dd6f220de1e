"""One export on its way to a machine, forth or back: the actions, and in the journal how far it is."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from ollama_panel.core.applying import plan
from ollama_panel.core.applying.files import to_write
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.plan import Change, Kept
from ollama_panel.core.applying.record import Action, ActionKind, Applying, ApplyStage, FileState
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.takeover import StepState
from ollama_panel.engine import clock
from ollama_panel.engine.applying import acting, looking
from ollama_panel.engine.applying.acting import NotInForceError, Patience
from ollama_panel.engine.applying.hosts import Host
from ollama_panel.engine.applying.journal import Entry, Journal
from ollama_panel.engine.applying.looking import Seen
from ollama_panel.engine.host.shell import REFUSED as NO_PASSWORD
from ollama_panel.engine.host.shell import as_administrator

_LOG = logging.getLogger(__name__)
_LOST = ("apply.unreachable", "apply.slow")
"""The codes of notices after which nobody knows how far a machine is."""
_REFUSED = (acting.REFUSED, NO_PASSWORD)
_STAGES = {
    ActionKind.IDLE: ApplyStage.IDLE,
    ActionKind.RESTART: ApplyStage.RESTARTING,
    ActionKind.PROVE: ApplyStage.PROVING,
}
_OURS = (ActionKind.IDLE, ActionKind.PROVE)
"""What the panel does without a command."""


class Pace(msgspec.Struct, frozen=True):
    """How long a server may take until it answers, how often it is looked for clients at work, and whether at all.

    `ask_password`: the system may ask for one.
    """

    settle_s: float = acting.SETTLE_S
    idle_poll_s: float = 2.0
    now: bool = False
    ask_password: bool = False


class Course:
    """Carries out one entry of the journal. `seen` is the machine as it was found."""

    def __init__(
        self,
        host: Host,
        manager: ServiceControl,
        seen: Seen,
        entry: Entry,
        journal: Journal,
        tell: Callable[[Applying], None],
        patience: Patience,
        pace: Pace,
    ) -> None:
        self._host = host
        self._manager = manager
        self._seen = seen
        self._entry = entry
        self._journal = journal
        self._tell = tell
        self._patience = patience
        self._pace = pace

    async def forth(self, change: Change, fresh: Collection[str], *, again: bool = False) -> Applying:
        """Put the export into force; what fails after something was written goes back.

        `fresh` are the paths of which no copy is kept yet; `again`: nobody knows whether the others were read. Raises
        PanelError if nothing could be begun.
        """
        entry, facts = self._entry, self._seen.facts
        staged = await acting.stage(self._host, facts, entry.applying.id, to_write(self._seen.files))
        actions = plan.forth(self._manager, facts, change, entry.kept, staged, fresh, again=again)
        self._show(ApplyStage.WRITING, actions=actions)
        try:
            if await self._all(actions, change.units):
                await acting.unstage(self._host, facts, entry.applying.id)
                self._show(ApplyStage.APPLIED)
        except PanelError as error:
            await self._failed(error, change)
        except asyncio.CancelledError:
            self._show(self._entry.applying.stage, interrupted=True)
            raise
        return self._entry.applying

    async def back(self, change: Change, *, wait: bool, why: Notice | None = None) -> Applying:
        """Bring back what was there before; `why` is the failure that has led here, None if somebody has asked."""
        entry, facts = self._entry, self._seen.facts
        kept = entry.known
        left = await looking.existing(self._host, [one.backup for one in kept if one.backup])
        there = await looking.existing(self._host, [one.path for one in kept if not one.backup])
        edited = await looking.edited(self._host, kept, entry.applying.files, plan.date_of(clock.wall()))
        remaining = [one for one in kept if one.backup in left or one.path in there]
        gone = self._copies_gone(kept, left)
        if gone:
            told = notice("apply.copies_gone", paths=gone)
            problem = told if why is None else notice("apply.stuck_back", why=why, then=told)
            self._show(ApplyStage.RETURNING, problem=problem, interrupted=True)
            return self._entry.applying
        actions = plan.back(
            self._manager,
            facts,
            change,
            remaining,
            left,
            restarted=entry.restarted,
            wait=wait,
            edited=edited,
        )
        if entry.applying.todo and not remaining:  # somebody has typed them
            actions = tuple(one for one in actions if one.kind is ActionKind.PROVE)
        self._show(ApplyStage.RETURNING, actions=actions, problem=why, interrupted=False)
        old = [unit for unit in change.units if unit.name not in change.new and unit.name in entry.busy]
        try:
            if await self._all(actions, old):
                await acting.unstage(self._host, facts, entry.applying.id)
                self._show(ApplyStage.RETURNED, proofs=self._entry.applying.proofs)
        except PanelError as error:
            if error.notice.code in _REFUSED:
                self._wait_for_user()
            else:
                then = error.notice if why is None else notice("apply.stuck_back", why=why, then=error.notice)
                self._show(ApplyStage.RETURNING, problem=then, interrupted=True)
        except asyncio.CancelledError:
            self._show(ApplyStage.RETURNING, interrupted=True)
            raise
        return self._entry.applying

    def _copies_gone(self, kept: Sequence[Kept], left: Collection[str]) -> tuple[str, ...]:
        """Return the copies that somebody has removed although the files have the text of the export still."""
        same = {one.path for one in self._seen.files if one.state is FileState.SAME}
        return tuple(one.backup for one in kept if one.whole and one.backup not in {"", *left} and one.path in same)

    async def _failed(self, error: PanelError, change: Change) -> None:
        code = error.notice.code
        _LOG.warning(render(error.notice))
        if isinstance(error, NotInForceError):
            self._show(self._entry.applying.stage, proofs=error.proofs)
        if code in _REFUSED:
            self._wait_for_user()
        elif code in _LOST:
            self._show(self._entry.applying.stage, problem=error.notice, interrupted=True)
        else:
            await self.back(change, wait=False, why=error.notice)

    # Actions

    async def _all(self, actions: Sequence[Action], units: Sequence[Unit]) -> bool:
        """Carry out all actions; return False if the user is to type some of them."""
        facts = self._seen.facts
        if not any(one.root for one in actions) or facts.root:
            for number in range(len(actions)):
                await self._one(number, units)
            return True
        if not (self._pace.ask_password and not self._host.name):
            self._wait_for_user()
            return False
        roots = [number for number, one in enumerate(actions) if one.root]
        others = [number for number in range(len(actions)) if number not in roots]
        for number in [one for one in others if actions[one].kind is not ActionKind.PROVE]:
            await self._one(number, units)
        self._keep(kept=plan.all_whole(self._entry.kept), restarted=True)
        for number in roots:
            self._mark(number, StepState.UNDER_WAY)
        await as_administrator([command for number in roots for command in actions[number].commands])
        for number in roots:
            self._mark(number, StepState.DONE)
        for number in [one for one in others if actions[one].kind is ActionKind.PROVE]:
            await self._one(number, units)
        return True

    async def _one(self, number: int, units: Sequence[Unit]) -> None:
        action = self._entry.applying.actions[number]
        back = self._entry.applying.stage is ApplyStage.RETURNING
        if action.kind is ActionKind.WRITE:
            self._keep(kept=plan.all_whole(self._entry.kept))
        if action.kind is ActionKind.RESTART:
            self._keep(restarted=True)
        stage = ApplyStage.RETURNING if back else _STAGES.get(action.kind, ApplyStage.WRITING)
        self._mark(number, StepState.UNDER_WAY, stage)
        try:
            await self._do(action, units, back=back)
        except PanelError as error:
            self._mark(number, StepState.FAILED, problem=error.notice)
            raise
        self._mark(number, StepState.DONE)

    async def _do(self, action: Action, units: Sequence[Unit], *, back: bool) -> None:
        if action.kind is ActionKind.IDLE:
            if not self._pace.now:
                await self._patience.idle(self._at_work, self._waits, self._pace.idle_poll_s)
        elif action.kind is ActionKind.PROVE:
            shown = units if back else self._seen.units
            proofs = await acting.prove(self._host, self._manager, shown, self._pace.settle_s, values=not back)
            self._show(self._entry.applying.stage, proofs=proofs)
        else:
            await acting.commands(self._host, action)

    async def _at_work(self) -> int | None:
        running = [unit for unit in self._seen.units if unit.name in self._entry.busy]
        return await looking.at_work(self._host, running, self._seen.evidence)

    def _waits(self, count: int) -> None:
        if count != self._entry.applying.connections:
            self._show(self._entry.applying.stage, connections=count)

    # State

    def _wait_for_user(self) -> None:
        """Leave to the user all commands that are not done, in their order: each builds on the one before."""
        actions = tuple(
            one if one.state is StepState.DONE or one.kind in _OURS else _with(one, StepState.WAITING)
            for one in self._entry.applying.actions
        )
        self._keep(restarted=True)
        self._show(self._entry.applying.stage, actions=actions)

    def _mark(
        self, number: int, state: StepState, stage: ApplyStage | None = None, *, problem: Notice | None = None
    ) -> None:
        actions = list(self._entry.applying.actions)
        actions[number] = _with(actions[number], state, problem)
        self._show(stage or self._entry.applying.stage, actions=tuple(actions))

    def _keep(self, **changes: Any) -> None:
        self._entry = msgspec.structs.replace(self._entry, **changes)

    def _show(self, stage: ApplyStage, **changes: Any) -> None:
        """Keep how far it is, and tell it."""
        applying = msgspec.structs.replace(self._entry.applying, stage=stage, **changes)
        self._keep(applying=applying)
        self._journal.write(self._entry)
        self._tell(applying)


def _with(action: Action, state: StepState, problem: Notice | None = None) -> Action:
    return msgspec.structs.replace(action, state=state, problem=problem)
