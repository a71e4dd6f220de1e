"""What can be wrong with a server, and when each of these is over.

| kind | over |
|---|---|
| LAYERS_SPILLED | a later load of the model has all its layers on the GPU, or as many as somebody asks for |
| CONTEXT_REDUCED, KV_TYPE_IGNORED, FLASH_ATTENTION_OFF | a later load of the model does not say so |
| OUT_OF_MEMORY | the model is loaded, or an hour has passed |
| GPU_UNSUPPORTED | a model is loaded, or an hour has passed |
| PROMPT_CUT | an hour has passed without another |
| EVICTION_THRASH | ten minutes have passed without an eviction |
| all of these | the server starts with another environment, as after a change of the settings |
| SLOTS_FORCED | the model has more slots, or no more are wanted |
| VRAM_NOT_RECOVERED | ten minutes have passed without another |
| OPTION_UNKNOWN | a day has passed without another: some clients come once a night |
| GPU_CRASHED | an hour has passed without another |
| CRASHED | an hour has passed without another |
| RUNNER_CRASHED | the load that has failed succeeds; if it was none, an hour has passed without another |
| GPU_LOST | the server's next start finds as many cards as before, or other variables choose them |
| VULKAN_DISABLED, INTEGRATED_GPU_DROPPED, VISIBLE_DEVICES_SET | the next start does not say so |
| MODELS_FOLDER_UNUSABLE | the server listens |
"""

from enum import Enum

import msgspec

from ollama_panel.core.ollama.serverlog_facts import Fact

THRASH_WINDOW_S = 600.0
THRASH_EVICTIONS = 3
"""So many evictions in ten minutes are a contest: one or two happen whenever people turn to another model."""


class Kind(Enum):
    """What an incident is, in the words of the API."""

    LAYERS_SPILLED = "layers_spilled"
    SLOTS_FORCED = "slots_forced"
    CONTEXT_REDUCED = "context_reduced"
    KV_TYPE_IGNORED = "kv_type_ignored"
    FLASH_ATTENTION_OFF = "flash_attention_off"
    OUT_OF_MEMORY = "out_of_memory"
    GPU_UNSUPPORTED = "gpu_unsupported"
    EVICTION_THRASH = "eviction_thrash"
    VRAM_NOT_RECOVERED = "vram_not_recovered"
    PROMPT_CUT = "prompt_cut"
    OPTION_UNKNOWN = "option_unknown"
    GPU_CRASHED = "gpu_crashed"
    GPU_LOST = "gpu_lost"
    CRASHED = "crashed"
    RUNNER_CRASHED = "runner_crashed"
    VULKAN_DISABLED = "vulkan_disabled"
    INTEGRATED_GPU_DROPPED = "integrated_gpu_dropped"
    VISIBLE_DEVICES_SET = "visible_devices_set"
    MODELS_FOLDER_UNUSABLE = "models_folder_unusable"


OF_LOADS = frozenset(
    {
        Kind.LAYERS_SPILLED,
        Kind.CONTEXT_REDUCED,
        Kind.KV_TYPE_IGNORED,
        Kind.FLASH_ATTENTION_OFF,
        Kind.OUT_OF_MEMORY,
        Kind.GPU_UNSUPPORTED,
    }
)
"""Those that a load of the model ends, or confirms."""

OF_STARTS = frozenset({Kind.VULKAN_DISABLED, Kind.INTEGRATED_GPU_DROPPED, Kind.VISIBLE_DEVICES_SET})
"""Those that the server's next start ends, or confirms."""

EXPLAINING = frozenset({Kind.OUT_OF_MEMORY, Kind.GPU_CRASHED, Kind.GPU_UNSUPPORTED, Kind.FLASH_ATTENTION_OFF})
"""Those that say why a runner has ended."""

_HOUR = 3600.0
LASTS = {
    Kind.OUT_OF_MEMORY: _HOUR,
    Kind.GPU_UNSUPPORTED: _HOUR,
    Kind.EVICTION_THRASH: THRASH_WINDOW_S,
    Kind.VRAM_NOT_RECOVERED: 600.0,
    Kind.PROMPT_CUT: _HOUR,
    Kind.OPTION_UNKNOWN: 24 * _HOUR,
    Kind.GPU_CRASHED: _HOUR,
    Kind.CRASHED: _HOUR,
    Kind.RUNNER_CRASHED: _HOUR,
}
"""Seconds after the last line."""


class Incident(msgspec.Struct, frozen=True):
    """Something that is wrong. `since` and `last` are seconds, `times` is how often it was said.

    `models` are the blobs, or the names, of the models that it is about. `facts` are what the log has said, the oldest
    first; none if it was not the log. `loads` is how many loads there were meanwhile, of EVICTION_THRASH alone.
    """

    kind: Kind
    since: float
    last: float
    models: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    times: int = 1
    loads: int = 0
