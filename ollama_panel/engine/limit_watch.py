"""Watches the limits of the models: spares the machine, tells of SLOs and drift, proposes other slots and workers."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

import msgspec

from ollama_panel.core.adjusting import Adjuster
from ollama_panel.core.alerts import Topic, about
from ollama_panel.core.drift_notices import drift_notices, powers_of
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools, Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.power_rule import PowerRule
from ollama_panel.core.provenance import problem_of
from ollama_panel.core.scheduling.curve import Curve
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import Event, Reconfigured
from ollama_panel.core.settings.edits import Edit, changed_pools, find_pool
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_scheduling import Adjust
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

INTERVAL_S = 5.0
"""How often it looks."""


class Panel(Protocol):
    """What changes the settings."""

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> object:
        """Change the settings; see `PanelSource`."""
        ...


class LimitWatch:
    """`snapshot` returns the state of now."""

    def __init__(
        self,
        store: Store,
        dispatcher: Dispatcher,
        post: Callable[[Event], None],
        snapshot: Callable[[], Snapshot],
        panel: Panel,
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._post = post
        self._snapshot = snapshot
        self._panel = panel
        self._adjuster = Adjuster()
        self._power = PowerRule()
        self._logged: dict[str, tuple[Topic, ...]] = {}

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        while True:
            await asyncio.sleep(until_next(INTERVAL_S))
            await self.look()

    async def look(self) -> None:
        """Look once: put into force what limits the models now, tell what is to be known, do what is due."""
        snapshot = self._snapshot()
        curves = curves_of(snapshot)
        self._configure(snapshot, curves)
        self._tell("drift", drift_notices(self._dispatcher.drifts(), snapshot))
        self._tell("slo", tuple(one.slo.impossible for one in snapshot.pools if one.slo and one.slo.impossible))
        await self._adjust(snapshot, curves)

    def _configure(self, snapshot: Snapshot, curves: tuple[Curve, ...]) -> None:
        before = self._dispatcher.policy
        power = self._power.look(powers_of(snapshot.telemetry), snapshot.at)
        if (before.power, before.curves) != (power, curves):
            self._post(Reconfigured(msgspec.structs.replace(before, power=power, curves=curves)))

    async def _adjust(self, snapshot: Snapshot, curves: tuple[Curve, ...]) -> None:
        wanted = snapshot.settings.scheduling
        if wanted.adjust is not Adjust.SETTINGS:
            self._adjuster = Adjuster()
            self._tell("adjust", ())
            return
        self._adjuster.look(snapshot, curves)
        tunes = snapshot.tuning is not None and snapshot.tuning.under_way  # a change of its pool would end it
        due = self._adjuster.due(snapshot) if wanted.adjust_when_idle and not tunes else None
        if due is not None:
            await self._carry_out(snapshot.settings, due)
        self._tell("adjust", self._adjuster.told)

    async def _carry_out(self, settings: Settings, name: PoolName) -> None:
        """Do what is proposed for a pool, unless somebody has just changed it."""
        proposal, pool = self._adjuster.proposed[name], find_pool(settings, name)
        offer = proposal.action
        if self._store.settings is not settings or not isinstance(offer, ChangePools):
            return
        try:
            await self._panel.change(lambda now: changed_pools(now, offer), wait=True, dry_run=False)
        except PanelError as error:
            failed = notice("adjust.failed", pool=name, why=error.notice)
            self._adjuster.failed(pool, proposal, failed)
        else:
            self._adjuster.carried_out(pool, proposal)

    def _tell(self, source: str, told: tuple[Notice, ...]) -> None:
        """Show notices, and write those that are new to the log."""
        topics = tuple(map(about, told))
        for topic, one in zip(topics, told, strict=True):
            if topic not in self._logged.get(source, ()):
                _LOG.info("%s", render(one))
        self._logged[source] = topics
        self._store.set_notices(source, told)


def curves_of(snapshot: Snapshot) -> tuple[Curve, ...]:
    """Return the newest curve of each model of each pool that holds on this machine, be it on battery or not."""
    found = dict[tuple[str, str], Curve]()
    for pool in snapshot.settings.pools:
        for one in snapshot.curves:
            if one.pool != pool.name or (pool.name, one.model) in found:
                continue
            elsewhere = problem_of(snapshot, msgspec.structs.replace(one.provenance, power=""))
            curve = Curve.of(pool, one) if elsewhere is None else None
            if curve is not None:
                found[pool.name, one.model] = curve
    return tuple(found.values())
