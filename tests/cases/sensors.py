"""What drivers and programs say of the cards, given to the sensors of the product; used by `check`."""

import plistlib
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from ollama_panel.core.telemetry import GpuReading
from ollama_panel.engine.host.gpu import apple, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.sensors_amd import AmdSensors
from ollama_panel.engine.host.gpu.sensors_apple import AppleSensors
from ollama_panel.engine.host.gpu.sensors_nvidia import NvidiaSensors
from tests.cases import readings

Row = dict[str, Any]


def check(row: Row) -> str:
    """`input` as in `readings`: `right` is what is known of all cards together, or of each where it is a list."""
    read = _READERS.get(row["kind"])
    if read is None:
        return ""  # what is not about a card's sensors
    found, right = read(row["input"]), row["right"]
    cards = right if isinstance(right, list) else [_in_own_words(right)]
    sums = found if isinstance(right, list) else [_together(found)]
    if len(sums) != len(cards):
        return f"{len(sums)} cards, not {len(cards)}"
    return "; ".join(
        f"{key} is {one[key]!r}, not {value!r}"
        for one, card in zip(map(_values, sums), cards, strict=True)
        for key, value in card.items()
        if one[key] != value
    )


_WORDS = {
    "used": "memory_used",
    "vram_used": "memory_used",
    "total": "memory_total",
    "vram_total": "memory_total",
    "ollama_total": "memory_total",
    "busy_percent": "utilization_percent",
}


def _in_own_words(right: Row) -> Row:
    """Return what is right in the words of the product; what is not in the readings is left out."""
    return {_WORDS[key]: value for key, value in right.items() if key in _WORDS}


def _together(cards: Sequence[GpuReading]) -> GpuReading:
    """Return all cards as one; how busy is the busiest."""
    used, total, busy = (
        [value for card in cards if (value := getattr(card, name)) is not None]
        for name in ("memory_used", "memory_total", "utilization_percent")
    )
    return GpuReading(
        "all",
        memory_used=sum(used) if used else None,
        memory_total=sum(total) if total else None,
        utilization_percent=max(busy, default=None),
    )


def _values(card: GpuReading) -> Row:
    values = {name: getattr(card, name) for name in GpuReading.__struct_fields__}
    return values | {"throttles": None if card.throttles is None else sorted(one.value for one in card.throttles)}


def ioreg(given: Row) -> Sequence[GpuReading]:
    """`text` as people print it, or the property list that the product asks for; `therm` is what `pmset` prints."""
    entries = given.get("plist") or [readings.entry(given["text"])]

    def run(command: Sequence[str], **_: object) -> SimpleNamespace:
        outputs = {"ioreg": plistlib.dumps(entries), "pmset": given.get("therm", "").encode()}
        return SimpleNamespace(stdout=outputs.get(Path(command[0]).name, b""))

    with mock.patch.object(subprocess, "run", run):
        memory = apple.find()
        return AppleSensors(memory).read() if memory else ()


def smi(given: Row) -> Sequence[GpuReading]:
    with mock.patch.object(subprocess, "run", return_value=SimpleNamespace(stdout=given["text"].encode())):
        return nvidia_smi.NvidiaSmi("nvidia-smi", ["Card"]).readings()


def nvidia_library(given: Row) -> Sequence[GpuReading]:
    cards = [
        SimpleNamespace(total=one["total"], used=one["total"] - one["free"]) for one in given.get("cards", [given])
    ]
    with mock.patch.object(nvml, "pynvml", readings.library(cards)):
        return NvidiaSensors(nvml.Library()).read()


def sysfs(given: Row) -> Sequence[GpuReading]:
    with readings.sysfs_folder({name: files for name, files in given.items() if isinstance(files, dict)}) as folder:
        return AmdSensors(folder).read()


_READERS: dict[str, Callable[[Row], Sequence[GpuReading]]] = {
    "ioreg": ioreg,
    "nvidia-smi -q": smi,
    "nvml": nvidia_library,
    "sysfs": sysfs,
}
