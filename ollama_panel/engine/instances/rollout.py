"""Rolling restarts: brings the fleet to the current settings, one instance at a time, while the others serve.

A newer request supersedes one in progress: the current step is cancelled and the rest is planned anew.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ollama_panel.core.changes import restart_reasons
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.gather import gather
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.successor import Told
from ollama_panel.engine.store import Store
from ollama_panel.proxy.gate import Upstream

START_S = 4.0
"""How long a request that needs no slot waits for an instance to start: Ollama takes 1 to 2 s (measured), and httpx
gives up after 5 s of silence."""
_WHERE = "instances"

Replace: TypeAlias = Callable[[InstanceId, InstanceSpec, Told], Awaitable[InstanceRecord]]
"""Gives an instance a new process and returns its record; see `Replacer.replace`."""


class Rollout:
    """Brings the fleet to the current settings; `plan` returns the instances that they ask for."""

    def __init__(
        self,
        fleet: Fleet,
        store: Store,
        counts: Counts,
        plan: Callable[[], tuple[InstanceSpec, ...]],
        replace: Replace,
    ) -> None:
        self._fleet = fleet
        self._replace_one = replace
        self._store = store
        self._counts = counts
        self._plan = plan
        self._requested = asyncio.Event()
        self._up_or_settled = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._failed = False

    def instance_ready(self) -> None:
        """Retry a failed rollout: the user may have fixed and started the instance that had failed."""
        self._up_or_settled.set()
        if self._failed:
            self.begin()

    def begin(self) -> None:
        """Start a rollout to the current settings."""
        self._up_or_settled.clear()
        self._requested.set()

    async def upstreams(self) -> tuple[Upstream, ...]:
        """Return the instances that are up; while none is and some start, wait for the first, `START_S` at most."""
        if not (found := self._fleet.upstreams()):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(START_S):
                    await self._up_or_settled.wait()
            found = self._fleet.upstreams()
        return found

    async def apply(self) -> None:
        """Run a rollout to its end. Raises PanelError if an instance does not start."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self.begin()
        await waiter

    async def run(self) -> None:
        """Run the requested rollouts until cancelled."""
        running: asyncio.Task[None] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await self._requested.wait()
                    self._requested.clear()
                    if running is not None and running.cancel():
                        await asyncio.wait({running})
                    running = group.create_task(self._attempt(), name="rollout")
        finally:
            self._resolve_waiters(PanelError(notice("rollout.ended")))

    async def _attempt(self) -> None:
        try:
            await self._converge()
            self._failed = False
        except PanelError as error:
            self._failed = True
            self._store.set_problems(_WHERE, [Problem(_WHERE, error.notice)])
            self._resolve_waiters(error)
        else:
            self._store.set_problems(_WHERE, ())
            self._resolve_waiters(None)
        finally:
            for pool in self._store.settings.pools:
                self._store.set_progress(pool.name, None)

    def _resolve_waiters(self, error: PanelError | None) -> None:
        self._up_or_settled.set()
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(PanelError(error.notice))

    async def _converge(self) -> None:
        wanted = {spec.id: spec for spec in self._plan()}
        for spec in wanted.values():
            if spec.id in self._fleet:
                self._fleet.keep(spec.id)
                continue
            self._store.set_progress(spec.pool, notice("rollout.start", instance=spec.id))
            self._fleet.add(spec)
        self._fleet.refresh()
        await self._replace(wanted)
        await self._remove([name for name in self._fleet.specs() if name not in wanted])
        for status in await gather(self._fleet.wait_settled(name) for name in wanted):
            _require_running(status)

    async def _replace(self, wanted: dict[InstanceId, InstanceSpec]) -> None:
        running = self._fleet.specs()
        reasons = {name: restart_reasons(running[name], spec) for name, spec in wanted.items()}
        due = [name for name, reason in reasons.items() if reason]
        for name, spec in wanted.items():
            if not reasons[name] and spec != running[name]:
                self._fleet.configure(name, spec)
        for number, name in enumerate(due, 1):
            spec = wanted[name]
            await self._require_settled(
                [one for one in wanted.values() if one.pool == spec.pool and not reasons[one.id]]
            )

            def tell(what: Notice, pool: PoolName = spec.pool, number: int = number) -> None:
                step = notice("rollout.step", number=number, all=len(due), what=what)
                self._store.set_progress(pool, step if len(due) > 1 else what)

            def tell_of_change(what: Notice, changes: tuple[Notice, ...] = reasons[name]) -> None:
                tell(notice("rollout.changing", what=what, changes=changes))

            tell(_restarting(name, reasons[name], self._counts.in_flight(name)))
            _require_running(await self._replace_one(name, spec, tell_of_change))
            reasons[name] = ()
            self._store.set_progress(spec.pool, None)

    async def _require_settled(self, specs: list[InstanceSpec]) -> None:
        """Check that the instances that already have the new settings run, before another one gets them."""
        for spec in specs:
            _require_running(await self._fleet.wait_settled(spec.id))

    async def _remove(self, surplus: list[InstanceId]) -> None:
        for name in surplus:
            record = self._store.instance(name)
            if record is not None:
                self._store.set_progress(record.pool, notice("rollout.stop", instance=name))
            await self._fleet.remove(name)
            if record is not None:
                self._store.set_progress(record.pool, None)


def _restarting(instance: InstanceId, changes: tuple[Notice, ...], requests: int) -> Notice:
    """Return the notice that an instance restarts when the requests that run there have ended."""
    if requests > 1:
        return notice("rollout.restart_after", instance=instance, changes=changes, requests=requests)
    return notice("rollout.restart_after_one" if requests else "rollout.restart", instance=instance, changes=changes)


def _require_running(status: InstanceRecord) -> None:
    """Raise PanelError unless the instance is ready, or stopped by the user."""
    if status.phase not in (Phase.READY, Phase.STOPPED):
        why = status.detail or notice("instance.down")
        raise PanelError(notice("rollout.failed", instance=status.id, why=why))
