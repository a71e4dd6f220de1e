"""Notices about models that the panel's workers do not have, and every way to let the pools serve them. Pure."""

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice, UseStore, Value, notice
from ollama_panel.core.ollama.memory import likely_models
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.stores import DROP_IN_FILE, Denial, Found, Service, StoreRecord

NAMES_SHOWN = 4
"""How many models a sentence names."""

_MODELS = "OLLAMA_MODELS"
_LAST_SYSTEM_GROUP = 999
"""Groups up to this number are those of services (`login.defs`, SYS_GID_MAX); 0 is that of root."""


class Serving(msgspec.Struct, frozen=True):
    """How a server that the panel did not start serves: where, and how many requests at once of each model.

    `found` says where its environment was read.
    """

    url: str
    slots: int | None = None
    source: ParallelSource = ParallelSource.UNKNOWN
    found: Found = Found.UNKNOWN


class Reader(msgspec.Struct, frozen=True):
    """Who reads the stores for the workers: the panel's user. `linux`: the commands of Linux work here."""

    user: str
    linux: bool = True


def of_stores(
    stores: Iterable[StoreRecord], servers: Mapping[InstanceId, Serving], reader: Reader
) -> tuple[Notice, ...]:
    """Return a notice for each store of a server that has models which the panel's workers have not.

    And one for each folder of the workers that they cannot read. None while it is not known what the workers have, and
    none if there are no workers.
    """
    stores = tuple(stores)
    own = [one for one in stores if one.managed]
    if not own or any(one.models is None for one in own):
        return ()
    here = {model for one in own for model in one.models or ()}
    shut = [one for one in own if one.access is not None and one.access.closed]
    others = [one for one in stores if not one.managed]
    told = [(one.path, found) for one in others for found in _of_store(one, here, own[0], shut, servers, reader)]
    served = {path for path, _ in told}
    alone = (_shut(one, reader) for one in shut if one.path not in served)
    return (*alone, *(found for _, found in told))


def lacking(
    pool: PoolSettings, workers: Iterable[InstanceId], stores: Iterable[StoreRecord], catalog: Sequence[ModelFacts]
) -> tuple[ModelName, ...]:
    """Return the models that a pool would serve but whose store its `workers` do not use; none if it can serve.

    None also while it is not known what the workers have; `catalog` are the models of all stores.
    """
    mine = set(workers)
    store = next((one for one in stores if one.managed and mine.intersection(one.instances)), None)
    if store is None or store.models is None or likely_models(pool, in_store(catalog, store.models)):
        return ()
    return tuple(facts.name for facts in likely_models(pool, catalog) if not facts.remote)


def in_store(catalog: Iterable[ModelFacts], names: Collection[ModelName]) -> tuple[ModelFacts, ...]:
    """Return the models that are in a store with these names, and the cloud models, which are in none."""
    return tuple(facts for facts in catalog if facts.name in names or facts.remote)


def using(settings: Settings, offer: UseStore) -> Settings:
    """Return the settings after an offer was accepted: all workers use that store.

    A variable of a pool's own environment would win over the setting, so it goes.
    """
    ollama = msgspec.structs.replace(settings.ollama, models_dir=offer.path)
    return msgspec.structs.replace(settings, ollama=ollama, pools=tuple(map(_without_store, settings.pools)))


def _without_store(pool: PoolSettings) -> PoolSettings:
    environment = {name: value for name, value in pool.environment.items() if name != _MODELS}
    return msgspec.structs.replace(pool, environment=environment)


def _of_store(
    store: StoreRecord,
    here: set[ModelName],
    own: StoreRecord,
    shut: Sequence[StoreRecord],
    servers: Mapping[InstanceId, Serving],
    reader: Reader,
) -> Iterator[Notice]:
    theirs = store.models or ()
    missing = tuple(model for model in theirs if model not in here)
    serving = next((servers[name] for name in store.instances if name in servers), None)
    if not missing or serving is None:
        return
    lost = any(one.path == store.path for one in shut)
    ways = tuple(_ways(store, own, serving, reader, lost=lost))
    values: dict[str, Value] = {
        "url": serving.url,
        "who": _who(store.service or Service()),
        "folder": _folder(store),
        "slots": _slots(serving),
    }
    offer = UseStore(store.path) if store.readable and store.path else None
    if lost:
        yield notice("stores.shut_served", **values).by(*ways)
    elif not here:
        yield notice("stores.none_here", **values).offering(offer).by(*ways)
    else:
        yield notice("stores.some_elsewhere", **values, models=_names(missing)).offering(offer).by(*ways)


def _shut(store: StoreRecord, reader: Reader) -> Notice:
    """Return what is told of a folder that the workers cannot read, and that no other server uses."""
    told = notice("stores.shut", workers=tuple(store.instances), folder=notice("stores.folder", path=store.path))
    denials = store.access.denials if store.access is not None else ()
    return told.by(_way_to_read(store, denials, reader, lost=True)) if denials else told


def _names(models: tuple[ModelName, ...]) -> tuple[str | Notice, ...]:
    if len(models) <= NAMES_SHOWN:
        return models
    shown = models[: NAMES_SHOWN - 1]
    return (*shown, notice("stores.more_models", number=len(models) - len(shown)))


def _who(service: Service) -> Notice:
    if service.unit and service.user:
        return notice("stores.unit", unit=service.unit, user=service.user)
    return notice("stores.user", user=service.user) if service.user else notice("stores.somebody")


