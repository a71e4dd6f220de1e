"""NVIDIA where the library NVML cannot be loaded, as on NixOS, where only the driver's own programs find it."""

import re
import subprocess
from collections.abc import Callable, Iterator
from shutil import which

from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.gpu.reading import CardMemory, Memory, of_cards, pci_address

_PROGRAM = "nvidia-smi"
_QUERY = ("-q", "-d", "MEMORY")
_TIMEOUT_S = 5.0
_KEPT_S = 4.0
"""For how long an answer is taken as read: the program takes a tenth of a second and more."""

_CARD = re.compile(r"^GPU ([0-9A-Fa-f:.]+)$")
_SECTION = re.compile(r"^ {4}(\S.*?)\s*$")
_SIZE = re.compile(r"^ {8}(Total|Reserved|Used|Free) +: (\d+) MiB$")
_NAME = re.compile(r"^GPU \d+: (.+?) \(UUID", re.MULTILINE)


class NvidiaSmi:
    """All cards together, or the main memory if they share it: then the program says that there is nothing to tell."""

    def __init__(self, program: str, name: str, now: Callable[[], float] = clock.wall) -> None:
        self._program = program
        self._name = name
        self._now = now
        self._asked = float("-inf")
        self._memory: Memory | None = None
        self._main = MainMemory()

    def read(self) -> Memory | None:
        """Return the current memory."""
        now = self._now()
        if not 0 <= now - self._asked < _KEPT_S:
            self._asked = now
            self._memory = self._ask()
        return self._memory

    def _ask(self) -> Memory | None:
        text = _output(self._program, *_QUERY)
        cards = tuple(cards_in(text))
        if cards:
            return of_cards(cards, self._name, None)
        main = self._main.read() if "FB Memory Usage" in text else None
        return main and Memory(MemoryKind.UNIFIED, main.total, main.used, self._name)


def find() -> NvidiaSmi | None:
    """Return the cards that the program lists, or None without it or without a card."""
    program = which(_PROGRAM)
    name = _NAME.search(_output(program, "-L")) if program else None
    return NvidiaSmi(program, name[1]) if program and name else None


def cards_in(text: str) -> Iterator[CardMemory]:
    """Yield the cards that tell their memory. BAR1 is a window into the same memory."""
    address, section = "", ""
    sizes = dict[str, int]()
    for line in text.splitlines():
        if card := _CARD.match(line):
            address, sizes = pci_address(card[1]), {}
        elif heading := _SECTION.match(line):
            section = heading[1]
        elif (size := _SIZE.match(line)) and section == "FB Memory Usage":
            sizes[size[1]] = int(size[2]) * MIB
            if size[1] == "Free":
                yield CardMemory(sizes["Total"], sizes["Used"], sizes.get("Reserved", 0), address)


def _output(*command: str) -> str:
    """Return what a program prints, "" if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace")
