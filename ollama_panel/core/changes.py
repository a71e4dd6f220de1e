"""The plan of a change of settings: what restarts and why, what starts and stops, what takes effect at once. Pure.

The window and the command line show the plan before the engine applies it; the engine uses `restart_reasons`, too.
"""

from collections.abc import Iterator
from functools import partial

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import KEEP_ALIVE, THREADS, Inherited, InstanceSpec, plan_instances
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment import is_read, refused
from ollama_panel.core.records import Role
from ollama_panel.core.roles import PoolPlan, unstaffed
from ollama_panel.core.setting_changes import UNSET, number_of
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import NAME, SETTINGS, find
from ollama_panel.core.settings.tree import Problem, Settings

_VARIABLES = {
    "OLLAMA_NUM_PARALLEL": find(f"pools.{NAME}.parallel").title,
    "OLLAMA_CONTEXT_LENGTH": find(f"pools.{NAME}.context_length").title,
    "OLLAMA_MODELS": find("ollama.models_dir").title,
}
_NO_REASON = frozenset({"OLLAMA_HOST", "OLLAMA_NOPRUNE", KEEP_ALIVE})
"""The address is compared as a port; which instance prunes the store at its start is no reason for a restart, nor is
how long models stay, which running servers are told."""
_EVERY_ADDRESS = ("0.0.0.0", "::", "[::]", "")

_NOT_LIVE = frozenset(
    ("version", "proxy.host", "proxy.port", "ollama.binary", "ollama.models_dir", "ollama.first_port")
)
"""The others move the proxy or restart instances; what they do to a running panel is told by that."""

_LIVE = tuple(
    key
    for key, one in SETTINGS.items()
    if not one.group and not key.startswith("pools.") and "[]" not in key and key not in _NOT_LIVE
)

_LIVE_OF_POOL = ("role", "models", "preload", "keep_alive", "slo_first_token_s", "slo_token_rate")


