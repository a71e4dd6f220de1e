"""The settings tree: frozen and complete, with the default, the limits, the title and the meaning of every setting.

`core.settings.codec` reads it from files, never failing; `core.settings.migrate` migrates old files to `VERSION` first.
`core.settings.catalog` lists the settings with their titles and meanings. Titles are the labels of the window; a
description says what the setting does, and when a change takes effect if that is not at once.
"""

from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.core.settings.tree_machine import MachineSettings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from ollama_panel.core.settings.tree_scheduling import SchedulingSettings
from ollama_panel.core.settings.tree_values import Count, Digest, Duration, HostName, Label, ListenHost, Port, Seconds
from ollama_panel.core.settings.tree_window import WindowSettings

VERSION = 3

_PARTS = frozenset({"proxy", "instances", "workers", "environment"})
"""The places of problems that are no keys of settings or names of files, but parts of the panel."""

_WITH_PLACE = frozenset({"environment.inherited"})
"""Sentences that name their place themselves."""


class Problem(msgspec.Struct, frozen=True):
    """A problem to show to the user: where it is (a key of the settings, or a part of the panel), and what it is."""

    where: str
    notice: Notice

    @property
    def told(self) -> Notice:
        """The notice with its place before it, unless its sentence names it."""
        if self.notice.code in _WITH_PLACE:
            return self.notice
        where = notice(f"part.{self.where}") if self.where in _PARTS else self.where
        return msgspec.structs.replace(notice("problem", where=where, what=self.notice), level=self.notice.level)


class PoolSettings(msgspec.Struct, frozen=True):
    """A pool: instances that share a role and one configuration.

    The context length is always set, because Ollama's own default grows with the memory and is not divided by parallel
    (Ollama #14116).
    """

    name: Annotated[
        PoolName,
        Meta(extra_json_schema={"form": "pool"}),
        Meta(
            title="Name",
            description="The name of the pool and of its instances: lower-case letters, digits, - and _. "
            "A pool with another name is another pool, with instances of its own.",
        ),
    ]
    role: Annotated[Role, Meta(title="Role", description="Which requests go to this pool.")] = Role.CHAT
    workers: Annotated[
        int,
        Meta(ge=0, le=16),
        Meta(
            title="Workers",
            description="How many Ollama servers this pool runs; each loads its own copy of a model. "
            "A change starts or stops only the difference.",
        ),
    ] = 1
    parallel: Annotated[
        int,
        Meta(ge=1, le=64),
        Meta(
            title="Parallel",
            description="OLLAMA_NUM_PARALLEL: how many requests each worker runs at once per model; more need more "
            "memory. A change restarts the pool's workers one after the other.",
        ),
    ] = 2
    context_length: Annotated[
        int,
        Meta(ge=256, le=1_048_576),
        Meta(
            title="Context length",
            description="OLLAMA_CONTEXT_LENGTH: how many tokens each slot holds; the memory grows with context times "
            "parallel. A change restarts the pool's workers one after the other.",
            extra_json_schema={"unit": "tokens"},
        ),
    ] = 4096
    models: Annotated[
        tuple[str, ...],
        Meta(
            title="Models",
            description="The models meant for this pool, separated by commas: requests for them go here first, and the "
            "memory forecast counts them. Empty: any model.",
        ),
    ] = ()
    environment: Annotated[
        dict[str, str],
        Meta(
            title="Environment",
            description="Environment variables of the pool's workers, in addition to those that the panel sets. "
            "A change restarts the workers one after the other.",
        ),
    ] = {}
    batch: Annotated[
        int,
        Meta(ge=0, le=65_536),
        Meta(
            title="Batch size",
            description="num_batch: how many tokens of a prompt are read at once; a change reloads models, without a "
            "restart. 0 = Ollama decides, also for models that clients use by other dialects than Ollama's.",
            extra_json_schema={"unit": "tokens"},
        ),
    ] = 0
    slo_first_token_s: Annotated[
        float,
        Meta(ge=0, le=3600),
        Meta(
            title="SLO: first token",
            description="95 % of the requests that somebody waits for get their first token within this time; batch "
            "work waits for it. 0 = no promise.",
            extra_json_schema={"unit": "seconds"},
        ),
    ] = 0.0
    slo_token_rate: Annotated[
        float,
        Meta(ge=0, le=100_000),
        Meta(
            title="SLO: speed of answers",
            description="95 % of the answers come at least this fast; fewer requests run at once where more would make "
            "them slower. 0 = no promise.",
            extra_json_schema={"unit": "tokens per second"},
        ),
    ] = 0.0
    preload: Annotated[
        tuple[str, ...],
        Meta(
            title="Pinned models",
            description="These models are loaded when a worker of the pool starts, one after the other, and stay in "
            "memory whoever else needs it; separated by commas.",
        ),
    ] = ()
    keep_alive: Annotated[
        Duration,
        Meta(
            title="Keep models for",
            description="How long a model stays in memory after its last request, whatever clients ask for: 30m, 0 = "
            "not at all, -1 = for ever. Empty: as clients ask, else Ollama's 5 minutes.",
        ),
    ] = ""


