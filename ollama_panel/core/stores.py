"""Model stores: where each is, how it was found, which servers use it, and whether the panel's workers read it. Pure.

A server's store is the folder OLLAMA_MODELS, else `.ollama/models` in its home (Ollama 0.32, function Models of
`envconfig/config.go`). A service runs as a user of its own, so that its models are in that user's home.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName

DROP_IN_FILE = "zz-ollama-panel.conf"
"""The drop-in that the panel exports for a service's unit. `override.conf` is the user's own, which `systemctl edit`
writes and which may say where the models are; this name is the last in the alphabet, because later drop-ins win
(systemd.unit(5))."""


class Found(Enum):
    """How the path of a store was found.

    SETTINGS: it is that of the panel's own workers. ENVIRONMENT: in the variables of the server's process. LOG: in the
    line about its environment that the server logged at its start. UNIT: in its systemd unit. HOME: it is the default
    in the home of its user, because no other was found. CONTAINER: the server runs in a container, whose files are not
    this system's. UNKNOWN: not at all.
    """

    SETTINGS = "settings"
    ENVIRONMENT = "environment"
    LOG = "log"
    UNIT = "unit"
    HOME = "home"
    CONTAINER = "container"
    UNKNOWN = "unknown"


class Denial(msgspec.Struct, frozen=True):
    """A path that the panel's user may not use as a reader of the store must.

    `needed` are the bits that are missing to that user: "x" for a folder above the store, "rx" for a folder in it, "r"
    for a file. `mode` has the permission bits alone. `group_id` is None where there are no groups. `member`: this
    process has that group; `listed`: the user has it from the next login on.
    """

    path: str
    owner: str
    group: str
    mode: int
    needed: str
    group_id: int | None = None
    member: bool = False
    listed: bool = False
    inside: bool = False


class Access(msgspec.Struct, frozen=True):
    """What this user may do with a store. `readable` is None if that cannot be said.

    `missing`: there is no such folder. `closed`: no server of this user can list or load any model of it, whatever it
    did before. `models` are those in it, as far as it can be read, those of the cloud among them.
    """

    readable: bool | None = None
    writable: bool = False
    missing: bool = False
    closed: bool = False
    denials: tuple[Denial, ...] = ()
    models: tuple[ModelName, ...] = ()


class Service(msgspec.Struct, frozen=True):
    """Who runs a server that the panel did not start. `user` is "" if unknown; `unit` is its systemd unit, or "".

    `ours`: it runs as the panel's own user. `user_unit`: the unit is one of the user's own service manager.
    """

    user: str = ""
    group: str = ""
    ours: bool = False
    unit: str = ""
    user_unit: bool = False

    @property
    def of_system(self) -> bool:
        """Whether it is a unit of the system's service manager, and its user is known."""
        return bool(self.unit and self.user) and not self.user_unit


class StoreRecord(msgspec.Struct, frozen=True):
    """One store. `path` is "" if it is unknown; `instances` use it, `service` is who runs those not of the panel.

    `managed`: workers of the panel use it. `models` is None until they have been read. `access` is that of the panel's
    workers, None if the path is unknown.
    """

    id: InstanceId
    path: str
    found: Found
    instances: tuple[InstanceId, ...]
    managed: bool = False
    service: Service | None = None
    access: Access | None = None
    models: tuple[ModelName, ...] | None = None

    @property
    def readable(self) -> bool | None:
        """Whether the panel's workers can serve the models in it; None if that is unknown."""
        return self.access.readable if self.access is not None else None

    @property
    def adopted(self) -> tuple[InstanceId, ...]:
        """The servers that use it and are not the panel's."""
        return () if self.service is None else self.instances


def service_of(stores: Iterable[StoreRecord]) -> tuple[Service | None, str]:
    """Return the service of the system that runs a server beside the panel, None if there is none, and its store."""
    for one in stores:
        if one.service is not None and one.service.of_system:
            return one.service, one.path
    return None, ""


