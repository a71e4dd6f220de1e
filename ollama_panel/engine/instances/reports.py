"""Reports the instances to the store and to the dispatcher."""

import logging
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.settings.tree import PoolSettings, Problem
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.instances.instance_facts import instance_up, named
from ollama_panel.engine.instances.member import Member
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_ADOPTED = notice("instance.adopted")

StoreOf: TypeAlias = Callable[[InstanceId, bool], tuple[ModelName, ...] | None]
"""Returns the models in the store of an instance, given whether it is managed; None = the same as all others."""

StoreIdOf: TypeAlias = Callable[[InstanceId, bool], InstanceId]
"""Returns the identity of the store of an instance, given whether it is managed; see `core.stores.store_ids`."""


class Reports:
    """`on_ready` is called when an instance is up, `on_backoff` when one has died and will be restarted.

    `cards` returns how many GPUs the servers have found.
    """

    def __init__(
        self,
        store: Store,
        post: Callable[[m.Event], None],
        store_of: StoreOf,
        store_id_of: StoreIdOf,
        on_ready: Callable[[], None],
        on_backoff: Callable[[], None],
        cards: Callable[[], int],
    ) -> None:
        self._store = store
        self._post = post
        self._store_of = store_of
        self._store_id_of = store_id_of
        self._on_ready = on_ready
        self._on_backoff = on_backoff
        self._cards = cards

    def planned(self, member: Member) -> None:
        """Tell the dispatcher that an instance is about to start."""
        pool = self._pool(member)
        self._post(m.InstancePlanned(member.id, pool.name, pool.role, named(pool.models)))

    def draining(self, member: Member) -> None:
        """Tell whether an instance gets requests."""
        self._post(m.Draining(member.id, member.draining or member.held))
        self.report(member)

    def switched(self, member: Member) -> None:
        """Tell that another process has taken the place of an instance's, with all its models at once."""
        member.models = {}
        self._post(m.Draining(member.id, True))
        self.report(member)
        self.draining(member)

    def report(self, member: Member) -> None:
        """Tell the state of an instance, unless it was removed."""
        if member.removed:
            return
        status = member.process.record
        pool = member.pool = self._pool(member)
        before = self._store.instance(status.id)
        parallel = status.parallel or (pool.parallel if status.managed else None)
        self._store.put_instance(
            msgspec.structs.replace(
                status,
                pool=pool.name,
                role=pool.role,
                detail=status.detail or (None if status.managed else _ADOPTED),
                draining=member.draining or member.held,
                parallel=parallel,
                successor=member.successor is not None,
            )
        )
        if status.phase is Phase.READY:
            self._up(member, status, pool, parallel)
        else:
            stopped = not member.wanted and status.phase is Phase.STOPPED
            self.down(member, removed=stopped, stopped=stopped and member.wanted_before is None)
        if status.silent and status.detail and (before is None or before.silent != status.silent):
            _LOG.warning("%s", render(Problem(status.id, status.detail).told))
        if status.managed and status.phase is Phase.BACKOFF and (before is None or before.detail != status.detail):
            self._on_backoff()

    def down(self, member: Member, *, removed: bool, stopped: bool = False) -> None:
        """Tell the dispatcher that an instance is down, once."""
        if member.up is not None or removed:
            member.up, member.models = None, {}
            self._post(m.InstanceDown(member.id, removed, stopped))

    def _up(self, member: Member, status: InstanceRecord, pool: PoolSettings, parallel: int | None) -> None:
        effective, started = self._store.inherited.effective(pool), member.supervisor.loaded.environment
        store = self._store_of(status.id, status.managed)
        store_id = self._store_id_of(status.id, status.managed)
        up = instance_up(status, pool, effective, parallel, started, store, store_id, self._cards())
        if up != member.up:
            begun, member.up = member.up is None, up
            self._post(up)
            if begun:
                self._on_ready()
        for event in member.model_events(status):
            self._post(event)

    def _pool(self, member: Member) -> PoolSettings:
        """Return the pool of an instance, the last one if it is removed; an adopted one is the first chat's."""
        status, pools = member.process.record, self._store.settings.pools
        own = next((pool for pool in pools if pool.name == status.pool), None)
        if own is None and status.managed:
            own = member.pool
        return own or next((pool for pool in pools if pool.role is Role.CHAT), pools[0])
