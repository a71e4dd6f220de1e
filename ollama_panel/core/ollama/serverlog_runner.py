"""The facts in a runner's own lines: llama.cpp's, inside Ollama's runner (to 0.24) or llama-server (0.30 on)."""

import re

from ollama_panel.core.ollama.serverlog_facts import (
    Buffer,
    BufferKind,
    DeviceMemory,
    Fact,
    KvCache,
    MemoryProjected,
    Offloaded,
    ProjectorDevice,
)
from ollama_panel.core.ollama.sizes import MIB, parse_size

_CACHE = re.compile(r"(?:KV self size  =|llama_(?:kv_cache|memory_recurrent)\w*: size =)\s*([\d.]+ \wiB)")
_BUFFER = re.compile(r"\b(\w+):\s+(\S+)\s+(model|KV|RS|compute|output) buffer size\s*=\s*([\d.]+ \wiB)")
_PROJECTOR = re.compile(r"load_hparams: model size:\s*([\d.]+ \wiB)|params backend buffer size =\s*([\d.]+ MB)")
_PROJECTOR_DEVICE = re.compile(r"CLIP using (\S+) backend")
_PROJECTED = re.compile(r"projected to use (\d+) MiB of device memory vs. (\d+) MiB of free device memory")
_OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")
_DEVICE = re.compile(r"- (\w+) *: (.+) \((\d+) MiB, (\d+) MiB free\)$")  # below `device_info:`
_DEVICE_USED = re.compile(r"using device (\w+) \((.*)\) \(([\w:. ]+)\) - (\d+) MiB free$")

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
    return None if size is None else KvCache(size)


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
    address = found[3].lower() if ":" in found[3] else ""
    return DeviceMemory(found[1], found[2], None, int(found[4]) * MIB, address)
