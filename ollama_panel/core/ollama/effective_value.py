"""The records of what is in force for a loaded model; `core.effective` finds them."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.notices import Notice


class ValueName(Enum):
    """What is in force.

    KV_TYPE and KV_BYTES are those of the cache of keys and values; WEIGHTS, COMPUTE (scratch memory) and PROMPT_CACHE
    (earlier prompts in main memory, a limit) are bytes, too. CONTEXT is that of a slot. LAYERS are those on a GPU.
    """

    ENGINE = "engine"
    PARALLEL = "parallel"
    CONTEXT = "context"
    KV_TYPE = "kv_type"
    KV_BYTES = "kv_bytes"
    FLASH_ATTENTION = "flash_attention"
    LAYERS = "layers"
    DEVICES = "devices"
    WEIGHTS = "weights"
    COMPUTE = "compute"
    THREADS = "threads"
    PROMPT_CACHE = "prompt_cache"


class Unit(Enum):
    """What a number counts; NONE for words."""

    NONE = ""
    SLOTS = "slots"
    TOKENS = "tokens"
    BYTES = "bytes"
    LAYERS = "layers"
    THREADS = "threads"


UNITS = {
    ValueName.PARALLEL: Unit.SLOTS,
    ValueName.CONTEXT: Unit.TOKENS,
    ValueName.KV_BYTES: Unit.BYTES,
    ValueName.LAYERS: Unit.LAYERS,
    ValueName.WEIGHTS: Unit.BYTES,
    ValueName.COMPUTE: Unit.BYTES,
    ValueName.THREADS: Unit.THREADS,
    ValueName.PROMPT_CACHE: Unit.BYTES,
}
"""The units of numbers; the other values are words."""


class Source(Enum):
    """Where a value was read.

    COMMAND: the runner's command line. PS: `/api/ps`. OLLAMA: what this version of Ollama does with such a model
    whatever is asked. DEFAULT: what it does where nothing is asked.
    """

    LOG = "log"
    COMMAND = "command"
    PS = "ps"
    ENVIRONMENT = "environment"
    OLLAMA = "ollama"
    DEFAULT = "default"


ON, OFF, UNLIMITED = "on", "off", "unlimited"
"""The words of values that are no numbers, beside those of engines, types and devices."""

PROJECTOR = "projector"
"""Stands beside the devices for what encodes pictures."""

Value: TypeAlias = int | str | tuple[str, ...] | None


class EffectiveValue(msgspec.Struct, frozen=True):
    """One value of a loaded model; `wanted` is what its instance asks for, None = nothing, or it is not known.

    `effective` is None if it is unknown, and then `source` is, too. `why_not` says why it is unknown, or not what was
    wanted. `whole` is the number of which it is a part (all layers), `parts` are the bytes on each device.
    """

    name: ValueName
    unit: Unit
    wanted: Value = None
    effective: Value = None
    source: Source | None = None
    why_not: Notice | None = None
    whole: int | None = None
    parts: Mapping[str, int] = {}
