"""What the panel's HTTP API takes and answers, as records: its handlers, its OpenAPI document and its clients use them.

In answers each notice has its English `text` beside its own fields. Times are seconds of the engine's clock, as in
`core.snapshot`; `at` is now.
"""

import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import SCOPES, ApiKey, Label, PoolSettings, Problem, Scope, Settings
from ollama_panel.core.snapshot import InstanceRecord, PoolRecord, RequestRecord, Snapshot

V1 = "/panel/v1"
"""Where the API is."""


def grants(scopes: tuple[Scope, ...], needed: Scope) -> bool:
    """Return whether a key with these scopes opens what needs one; control includes to see."""
    return needed in scopes or (needed is Scope.SEE and Scope.CONTROL in scopes)


class Failure(msgspec.Struct, frozen=True):
    """An error: a sentence in English, and the code of its notice for programs."""

    error: str
    code: str


class Done(msgspec.Struct, frozen=True):
    """What was asked for is done; `status` names it."""

    status: str


class Effects(msgspec.Struct, frozen=True):
    """What a change of settings does to the running panel, and what is wrong with the new ones that are used anyway."""

    effects: tuple[Notice, ...]
    problems: tuple[Problem, ...]


class SettingsAnswer(msgspec.Struct, frozen=True):
    """The settings; instead of secrets they have `(hidden)`."""

    settings: Settings


class SettingsChanged(msgspec.Struct, frozen=True):
    """The settings after a change, and its effects."""

    settings: Settings
    effects: tuple[Notice, ...]
    problems: tuple[Problem, ...]


class Pool(PoolSettings, frozen=True, kw_only=True):
    """The settings of a pool and its load; `progress` describes a change under way."""

    queued: int
    in_flight: int
    slots: int
    progress: Notice | None

    @classmethod
    def of(cls, settings: PoolSettings, record: PoolRecord | None) -> "Pool":
        """Return the pool with these settings; `record` is None while it has no load yet."""
        record = record or PoolRecord(settings.name, settings.role)
        load = {name: getattr(record, name) for name in ("queued", "in_flight", "slots", "progress")}
        return cls(**msgspec.structs.asdict(settings), **load)


class Pools(msgspec.Struct, frozen=True):
    """All pools, in the order of the settings."""

    pools: tuple[Pool, ...]


class PoolChanged(msgspec.Struct, frozen=True):
    """A pool after a change, and its effects."""

    pool: Pool
    effects: tuple[Notice, ...]
    problems: tuple[Problem, ...]


class Instances(msgspec.Struct, frozen=True):
    """All instances, in the order of the pools, adopted ones last."""

    at: float
    instances: tuple[InstanceRecord, ...]


class Log(msgspec.Struct, frozen=True):
    """Lines of an instance's log, and the number of the last one, after which to ask for more."""

    last: int
    lines: tuple[str, ...]


class Requests(msgspec.Struct, frozen=True):
    """Requests: the open ones, those that run first, then the last finished ones, newest first."""

    at: float
    requests: tuple[RequestRecord, ...]


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key to be made; `request_class` is the class of all its requests, None = each is judged by itself."""

    name: Label
    request_class: RequestClass | None = None
    scopes: tuple[Scope, ...] = SCOPES


class Key(msgspec.Struct, frozen=True):
    """An API key, without what opens anything."""

    name: str
    request_class: RequestClass | None
    scopes: tuple[Scope, ...]

    @classmethod
    def of(cls, entry: ApiKey) -> "Key":
        """Return what is shown of a key."""
        return cls(entry.name, entry.request_class, entry.scopes)


class CreatedKey(msgspec.Struct, frozen=True):
    """A key that was made; `key` is what clients send, and cannot be shown again."""

    name: str
    request_class: RequestClass | None
    scopes: tuple[Scope, ...]
    key: str


class Keys(msgspec.Struct, frozen=True):
    """All API keys."""

    keys: tuple[Key, ...]


class PoolRemoved(msgspec.Struct, frozen=True):
    """An event: there is no such pool any more."""

    name: PoolName
    removed: bool = True


class InstanceRemoved(msgspec.Struct, frozen=True):
    """An event: there is no such instance any more."""

    id: InstanceId
    removed: bool = True


class Notices(msgspec.Struct, frozen=True):
    """An event: everything to be mended or to be known now."""

    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]


def pools_of(snapshot: Snapshot) -> tuple[Pool, ...]:
    """Return the pools of a snapshot."""
    records = {record.name: record for record in snapshot.pools}
    return tuple(Pool.of(pool, records.get(pool.name)) for pool in snapshot.settings.pools)


def requests_of(snapshot: Snapshot) -> tuple[RequestRecord, ...]:
    """Return the requests of a snapshot: the open ones, then the finished ones, newest first."""
    return (*snapshot.requests, *reversed(snapshot.finished))
