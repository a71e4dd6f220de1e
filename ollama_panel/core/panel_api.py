"""What the panel's HTTP API takes and answers, as records: its handlers, its OpenAPI document and its clients use them.

In answers each notice has its English `text` beside its own fields. Times are seconds of the engine's clock, as in
`core.snapshot`; `at` is now.
"""

from datetime import UTC, datetime

import msgspec

from ollama_panel.core.alerts import Alert
from ollama_panel.core.bypass import BypassRecord
from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.findings import Remedy
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.limits import SloRecord
from ollama_panel.core.notices import Notice, Offer
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.pool_memory import PoolMemory, memory_of
from ollama_panel.core.records import RequestClass
from ollama_panel.core.replacements import Replacement
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.settings.tree import SCOPES, ApiKey, PoolSettings, Problem, Scope, Settings
from ollama_panel.core.settings.tree_values import Label
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, PoolRecord, RequestRecord, Snapshot
from ollama_panel.core.telemetry import Telemetry
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask

V1 = "/panel/v1"
"""Where the API is."""


def grants(scopes: tuple[Scope, ...], needed: Scope) -> bool:
    """Return whether a key with these scopes opens what needs one; control includes to see."""
    return needed in scopes or (needed is Scope.SEE and Scope.CONTROL in scopes)


class AlertRecord(msgspec.Struct, frozen=True):
    """Something that is wrong, or to be known, and what can be done about it.

    `code` names its kind, and stays when the sentence changes. `since` is in seconds of the engine's clock,
    `since_time` the same in UTC (ISO 8601). `times` is how often it was said. `actions` are what the window's buttons
    do: the name of a command, or a change of the settings.
    """

    code: str
    level: Level
    since: float
    since_time: str
    told: Notice
    instances: tuple[InstanceId, ...] = ()
    model: str = ""
    times: int = 1
    actions: tuple[Remedy | Offer, ...] = ()

    @classmethod
    def of(cls, alert: Alert, at: float, wall: float) -> "AlertRecord":
        """Return an alert at the time `at` of the engine's clock, which is `wall` seconds since 1970."""
        since = at if alert.since is None else alert.since
        began = datetime.fromtimestamp(wall - (at - since), UTC)
        return cls(
            code=alert.code,
            level=alert.told.level,
            since=since,
            since_time=f"{began:%Y-%m-%dT%H:%M:%SZ}",
            told=alert.told,
            instances=alert.instances,
            model=alert.model,
            times=alert.times,
            actions=alert.remedies,
        )


class Status(Snapshot, frozen=True, kw_only=True):
    """Everything at one instant, with the alerts, the most serious first."""

    alerts: tuple[AlertRecord, ...] = ()


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
    """The settings of a pool and its load; `progress` describes a change under way, `slo` how its promises are kept.

    `memory` is what it needs with these settings, None while no model is known that it could run.
    """

    queued: int
    in_flight: int
    slots: int
    progress: Notice | None
    memory: PoolMemory | None = None
    slo: SloRecord | None = None

    @classmethod
    def of(cls, settings: PoolSettings, snapshot: Snapshot) -> "Pool":
        """Return the pool with these settings, in force or only wanted."""
        known = (record for record in snapshot.pools if record.name == settings.name)
        record = next(known, PoolRecord(settings.name, settings.role))
        load = {name: getattr(record, name) for name in ("queued", "in_flight", "slots", "progress", "slo")}
        return cls(**msgspec.structs.asdict(settings), **load, memory=memory_of(snapshot, settings))


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


class Machine(msgspec.Struct, frozen=True):
    """What is known of this computer; `ollama_binary` is the program that the workers run, None = simulated ones.

    `telemetry` is what the sensors tell, None until they are read for the first time.
    """

    at: float
    cores: int
    gpu: bool
    ollama_binary: str | None
    ollama_version: str | None
    found_servers: tuple[FoundServer, ...] = ()
    programs: tuple[Program, ...] = ()
    telemetry: Telemetry | None = None
    replacements: tuple[Replacement, ...] = ()

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Machine":
        """Return the machine of a snapshot."""
        return cls(**{name: getattr(snapshot, name) for name in cls.__struct_fields__})


class ServerAnswer(msgspec.Struct, frozen=True):
    """What was done of a found server, or would be; `todo` are commands that the user is to type."""

    id: str
    told: tuple[Notice, ...]
    todo: tuple[str, ...] = ()


class Requests(msgspec.Struct, frozen=True):
    """Requests: the open ones, those that run first, then the last finished ones, newest first."""

    at: float
    requests: tuple[RequestRecord, ...]


class Clients(msgspec.Struct, frozen=True):
    """The clients of the last ten minutes, those with open requests first, and who goes past the panel.

    `bypassing` is None while that is unknown; then `bypassing_unknown` says why, None = it was not looked for yet.
    """

    at: float
    clients: tuple[ClientRecord, ...]
    bypassing: tuple[BypassRecord, ...] | None = None
    bypassing_unknown: Notice | None = None

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Clients":
        """Return the clients of a snapshot."""
        return cls(**{name: getattr(snapshot, name) for name in cls.__struct_fields__})


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


class TuningPlan(msgspec.Struct, frozen=True):
    """What a tuning would do; `why` says why its task is this one, where that was left open."""

    task: TuningTask
    why: tuple[Notice, ...]
    preview: TuningPreview


class TuningAnswer(msgspec.Struct, frozen=True):
    """The tuning under way, or the last one of this run of the panel; None if there was none."""

    tuning: TuningRecord | None


class Tunings(msgspec.Struct, frozen=True):
    """The tunings that have ended, the newest first."""

    tunings: tuple[TuningRecord, ...]


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
    machine_alerts: tuple[MachineAlert, ...] = ()


def pools_of(snapshot: Snapshot) -> tuple[Pool, ...]:
    """Return the pools of a snapshot."""
    return tuple(Pool.of(pool, snapshot) for pool in snapshot.settings.pools)


def requests_of(snapshot: Snapshot) -> tuple[RequestRecord, ...]:
    """Return the requests of a snapshot: the open ones, then the finished ones, newest first."""
    return (*snapshot.requests, *reversed(snapshot.finished))
