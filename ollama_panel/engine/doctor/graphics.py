"""The graphics cards of a machine, from what its drivers have printed: here, or anywhere else.

The files of the kernel are laid out again in a folder of their own, where the readers of this machine's cards find
them.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import MachineFacts
from ollama_panel.core.ollama.metal import lent_by_macos
from ollama_panel.core.telemetry import GpuReading, GpuVendor, plausible
from ollama_panel.engine.host.gpu.apple import accelerator, wired_limit
from ollama_panel.engine.host.gpu.nvidia_smi import cards_in
from ollama_panel.engine.host.gpu.sensors_amd import AmdSensors
from ollama_panel.engine.host.gpu.sensors_intel import IntelSensors

_NAME = re.compile(r"^GPU \d+: (.+?) \(UUID", re.MULTILINE)
_VERSION = re.compile(r"^CUDA Version +: (\S+)", re.MULTILINE)


def cards_of(found: Sequence[Block], machine: MachineFacts) -> tuple[GpuReading, ...]:
    """Return the cards in what the script `GRAPHICS` has printed. Blocks for some milliseconds."""
    read = (*_of_nvidia(found), *_of_kernel(found), *_of_mac(found, machine))
    return tuple(map(plausible, read))


def drivers_of(found: Iterable[Block]) -> dict[str, str]:
    """Return the versions of the drivers, by their names."""
    told = dict[str, str]()
    for one in found:
        if one.name == "driver" and one.words and one.text.strip():
            told[one.words[0]] = one.text.strip()
        elif one.name == "nvidia" and (version := _VERSION.search(one.text)):
            told["cuda"] = version[1]
    return told


def problem_of(found: Iterable[Block]) -> str:
    """Return what NVIDIA's program says in place of cards, "" if it tells of them."""
    text = next((one.text.strip() for one in found if one.name == "nvidia"), "")
    return "" if not text or any(cards_in(text)) else text.splitlines()[0]


def _of_nvidia(found: Iterable[Block]) -> Iterable[GpuReading]:
    told = {one.name: one.text for one in found}
    names = _NAME.findall(told.get("nvidia_names", ""))
    for number, card in enumerate(cards_in(told.get("nvidia", ""))):
        yield card.reading(names[number] if number < len(names) else "", number)


def _of_kernel(found: Sequence[Block]) -> Iterable[GpuReading]:
    cards = [one for one in found if one.name == "card" and len(one.words) == 2]
    if not cards:
        return ()
    with TemporaryDirectory(prefix="ollama-panel-cards-") as name:
        folder = Path(name)
        names = folder / "names"
        names.write_text("".join(one.text for one in found if one.name == "names"), encoding="utf-8")
        for card in cards:
            _lay_out(folder, card)
        drm = folder / "drm"
        return (*AmdSensors(drm, names).read(), *IntelSensors(drm).read())


def _lay_out(folder: Path, card: Block) -> None:
    """Make the files of a card, whose device is a link to the folder of its address, as in the kernel's."""
    name, address = (part.replace("/", "") for part in card.words)
    device = folder / "devices" / address
    device.mkdir(parents=True, exist_ok=True)
    (folder / "drm" / name).mkdir(parents=True, exist_ok=True)
    (folder / "drm" / name / "device").symlink_to(device)
    for line in card.text.split("\n"):
        path, colon, value = line.partition(":")
        if not colon or ".." in path or path.startswith("/"):
            continue
        file = folder / "drm" / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"{value}\n")


def _of_mac(found: Iterable[Block], machine: MachineFacts) -> Iterable[GpuReading]:
    told = {one.name: one.text for one in found}
    gpu = accelerator(told["ioreg"].encode()) if told.get("ioreg", "").strip() else None
    if gpu is not None:
        limit = wired_limit(told.get("wired", ""))
        memory = machine.memory_total
        total = limit or (lent_by_macos(memory, machine.release) if memory else None)
        yield GpuReading(
            id="apple",
            name=gpu.name,
            vendor=GpuVendor.APPLE,
            utilization_percent=gpu.busy_percent,
            memory_used=gpu.used,
            memory_total=total,
            unified=True,
        )
