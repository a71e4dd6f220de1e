"""The variables of llama.cpp's server, the runner of Ollama 0.30 and later, that are useful there.

Ollama passes its whole environment to it (`llm/llama_server.go`), so each of them works unless Ollama passes the same
option on the runner's command line. Before 0.30 none of them is read. Names and defaults are those of llama.cpp's
`tools/server/README.md`.
"""

from typing import Any

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment_kinds import Kind, Reads, Variable
from ollama_panel.core.ollama.kvcache import CACHE_TYPES


def _option(name: str, kind: Kind, default: str, meaning: str, **more: Any) -> Variable:
    return Variable(f"LLAMA_ARG_{name}", kind, default, meaning, since="0.30.0", reads=Reads.LOAD, **more)


RUNNER = (
    _option(
        "THREADS",
        Kind.COUNT,
        "",
        "How many CPU threads a runner computes with; without a GPU the panel divides the cores among the workers.",
        low=1,
        high=1024,
    ),
    _option(
        "CACHE_RAM",
        Kind.COUNT,
        "8192",
        "MiB of main memory that each loaded model may use to remember earlier prompts; 0 none, -1 no limit.",
        low=-1,
        high=1_048_576,
    ),
    _option(
        "FIT",
        Kind.CHOICE,
        "on",
        "Put fewer layers on the GPU where memory does not suffice, instead of failing.",
        choices=("on", "off"),
    ),
    _option(
        "FIT_TARGET",
        Kind.COUNTS,
        "1024",
        "MiB of each GPU's memory to leave free when layers are placed; numbers with commas are for one GPU each.",
        low=0,
        high=1_048_576,
    ),
    _option(
        "CACHE_TYPE_K",
        Kind.CHOICE,
        "f16",
        "How the keys of the context cache are stored; only where OLLAMA_KV_CACHE_TYPE is not set.",
        choices=tuple(CACHE_TYPES),
    ),
    _option(
        "CACHE_TYPE_V",
        Kind.CHOICE,
        "f16",
        "How the values of the context cache are stored; only where OLLAMA_KV_CACHE_TYPE is not set.",
        choices=tuple(CACHE_TYPES),
    ),
    _option(
        "N_GPU_LAYERS",
        Kind.COUNT,
        "auto",
        "How many layers are put on the GPU, or all; the request's option num_gpu goes before it.",
        low=0,
        high=100_000,
        words=("auto", "all"),
    ),
    _option(
        "DEVICE",
        Kind.TEXT,
        "",
        "The devices of a runner by the names in its log, such as CUDA0,CUDA1; none is the CPU.",
    ),
    _option(
        "SPLIT_MODE",
        Kind.CHOICE,
        "layer",
        "How a model is divided among several GPUs: by layers, by rows of each layer, or not at all.",
        choices=("none", "layer", "row", "tensor"),
    ),
    _option("TENSOR_SPLIT", Kind.TEXT, "", "The parts of a model for each GPU, such as 3,1."),
    _option(
        "MAIN_GPU",
        Kind.COUNT,
        "0",
        "The GPU of a model that is not divided; the request's option main_gpu goes before it.",
        low=0,
        high=64,
    ),
    _option("OVERRIDE_TENSOR", Kind.TEXT, "", "Where single parts of a model are kept, as pattern=device."),
    _option("REPACK", Kind.TOGGLE, "1", "Rearrange weights on the CPU when they are loaded, to compute faster."),
    _option("MMPROJ_OFFLOAD", Kind.TOGGLE, "1", "Read pictures on the GPU; off saves its memory."),
    _option("CONT_BATCHING", Kind.TOGGLE, "1", "Begin a request while others of the same model are under way."),
    _option("CACHE_PROMPT", Kind.TOGGLE, "1", "Use again what a slot has read of the beginning of a prompt."),
    _option(
        "ENDPOINT_METRICS",
        Kind.TOGGLE,
        "0",
        "Give each runner a page of metrics on its own local port.",
    ),
    _option(
        "KV_UNIFIED",
        Kind.TOGGLE,
        "",
        "Let all slots of a model share one context cache instead of equal parts.",
    ),
    _option(
        "CTX_CHECKPOINTS",
        Kind.COUNT,
        "32",
        "How many states of a conversation each slot keeps for models with a sliding window or a recurrent part.",
        low=0,
        high=1024,
    ),
    _option(
        "CACHE_IDLE_SLOTS",
        Kind.TOGGLE,
        "1",
        "Put the conversation of an idle slot into main memory when another one needs the slot.",
    ),
    _option(
        "CACHE_REUSE",
        Kind.COUNT,
        "0",
        "Smallest piece of an earlier prompt, in tokens, that is used again though it has moved; 0 is never.",
        low=0,
    ),
    _option(
        "SWA_FULL",
        Kind.TOGGLE,
        "0",
        "Keep the whole context of sliding-window layers: more memory, better reuse of prompts.",
    ),
    _option("KV_OFFLOAD", Kind.TOGGLE, "1", "Keep the context cache in the GPU's memory."),
    _option(
        "NUMA",
        Kind.CHOICE,
        "",
        "How threads are placed on machines with several memory nodes.",
        choices=("distribute", "isolate", "numactl"),
    ),
    _option(
        "N_CPU_MOE",
        Kind.COUNT,
        "0",
        "Keep the experts of the first N layers of a mixture-of-experts model in main memory.",
        low=0,
    ),
    _option(
        "CPU_MOE",
        Kind.TOGGLE,
        "0",
        "Keep all experts of a mixture-of-experts model in main memory.",
    ),
    *(
        _option(name, Kind.TEXT, "", meaning, overruled=instead)
        for name, meaning, instead in (
            ("CTX_SIZE", "The context of all slots together.", notice("advice.pool_context")),
            ("N_PARALLEL", "The number of slots.", notice("advice.pool_parallel")),
            ("FLASH_ATTN", "Flash attention.", notice("advice.variable", name="OLLAMA_FLASH_ATTENTION")),
            ("BATCH", "How many tokens of a prompt are read at once.", notice("advice.option", option="num_batch")),
            ("UBATCH", "How many of them are computed at once.", notice("advice.option", option="num_batch")),
            ("MODEL", "The model.", notice("advice.model")),
            ("HOST", "The runner's address.", notice("advice.server_address")),
            ("PORT", "The runner's port.", notice("advice.server_address")),
        )
    ),
)
