"""What the first run advises, item by item, each with its reason and with what it changes in the settings.

Nothing is changed here: `wanted` returns the settings with the items that the user leaves ticked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from ollama_panel.core.advice import machines, speed
from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.result import Advice, settings_with
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.alerts import PORT_TAKEN
from ollama_panel.core.client_rules import rule_of, with_rule
from ollama_panel.core.first_run.found import is_looking, servers_of_others, without_ollama
from ollama_panel.core.first_run.programs import crowding, programs
from ollama_panel.core.ids import ClientId, PoolName
from ollama_panel.core.notices import Notice, UseStore, joined, notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.ollama.models import is_embedding
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.store_notices import using
from ollama_panel.core.stores import StoreRecord

_MOST_PEOPLE = 20
"""More than that are taken for a product (`core.advice.uses`), which the number of programs does not tell."""
_REASONS = frozenset({"advise.singly", "advise.at_once", "advise.agents", "advise.pace", "advise.most", "advise.fewer"})
"""The lines of the advice that say why a pool has so many slots and workers."""


class Kind(Enum):
    """What an item changes.

    QUEUE: the panel listens. POOL: the values of a pool. CLASS: a program waits for the others. STORE: where the
    workers read the models. TAKE_OVER: the panel answers at Ollama's own address, too.
    """

    QUEUE = "queue"
    POOL = "pool"
    CLASS = "class"
    STORE = "store"
    TAKE_OVER = "take_over"


class Item(msgspec.Struct, frozen=True):
    """One thing that is advised.

    `id` stays the same while the machine changes. `ticked`: it is advised unless the user says otherwise. `possible`:
    it can be done now; `why` says what it needs, `steps` are the commands that the user has to type for it. `pool` are
    the values of a pool, `name` is the folder, the client, the server or the port that is taken. `sums` is the
    arithmetic.
    """

    id: str
    kind: Kind
    title: Notice
    why: Notice
    ticked: bool = True
    possible: bool = True
    pool: PoolSettings | None = None
    name: str = ""
    steps: tuple[Notice, ...] = ()
    sums: tuple[Notice, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """What models are used for, by how many people or programs; `pools` are those whose values the user has chosen."""

    use: Use = Use.CHAT
    people: int = 1
    pools: Mapping[PoolName, PoolSettings] = {}


class Advised(msgspec.Struct, frozen=True):
    """What is advised; `notes` say why there is no pool among it, and what would help."""

    items: tuple[Item, ...] = ()
    notes: tuple[Notice, ...] = ()


def likely(snapshot: Snapshot) -> Asked:
    """Return what models are probably used for: for documents if one of them makes embeddings.

    Each program that is seen counts as one person who waits for answers.
    """
    use = Use.RAG if any(map(is_embedding, snapshot.models)) else Use.CHAT
    return Asked(use, min(max(1, len(programs(snapshot) or ())), _MOST_PEOPLE))


def advised(snapshot: Snapshot, asked: Asked) -> Advised:
    """Return what is advised on this machine."""
    if is_looking(snapshot) or without_ollama(snapshot):
        return Advised()
    here = speed.measured(snapshot.finished)
    advice = advise(machines.of_snapshot(snapshot), snapshot.models, asked.use, asked.people, here=here)
    store = _store(snapshot)
    can_serve = _have_models(snapshot) or (store is not None and store.possible)
    pools = tuple(_pools(snapshot.settings, advice, asked, can_serve=can_serve, seen=bool(snapshot.models)))
    items = (_queue(snapshot), *pools, *_classes(snapshot), *([] if store is None else [store]), *_take_over(snapshot))
    return Advised(items, () if advice.pools else (*advice.lines, *advice.ways))


def ticks(items: Sequence[Item], chosen: Mapping[str, bool]) -> frozenset[str]:
    """Return the ids of the items that are ticked: as the user has `chosen`, else as is advised."""
    return frozenset(one.id for one in items if one.possible and chosen.get(one.id, one.ticked))


def wanted(settings: Settings, items: Sequence[Item], ticked: Collection[str]) -> Settings:
    """Return the settings with the ticked items in force."""
    for one in items:
        settings = _with(settings, one, on=one.id in ticked)
    return settings


def _with(settings: Settings, item: Item, *, on: bool) -> Settings:
    if item.kind is Kind.QUEUE:
        return msgspec.structs.replace(settings, proxy=msgspec.structs.replace(settings.proxy, enabled=on))
    if not on:
        return settings
    if item.kind is Kind.STORE:
        return using(settings, UseStore(item.name))
    if item.kind is Kind.CLASS:
        client = ClientId(item.name)
        rule = msgspec.structs.replace(rule_of(settings.scheduling, client), request_class=RequestClass.BATCH)
        return with_rule(settings, client, rule)
    if item.pool is not None:
        pools = {one.name: one for one in settings.pools} | {item.pool.name: item.pool}
        return msgspec.structs.replace(settings, pools=tuple(pools.values()))
    return settings


def _queue(snapshot: Snapshot) -> Item:
    """Return the item that the panel listens; where its port is taken, its `name` is the port."""
    configured, problem = snapshot.settings.proxy, snapshot.proxy.problem
    address = snapshot.proxy.url.removeprefix("http://") or f"{configured.host}:{configured.port}"
    taken = str(configured.port) if problem is not None and problem.code == PORT_TAKEN else ""
    why = notice("first_run.queue_why") if problem is None else problem
    return Item("queue", Kind.QUEUE, notice("first_run.queue", address=address), why, name=taken)


def _pools(settings: Settings, advice: Advice, asked: Asked, *, can_serve: bool, seen: bool) -> Iterator[Item]:
    """Yield an item for each pool that gets other values, or has them already because they are advised.

    `can_serve`: the workers have models, or are to have them; `seen`: some server of this machine has any.
    """
    before = {pool.name: pool for pool in settings.pools}
    lines = {one.settings.role: one.lines for one in advice.pools}
    for pool in settings_with(settings, advice).pools if advice.pools else ():
        values = asked.pools.get(pool.name, pool)
        old = before.get(pool.name)
        if not values.workers and (old is None or not old.workers):
            continue
        why = _why_pool(values, lines.get(values.role, ()), chosen=pool.name in asked.pools)
        if not can_serve:
            lacks = "first_run.pool_without_models" if seen else "first_run.pool_of_typical"
            why = joined(notice(lacks), why)
        yield Item(
            f"pool.{values.name}",
            Kind.POOL,
            _title(values),
            why,
            ticked=can_serve,
            pool=values,
            name=values.name,
            sums=lines.get(values.role, ()),
        )


def _title(pool: PoolSettings) -> Notice:
    if not pool.workers:
        return notice("first_run.pool_off", pool=pool.name)
    return notice(
        "first_run.pool", pool=pool.name, workers=pool.workers, parallel=pool.parallel, context=pool.context_length
    )


def _why_pool(pool: PoolSettings, lines: Sequence[Notice], *, chosen: bool) -> Notice:
    if chosen:
        return notice("first_run.pool_chosen")
    if not pool.workers:
        return notice("first_run.pool_off_why")
    if pool.role is Role.EMBEDDING:
        return notice("first_run.pool_embedding")
    reasons = [line for line in lines if line.code in _REASONS]
    return joined(notice("first_run.pool_why", models=pool.models), *reasons[:1])


def _classes(snapshot: Snapshot) -> Iterator[Item]:
    """Yield an item for a program that crowds out the others: it is ticked if there are others."""
    found = programs(snapshot) or ()
    flood = crowding(found)
    if flood is None:
        return
    scheduling = snapshot.settings.scheduling
    if rule_of(scheduling, ClientId(flood.name)).request_class is RequestClass.BATCH:
        return
    why = notice("first_run.class_why", held=flood.connections, share=round(100 * scheduling.batch_share))
    title = notice("first_run.class", name=flood.name)
    yield Item(f"class.{flood.name}", Kind.CLASS, title, why, ticked=len(found) > 1, name=flood.name)


def _take_over(snapshot: Snapshot) -> Iterator[Item]:
    """Yield the item to answer at Ollama's own address, too, unless the panel does so already or is about to."""
    if snapshot.takeover is not None or snapshot.settings.proxy.port == DEFAULT_PORT:
        return
    at = [one for one in servers_of_others(snapshot) if one.address and read(one.address).port == DEFAULT_PORT]
    name = at[0].address or "" if at else f"127.0.0.1:{DEFAULT_PORT}"
    why = notice("first_run.take_over_why") if at else notice("first_run.take_over_free")
    yield Item("take_over", Kind.TAKE_OVER, notice("first_run.take_over", address=name), why, ticked=False, name=name)