MANAGED = InstanceId("")
"""The identity of the store of the panel's first worker; any other has the id of the first instance that uses it."""


class Use(msgspec.Struct, frozen=True):
    """The store of one instance; `real` is the same for all paths that lead to the same folder, "" if it is unknown.

    `closed`: it is a worker that cannot read the folder (`Access.closed`), so that it has no models.
    """

    instance: InstanceId
    managed: bool
    path: str
    real: str
    found: Found
    service: Service | None = None
    closed: bool = False


def store_ids(uses: Iterable[Use]) -> dict[InstanceId, InstanceId]:
    """Return the identity of each instance's store: two with the same folder have one store, if both can read it.

    The workers of the panel come first in `uses`. One whose store is unknown shares that of the other workers; a server
    that the panel did not start has one of its own, and so has one whose folder is only guessed from its user's home.
    """
    by_folder: dict[tuple[str, bool], InstanceId] = {}
    result = dict[InstanceId, InstanceId]()
    for use in uses:
        first = MANAGED if use.managed and MANAGED not in by_folder.values() else use.instance
        if not use.real or _is_guess(use):
            result[use.instance] = MANAGED if use.managed else use.instance
        else:
            result[use.instance] = by_folder.setdefault((use.real, use.closed), first)
    return result


def _is_guess(use: Use) -> bool:
    return use.found is Found.HOME and not use.managed


def closed(uses: Iterable[Use]) -> frozenset[InstanceId]:
    """Return the identities of the stores that the workers which use them cannot read."""
    uses = tuple(uses)
    ids = store_ids(uses)
    return frozenset(ids[use.instance] for use in uses if use.closed)


def records(
    uses: Iterable[Use],
    access: Mapping[str, Access],
    models: Mapping[InstanceId, tuple[ModelName, ...]],
) -> tuple[StoreRecord, ...]:
    """Return the stores that instances use; `access` is by folder (`Use.real`), `models` by the store's identity."""
    uses = tuple(uses)
    ids = store_ids(uses)
    result = list[StoreRecord]()
    ids |= {use.instance: _confirmed(use, uses, ids, models) for use in uses if _is_guess(use)}
    for store in dict.fromkeys(ids.values()):
        users = [use for use in uses if ids[use.instance] == store]
        known = next((use for use in users if use.path), users[0])
        may, there = access.get(known.real) if known.real else None, models.get(store)
        believed = not _is_wrong(known, may, there)
        result.append(
            StoreRecord(
                id=store,
                path=known.path if believed else "",
                found=known.found if believed else Found.UNKNOWN,
                instances=tuple(use.instance for use in users),
                managed=any(use.managed for use in users),
                service=next((use.service for use in users if use.service is not None), None),
                access=may if believed else None,
                models=there,
            )
        )
    return tuple(result)


def _confirmed(
    guess: Use,
    uses: tuple[Use, ...],
    ids: Mapping[InstanceId, InstanceId],
    models: Mapping[InstanceId, tuple[ModelName, ...]],
) -> InstanceId:
    """Return the store of a server whose folder was guessed: that of another with this folder and the same models."""
    own = ids[guess.instance]
    there = models.get(own)
    for use in uses:
        other = ids[use.instance]
        if use is guess:
            break
        if use.real == guess.real and not use.closed and there and set(there) == set(models.get(other) or ()):
            return other
    return own


def _is_wrong(use: Use, access: Access | None, models: tuple[ModelName, ...] | None) -> bool:
    """Return whether a server has a model that is not in the folder which it is supposed to use.

    What its process or its log told is right; its user's home may hold models of former days.
    """
    if use.managed or access is None or not models:
        return False
    if not _is_guess(use) and use.found is not Found.UNIT:
        return access.missing or (access.readable is True and not access.models)
    return access.missing or (access.readable is True and not set(models) <= set(access.models))
