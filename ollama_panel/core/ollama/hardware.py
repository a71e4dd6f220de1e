"""What is known of the speed of hardware: bandwidths of memories, and published measurements, found by a card's name.

Everything has a source: the bandwidths are those of the makers' data sheets (NVIDIA, AMD, Intel, Apple), nominal, in
GB/s (10^9 bytes); a measurement names its own.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

import msgspec


class HardwareKind(Enum):
    """What decides how much a processor gains if it writes several answers at once."""

    CUDA = "cuda"
    SERVER = "server"
    GB10 = "gb10"
    APPLE = "apple"
    APPLE_PRO = "apple_pro"
    APPLE_ULTRA = "apple_ultra"
    AMD = "amd"
    CPU = "cpu"
    UNKNOWN = "unknown"


class Measured(msgspec.Struct, frozen=True):
    """A published measurement of one answer at a time.

    `tokens_per_s` is the speed of writing, `gigabytes` (10^9 bytes) are what it reads for a token, the weights.
    `prompt_per_s` is the speed of reading a prompt, None if it was not published; `billions` of parameters.
    """

    model: str
    gigabytes: float
    tokens_per_s: float
    source: str
    prompt_per_s: float | None = None
    billions: float = 8.0


class Hardware(msgspec.Struct, frozen=True):
    """A chip or a card: its memory bandwidth in GB/s (10^9 bytes), its memory in GiB if it is sold with one size."""

    name: str
    kind: HardwareKind
    bandwidth: float
    gib: int | None = None
    measured: Measured | None = None


_TABLE = "llama.cpp #4167, 8e672ef"
_LLAMA2_GB, _LLAMA2_BILLIONS = 3.82, 6.74  # llama-2 7B Q4_0, the model of that table


def _chip(name: str, kind: HardwareKind, bandwidth: float, prompt: float, writes: float) -> Hardware:
    measured = Measured("llama-2 7B Q4_0", _LLAMA2_GB, writes, _TABLE, prompt, _LLAMA2_BILLIONS)
    return Hardware(name, kind, bandwidth, measured=measured)


_APPLE = (
    _chip("M1", HardwareKind.APPLE, 68, 118, 14.15),
    _chip("M2", HardwareKind.APPLE, 100, 179.6, 21.91),
    _chip("M4", HardwareKind.APPLE, 120, 221.3, 24.11),
    _chip("M1 Pro", HardwareKind.APPLE_PRO, 200, 266, 36.4),
    _chip("M2 Pro", HardwareKind.APPLE_PRO, 200, 294.2, 37.87),
    _chip("M3 Pro", HardwareKind.APPLE_PRO, 150, 341.7, 30.74),
    _chip("M4 Pro", HardwareKind.APPLE_PRO, 273, 439.8, 50.74),
    _chip("M1 Max", HardwareKind.APPLE_PRO, 400, 530, 61.2),
    _chip("M2 Max", HardwareKind.APPLE_PRO, 400, 537.6, 60.99),
    _chip("M3 Max", HardwareKind.APPLE_PRO, 400, 759, 66.3),
    _chip("M4 Max", HardwareKind.APPLE_PRO, 546, 885.7, 83.06),
    _chip("M2 Ultra", HardwareKind.APPLE_ULTRA, 800, 1238, 94.3),
    # Not in the table: the bandwidth alone.
    Hardware("M3", HardwareKind.APPLE, 100),
    Hardware("M1 Ultra", HardwareKind.APPLE_ULTRA, 800),
    Hardware("M3 Ultra", HardwareKind.APPLE_ULTRA, 819),
)

_CARDS: Mapping[HardwareKind, tuple[tuple[str, float, int | None], ...]] = {
    HardwareKind.CUDA: (
        ("A10G", 600, None),
        ("A10", 600, None),
        ("A2", 200, None),
        ("L4", 300, 24),
        ("T4", 320, None),
        ("P40", 347, None),
        ("RTX 4500 Ada", 432, None),
        ("RTX 4000 Ada", 360, None),
        ("RTX A4500", 640, None),
        ("RTX A4000", 448, None),
        ("RTX A2000", 288, None),
        ("RTX 5080", 960, 16),
        ("RTX 5070 Ti", 896, None),
        ("RTX 5070", 672, 12),
        ("RTX 5060 Ti", 448, None),
        ("RTX 5060", 448, None),
        ("RTX 4080 Super", 736, None),
        ("RTX 4080", 717, 16),
        ("RTX 4070 Ti Super", 672, 16),
        ("RTX 4070 Ti", 504, None),
        ("RTX 4070 Super", 504, 12),
        ("RTX 4070", 504, 12),
        ("RTX 4060 Ti", 288, None),
        ("RTX 4060", 272, 8),
        ("RTX 3090 Ti", 1008, None),
        ("RTX 3090", 936, 24),
        ("RTX 3080 Ti", 912, None),
        ("RTX 3080", 760, 10),
        ("RTX 3070 Ti", 608, None),
        ("RTX 3070", 448, 8),
        ("RTX 3060 Ti", 448, None),
        ("RTX 3060", 360, 12),
        ("RTX 3050", 224, None),
        ("RTX 2080 Ti", 616, None),
        ("RTX 2080 Super", 496, None),
        ("RTX 2080", 448, None),
        ("RTX 2070", 448, None),
        ("RTX 2060", 336, 6),
        ("GTX 1660", 192, None),
        ("GTX 1080 Ti", 484, None),
        ("GTX 1080", 320, None),
        ("GTX 1070", 256, None),
        ("GTX 1060", 192, 6),
    ),
    HardwareKind.SERVER: (
        ("B200", 8000, None),
        ("H100 NVL", 3938, None),
        ("H100 PCIe", 2039, None),
        ("H100", 3350, 80),
        ("GH200", 4000, None),
        ("A100 40GB", 1555, None),
        ("A100", 1935, 80),
        ("A40", 696, None),
        ("A30", 933, None),
        ("L40S", 864, 48),
        ("L40", 864, None),
        ("V100", 900, None),
        ("P100", 732, None),
        ("RTX Pro 6000", 1792, None),
        ("RTX 6000 Ada", 960, None),
        ("RTX 5000 Ada", 576, None),
        ("RTX A6000", 768, 48),
        ("RTX A5000", 768, None),
        ("A100 SXM4", 2039, None),
    ),
    HardwareKind.AMD: (
        ("MI300X", 5300, None),
        ("MI210", 1638, None),
        ("MI100", 1229, None),
        ("RX 9070 XT", 640, None),
        ("RX 9070", 640, None),
        ("RX 9060 XT", 320, None),
        ("RX 7900 XTX", 960, 24),
        ("RX 7900 XT", 800, None),
        ("RX 7900 GRE", 576, None),
        ("RX 7800 XT", 624, None),
        ("RX 7700 XT", 432, None),
        ("RX 7600", 288, 8),
        ("RX 6950 XT", 576, None),
        ("RX 6900 XT", 512, None),
        ("RX 6800", 512, None),
        ("RX 6700 XT", 384, None),
        ("RX 6600", 224, 8),
    ),
    HardwareKind.UNKNOWN: (
        ("Arc B580", 456, None),
        ("Arc A770", 560, None),
        ("Arc A750", 512, None),
    ),
}
"""Name, GB/s, and GiB if it is sold with one size; the kind is what decides how much several answers gain."""

_MEASURED = (
    Hardware(
        "RTX 4060 Laptop",
        HardwareKind.CUDA,
        256,
        8,
        Measured("llama3.1:8b Q4_K_M", 4.92, 47.2, "AlexsJones/llmfit #958"),
    ),
    Hardware(
        "RTX 4090",
        HardwareKind.CUDA,
        1008,
        24,
        Measured("8B Q4_0", 4.66, 151.0, "llama.cpp #15131, #7676", 10359.0, 8.03),
    ),
    Hardware("RTX 5090", HardwareKind.CUDA, 1792, 32, Measured("qwen3 8B Q4_K_M", 5.03, 221.7, "llama.cpp")),
    Hardware(
        "H200", HardwareKind.SERVER, 4800, 141, Measured("8B Q8_0", 8.54, 231.3, "Ollama 0.32.15, random weights")
    ),
    Hardware(
        "GB10", HardwareKind.GB10, 273, 128, Measured("Qwen2.5 7B Q8_0", 8.1, 29.24, "llama.cpp benches/dgx-spark.md")
    ),
)

CPU = Hardware("two channels of DDR4-3200", HardwareKind.CPU, 51.2)
"""A CPU whose memory is not known (JEDEC JESD79-4: 25.6 GB/s for each channel; others differ by less than a factor 2).

