"""The facts in a runner's own lines: llama.cpp's, inside Ollama's runner (to 0.24) or llama-server (0.30 on)."""

import re

from ollama_panel.core.ollama.serverlog_facts import (
    Batch,
    Buffer,
    BufferKind,
    ContextOpened,
    DeviceMemory,
    DeviceNamed,
    Fact,
    FlashAttention,
    KvCache,
    MemoryProjected,
    MemoryTargetMissed,
    ModelFile,
    Offloaded,
    ProjectorDevice,
    PromptCache,
    Threads,
)
from ollama_panel.core.ollama.sizes import MIB, parse_size

_CACHE = re.compile(r"(?:KV self size  =|llama_(?:kv_cache|memory_recurrent)\w*: size =)\s*([\d.]+ \wiB)")
_CACHE_TYPES = re.compile(r", K \((\w+)\):.*, V \((\w+)\):")
_CACHE_SLOTS = re.compile(r"\( *(\d+) cells, +\d+ layers, +(\d+)/\d+ seqs\)")
_CONTEXT = re.compile(r": n_ctx_(?:per_)?seq += (\d+)$")
_SLOTS = re.compile(r": n_seq_max += (\d+)$")
_FLASH = re.compile(r"(?:: flash_attn += |: Flash Attention (?:was auto, set to )?)(0|1|disabled|enabled)$")
_BATCH = re.compile(r": n_ubatch += (\d+)$")
_THREADS = re.compile(r"system_info: n_threads = (\d+)")
_PROMPT_CACHE = re.compile(
    r"srv +load_model: prompt cache is (?:(disabled)|enabled, size limit: (?:(\d+) MiB|no limit)$)"
)
_FILE = re.compile(r"print_info: file size += ([\d.]+ \wiB) ")
_TARGET_MISSED = re.compile(r"free memory target of (\d+) MiB, need to reduce device memory by (\d+) MiB")
_BUFFER = re.compile(r"\b(\w+):\s+(\S+)\s+(model|KV|RS|compute|output) buffer size\s*=\s*([\d.]+ \wiB)")
_PROJECTOR = re.compile(r"load_hparams: model size:\s*([\d.]+ \wiB)|params backend buffer size =\s*([\d.]+ MB)")
_PROJECTOR_DEVICE = re.compile(r"CLIP using (\S+) backend")
_PROJECTED = re.compile(r"projected to use (\d+) MiB of device memory vs. (\d+) MiB of free device memory")
_OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")
_DEVICE = re.compile(r"- (\w+) *: (.+) \((\d+) MiB, (\d+) MiB free\)$")  # below `device_info:`
_DEVICE_NAMED = re.compile(r"  Device (\d+): (.+?), (?:compute capability|gfx)")
_DEVICE_USED = re.compile(
    r"using device (\w+) \((.*?)\)(?: \(((?:[\da-f]+:)+[\w.]+|unknown id)\))? - (\d+) MiB free$", re.IGNORECASE
)

_KINDS = {
    "model": BufferKind.WEIGHTS,
    "KV": BufferKind.CACHE,
    "RS": BufferKind.STATE,
    "compute": BufferKind.COMPUTE,
    "output": BufferKind.OUTPUT,
}
# Functions of clip.cpp, which encodes pictures, in newer and older versions
_PROJECTOR_FUNCTIONS = ("reserve_compute_meta", "alloc_compute_meta")


def cache(line: str) -> Fact | None:
    """Parse the sum of a cache on all devices."""
    found = _CACHE.search(line)
    size = parse_size(found[1]) if found else None
    types, slots = _CACHE_TYPES.search(line), _CACHE_SLOTS.search(line)
    told = "/".join(dict.fromkeys(types.groups())) if types else ""
    cells, texts = map(int, slots.groups()) if slots else (0, 0)
    return None if size is None else KvCache(size, told, cells, texts)


def context(line: str) -> Fact | None:
    """Parse how long the context of a slot is; the words for that have changed in 2025."""
    found = _CONTEXT.search(line.rstrip())
    return ContextOpened(slot_context=int(found[1])) if found else None


