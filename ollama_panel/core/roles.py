"""Which worker may serve which request by its role, and what becomes of requests that no pool has a worker for.

A worker serves the requests of its own role, and those of any other role whose own pools have no worker. Only embedding
workers are protected: they serve nothing else unless the user allows it, because a chat model there takes the memory
and the time of the embeddings, and has a context that was set for these. An adopted server serves all roles.
"""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings


class PoolPlan(msgspec.Struct, frozen=True):
    """What the settings say about a pool, as far as it decides who serves a request."""

    name: PoolName
    role: Role
    workers: int

    @classmethod
    def of(cls, pools: Iterable[PoolSettings]) -> tuple["PoolPlan", ...]:
        """Return the plans of the pools of the settings."""
        return tuple(cls(pool.name, pool.role, pool.workers) for pool in pools)


def may_serve(worker: Role, wanted: Role, *, on_embedding: bool) -> bool:
    """Return whether a worker may serve requests of a role; `on_embedding`: the user lets it be an embedding worker."""
    return worker is not Role.EMBEDDING or wanted is Role.EMBEDDING or on_embedding


def unstaffed(pools: Sequence[PoolPlan], *, on_embedding: bool) -> dict[Role, Notice]:
    """Return the roles whose requests no worker of the pools may serve, each with the reason and what to do."""
    return {role: why for role in Role if (why := _why(pools, role, on_embedding=on_embedding)) is not None}


def _why(pools: Sequence[PoolPlan], role: Role, *, on_embedding: bool) -> Notice | None:
    fitting = tuple(pool for pool in pools if may_serve(pool.role, role, on_embedding=on_embedding))
    if any(pool.workers for pool in fitting):
        return None
    if not fitting:
        return notice("request.no_pool")
    if len(fitting) == 1:
        return notice("request.no_worker", pool=fitting[0].name)
    return notice("request.no_workers", pools=tuple(pool.name for pool in fitting))


def pool_of(role: Role, pools: Sequence[PoolPlan], *, on_embedding: bool) -> PoolName | None:
    """Return the pool whose workers requests of a role wait for, None if there is no pool.

    That is the first with a worker that may serve them, one of their own role before others; without any worker it is
    the pool that lacks it.
    """

    def rank(pool: PoolPlan) -> tuple[bool, bool, bool]:
        return not may_serve(pool.role, role, on_embedding=on_embedding), not pool.workers, pool.role is not role

    return min(pools, key=rank).name if pools else None