A machine of 2 cores read 34 GB/s with Ollama 0.32.15 (387 MB, 89 tokens/s).
"""

HARDWARE: tuple[Hardware, ...] = (
    *_APPLE,
    *_MEASURED,
    *(Hardware(name, kind, speed, gib) for kind, cards in _CARDS.items() for name, speed, gib in cards),
)

_NOISE = re.compile(r"(?i)nvidia|geforce|apple|amd|radeon|graphics|gpu|\(.*?\)")
_VARIANTS = {"pro", "max", "ultra", "ti", "super", "xt", "xtx"}


@lru_cache(maxsize=64)  # an advice asks some hundred times
def known(name: str) -> Hardware | None:
    """Return the hardware of a name that a driver, a log or a person gives, None if it is not in the table.

    Of the entries whose words are all in the name the longest counts, and a laptop's card is not the desktop's.
    """
    words = _words(name)
    laptop = "laptop" in words or "mobile" in words
    fitting = [
        (one, own)
        for one, own in _entries()
        if own <= words and laptop == ("laptop" in own) and not (words & _VARIANTS) - own
    ]
    return max(fitting, key=lambda found: len(found[1]))[0] if fitting else None


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[Hardware, set[str]], ...]:
    return tuple((one, _words(one.name)) for one in HARDWARE)


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?i)\b(rtx|gtx|rx|ti)(\d)", r"\1 \2", _NOISE.sub(" ", name))
    spaced = re.sub(r"(?i)(\d)(ti|super|xtx|xt|pro|max|ultra)\b", r"\1 \2", spaced)
    spaced = re.sub(r"(?i)(\d+)\s*gi?b\b", r"\1gb", spaced)
    return set(re.findall(r"[a-z0-9]+", spaced.lower()))
