"""NVIDIA where the library NVML cannot be loaded, as on NixOS, where only the driver's own programs find it."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from shutil import which

from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.snapshot import MemoryKind
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu.main_memory import MainMemory
from ollama_panel.engine.host.gpu.reading import CardMemory, Memory, of_cards, pci_address

_PROGRAM = "nvidia-smi"
_QUERY = ("-q", "-d", "MEMORY,UTILIZATION,TEMPERATURE,POWER,CLOCK,PERFORMANCE")
_TIMEOUT_S = 5.0
_KEPT_S = 4.0
"""For how long an answer is taken as read: the program takes a tenth of a second and more."""

_CARD = re.compile(r"^GPU ([0-9A-Fa-f:.]+)$")
_SECTION = re.compile(r"^ {4}(\S[^:]*?)\s*$")
_VALUE = re.compile(r"^ {8,}(\S[^:]*?) +: (.*?)\s*$")
_DRIVER = re.compile(r"^Driver Version +: (\S+)")
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?) (?:MiB|%|C|W|MHz)$")
_NAME = re.compile(r"^GPU \d+: (.+?) \(UUID", re.MULTILINE)

_MEMORY, _POWER = "FB Memory Usage", ("GPU Power Readings", "Power Readings")  # the latter before driver 530
_REASONS = {
    "SW Power Cap": Throttle.POWER,
    "HW Power Brake Slowdown": Throttle.POWER,
    "SW Thermal Slowdown": Throttle.THERMAL,
    "HW Thermal Slowdown": Throttle.THERMAL,
}


class Card:
    """What the program says of a card: its address, its driver, and the texts of its values by section and name."""

    def __init__(self, address: str, driver: str = "") -> None:
        self.address = address
        self.driver = driver
        self.texts = dict[tuple[str, str], str]()

    def number(self, sections: str | Sequence[str], *names: str) -> float | None:
        """Return the first number that is told under one of these names; None for "N/A", "ERR!" and the like."""
        for section in (sections,) if isinstance(sections, str) else sections:
            for name in names:
                if found := _NUMBER.match(self.texts.get((section, name), "")):
                    return float(found[1])
        return None

    def size(self, name: str) -> int | None:
        """Return a size of its own memory in bytes."""
        mib = self.number(_MEMORY, name)
        return None if mib is None else int(mib) * MIB

    @property
    def memory(self) -> CardMemory | None:
        """Its own memory, None if it does not tell."""
        total, used = self.size("Total"), self.size("Used")
        if total is None or used is None:
            return None
        return CardMemory(total, used, self.size("Reserved") or 0, self.address)

    @property
    def throttles(self) -> frozenset[Throttle] | None:
        """What slows it down. The section was named after throttling before driver 535."""
        told = {
            name: text
            for (section, name), text in self.texts.items()
            if section in ("Clocks Event Reasons", "Clocks Throttle Reasons") and text in ("Active", "Not Active")
        }
        return throttles_of(told) if told else None

    def reading(self, name: str, number: int) -> GpuReading:
        """Return the reading of the card, which is the `number`th and has this name."""
        return GpuReading(
            id=self.address or f"nvidia-{number}",
            name=name,
            vendor=GpuVendor.NVIDIA,
            utilization_percent=self.number("Utilization", "GPU", "Gpu"),
            memory_used=self.size("Used"),
            memory_total=self.size("Total"),
            unified=self.texts.get((_MEMORY, "Total"), "").strip("[]") == "N/A",
            temperature_c=self.number("Temperature", "GPU Current Temp"),
            power_w=self.number(_POWER, "Power Draw", "Instantaneous Power Draw", "Average Power Draw"),
            power_limit_w=self.number(_POWER, "Current Power Limit", "Enforced Power Limit", "Power Limit"),
            clock_graphics_mhz=self.number("Clocks", "Graphics"),
            clock_memory_mhz=self.number("Clocks", "Memory"),
            throttles=self.throttles,
            driver=self.driver,
        )


class NvidiaSmi:
    """All cards together, or the main memory if they share it: then the program says that there is nothing to tell."""

    def __init__(self, program: str, names: Sequence[str], now: Callable[[], float] = clock.wall) -> None:
        self._program = program
        self._names = names
        self._now = now
        self._asked = float("-inf")
        self._cards = tuple[Card, ...]()
        self._main = MainMemory()

    def read(self) -> Memory | None:
        """Return the current memory."""
        cards = self._ask()
        own = tuple(memory for card in cards if (memory := card.memory) is not None)
        if own:
            return of_cards(own, self._names[0])
        main = self._main.read() if cards else None
        return main and Memory(MemoryKind.UNIFIED, main.total, main.used, self._names[0])

    def readings(self) -> tuple[GpuReading, ...]:
        """Return a reading of each card; `-L` and `-q` list them in the same order."""
        names = dict(enumerate(self._names))
        return tuple(card.reading(names.get(number, ""), number) for number, card in enumerate(self._ask()))

    def _ask(self) -> tuple[Card, ...]:
        now = self._now()
        if not 0 <= now - self._asked < _KEPT_S:
            self._asked = now
            self._cards = tuple(cards_in(_output(self._program, *_QUERY)))
        return self._cards


def find() -> NvidiaSmi | None:
    """Return the cards that the program lists, or None without it or without a card."""
    program = which(_PROGRAM)
    names = _NAME.findall(_output(program, "-L")) if program else []
    return NvidiaSmi(program, names) if program and names else None


def cards_in(text: str) -> Iterator[Card]:
    """Yield the cards that the program tells of. Each value is in a section: BAR1, too, has a total size."""
    card: Card | None = None
    section = driver = ""
    for line in text.splitlines():
        if found := _CARD.match(line):
            if card is not None:
                yield card
            card, section = Card(pci_address(found[1]), driver), ""
        elif version := _DRIVER.match(line):
            driver = version[1]
        elif heading := _SECTION.match(line):
            section = heading[1]
        elif value := _VALUE.match(line):
            card = card or Card("", driver)
            card.texts.setdefault((section, value[1]), value[2])
    if card is not None:
        yield card


def throttles_of(reasons: Mapping[str, str]) -> frozenset[Throttle]:
    """Return what slows a card down. A hardware slowdown is told together with its reason, if the card knows it."""
    found = frozenset(throttle for name, throttle in _REASONS.items() if reasons.get(name) == "Active")
    return found or frozenset({Throttle.HARDWARE} if reasons.get("HW Slowdown") == "Active" else ())


def _output(*command: str) -> str:
    """Return what a program prints, "" if it cannot be run. Its status is an error also if one of the cards is lost."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode(errors="replace")
