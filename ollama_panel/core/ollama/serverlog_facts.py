"""The facts in a server's log. `serverlog.parse` finds them; sizes are in bytes."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.engines import Engine


class LogFact(msgspec.Struct, frozen=True, tag=True):
    """A fact from one line of the log."""


class Configured(LogFact, frozen=True):
    """The environment in effect, as the server logged it at its start."""

    environment: dict[str, str]


class Listening(LogFact, frozen=True):
    """The socket is bound; HTTP answers a little later. `version` is "0.0.0" for a build without one."""

    address: str
    version: str


class ComputeFound(LogFact, frozen=True):
    """A device that models can run on; `library` is `cpu`, `cuda`, `metal`, `rocm`, ...; sizes are in bytes.

    `address` is that on the PCI bus (`0000:01:00.0`), "" where the log does not tell. `integrated`: it shares the main
    memory.
    """

    library: str
    name: str
    total: int | None
    available: int | None
    address: str = ""
    integrated: bool = False


class DeviceMemory(LogFact, frozen=True):
    """The memory of a device when a runner started (0.30 on), in bytes; `device` is its name there, as `Vulkan0`.

    `total` is None, or `address` "", where the line does not tell.
    """

    device: str
    name: str
    total: int | None
    free: int
    address: str = ""


class DeviceNamed(LogFact, frozen=True):
    """The name of a card of the last started runner, by its number there: 0 for that of `CUDA0` or `ROCm0`."""

    number: int
    name: str


class RunnerStarting(LogFact, frozen=True):
    """A runner process for a model starts. `model` is the path of the blob, `context` that of all slots together.

    Where the command line has no context, it has no other option either (0.11.5 to 0.24, MLX). Else an option that it
    lacks has its default: `cache_type` "" is f16. `flash` is None where the runner decides, `threads` and `gpu_layers`
    (all that can be on a GPU) where nobody asked.
    """

    model: str
    parallel: int | None = None
    context: int | None = None
    cache_type: str = ""
    engine: Engine | None = None
    flash: bool | None = None
    threads: int | None = None
    gpu_layers: int | None = None


class RunnerConfigured(LogFact, frozen=True):
    """The configuration of the last started runner (0.11 to 0.24, whose command line does not contain it).

    `cache_type` "" is f16; `flash` is None where the runner decides.
    """

    parallel: int
    context: int
    cache_type: str = ""
    flash: bool | None = None
    threads: int | None = None


class ContextOpened(LogFact, frozen=True):
    """A context of the last started runner: how many `slots` it has, or how many tokens each of them, None = not here.

    The first is the model's; a draft model has one of its own.
    """

    slots: int | None = None
    slot_context: int | None = None


class FlashAttention(LogFact, frozen=True):
    """Whether the last started runner computes with flash attention."""

    on: bool


class Batch(LogFact, frozen=True):
    """How many tokens the last started runner computes at once; its compute buffers are as large as these need."""

    tokens: int


class Threads(LogFact, frozen=True):
    """How many threads of the CPU the last started runner computes with."""

    count: int


class PromptCache(LogFact, frozen=True):
    """How many bytes of main memory the last started runner may fill with earlier prompts; None = any number."""

    limit: int | None


class ModelFile(LogFact, frozen=True):
    """The bytes of all weights in the file that is being loaded, rounded to 0.01 of their unit."""

    size: int


class KvCache(LogFact, frozen=True):
    """One cache of the last started runner, on all devices together; `cache_type` is that of its numbers.

    A runner has one for each kind of attention, and one for the state of recurrent layers, which has no `cache_type`.
    It holds `cells` tokens of each of its `slots`, which are 0 where the line does not tell.
    """

    size: int
    cache_type: str = ""
    cells: int = 0
    slots: int = 0


class BufferKind(StrEnum):
    """What a buffer holds. STATE is that of recurrent layers; OUTPUT has the logits; a projector encodes pictures."""

    WEIGHTS = "weights"
    CACHE = "cache"
    STATE = "state"
    COMPUTE = "compute"
    OUTPUT = "output"
    PROJECTOR = "projector"
    PROJECTOR_COMPUTE = "projector compute"


class Buffer(LogFact, frozen=True):
    """Memory of the last started runner on one device.

    `device` is named as llama.cpp names its buffers: `CUDA0`, `CPU`, `CUDA_Host` (main memory that the card reads),
    `CPU_Mapped` (the mapped file, of which the part that other buffers hold may count again), `CPU_REPACK`, "" if
    the log does not tell. `by_server`: in the words of Ollama, rounded to 0.1 GiB above 1 GiB; a forecast where the
    runner names its buffers itself.
    """

    kind: BufferKind
    device: str
    size: int
    by_server: bool = False


class BuffersListed(LogFact, frozen=True):
    """Ollama has listed all buffers of the last started runner: what it did not name, there is not."""


class ProjectorDevice(LogFact, frozen=True):
    """The device of the projector, whose size follows."""

    device: str


class MemoryProjected(LogFact, frozen=True):
    """What llama-server would use of the cards' memory before it lowers anything, and how much of it is free."""

    needed: int
    free: int


class MemoryTargetMissed(LogFact, frozen=True):
    """llama-server puts fewer layers on the card: `target` bytes would not stay free, `missing` would have to go."""

    target: int
    missing: int


