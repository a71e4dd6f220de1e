"""How a processor uses its bandwidth, and what several answers at once gain there; what guides say of both.

Everything has a source. The curves are published measurements. These are starting points: what was measured on the
machine itself counts more.
"""

import re
from collections.abc import Mapping

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.hardware import Hardware, HardwareKind, known


class Gain(msgspec.Struct, frozen=True):
    """How many times the tokens of one answer several at once get together, by their number. `most` is worth trying."""

    curve: Mapping[int, float]
    most: int
    source: Notice

    def at(self, answers: int) -> float:
        """Return the gain of a number of answers, on the line between the measured numbers around it."""
        below = max((number for number in self.curve if number <= answers), default=1)
        above = min((number for number in self.curve if number >= answers), default=below)
        low, high = self.curve[below], self.curve[above]
        return low if above == below else low + (high - low) * (answers - below) / (above - below)


USUAL_SHARE: Mapping[HardwareKind, float] = {
    HardwareKind.CUDA: 0.7,  # the RTX 4090 above
    HardwareKind.SERVER: 0.4,  # the H200 above: large cards are not busy with one answer of a small model
    HardwareKind.GB10: 0.85,
    HardwareKind.APPLE: 0.77,  # the lowest of the table for each kind
    HardwareKind.APPLE_PRO: 0.58,
    HardwareKind.APPLE_ULTRA: 0.42,
    HardwareKind.AMD: 0.5,  # an allowance: no measurement is known here
    HardwareKind.CPU: 0.66,  # 34 GB/s of two channels, as above
    HardwareKind.UNKNOWN: 0.5,
}
"""The share of the bandwidth that one answer uses, where that was not measured."""

_H200 = {1: 1.0, 2: 1.84, 4: 3.12, 8: 3.90, 16: 4.65}

GAINS: Mapping[HardwareKind, Gain] = {
    HardwareKind.CUDA: Gain(_H200, 8, notice("advise.source_cards")),
    HardwareKind.SERVER: Gain(_H200, 16, notice("advise.source_h200")),
    HardwareKind.GB10: Gain({1: 1.0, 2: 1.86, 4: 3.57, 8: 6.69}, 8, notice("advise.source_gb10")),
    HardwareKind.APPLE: Gain({1: 1.0, 8: 1.0}, 2, notice("advise.source_m1")),
    HardwareKind.APPLE_PRO: Gain({1: 1.0, 2: 1.1, 8: 1.08}, 4, notice("advise.source_m4_pro")),
    HardwareKind.APPLE_ULTRA: Gain(
        {1: 1.0, 2: 1.80, 3: 2.32, 4: 2.85, 5: 2.94, 6: 3.0, 8: 3.70}, 8, notice("advise.source_m2_ultra")
    ),
    HardwareKind.AMD: Gain({1: 1.0, 8: 1.0}, 4, notice("advise.source_none")),
    HardwareKind.CPU: Gain({1: 1.0, 2: 0.98, 4: 1.64, 6: 2.24, 8: 2.18}, 4, notice("advise.source_cpu")),
    HardwareKind.UNKNOWN: Gain({1: 1.0, 8: 1.0}, 4, notice("advise.source_none")),
}
"""What several answers at once gain, by kind; the sources are among the notices.

That of the M1 is https://dev.to/jangwook_kim_e31e7291ad98/i-pointed-8-agents-at-one-local-llm-measuring-ollama-concurrency-throughput-5fki.
No curve of a Max is published, so it counts as a Pro. On Metal more than 8 lose: 1,336 tokens/s with 8, 778 with 9
(0.5B model, llama.cpp pull request 25453).
"""

EXPERTS_GAIN: Mapping[int, float] = {1: 1.0, 2: 1.17, 4: 1.87, 8: 3.13, 16: 4.94}
"""Models with experts gain less with few answers: each needs experts of its own (GB10, gpt-oss 20B, dgx-spark.md)."""
EXPERTS_SHARE = 0.7
"""How much of the reckoned speed a model with experts has: 0.72 and 0.80 on a GB10 (gpt-oss 20B, Qwen3-Coder 30B-A3B
Q8_0: 81 and 58 tokens/s), 0.76 on an M2 Ultra (gpt-oss 20B: 133), 0.67 on an RTX 3090 (gemma4 26B-A4B Q4: 190)."""


def used_share(one: Hardware) -> float:
    """Return how much of the bandwidth the writing of an answer uses: measured, or usual for its kind."""
    if one.measured is None:
        return USUAL_SHARE[one.kind]
    return one.measured.tokens_per_s * one.measured.gigabytes / one.bandwidth


class Circulating(msgspec.Struct, frozen=True):
    """What guides on the web say of a machine, without model, method or date."""

    machine: str
    tokens_per_s: float
    requests_per_s: float


CIRCULATING = (Circulating("M2, 8 GB", 15, 1.2), Circulating("2 x RTX 4090", 35, 2.0))
"""Figures that go round in guides to OLLAMA_NUM_PARALLEL; they are shown for comparison, and nothing is reckoned so."""

_WITHOUT_FLASH = re.compile(r"(?i)\bgtx\s*(9|10)\d\d\b|\b(p40|p100|m40|k80)\b")
"""Cards of compute capability below 7, for which Ollama leaves flash attention off (`ml/device.go`)."""


def has_flash(name: str) -> bool:
    """Return whether Ollama switches flash attention on for a card of this name."""
    return _WITHOUT_FLASH.search(name) is None


def kind_of(name: str, *, gpu: bool, unified: bool = False) -> HardwareKind:
    """Return the kind of hardware, as far as its name tells, if it is not in the table."""
    if not gpu:
        return HardwareKind.CPU
    found, lower = known(name), name.lower()
    if found is not None:
        return found.kind
    if unified and re.search(r"\bm\d", lower):
        return (
            HardwareKind.APPLE_ULTRA
            if "ultra" in lower
            else HardwareKind.APPLE_PRO
            if re.search("pro|max", lower)
            else HardwareKind.APPLE
        )
    if re.search("nvidia|geforce|rtx|gtx|tesla|quadro", lower):
        return HardwareKind.CUDA
    return HardwareKind.AMD if re.search(r"amd|radeon|\brx\b", lower) else HardwareKind.UNKNOWN
