"""The settings tree: frozen and complete, with every default and limit in one place.

`core.settings.codec` reads it from files, never failing; `core.settings.migrate` migrates old files to `VERSION` first.
"""

from enum import Enum
from typing import Annotated

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import RequestClass, Role

VERSION = 2

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Problem(msgspec.Struct, frozen=True):
    """A problem to show to the user: where it is, and one sentence that says what to do."""

    where: str
    message: str


class Theme(Enum):
    """The color theme; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class PoolSettings(msgspec.Struct, frozen=True):
    """A pool: instances that share a role and one configuration.

    `parallel` is `OLLAMA_NUM_PARALLEL` of each worker; `context_length` (tokens per slot) is `OLLAMA_CONTEXT_LENGTH`,
    always set, because Ollama's own default grows with the memory and is not divided by parallel (Ollama #14116).
    `models` are the names meant for this pool, used for the memory forecast and for routing; empty = any.
    """

    name: Annotated[PoolName, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    role: Role = Role.CHAT
    workers: Annotated[int, msgspec.Meta(ge=0, le=16)] = 1
    parallel: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    context_length: Annotated[int, msgspec.Meta(ge=256, le=1_048_576)] = 4096
    models: tuple[str, ...] = ()
    environment: dict[str, str] = {}


class KeyRule(Enum):
    """When the proxy requires an API key; AUTO: when it listens beyond this machine."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ApiKey(msgspec.Struct, frozen=True):
    """An API key of clients. `digest` is the SHA-256 of the key in hex; the key itself is not stored.

    `request_class` is the class of requests with this key unless they ask for another; None = decided per request.
    """

    name: str
    digest: str
    request_class: RequestClass | None = None


class ProxySettings(msgspec.Struct, frozen=True):
    """The proxy. Time-outs are in seconds, 0 = none. Port 11434 is left to Ollama unless the user changes that.

    `heartbeat` sends heartbeats on waiting streams, `heartbeat_plain` also on answers that are not streams (errors
    that follow have status 200). Without `management`, requests that change the model store are refused.
    `allowed_hosts` and `allowed_origins` extend Ollama's own lists. `connections_per_client` counts per address, 0 = no
    limit.
    """

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 11435
    queue_limit: Count = 10_000
    queue_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    request_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    heartbeat: bool = True
    heartbeat_plain: bool = True
    header_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 30.0
    body_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 120.0
    max_body_mib: Annotated[int, msgspec.Meta(ge=1)] = 512
    connections_per_client: Annotated[int, msgspec.Meta(ge=0)] = 20_000
    management: bool = True
    require_key: KeyRule = KeyRule.AUTO
    api_keys: tuple[ApiKey, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()


class SchedulingSettings(msgspec.Struct, frozen=True):
    """Settings of the scheduler. Times are in seconds, except for the first.

    `token_time_ms` is the target for the time per output token: a concurrency limit keeps below it (0 = no limit).
    While a client chats, batch work leaves `reserved_slots` free and is preempted before its first byte at most
    `max_preemptions` times, but keeps `batch_share` of the time. `weights` are shares of clients relative to 1.
    `keep_homes`: a conversation returns to the instance that has its beginning in the prefix cache. `one_option_set`:
    all requests for a model get the same load options, so that it is not reloaded again and again. `fit_context`: a
    prompt that seems longer than the context gets a longer one, where the client can ask for it. `raise_context`: if
    clients' different contexts reload a model again and again, the pool's own is raised. `swap_models`:
    unload a model for one that is waited for, after its `dwell_s`. `record_events`: write `events.jsonl` for replays,
    from the next start on; it holds names and lengths, no content.
    """

    token_time_ms: Annotated[float, msgspec.Meta(ge=0, le=60_000)] = 0.0
    reserved_slots: Annotated[int, msgspec.Meta(ge=0, le=64)] = 1
    batch_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.1
    max_preemptions: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    weights: dict[str, Annotated[float, msgspec.Meta(ge=0.01, le=100)]] = {}
    keep_homes: bool = True
    one_option_set: bool = True
    fit_context: bool = False
    raise_context: bool = False
    swap_models: bool = True
    dwell_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 8.0
    record_events: bool = False


class OllamaSettings(msgspec.Struct, frozen=True):
    """Ollama: `binary` "" = search for it, `models_dir` "" = its default; workers listen from `first_port` up."""

    binary: str = ""
    models_dir: str = ""
    first_port: Port = 11500
    adopt: bool = True


class WindowSettings(msgspec.Struct, frozen=True):
    """The window; `language` "" follows the desktop."""

    theme: Theme = Theme.SYSTEM
    language: str = ""


class Settings(msgspec.Struct, frozen=True):
    """All settings."""

    version: int = VERSION
    proxy: ProxySettings = ProxySettings()
    scheduling: SchedulingSettings = SchedulingSettings()
    ollama: OllamaSettings = OllamaSettings()
    window: WindowSettings = WindowSettings()
    pools: tuple[PoolSettings, ...] = (
        PoolSettings(PoolName("chat"), Role.CHAT, workers=1, parallel=2),
        PoolSettings(PoolName("embedding"), Role.EMBEDDING, workers=1, parallel=1, context_length=2048),
    )