def _have_models(snapshot: Snapshot) -> bool:
    """Return whether the workers can serve a model as they are set now."""
    return any(one.managed and one.models for one in snapshot.stores)


def _store(snapshot: Snapshot) -> Item | None:
    """Return the item to read the models of a server where they are, None if the workers have them or none are known.

    Of several folders it is the one with the most models.
    """
    here = {model for one in snapshot.stores if one.managed for model in one.models or ()}
    others = [one for one in snapshot.stores if not one.managed and set(one.models or ()) - here and one.path]
    if not others:
        return None
    store = max(others, key=lambda one: (one.readable is True, len(one.models or ())))
    title = notice("first_run.store")
    if store.readable:
        code = "first_run.store_instead" if here else "first_run.store_why"
        return Item("store", Kind.STORE, title, notice(code, path=store.path), name=store.path)
    steps = _steps_to_read(snapshot, store)
    why = notice("first_run.store_closed" if steps else "first_run.store_rights", path=store.path)
    return Item("store", Kind.STORE, title, why, possible=False, name=store.path, steps=steps)


def _steps_to_read(snapshot: Snapshot, store: StoreRecord) -> tuple[Notice, ...]:
    """Return the commands that let the workers read a store, as the alert about its server says them."""
    urls = {record.url for record in snapshot.instances if record.id in store.instances}
    for told in snapshot.notices:
        if told.values.get("url") in urls:
            for way in told.ways:
                if way.code in ("stores.way_read", "stores.way_read_again"):
                    return way.ways
    return ()
