"""Gives instances new processes: the successor first where the memory surely holds both, else after a drain.

A successor that fails leaves the old process as it is. It may have been an accident, as when somebody has killed it: so
another one is started a few times (`core.restart_budget`). If the memory did not hold both after all, the old process
is drained and replaced.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.launch import InstanceSpec, moved
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.succession import Load, Way, fit, loads_of, on_chosen_cards
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.member import Member
from ollama_panel.engine.instances.model_loader import ModelLoader
from ollama_panel.engine.instances.reservations import Reservations
from ollama_panel.engine.instances.successor import Machine, Scheduler, SuccessorError, Successors, Told, checked
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)


class Replacer:
    """Replaces the processes of instances. `until` waits until something holds, `facts` are those of the store.

    `now` returns the time in seconds.

    `tries` tells whether an instance measures a trial of the tuner: then nothing is started beside it, and nothing is
    loaded, as the tuner does that.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        fleet: Fleet,
        store: Store,
        scheduler: Scheduler,
        machine: Machine,
        loader: ModelLoader,
        reservations: Reservations,
        *,
        until: Callable[[Callable[[], bool]], Awaitable[None]],
        facts: Callable[[], Mapping[ModelName, ModelFacts]],
        now: Callable[[], float],
        tries: Callable[[InstanceId], bool] = lambda _: False,
    ) -> None:
        self._fleet = fleet
        self._store = store
        self._scheduler = scheduler
        self._machine = machine
        self._loader = loader
        self._reservations = reservations
        self._until = until
        self._facts = facts
        self._now = now
        self._tries = tries
        self._turns = defaultdict[PoolName, asyncio.Lock](asyncio.Lock)
        self._successors = Successors(group, fleet, scheduler, machine, loader, reservations, self._loads, until=until)

    @property
    def _given(self) -> bool:
        """Whether others have the memory, so that nothing is loaded: that may begin at any moment."""
        return self._scheduler.policy.given is not None

    async def restart(self, instance: InstanceId) -> None:
        """Replace the process of an instance for the user, who sees the progress on its pool.

        Of a pool, those that answer follow one after the other, so that the others serve meanwhile; one that is stopped
        while it waits for its turn stays so.
        """
        member, pool = self._fleet.member(instance), self._fleet.status(instance).pool
        if not _answers(member):
            await self._restart_told(instance, pool)
            return
        async with self._turns[pool]:
            if member.wanted:
                await self._restart_told(instance, pool)

    async def _restart_told(self, instance: InstanceId, pool: PoolName) -> None:
        try:
            await self.replace(instance, None, lambda told: self._store.set_progress(pool, told))
        finally:
            self._store.set_progress(pool, None)

    async def replace(self, instance: InstanceId, spec: InstanceSpec | None, told: Told) -> InstanceRecord:
        """Give an instance a new process, with `spec` if given, and return its record; one that is stopped stays so.

        Raises PanelError if successors do not run, or cannot load a model; then the old process serves on, also when
        the same is tried again while the memory does not hold both. If this is cancelled before a successor has taken
        its place, that one is ended, else the old one, as soon as its requests have ended.
        """
        member, failures = self._fleet.member(instance), 0
        async with member.lock:
            while (target := spec or member.supervisor.spec) is not None and self._may_be_doubled(member, target):
                await checked(member.process)
                await self._machine.measured()
                loads, margin = self._loads(member, target)
                if not (self._may_be_doubled(member, target) and fit(loads, self._scheduler.room(), margin)):
                    if spec is not None and member.failed is not None and member.failed[0] == moved(spec, 0):
                        raise PanelError(member.failed[1])
                    break
                member.failed = None
                try:
                    status = await self._successors.succeed(member, target, loads, told)
                except SuccessorError as error:
                    failures += 1
                    if not await self._again(member, target, error, failures, told):
                        break
                else:
                    if status is None:
                        break
                    return status
            if target is not None and failures and not member.wanted:
                member.supervisor.configure(target)
                return member.supervisor.status
            return await self._restart(member, spec, told)

    async def _again(
        self, member: Member, target: InstanceSpec, failed: SuccessorError, failures: int, told: Told
    ) -> bool:
        """Return when the next successor is to be started; False = the process is to be drained.

        Raises PanelError if no successor is to be started any more.
        """
        _LOG.warning("%s", render(notice("rollout.successor_failed", instance=member.id, why=failed.notice)))
        if failed.way is Way.DRAIN:
            return False
        pause_s = member.tries.pause_s(self._now()) if failed.way is Way.AGAIN else None
        if pause_s is None:
            given_up = notice("rollout.failed", instance=member.id, why=failed.notice)
            if failures > 1:
                name = member.id
                given_up = notice("rollout.successors_failed", instance=name, count=failures, why=failed.notice)
            member.failed = moved(target, 0), given_up
            raise PanelError(given_up) from failed
        member.tries = member.tries.restarted(self._now())
        seconds = round(pause_s)
        told(notice("rollout.successor_again", instance=member.id, why=failed.notice, seconds=seconds))
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._until(lambda: not member.wanted)
        return True

    def _may_be_doubled(self, member: Member, target: InstanceSpec) -> bool:
        """Return whether anybody would gain from a successor that starts before the process ends."""
        if not (self._store.settings.ollama.twin and _answers(member)) or member.held or self._tries(member.id):
            return False
        return self._machine.cards < 2 or not on_chosen_cards(target, self._store.inherited.variables)

    def _loads(self, member: Member, target: InstanceSpec) -> tuple[tuple[Load, ...], int]:
        """Return what a new process is to load, and the bytes that must stay free beside it."""
        status = member.supervisor.status
        pool = next((one for one in self._store.settings.pools if one.name == target.pool), member.pool)
        if pool is None or self._given:
            return (), 0
        return loads_of(
            target,
            pool,
            self._store.inherited.variables,
            [model.name for model in status.models],
            self._facts(),
            gpu=self._machine.gpu,
            version=status.version or "",
        )

    # After a drain

    async def _restart(self, member: Member, spec: InstanceSpec | None, told: Told) -> InstanceRecord:
        """Drain the process, replace it, and let the new one load what the old one had.

        While other workers of the pool answer, requests come when all of it is loaded, else when the model is that the
        first of them wait for: a model that nobody waits for delays nobody.
        """
        target = spec or member.supervisor.spec
        loads = self._loads(member, target)[0] if target is not None else ()
        async with self._fleet.drained(member):
            status = await self._fleet.restart(member, spec)
            if status.phase is not Phase.READY or member.held or self._tries(member.id):
                return status
            waited_for = {job.model for job in self._scheduler.waiting_jobs()}
            order = sorted(loads, key=lambda load: load.model not in waited_for)
            first = len(order) if self._others_answer(member) else 1
            await self._warm(member, order[:first], told)
        await self._warm(member, order[first:], told)
        return member.supervisor.status

    def _others_answer(self, member: Member) -> bool:
        pool = member.supervisor.status.pool
        others = (one for one in self._store.instances() if one.pool == pool and one.id != member.id)
        return any(one.phase is Phase.READY and not one.draining for one in others)

    async def _warm(self, member: Member, loads: Sequence[Load], told: Told) -> None:
        """Load what fits; whatever cannot be loaded is left to the first request for it."""
        holder = object()
        for number, load in enumerate(loads, 1):
            await self._machine.measured()
            status, room = member.supervisor.status, self._scheduler.room()
            if status.phase is not Phase.READY or not member.wanted or self._given:
                return
            if any(model.name == load.model for model in status.models):
                continue
            if load.bytes is not None and room is not None and not fit([load], room):
                continue
            told(notice("rollout.warms", instance=member.id, model=load.model, number=number, all=len(loads)))
            self._reservations.hold(holder, load.bytes or 0)
            try:
                await self._loader.load(status.url, load.model, options=load.options)
                await checked(member.process)
            except PanelError as error:
                _LOG.warning("%s: %s", member.id, render(error.notice))
            finally:
                self._reservations.hold(holder, 0)


def _answers(member: Member) -> bool:
    """Return whether an instance is to run, and answers requests for all its models."""
    status = member.supervisor.status
    return member.wanted and status.phase is Phase.READY and not (status.silent or member.hung)
