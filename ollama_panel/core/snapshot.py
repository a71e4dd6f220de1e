"""The snapshot: the only value of the engine that front ends see.

Records that did not change between two snapshots stay identical objects, so that a model can compare with `is`.
Times are seconds of the engine's monotonic clock; compare them with `Snapshot.at`. None = unknown, shown as "—".
"""

from enum import Enum

import msgspec

from ollama_panel.core.applying.record import Applying
from ollama_panel.core.bypass import BypassRecord
from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.drill import DrillRecord
from ollama_panel.core.figures import ClassFigures, LastChange
from ollama_panel.core.findings import DoctorRecord
from ollama_panel.core.gpu_yield import YieldRecord
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.keep_awake import KeepAwakeRecord
from ollama_panel.core.launch import Inherited
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.limits import ModelLimit, SloRecord
from ollama_panel.core.notices import Notice, Offer
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.recording import RecordingRecord
from ollama_panel.core.records import Offender, RequestClass, Role
from ollama_panel.core.replacements import Replacement
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.stores import StoreRecord
from ollama_panel.core.takeover import Takeover
from ollama_panel.core.telemetry import Telemetry
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.whatif import PoolCurve
from ollama_panel.core.watchdog_record import WatchdogRecord


class InstanceRecord(msgspec.Struct, frozen=True):
    """One Ollama server. `detail` says why it is in this phase, None if all is well.

    `number` counts the workers of a pool from 1, 0 for an adopted server. `parallel` is the value in its
    environment; `slots` is how many requests the scheduler sends it at once, over all its loaded models, 0 while it
    takes no work. `limits` are those of its loaded models. `loading` are the models that the panel itself loads there,
    the first one now. `watchdog` is what the watchdog of hung instances does, `log` the file with its log, "" = none.
    `successor`: a process with new settings is about to take its place.
    """

    id: InstanceId
    pool: PoolName
    role: Role
    managed: bool
    url: str
    phase: Phase
    number: int = 0
    port: int = 0
    detail: Notice | None = None
    draining: bool = False
    pid: int | None = None
    version: str | None = None
    parallel: int | None = None
    parallel_source: ParallelSource | None = None
    slots: int = 0
    limits: tuple[ModelLimit, ...] = ()
    models: tuple[LoadedModel, ...] = ()
    silent: tuple[ModelName, ...] = ()
    in_flight: int = 0
    served: int = 0
    failed: int = 0
    tokens_per_s: float | None = None
    rss_bytes: int | None = None
    restarts: int = 0
    phase_since: float = 0.0
    loading: tuple[ModelName, ...] = ()
    watchdog: WatchdogRecord = WatchdogRecord()
    log: str = ""
    successor: bool = False


class PoolRecord(msgspec.Struct, frozen=True):
    """The load of one pool; `slots` is the sum over its instances, `progress` describes an Apply under way.

    `slo` is what it promises and how that is kept, None if it promises nothing.
    """

    name: PoolName
    role: Role
    queued: int = 0
    in_flight: int = 0
    slots: int = 0
    progress: Notice | None = None
    slo: SloRecord | None = None


class RequestState(Enum):
    """The state of a request."""

    __hash__ = object.__hash__  # Enum's own is written in Python, and every request is counted by its end

    WAITING = "waiting"
    LOADING = "loading"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class RequestRecord(msgspec.Struct, frozen=True):
    """The time line of one request. `cut`: its prompt was longer than the context and lost its beginning.

    `why` says why it waits, or why it has failed. `moved`: the user has moved it to the front of the queue.

    `queue_s`, `load_s`, `prompt_s`, `answer_s`, `inside_s` and `proxy_s` are the seconds that its parts took: in the
    queue, the load of its model, the reading of its prompt, its answer, what Ollama took besides, mostly in a queue of
    its own, and what it does not account for: the panel, and the ways to and from it. None = not yet, or unknown.
    `expected_prompt_s` and `expected_answer_s` are estimates for a request that waits. `slow` has the reason for each
    part that took long.
    """

    id: RequestId
    client: ClientId
    request_class: RequestClass
    model: ModelName
    path: str
    stream: bool
    state: RequestState
    arrived: float
    dispatched: float | None = None
    first_byte: float | None = None
    finished: float | None = None
    instance: InstanceId | None = None
    position: int | None = None
    eta_s: float | None = None
    why: Notice | None = None
    attempts: int = 0
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    status: int | None = None
    cut: PromptCut | None = None
    moved: bool = False
    queue_s: float | None = None
    load_s: float | None = None
    prompt_s: float | None = None
    answer_s: float | None = None
    inside_s: float | None = None
    proxy_s: float | None = None
    expected_prompt_s: float | None = None
    expected_answer_s: float | None = None
    slow: tuple[Notice, ...] = ()


class MemoryKind(Enum):
    """Where models are loaded: into a graphics card, into memory that CPU and GPU share, or into main memory."""

    GPU = "gpu"
    UNIFIED = "unified"
    SYSTEM = "system"


class BudgetSource(Enum):
    """Where it was read how much memory models may use.

    DRIVER: the card's driver. LOG: the devices that a server's log names. MACOS: the share of its memory that macOS
    lends to the GPU. LIMIT: `iogpu.wired_limit_mb`, which replaces that share. SYSTEM: models run on the CPU.
    """

    DRIVER = "driver"
    LOG = "log"
    MACOS = "macos"
    LIMIT = "limit"
    SYSTEM = "system"


class Budget(msgspec.Struct, frozen=True):
    """The bytes of memory that models may use, and how many of these nobody uses now.

    `others` are used by other programs, as far as the models of all known servers do not explain what is in use.
    """

    total: int
    free: int
    source: BudgetSource
    others: int = 0