def slots(line: str) -> Fact | None:
    """Parse how many texts a context holds at once."""
    found = _SLOTS.search(line.rstrip())
    return ContextOpened(slots=int(found[1])) if found else None


def flash(line: str) -> Fact | None:
    """Parse whether flash attention is on; "auto" becomes known some lines later."""
    found = _FLASH.search(line.rstrip())
    return FlashAttention(found[1] in ("1", "enabled")) if found else None


def batch(line: str) -> Fact | None:
    """Parse how many tokens are computed at once."""
    found = _BATCH.search(line.rstrip())
    return Batch(int(found[1])) if found else None


def threads(line: str) -> Fact | None:
    """Parse the threads of llama-server (0.30 on)."""
    found = _THREADS.search(line)
    return Threads(int(found[1])) if found else None


def file_size(line: str) -> Fact | None:
    """Parse how large the weights are."""
    found = _FILE.match(line)
    size = parse_size(found[1]) if found else None
    return None if size is None else ModelFile(size)


def prompt_cache(line: str) -> Fact | None:
    """Parse the limit of llama-server's prompt cache (0.30 on)."""
    found = _PROMPT_CACHE.match(line.rstrip())
    if found is None:
        return None
    return PromptCache(0 if found[1] else int(found[2]) * MIB if found[2] else None)


def target_missed(line: str) -> Fact | None:
    """Parse why llama-server puts fewer layers on a card."""
    found = _TARGET_MISSED.search(line)
    return MemoryTargetMissed(int(found[1]) * MIB, int(found[2]) * MIB) if found else None


def buffer(line: str) -> Fact | None:
    """Parse a buffer on one device."""
    found = _BUFFER.search(line)
    if found is None:
        return projector(line)
    kind, size = _KINDS[found[3]], parse_size(found[4])
    if kind is BufferKind.COMPUTE and found[1] in _PROJECTOR_FUNCTIONS:
        kind = BufferKind.PROJECTOR_COMPUTE
    return None if size is None else Buffer(kind, found[2], size)


def projector(line: str) -> Fact | None:
    """Parse the weights of the part that encodes pictures; they are in MiB though 0.5 prints "MB"."""
    found = _PROJECTOR.search(line)
    size = parse_size((found[1] or found[2]).replace(" MB", " MiB")) if found else None
    return None if size is None else Buffer(BufferKind.PROJECTOR, "", size)


def projector_device(line: str) -> Fact | None:
    """Parse where that part is."""
    found = _PROJECTOR_DEVICE.search(line)
    return ProjectorDevice(found[1]) if found else None


def projected(line: str) -> Fact | None:
    """Parse what llama-server's fitting to the free memory starts from."""
    found = _PROJECTED.search(line)
    return MemoryProjected(int(found[1]) * MIB, int(found[2]) * MIB) if found else None


def offloaded(line: str) -> Fact | None:
    """Parse how many layers are on the card."""
    found = _OFFLOADED.search(line)
    return Offloaded(int(found[1]), int(found[2])) if found else None


def device(line: str) -> Fact | None:
    """Parse the memory of a device that the runner has found; a library for the CPU has none."""
    found = _DEVICE.search(line.rstrip())
    if found is None or found[1] == "CPU" or not int(found[3]):
        return None
    return DeviceMemory(found[1], found[2], int(found[3]) * MIB, int(found[4]) * MIB)


def device_used(line: str) -> Fact | None:
    """Parse the memory of a device that the runner uses."""
    found = _DEVICE_USED.search(line.rstrip())
    if found is None:
        return None
    address = found[3].lower() if found[3] and ":" in found[3] else ""
    return DeviceMemory(found[1], found[2], None, int(found[4]) * MIB, address)


def device_named(line: str) -> Fact | None:
    """Parse what the libraries for NVIDIA's and AMD's cards print as they begin (`ggml-cuda.cu ggml_cuda_init`)."""
    found = _DEVICE_NAMED.match(line)
    return DeviceNamed(int(found[1]), found[2]) if found else None