def _folder(store: StoreRecord) -> Notice:
    if not store.path:
        return notice("stores.in_container" if store.found is Found.CONTAINER else "stores.folder_unknown")
    if store.found is Found.SETTINGS:
        return notice("stores.folder", path=store.path)
    return notice(f"stores.folder_by_{store.found.value}", path=store.path)


def _slots(serving: Serving) -> Notice:
    if serving.slots is None or serving.source is ParallelSource.UNKNOWN:
        return notice("stores.slots_unknown")
    by = serving.source.value
    if serving.source is ParallelSource.ENVIRONMENT and serving.found in (Found.LOG, Found.UNIT):
        by = serving.found.value
    return notice(f"stores.slots_by_{by}", slots=serving.slots)


def _ways(store: StoreRecord, own: StoreRecord, serving: Serving, reader: Reader, *, lost: bool) -> Iterator[Notice]:
    service, denials = store.service or Service(), store.access.denials if store.access is not None else ()
    if store.readable:
        use = notice("stores.way_use")
        if own.models and own.path:
            use = notice("stores.way_use_instead", folder=own.path)
        command = f"ollama-panel settings set ollama.models_dir {shlex.quote(store.path)}"
        yield use.by(notice("stores.step_set", command=command))
    elif denials:
        yield _way_to_read(store, denials, reader, lost=lost)
    elif not store.path and store.found is not Found.CONTAINER:
        command = "ollama-panel settings set ollama.models_dir FOLDER"
        yield notice("stores.way_name").by(notice("stores.step_set", command=command))
    if service.of_system and not service.ours:
        pools = dict.fromkeys(name.rpartition("-")[0] for name in own.instances)
        stops = (f"ollama-panel settings set pools.{pool}.workers 0" for pool in pools)
        yield notice("stores.way_units", user=service.user).by(
            notice("stores.step_export", command="ollama-panel export systemd-units --out ollama-units"),
            *(notice("stores.step_stop", command=command) for command in stops),
            notice("stores.step_units", command="sudo sh ollama-units/install-ollama-units.sh"),
        )
    yield _way_alone(service, serving, reader)


def _way_to_read(store: StoreRecord, denials: tuple[Denial, ...], reader: Reader, *, lost: bool) -> Notice:
    """Return how the workers can read a store; `lost`: they are to use it, so that nothing else is to be done."""
    first = denials[0]
    why = notice(
        "stores.denied",
        path=first.path,
        owner=first.owner,
        group=first.group,
        mode=f"{first.mode:04o}",
        user=reader.user,
    )
    steps = tuple(dict.fromkeys(_steps(store, denials, reader))) if reader.linux else ()
    if not steps:
        return notice("stores.way_rights", why=why, user=reader.user)
    return notice("stores.way_read_again" if lost else "stores.way_read", why=why).by(*steps)


def _steps(store: StoreRecord, denials: tuple[Denial, ...], reader: Reader) -> Iterator[Notice]:
    """Yield the commands that are needed, the one that needs a new login first."""
    user, shared = shlex.quote(reader.user), [one for one in denials if _is_service_group(one)]
    for one in shared:
        group = shlex.quote(one.group)
        if one.listed and not one.member:
            yield notice("stores.step_login", group=one.group)
        elif not one.member:
            yield notice("stores.step_join", command=f"sudo usermod -aG {group} {user}", group=one.group)
    for one in denials:
        path, whole = shlex.quote(one.path), shlex.quote(store.path)
        if one not in shared:
            command = f"sudo setfacl -R -m u:{user}:rX {whole}" if one.inside else f"sudo setfacl -m u:{user}:x {path}"
            yield notice("stores.step_acl", command=command, user=reader.user)
        elif one.inside and not _group_may(one):
            yield notice("stores.step_read", command=f"sudo chmod -R g+rX {whole}", group=one.group)
        elif not _group_may(one):
            yield notice("stores.step_pass", command=f"sudo chmod g+x {path}", group=one.group)


def _is_service_group(one: Denial) -> bool:
    """Return whether a user may join the group of a path: it is that of a service, not root's or a person's own."""
    return one.group_id is not None and 0 < one.group_id <= _LAST_SYSTEM_GROUP


def _group_may(one: Denial) -> bool:
    bits = sum({"r": 0o40, "x": 0o10}[letter] for letter in one.needed)
    return one.mode & bits == bits


def _way_alone(service: Service, serving: Serving, reader: Reader) -> Notice:
    slots = _slots(serving)
    if not service.unit or not reader.linux:
        return notice("stores.way_alone", slots=slots)
    folder = "~/.config/systemd/user" if service.user_unit else "/etc/systemd/system"
    sudo, manager = ("", "systemctl --user") if service.user_unit else ("sudo ", "sudo systemctl")
    place = f"{folder}/{service.unit}.d/{DROP_IN_FILE}"
    return notice("stores.way_alone_more", slots=slots).by(
        notice("stores.step_export", command=f"ollama-panel export systemd --out {DROP_IN_FILE}"),
        notice("stores.step_place", command=f"{sudo}install -D -m 644 {DROP_IN_FILE} {place}"),
        notice("stores.step_reload", command=f"{manager} daemon-reload"),
        notice("stores.step_restart", command=f"{manager} restart {service.unit}"),
    )
