"""What drivers and programs say of a machine, given to the readers of the product; used by `check`."""

import plistlib
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psutil

from ollama_panel.core.ollama.devices import ROUNDING, Devices
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.engine.host.gpu import amd, apple, main_memory, nvidia, nvidia_smi, nvml
from ollama_panel.engine.host.gpu.budget import budget_of
from ollama_panel.engine.host.gpu.reading import of_cards

Row = dict[str, Any]

_STATISTICS = re.compile(r'"PerformanceStatistics" = \{(.*)\}')
_STATISTIC = re.compile(r'"([^"]+)"=(\d+)')
_MODEL = re.compile(r'"model" = "(.*)"')
_CLASS = re.compile(r"<class (\w+)")


def check(row: Row) -> str:
    """`input` as a driver or a program gives it: `right` is what the product makes of it, in bytes."""
    found, right = _READERS[row["kind"]](row["input"]), row["right"]
    tolerance = right.get("tolerance", 0)
    wrong = []
    for key in found.keys() & right.keys():
        off = row["kind"] == "inference compute" and key == "total" and ROUNDING * right["devices"]
        if isinstance(right[key], str | bool) or found[key] is None:
            same = found[key] == right[key]
        else:
            same = abs(found[key] - right[key]) <= max(off, tolerance * right[key])
        if not same:
            wrong.append(f"{key} is {found[key]!r}, not {right[key]!r}")
    return "; ".join(wrong) or ("" if found.keys() & right.keys() else "nothing of it was found")


def ioreg(given: Row) -> Row:
    """`text` as people print it, or the property list that the product asks for."""
    entries = given.get("plist") or [entry(given["text"])]
    gpu = apple.accelerator(plistlib.dumps(entries))
    if gpu is None:
        return {"unified": False, "usable_by_ollama": 0}
    return {"unified": True, "used": gpu.used, "busy_percent": gpu.busy_percent} | (
        {"name": gpu.name} if gpu.name else {}
    )


def entry(text: str) -> Row:
    """Return the property list of a printed entry; the class of one that was cut from its line is only there."""
    statistics, model, kind = _STATISTICS.search(text), _MODEL.search(text), _CLASS.search(text)
    assert statistics
    entry: Row = {"PerformanceStatistics": {key: int(value) for key, value in _STATISTIC.findall(statistics[1])}}
    return entry | ({"model": model[1]} if model else {}) | ({"IOClass": kind[1]} if kind else {})


def vm_stat(given: Row) -> Row:
    return {"used_as_activity_monitor": apple.used_bytes(given["text"])}


def sysctl(given: Row) -> Row:
    """psutil asks the system for the same: what it returns is in the reading."""
    sizes = {key: int(float(size) * 2**20) for key, size in re.findall(r"(\w+) = ([\d.]+)M", given["text"])}
    mac = SimpleNamespace(total=16 << 30, available=1 << 30)
    with (
        mock.patch.object(psutil, "swap_memory", return_value=SimpleNamespace(**sizes)),
        mock.patch.object(psutil, "virtual_memory", return_value=mac),
    ):
        memory, swapped = apple.UnifiedMemory().read(), main_memory.swap()
    assert memory is not None
    assert swapped is not None
    assert memory.swap_used == swapped[0]
    return {"swap_used": swapped[0], "swap_total": swapped[1]}


def smi(given: Row) -> Row:
    (card,) = (one.memory for one in nvidia_smi.cards_in(given["text"]))
    free = budget_of(of_cards((card,), ""), "linux").free
    return {"total": card.total, "reserved": card.reserved, "used": card.used, "free": free}


def nvidia_library(given: Row) -> Row:
    cards = [
        SimpleNamespace(total=one["total"], used=one["total"] - one["free"]) for one in given.get("cards", [given])
    ]
    with mock.patch.object(nvml, "pynvml", library(cards)):
        card = nvidia.find()
        memory = card.read() if card else None
    if memory is None:
        return {"gpu": False}
    return {"total": memory.total, "used": memory.used, "free": budget_of(memory, "linux").free, "gpu": memory.gpu}


def library(memories: list[SimpleNamespace | None], name: str = "Card") -> SimpleNamespace:
    """Return NVML with one card for each memory, None for a card that has none of its own."""
    error = type("NVMLError", (Exception,), {})
    not_supported = type("NVMLError_NotSupported", (error,), {})

    def info(handle: int, *version: int) -> SimpleNamespace:
        memory = memories[handle]
        if memory is None or version:
            raise not_supported("Not Supported")
        return memory

    return SimpleNamespace(
        NVMLError=error,
        NVMLError_NotSupported=not_supported,
        nvmlMemory_v2=2,
        nvmlInit=lambda: None,
        nvmlDeviceGetCount=lambda: len(memories),
        nvmlDeviceGetHandleByIndex=lambda number: number,
        nvmlDeviceGetName=lambda _: name,
        nvmlDeviceGetMemoryInfo=info,
    )


def rocm_smi(given: Row) -> Row:
    """The product takes the name from there; the sizes of the driver's files, and those of borrowed memory, too."""
    card = next(iter(amd.json.loads(given["text"]).values()))
    own = {
        "mem_info_vram_total": card["VRAM Total Memory (B)"],
        "mem_info_vram_used": card["VRAM Total Used Memory (B)"],
    }
    with sysfs_folder({"card0": own}) as folder:
        whole = amd.find(folder) is not None
    return {"name": amd.name_in(given["text"]), "is_all_memory": whole}


def sysfs(given: Row) -> Row:
    with sysfs_folder({name: files for name, files in given.items() if isinstance(files, dict)}) as folder:
        card = amd.find(folder)
        memory = card.read() if card else None
    return {"ollama_total": budget_of(memory, "linux").total if memory else None}


_WHOLE = ("vendor", "gpu_busy_percent", "pp_dpm_sclk", "pp_dpm_mclk")


class sysfs_folder(tempfile.TemporaryDirectory[str]):  # noqa: N801 used as a function
    """A folder with the files of AMD's cards; `mem_info_` may be left out of their names."""

    def __init__(self, cards: dict[str, dict[str, object]]) -> None:
        super().__init__()
        for name, files in cards.items():
            device = Path(self.name, name, "device")
            for key, value in {"vendor": "0x1002", **files}.items():
                file = device / (key if key in _WHOLE or "/" in key else f"mem_info_{key.removeprefix('mem_info_')}")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"{str(value).strip()}\n")

    def __enter__(self) -> Path:  # type: ignore[override] # a path is handier
        return Path(self.name)


def log(given: Row) -> Row:
    """The lines of a server and its runners."""
    devices = Devices()
    for fact in filter(None, map(parse, _lines(given))):
        devices = devices.after(fact)
    found = {"total": devices.total, "free": devices.available, "devices": len(devices.gpus)}
    return found | {"name": devices.name}


def _lines(given: Row) -> Iterator[str]:
    yield from given["lines"] if "lines" in given else given["text"].splitlines()


_READERS: dict[str, Callable[[Row], Row]] = {
    "ioreg": ioreg,
    "vm_stat": vm_stat,
    "sysctl": sysctl,
    "nvidia-smi -q": smi,
    "nvml": nvidia_library,
    "rocm-smi --json": rocm_smi,
    "sysfs": sysfs,
    "device_info": log,
    "inference compute": log,
}
