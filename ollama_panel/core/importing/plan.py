"""Makes the plan of an import: which pools come of the servers, and what becomes of every assignment."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from ollama_panel.core import redact, setting_changes
from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing import values
from ollama_panel.core.importing.draft import Draft
from ollama_panel.core.importing.found import Found, place_of, servers_of
from ollama_panel.core.importing.groups import Group, groups_of
from ollama_panel.core.importing.record import (
    Here,
    Import,
    ImportOffer,
    ImportPlan,
    NotTaken,
    OfferId,
    SourceRead,
    Taken,
    Wrong,
)
from ollama_panel.core.launch import thread_shares
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama import host_variable
from ollama_panel.core.settings import codec, edits, origins
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.source_secrets import Secrets
from ollama_panel.core.sources.record import Assignment, Place, Reading

UNREADABLE = "unreadable-file"
"""The code of a source that could not be read."""
_MOST_WORKERS = 16
"""Of a pool; `core.settings.tree`."""
_Listed = TypeVar("_Listed", NotTaken, Wrong)
_LOCAL = frozenset(("127.0.0.1", "::1", "localhost"))


def planned(
    readings: Sequence[Reading],
    settings: Settings,
    accept: Collection[OfferId] = (),
    here: Here = Here(),  # noqa: B008 - immutable
) -> Import:
    """Return what an import of these readings would do to the settings; it never fails.

    `accept` are the offers that are taken. What the sources do not set stays as it is.
    """
    servers, ignored = servers_of(readings)
    draft = Draft(settings)
    draft.ignored += ignored
    groups = groups_of(servers, settings.pools)
    for group in groups:
        draft.begin_pool(group)
    for group in groups:
        _put_workers(draft, group)
    shares = _shares(draft, groups, here)
    for group in groups:
        _put_variables(draft, group, here, shares.get(group.name))
    ordered = [(server, group) for group in groups for server in group.servers]
    values.put_store(draft, ordered)
    values.put_pruning(draft, ordered)
    offers = tuple(_offers(draft, servers, accept, here))
    for read in readings:
        if read.problem is not None:
            draft.wrong.append(Wrong(UNREADABLE, "", read.problem, Place(read.path)))
    return Import(_plan(readings, settings, draft, groups, offers), draft.settings)


def _shares(draft: Draft, groups: Sequence[Group], here: Here) -> Mapping[PoolName, int]:
    """Return the threads that the panel gives workers on a machine with the pools of the sources alone."""
    names = {group.name for group in groups}
    pools = [pool for pool in draft.settings.pools if pool.name in names]
    return {} if here.gpu or not here.cores else thread_shares(pools, here.cores)


def _put_workers(draft: Draft, group: Group) -> None:
    """Give a pool as many workers as there are servers, and their models; a single server takes none away."""
    workers, too_many = group.servers[:_MOST_WORKERS], group.servers[_MOST_WORKERS:]
    count = len(workers)
    names = tuple(dict.fromkeys(map(_name_of_server, workers)))
    places = tuple(map(place_of, workers))
    for server in too_many:
        told = notice("import.too_many", server=_name_of_server(server), pool=group.name, workers=count)
        draft.ignored.append(NotTaken("", told, place_of(server)))
    if count == 1 and edits.find_pool(draft.settings, group.name).workers > 1:
        told = notice("import.pool", server=names[0], pool=group.name)
        draft.taken.append(Taken(f"pools.{group.name}", told, places))
    else:
        told = notice("import.workers", servers=names, workers=count, pool=group.name)
        draft.put(f"pools.{group.name}.workers", count, told, places)
    if group.models:
        told = notice("import.models", models=group.models, pool=group.name)
        draft.put(f"pools.{group.name}.models", list(group.models), told, places)


def _name_of_server(server: Found) -> str:
    return server.config.name or server.path


def _put_variables(draft: Draft, group: Group, here: Here, share: int | None) -> None:
    """Give a pool the variables that its servers have."""
    given = _by_name(group.servers)
    values.put_numbers(draft, group, given)
    values.put_environment(draft, group, given, here, share)
    values.put_cards(draft, group, given)
    for server in group.servers:
        if server.config.memory_limit is not None:
            draft.ignored.append(
                NotTaken("", notice("import.limit", bytes=server.config.memory_limit), place_of(server))
            )


def _by_name(servers: Iterable[Found]) -> Mapping[str, Sequence[Assignment]]:
    """Return the assignments of all servers of a pool, by name."""
    given = dict[str, list[Assignment]]()
    for one in servers:
        for name, assignment in one.variables.items():
            given.setdefault(name, []).append(assignment)
    return given


def _offers(draft: Draft, servers: Sequence[Found], accept: Collection[OfferId], here: Here) -> Iterator[ImportOffer]:
    """Yield what opens the panel to others, which is never done in silence; do what is accepted."""
    network = [(host, one) for one in servers if (host := _open_host(one))]
    given = [one.variables[values.HOST] for one in servers if values.HOST in one.variables]
    draft.ignore(given, notice("import.address", url=here.url or "127.0.0.1"))
    if network and draft.settings.proxy.host in _LOCAL:
        host = network[0][0]
        places = tuple(_place_of_host(one) for _, one in network)
        offer = ImportOffer(
            OfferId.NETWORK, notice("import.offer_network", host=host), notice("import.network_why"), places
        )
        yield _decided(draft, offer, accept, "proxy.host", host)
    found = [one.variables[values.ORIGINS] for one in servers if values.ORIGINS in one.variables]
    every = values.put_origins(draft, found)
    if every and origins.ANY not in draft.settings.proxy.allowed_origins:
        wanted = [*draft.settings.proxy.allowed_origins, origins.ANY]
        places = tuple(one.place for one in every)
        offer = ImportOffer(OfferId.ORIGINS, notice("import.offer_origins"), notice("import.origins_why"), places)
        yield _decided(draft, offer, accept, "proxy.allowed_origins", wanted)


def _decided(draft: Draft, offer: ImportOffer, accept: Collection[OfferId], key: str, value: object) -> ImportOffer:
    """Carry out an offer that is accepted; return it with what was decided."""
    accepted = offer.id in accept and draft.put(key, value, offer.told, offer.places)
    return msgspec.structs.replace(offer, accepted=accepted)


def _open_host(one: Found) -> str:
    """Return the address at which a server listens for other machines, "" if it does not."""
    if one.config.ports:
        host = one.config.ports[0].rpartition(":")[0].strip("[]")
        return "" if host in _LOCAL else host or "0.0.0.0"
    if one.is_container or values.HOST not in one.variables:
        return ""
    meant = host_variable.read(one.value_of_host)
    if meant.is_everywhere:
        return "::" if ":" in meant.host else "0.0.0.0"
    return "" if meant.local is not None else meant.host


def _place_of_host(one: Found) -> Place:
    assignment = one.variables.get(values.HOST)
    return place_of(one) if assignment is None or one.config.ports else assignment.place


def _plan(
    readings: Sequence[Reading],
    before: Settings,
    draft: Draft,
    groups: Sequence[Group],
    offers: tuple[ImportOffer, ...],
) -> ImportPlan:
    secrets = Secrets(readings)
    names = {group.name for group in groups}
    wrong = tuple(dict.fromkeys(sorted(_wrong(readings, draft), key=_order)))
    faults = {(one.name, one.place) for one in wrong}
    ignored = (one for one in dict.fromkeys(sorted(draft.ignored, key=_order)) if (one.name, one.place) not in faults)

    def places(found: Iterable[Place]) -> tuple[Place, ...]:
        return tuple(map(secrets.place, found))

    return ImportPlan(
        id=_id(before, draft.settings),
        sources=tuple(SourceRead(one.kind, one.path, len(one.servers), one.problem) for one in readings),
        taken=tuple(
            msgspec.structs.replace(one, told=secrets.notice(one.told), places=places(one.places))
            for one in draft.taken
        ),
        ignored=tuple(_shown(one, secrets) for one in ignored),
        wrong=tuple(_shown(one, secrets) for one in wrong),
        offers=tuple(
            msgspec.structs.replace(one, told=secrets.notice(one.told), places=places(one.places)) for one in offers
        ),
        pools=tuple(redact.pool(pool) for pool in draft.settings.pools if pool.name in names),
        changes=tuple(map(secrets.notice, setting_changes.told(before, draft.settings))),
    )


def _shown(one: _Listed, secrets: Secrets) -> _Listed:
    """Return an entry of a list without secrets."""
    return msgspec.structs.replace(one, told=secrets.notice(one.told, one.name), place=secrets.place(one.place))


def _wrong(readings: Sequence[Reading], draft: Draft) -> Iterator[Wrong]:
    """Yield the mistakes in the sources, then what the settings do not accept; each fault of a variable once."""
    taken = {(place, _name_of(one)) for one in draft.taken for place in one.places}
    seen = set[tuple[str, Place]]()
    for reading in readings:
        for one in reading.mistakes:
            seen.add((one.name, one.place))
            yield Wrong(one.code, one.name, one.told, one.place, (one.place, one.name) in taken)
    for fault in draft.wrong:
        if not fault.name or (fault.name, fault.place) not in seen:
            yield fault


def _order(one: NotTaken | Wrong) -> tuple[str, int]:
    return one.place.path, one.place.line


def _name_of(one: Taken) -> str:
    """Return the variable that a value was taken from, "" = none."""
    return str(one.told.values.get("name", ""))


def _id(before: Settings, after: Settings) -> str:
    """Return what is the same as long as the import does the same."""
    return hashlib.sha256(codec.dump(before) + b"\0" + codec.dump(after)).hexdigest()[:16]