class KeyRule(Enum):
    """When the proxy requires an API key; AUTO: when it listens beyond this machine."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Scope(Enum):
    """What an API key opens: the models, the panel's state, or the panel itself; CONTROL opens what SEE does, too."""

    USE = "use"
    SEE = "see"
    CONTROL = "control"


SCOPES = (Scope.USE, Scope.SEE)
"""The scopes of a key that names none."""


class ApiKey(msgspec.Struct, frozen=True):
    """An API key of clients; the key itself is not stored."""

    name: Annotated[Label, Meta(title="Name", description="For whom or what the key is.")]
    digest: Annotated[Digest, Meta(title="Digest", description="The SHA-256 of the key, as hexadecimal digits.")]
    request_class: Annotated[
        RequestClass | None,
        Meta(
            title="Class",
            description="The class of requests with this key: batch for all of them, another one unless a request asks "
            "for its own. null: each request is judged by itself.",
        ),
    ] = None
    scopes: Annotated[
        tuple[Scope, ...],
        Meta(
            title="Scopes",
            description="What the key opens: use the models, see the state of the panel, control the panel (which "
            "includes seeing it, and is as much as its owner may do: its settings name programs that it starts).",
        ),
    ] = SCOPES


class ProxySettings(msgspec.Struct, frozen=True):
    """The proxy. Port 11434 is left to Ollama unless the user changes that."""

    enabled: Annotated[
        bool,
        Meta(
            title="Start with the panel",
            description="Clients are answered as soon as the panel runs. "
            "Off: only after the proxy is switched on in the menu; ollama-panel serve answers them in any case.",
        ),
    ] = True
    host: Annotated[
        ListenHost,
        Meta(
            title="Address",
            description="127.0.0.1 is this machine only; 0.0.0.0 lets the network in. A change moves the proxy.",
        ),
    ] = "127.0.0.1"
    port: Annotated[Port, Meta(title="Port", description="Ollama's own is 11434. A change moves the proxy.")] = 11435
    second_host: Annotated[
        ListenHost,
        Meta(title="Second address", description="The address of the second port; :: lets the network in."),
    ] = "127.0.0.1"
    second_port: Annotated[
        int,
        Meta(ge=0, le=65535),
        Meta(
            title="Second port",
            description="The proxy listens there, too: at Ollama's own port 11434, once ollama-panel take-over has "
            "moved Ollama, so that its clients need no change. 0 = nowhere else.",
        ),
    ] = 0
    queue_limit: Annotated[
        Count,
        Meta(
            title="Queue limit",
            description="So many requests may wait; of more, the newest of the client with the most is refused and "
            "told when to retry.",
        ),
    ] = 10_000
    queue_timeout_s: Annotated[
        Seconds, Meta(title="Longest wait", description="A request that waits longer is refused. 0 = no limit.")
    ] = 0.0
    request_timeout_s: Annotated[
        Seconds,
        Meta(
            title="Longest answer",
            description="A request is ended when an instance has worked on it for longer. 0 = no limit.",
        ),
    ] = 0.0
    heartbeat: Annotated[
        bool,
        Meta(
            title="Heartbeats",
            description="Waiting streams get a heartbeat from time to time, so that clients do not give up.",
        ),
    ] = True
    heartbeat_plain: Annotated[
        bool,
        Meta(
            title="Heartbeats in whole answers",
            description="Answers that are not streamed get them, too; an error after the first has the status 200. "
            "No effect without heartbeats.",
        ),
    ] = True
    header_timeout_s: Annotated[
        Seconds,
        Meta(
            title="Time for headers",
            description="A request is refused if its headers have not come within this time. 0 = no limit.",
        ),
    ] = 30.0
    body_timeout_s: Annotated[
        Seconds,
        Meta(
            title="Time for bodies",
            description="A request is refused if its body does not begin within this time, or if 64 KiB of it take "
            "longer. 0 = no limit.",
        ),
    ] = 120.0
    write_timeout_s: Annotated[
        Seconds,
        Meta(
            title="Time for reading answers",
            description="A client that takes nothing of its answer for this time is cut off, and its slot is free. "
            "0 = no limit.",
        ),
    ] = 60.0
    max_body_mib: Annotated[
        Count,
        Meta(
            title="Largest body",
            description="A request with a longer body is refused; files of models that are uploaded may be longer.",
            extra_json_schema={"unit": "MiB"},
        ),
    ] = 512
    connections_per_client: Annotated[
        int,
        Meta(ge=0, le=1_000_000_000),
        Meta(
            title="Connections of one client",
            description="Connections beyond this number from one address are refused. 0 = no limit.",
        ),
    ] = 20_000
    management: Annotated[
        bool,
        Meta(
            title="Changes to the model store",
            description="Clients may pull, push, create, copy and delete models. Off: such requests are refused.",
        ),
    ] = True
    require_key: Annotated[
        KeyRule,
        Meta(
            title="API key needed",
            description="Whether clients must send an API key; auto: if the proxy listens beyond this machine.",
        ),
    ] = KeyRule.AUTO
    api_keys: Annotated[
        tuple[ApiKey, ...],
        Meta(
            title="API keys",
            description="The keys of clients, as digests; the command ollama-panel keys adds and removes them.",
        ),
    ] = ()
    allowed_hosts: Annotated[
        tuple[HostName, ...],
        Meta(
            title="Allowed hosts",
            description="Names, separated by commas, by which clients may call this machine besides its own name and "
            "its addresses.",
        ),
    ] = ()
    allowed_origins: Annotated[
        tuple[str, ...],
        Meta(
            title="Allowed origins",
            description="Web pages and browser extensions that may call the proxy besides those of this machine, "
            "separated by commas: https://chat.example.org, chrome-extension://*; * alone is all.",
        ),
    ] = ()