class Sample(msgspec.Struct, frozen=True):
    """One point of the live charts; while nobody watches they are seconds apart. Memory is in bytes.

    `memory_name` is the name of the card that has the memory, "" if it has none. `budget` is what models may use of it;
    the scheduler and the window reckon with it. `swap_used` is told on Macs.
    """

    at: float
    queued: int
    in_flight: int
    slots: int
    tokens_per_s: float
    first_token_p95_s: float | None
    memory_used: int | None
    memory_total: int | None
    memory_kind: MemoryKind | None = None
    memory_name: str = ""
    cpu_percent: float | None = None
    swap_used: int | None = None
    budget: Budget | None = None


class ProxyRecord(msgspec.Struct, frozen=True):
    """The proxy. `url` is "" and `port` 0 while it does not listen; `problem` says why it cannot.

    `others` are URLs for other machines, while it listens on all addresses; `url` is then that for this one.
    """

    on: bool = False
    url: str = ""
    problem: Notice | None = None
    port: int = 0
    others: tuple[str, ...] = ()


class Connections(msgspec.Struct, frozen=True):
    """The client connections: how many are open, how many may be (None = any number), how often accepting paused."""

    open: int = 0
    most: int | None = None
    pauses: int = 0


class MachineAlert(msgspec.Struct, frozen=True):
    """What goes wrong between models, Ollama and the machine (`core.machine_alerts`), with what it offers to do.

    `code` names its kind; it, `model` and `where` (a pool, a server or a path) say what it is about. `impairs`:
    requests are served worse for it, or not at all. `restart`: a restart of its instances may mend it.
    """

    code: str
    told: Notice
    since: float
    where: str = ""
    model: ModelName = ModelName("")
    instances: tuple[InstanceId, ...] = ()
    times: int = 1
    offers: tuple[Offer, ...] = ()
    impairs: bool = False
    restart: bool = False


class Snapshot(msgspec.Struct, frozen=True):
    """Everything on screen, at one instant. `fatal` is set once, when the engine itself has died.

    `starting`: the engine has not tried yet to open the proxy and to start the instances. `demo`: they are simulated,
    because there is no Ollama, or because the user asked for it (`demo_asked`). `paused`: requests wait, none is
    dispatched. `offenders` are clients whose options would reload a model, the latest last. `cut` counts the prompts
    that were cut, by model. `cores`, `gpu` and `inherited` describe the machine for `core.changes.plan` and
    `core.launch.plan_instances`. `stores` are the model stores of all instances. `telemetry` is None until the sensors
    are read for the first time. `found_servers` are all Ollama servers of this machine, the panel's own among them, the
    oldest first; None until they are looked for. `programs` are the programs `ollama` on it, the one that the workers
    run first. `replacements` are the servers whose place the workers have taken, or are to take or to give back.
    `second_proxy` is the proxy at its second address, as at Ollama's own port. `takeover` is that of Ollama's address,
    None if none was begun. `clients` are those of the last ten minutes, the newest first. `bypassing` are the programs
    that go past the panel, the newest first; None while that is unknown, for which `bypassing_unknown` is the reason,
    None = not looked yet. `classes` are the figures of each class of requests, the most urgent first. `last_change` is
    the last change of the settings in this run, None if there was none. `tuning` is the tuning under way, or the last
    one of this run. `profiles` are those that are kept, by name; `curves` are what the newest tunings of each pool and
    model have measured, the newest first. `applying` is the export that is put into force, one that was interrupted, or
    the last of this run. `doctor` is what it has found and mended. `gpu_yield` says who has the GPU, `keep_awake`
    whether the machine is kept from sleep, `recording` whether this run is recorded; `drill` is the last drill.
    `machine_alerts` are those of `core.alerts.alerts` that nothing else here tells.
    """

    at: float
    settings: Settings
    starting: bool = False
    demo: bool = False
    demo_asked: bool = False
    ollama_binary: str | None = None
    ollama_version: str | None = None
    cores: int = 1
    gpu: bool = True
    inherited: Inherited = Inherited()
    proxy: ProxyRecord = ProxyRecord()
    pools: tuple[PoolRecord, ...] = ()
    instances: tuple[InstanceRecord, ...] = ()
    requests: tuple[RequestRecord, ...] = ()
    finished: tuple[RequestRecord, ...] = ()
    models: tuple[ModelFacts, ...] = ()
    sample: Sample | None = None
    served: int = 0
    failed: int = 0
    refused: int = 0
    paused: bool = False
    offenders: tuple[Offender, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    cut: dict[ModelName, int] = {}
    fatal: Notice | None = None
    connections: Connections = Connections()
    stores: tuple[StoreRecord, ...] = ()
    telemetry: Telemetry | None = None
    found_servers: tuple[FoundServer, ...] | None = None
    programs: tuple[Program, ...] = ()
    machine_alerts: tuple[MachineAlert, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    clients: tuple[ClientRecord, ...] = ()
    bypassing: tuple[BypassRecord, ...] | None = None
    bypassing_unknown: Notice | None = None
    second_proxy: ProxyRecord = ProxyRecord()
    takeover: Takeover | None = None
    classes: tuple[ClassFigures, ...] = ()
    last_change: LastChange | None = None
    tuning: TuningRecord | None = None
    profiles: tuple[ProfileRecord, ...] = ()
    curves: tuple[PoolCurve, ...] = ()
    applying: Applying | None = None
    doctor: DoctorRecord = DoctorRecord()
    gpu_yield: YieldRecord = YieldRecord()
    keep_awake: KeepAwakeRecord = KeepAwakeRecord()
    recording: RecordingRecord = RecordingRecord()
    drill: DrillRecord | None = None