class Plan(msgspec.Struct, frozen=True):
    """The effects of an Apply.

    `restarts` has the reasons for each instance, `moves` the proxy's new address, or "". `unserved` says which requests
    no worker may answer any more, `without_workers` names new pools that have none. `live` are the keys of the settings
    that take effect at once, `reloads` those that do when a model is loaded anew for the next request; `saved`: some
    setting changes, whatever it does.
    If there are `problems`, nothing is changed.
    """

    restarts: dict[InstanceId, tuple[Notice, ...]] = {}
    adds: tuple[InstanceId, ...] = ()
    removes: tuple[InstanceId, ...] = ()
    moves: str = ""
    unserved: Notice | None = None
    without_workers: tuple[str, ...] = ()
    saved: bool = False
    live: tuple[str, ...] = ()
    reloads: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing that runs changes."""
        return self == Plan(saved=self.saved)

    def notices(self) -> tuple[Notice, ...]:
        """Return the plan for users, one notice for each kind of effect."""
        if self.problems:
            return tuple(problem.notice for problem in self.problems)
        return tuple(self._effects()) or (notice("plan.saved" if self.saved else "plan.nothing"),)

    def _effects(self) -> Iterator[Notice]:
        for changes in dict.fromkeys(self.restarts.values()):
            names = tuple(name for name, why in self.restarts.items() if why == changes)
            if len(names) == 1:
                yield notice("plan.restart_one", instance=names[0], changes=changes)
            else:
                yield notice("plan.restart", instances=names, changes=changes)
        if self.adds:
            yield notice("plan.start", instances=self.adds)
        if self.removes:
            yield notice("plan.stop", instances=self.removes)
        if self.without_workers:
            yield notice("plan.without_workers", pools=self.without_workers)
        if self.unserved:
            yield self.unserved
        if self.moves:
            host, _, port = self.moves.rpartition(":")
            every = host in _EVERY_ADDRESS
            yield notice("plan.move_everywhere", port=port) if every else notice("plan.move", address=self.moves)
        for code, keys in (("plan.live", self.live), ("plan.reload", self.reloads)):
            if keys:
                yield notice(code, settings=tuple(map(_named, keys)))


def plan(
    old: Settings,
    new: Settings,
    *,
    cores: int = 1,
    gpu: bool = True,
    inherited: Inherited = Inherited(),  # noqa: B008 - immutable
) -> Plan:
    """Return the plan of a change from `old` to `new` on a machine with `cores` cores, with a GPU or without."""
    if problems := codec.check(new) or refused(old, new):
        return Plan(problems=problems)
    planned = partial(plan_instances, cores=cores, gpu=gpu, inherited=inherited)
    try:
        before = {spec.id: spec for spec in planned(old, (old.ollama.binary,))}
        ports = {name: spec.port for name, spec in before.items()}
        after = {spec.id: spec for spec in planned(new, (new.ollama.binary,), keep=ports)}
    except PanelError as error:
        return Plan(problems=(Problem("ollama.first_port", error.notice),))
    reasons = {name: restart_reasons(before[name], after[name]) for name in after if name in before}
    return Plan(
        restarts={name: changes for name, changes in reasons.items() if changes},
        adds=tuple(name for name in after if name not in before),
        removes=tuple(name for name in before if name not in after),
        moves=_moves(old, new),
        unserved=_unserved(old, new),
        without_workers=_without_workers(old, new),
        saved=old != new,
        live=tuple(_live(old, new)),
        reloads=tuple(_reloads(old, new)),
    )


def _without_workers(old: Settings, new: Settings) -> tuple[str, ...]:
    known = {pool.name for pool in old.pools}
    return tuple(pool.name for pool in new.pools if not pool.workers and pool.name not in known)


def restart_reasons(old: InstanceSpec, new: InstanceSpec) -> tuple[Notice, ...]:
    """Return why an instance that runs as `old` must restart to become `new`: one notice for each difference.

    A variable that no server reads is none.
    """
    reasons = list[Notice]()
    if old.command != new.command:
        reasons.append(notice("change.program"))
    if (old.host, old.port) != (new.host, new.port):
        reasons.append(notice("change.port", before=old.port, after=new.port))
    for name in sorted((old.environment.keys() | new.environment.keys()) - _NO_REASON, key=_rank):
        before, after = old.environment.get(name), new.environment.get(name)
        if before != after and is_read(name):
            reasons.append(_change(name, before, after))
    return tuple(reasons)


def _change(name: str, before: str | None, after: str | None) -> Notice:
    if name == THREADS:
        shares = (number_of(value) if value else notice("change.all_cores") for value in (before, after))
        return notice("change.threads", before=next(shares), after=next(shares))
    if name in _VARIABLES:
        return notice("change.setting", setting=_VARIABLES[name], before=number_of(before), after=number_of(after))
    before, after = (value and redact.variable(name, value) for value in (before, after))
    return notice("change.variable", name=name, before=before or UNSET, after=after or UNSET)


def _rank(name: str) -> tuple[int, str]:
    known = (*_VARIABLES, THREADS)
    return (known.index(name) if name in known else len(known), name)


def _moves(old: Settings, new: Settings) -> str:
    before, after = (f"{one.proxy.host}:{one.proxy.port}" for one in (old, new))
    return after if before != after else ""


def _unserved(old: Settings, new: Settings) -> Notice | None:
    """Return which requests lose their last worker by a change, None if none do."""
    before, after = (
        unstaffed(PoolPlan.of(one.pools), on_embedding=one.scheduling.chats_on_embedding) for one in (old, new)
    )
    lost = after.keys() - before.keys()
    if not lost:
        return None
    if Role.EMBEDDING in after:  # any worker would do for these
        return notice("plan.refuse_all_but_adopted" if new.ollama.adopt else "plan.refuse_all")
    return notice("plan.refuse_chats_but_adopted" if new.ollama.adopt else "plan.refuse_chats")


def _live(old: Settings, new: Settings) -> Iterator[str]:
    groups = {name for name in Settings.__struct_fields__ if getattr(old, name) != getattr(new, name)}
    changed = (key for key in _LIVE if key.partition(".")[0] in groups)
    yield from (key for key in changed if codec.get(old, key) != codec.get(new, key))
    before = {pool.name: pool for pool in old.pools}
    for pool in new.pools:
        was = before.get(pool.name)
        for name in _LIVE_OF_POOL:
            if was is not None and getattr(was, name) != getattr(pool, name):
                yield f"pools.{pool.name}.{name}"
        if was is not None and was.environment.get(KEEP_ALIVE) != pool.environment.get(KEEP_ALIVE):
            yield f"pools.{pool.name}.environment"


def _reloads(old: Settings, new: Settings) -> Iterator[str]:
    before = {pool.name: pool for pool in old.pools}
    for pool in new.pools:
        was = before.get(pool.name)
        if was is not None and was.batch != pool.batch and pool.workers:
            yield f"pools.{pool.name}.batch"


def _named(key: str) -> str | Notice:
    """Return the title of a setting; of a pool's with the name of the pool."""
    title = find(key).title
    return notice("plan.of_pool", setting=title, pool=key.split(".")[1]) if key.startswith("pools.") else title
