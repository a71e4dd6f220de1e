"""The settings tree: frozen, complete, with every default and limit in one place.

`core.codec` turns files into it and never fails; `core.migrate` brings old files up to `VERSION` first.
"""

from enum import Enum
from typing import Annotated

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role

VERSION = 1

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Problem(msgspec.Struct, frozen=True):
    """Something wrong that a person should know: where, and one sentence with what to do."""

    where: str
    message: str


class Theme(Enum):
    """The look; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class PoolSettings(msgspec.Struct, frozen=True):
    """Instances that share a role and one configuration.

    `parallel` is `OLLAMA_NUM_PARALLEL` of each worker; `context_length` (tokens per slot) is `OLLAMA_CONTEXT_LENGTH`,
    always set because Ollama's own default grows with the memory and is not divided by parallel (Ollama #14116).
    `models` are the names meant for this pool, used for the memory forecast and for routing; empty = any.
    """

    name: Annotated[PoolName, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    role: Role = Role.CHAT
    workers: Annotated[int, msgspec.Meta(ge=0, le=16)] = 1
    parallel: Annotated[int, msgspec.Meta(ge=1, le=64)] = 2
    context_length: Annotated[int, msgspec.Meta(ge=256, le=1_048_576)] = 4096
    models: tuple[str, ...] = ()
    environment: dict[str, str] = {}


class ProxySettings(msgspec.Struct, frozen=True):
    """The front door. Time-outs in seconds, 0 = none. 11434 stays Ollama's own until the user decides otherwise."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: Port = 11435
    queue_limit: Count = 10_000
    queue_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    request_timeout_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    heartbeat: bool = True


class OllamaSettings(msgspec.Struct, frozen=True):
    """Where Ollama is: `binary` "" = search, `models_dir` "" = its default; workers listen from `first_port` up."""

    binary: str = ""
    models_dir: str = ""
    first_port: Port = 11500
    adopt: bool = True


class WindowSettings(msgspec.Struct, frozen=True):
    """The window; `language` "" follows the desktop."""

    theme: Theme = Theme.SYSTEM
    language: str = ""


class Settings(msgspec.Struct, frozen=True):
    """Everything the user decides."""

    version: int = VERSION
    proxy: ProxySettings = ProxySettings()
    ollama: OllamaSettings = OllamaSettings()
    window: WindowSettings = WindowSettings()
    pools: tuple[PoolSettings, ...] = (
        PoolSettings(PoolName("chat"), Role.CHAT, workers=1, parallel=2),
        PoolSettings(PoolName("embedding"), Role.EMBEDDING, workers=1, parallel=1, context_length=2048),
    )