class Offloaded(LogFact, frozen=True):
    """How many of the model's layers are on the GPU."""

    layers: int
    total: int


class RunnerStarted(LogFact, frozen=True):
    """A model is loaded; the load took `seconds`, None if the line does not say."""

    seconds: float | None


class ParallelForced(LogFact, frozen=True):
    """Ollama does not run this architecture with more than one slot."""

    architecture: str


class ContextClamped(LogFact, frozen=True):
    """The requested context is longer than the one that the model was trained for; both are in tokens per slot."""

    asked: int
    trained: int


class PromptTruncated(LogFact, frozen=True):
    """A prompt was longer than the context and lost its beginning; the client is not told. All are in tokens.

    `limit` is what a prompt may have: the context of a slot up to 0.30.10, less from 0.30.11 on, which leave room for
    the answer (`llm/llama_server.go contextShiftPromptLimit`). None for what the line does not say: Ollama's server
    drops whole messages of a chat without counting, and logs that only with OLLAMA_DEBUG (`server/prompt.go`).
    """

    limit: int | None = None
    prompt_tokens: int | None = None
    kept: int | None = None


class OptionUnknown(LogFact, frozen=True):
    """A client asked for an option that this Ollama does not know, and ignores."""

    option: str


class CacheTypeIgnored(LogFact, frozen=True):
    """The model does not take the cache type that was asked for: its cache stays f16."""

    asked: str


class FlashAttentionMissing(LogFact, frozen=True):
    """The cache type `asked` needs flash attention, which is off: the cache stays f16 (to 0.24)."""

    asked: str


class Evicting(LogFact, frozen=True):
    """A model is unloaded to make space for another."""


class MemoryNotRecovered(LogFact, frozen=True):
    """The card's memory was not free again `seconds` after a model was unloaded."""

    seconds: float


class BackendDisabled(LogFact, frozen=True):
    """A library for cards is off until `variable` is set; of no matter where another library has found the card."""

    variable: str


class IntegratedDropped(LogFact, frozen=True):
    """Ollama does not use this GPU, which shares the main memory, unless `variable` is set (0.30 on)."""

    name: str
    variable: str


class DevicesRestricted(LogFact, frozen=True):
    """A variable of the environment chooses the cards that Ollama sees."""

    variable: str
    value: str


class PortInUse(LogFact, frozen=True):
    """The server ends at once: another process listens at `address`."""

    address: str


class OutOfMemory(LogFact, frozen=True):
    """Memory was insufficient; `message` is the text of Ollama, llama.cpp or a driver.

    `device` and `size` are those of the buffer that did not fit, `purpose` what it was for, `model` is the path of the
    model, as far as the line says.
    `asked` and `given`: Ollama tries again with this shorter context, in tokens per slot; it does so only where nothing
    names a context (`server/sched.go reduceAutoNumCtxForLoadOOM`, 0.32).
    """

    message: str
    device: str = ""
    size: int | None = None
    purpose: BufferKind | None = None
    asked: int | None = None
    given: int | None = None
    model: str = ""


class Failure(LogFact, frozen=True):
    """Another error."""

    message: str


class GpuCrashed(Failure, frozen=True):
    """A card, or its driver, has failed; `reset`: the kernel has reset it, and all that was in its memory is lost.

    `vendor` is "amd", "nvidia", or "" where the line does not tell.
    """

    vendor: str = ""
    reset: bool = False


class GpuUnsupported(Failure, frozen=True):
    """Ollama's build has no code for the card's generation."""

    library: str = ""


class FlashAttentionNeeded(Failure, frozen=True):
    """A load failed: the cache type needs flash attention, which is off (0.30 on)."""


class FolderUnusable(Failure, frozen=True):
    """The folder of the models cannot be made or entered."""

    path: str = ""


class Crashed(LogFact, frozen=True):
    """The server has ended by itself, or a `runner` of it; no line says so, but `core.ollama.crashes` concludes it.

    `evidence` are lines that show it; `signal` (as "SIGKILL") and `library` are "" where there is none.
    """

    cause: Cause
    evidence: tuple[str, ...] = ()
    signal: str = ""
    library: str = ""
    runner: bool = False


Fact: TypeAlias = (
    Configured
    | Listening
    | ComputeFound
    | DeviceMemory
    | DeviceNamed
    | RunnerStarting
    | RunnerConfigured
    | ContextOpened
    | FlashAttention
    | Batch
    | Threads
    | PromptCache
    | ModelFile
    | KvCache
    | Buffer
    | BuffersListed
    | ProjectorDevice
    | MemoryProjected
    | MemoryTargetMissed
    | Offloaded
    | RunnerStarted
    | ParallelForced
    | ContextClamped
    | PromptTruncated
    | OptionUnknown
    | CacheTypeIgnored
    | FlashAttentionMissing
    | Evicting
    | MemoryNotRecovered
    | BackendDisabled
    | IntegratedDropped
    | DevicesRestricted
    | PortInUse
    | OutOfMemory
    | Failure
    | GpuCrashed
    | GpuUnsupported
    | FlashAttentionNeeded
    | FolderUnusable
    | Crashed
)