class Settings(msgspec.Struct, frozen=True):
    """All settings."""

    version: Annotated[
        int, Meta(title="Version", description="The version of the file's layout; the panel sets it.")
    ] = VERSION
    proxy: Annotated[
        ProxySettings, Meta(title="Proxy", description="The address for clients, and what is accepted there.")
    ] = ProxySettings()
    scheduling: Annotated[
        SchedulingSettings, Meta(title="Scheduling", description="Which request runs where, and when.")
    ] = SchedulingSettings()
    ollama: Annotated[
        OllamaSettings, Meta(title="Ollama", description="The program, its files, and the ports of its instances.")
    ] = OllamaSettings()
    machine: Annotated[
        MachineSettings,
        Meta(title="Machine", description="Sleep, and giving the GPU to other programs."),
    ] = MachineSettings()
    history: Annotated[
        HistorySettings, Meta(title="History", description="What is kept of measurements, events and requests.")
    ] = HistorySettings()
    window: Annotated[WindowSettings, Meta(title="Appearance", description="How the window looks.")] = WindowSettings()
    pools: Annotated[
        tuple[PoolSettings, ...],
        Meta(title="Pools", description="Groups of instances, each with a role and a configuration of its own."),
    ] = (
        PoolSettings(PoolName("chat"), Role.CHAT, workers=1, parallel=2),
        PoolSettings(PoolName("embedding"), Role.EMBEDDING, workers=1, parallel=1, context_length=2048),
    )
