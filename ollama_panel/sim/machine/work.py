"""The inputs and events of the simulated machine: plain data, times in microseconds of simulated time."""

from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.records import LoadOptions

Segment: TypeAlias = tuple[int, int]
"""A part of a prompt: its identity and its tokens. Equal segments at the start of two prompts share their KV cache."""


class Kind(Enum):
    """The kind of a request."""

    GENERATE = "generate"
    EMBED = "embed"
    LOAD = "load"


class Work(msgspec.Struct, frozen=True):
    """One request as the machine sees it.

    `prompt` has the segments of the prompt, `output_tokens` is how many tokens the answer will have and `reason` why it
    ends; `reply` is the answer as segments of a later prompt. `items` are the lengths of the texts to embed.
    `keep_alive_us`: None = the server's, negative = for ever.
    """

    id: str
    model: str
    kind: Kind = Kind.GENERATE
    prompt: tuple[Segment, ...] = ()
    output_tokens: int = 1
    reason: str = "stop"
    reply: tuple[Segment, ...] = ()
    items: tuple[int, ...] = ()
    options: LoadOptions = LoadOptions()
    keep_alive_us: int | None = None


class InstanceOptions(msgspec.Struct, frozen=True):
    """The configuration of one simulated `ollama serve`; 0 = Ollama's automatic choice where it has one."""

    parallel: int = 1
    max_queue: int = 512
    max_loaded: int = 0
    keep_alive_us: int = 300_000_000
    context_length: int = 0
    kv_type: str = ""
    flash_attention: bool | None = None
    cache_bytes: int = 8 * 1024**3
    load_timeout_us: int = 300_000_000
    threads: int = 0


class MachineFaults(msgspec.Struct, frozen=True):
    """The faults inside the machine (see `ollama_panel.sim.faults`); 0 = never."""

    runner_dies_after: int = 0
    oom_loads: int = 0
    stalled_loads: int = 0
    stall_after: int = 0
    slow_disk: float = 1.0


class Counters(msgspec.Struct, frozen=True):
    """The counters of a finished request; `prompt_us` is the time for the uncached part of the prompt."""

    total_us: int
    load_us: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    prompt_us: int = 0
    output_tokens: int = 0
    output_us: int = 0


class Output(msgspec.Struct, frozen=True, tag=True):
    """An event at the time `at` on `instance`."""

    at: int
    instance: str


class Started(Output, frozen=True):
    """A request got a slot; `cached` prompt tokens need no work."""

    id: str
    slot: int
    cached: int


class Tokens(Output, frozen=True):
    """`count` more tokens of an answer, or texts embedded ; the first only, unless the machine has `every_token`."""

    id: str
    count: int


class Done(Output, frozen=True):
    """A request succeeded: `reason` is stop, length, load or unload."""

    id: str
    reason: str
    counters: Counters


class Failed(Output, frozen=True):
    """A request failed with Ollama's status and text; `sent`: some of its answer had been sent."""

    id: str
    status: int
    message: str
    sent: bool = False


class Loading(Output, frozen=True):
    """A runner is being started."""

    model: str
    num_ctx: int
    parallel: int
    batch: int
    bytes: int
    vram: int
    kv_bytes: int
    wanted_ctx: int
    forced_serial: bool


class Loaded(Output, frozen=True):
    """A runner is ready after `took_us`; `count` runners are loaded."""

    model: str
    num_ctx: int
    parallel: int
    batch: int
    bytes: int
    vram: int
    took_us: int
    count: int


class LoadFailed(Output, frozen=True):
    """A runner did not start."""

    model: str
    message: str


class Left(Output, frozen=True):
    """A client left; its request was `where`: pending (for a load), waiting (for a slot) or in a slot."""

    id: str
    model: str
    where: str


class Unloaded(Output, frozen=True):
    """A runner was unloaded: `why` is expired, evicted, reload, unload, aborted, crashed or killed."""

    model: str
    why: str


Event: TypeAlias = Started | Tokens | Done | Failed | Left | Loading | Loaded | LoadFailed | Unloaded
"""All events of the machine."""
