"""NVIDIA's library NVML on machines that tests do not run on."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

GIB = 1 << 30


class FakeCard:
    """A card: what each function of NVML says of it; an error is raised instead of returned."""

    def __init__(self, number: int = 0, **values: Any) -> None:
        self.values = {
            "nvmlDeviceGetName": f"Card {number}",
            "nvmlDeviceGetPciInfo": SimpleNamespace(busId=f"00000000:0{number + 1}:00.0".encode()),
            "nvmlDeviceGetUUID": f"GPU-{number}",
            "nvmlDeviceGetMemoryInfo": SimpleNamespace(total=24 * GIB, used=6 * GIB, reserved=GIB // 2),
            "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=97, memory=50),
            "nvmlDeviceGetTemperature": 71,
            "nvmlDeviceGetPowerUsage": 301500,
            "nvmlDeviceGetEnforcedPowerLimit": 450000,
            "nvmlDeviceGetClockInfo": {0: 2520, 2: 10501},
            "nvmlDeviceGetCurrentClocksEventReasons": 0,
        } | {f"nvmlDeviceGet{name}": value for name, value in values.items()}
        self.lost = False


class FakeLibrary:
    """As much of pynvml as the sensors use. `loaded` is whether the driver is; handles are of no use in a later run."""

    nvmlMemory_v2 = 2  # noqa: N815 (NVML's name)

    class NVMLError(Exception):
        """The library's error."""

    def __init__(self, *cards: FakeCard) -> None:
        self.cards = list(cards)
        self.loaded = True
        self.runs = 0
        self.open = False

    def error(self, name: str) -> Exception:
        """Return the error of this name."""
        kind = type(f"NVMLError_{name}", (self.NVMLError,), {})
        return kind(name)

    def nvmlInit(self) -> None:  # noqa: N802
        if not self.loaded:
            raise self.error("DriverNotLoaded")
        self.open = True
        self.runs += 1

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.open = False

    def nvmlSystemGetDriverVersion(self) -> str:  # noqa: N802
        return "580.65.06"

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> tuple[int, FakeCard]:  # noqa: N802
        if self.cards[index].lost:
            raise self.error("GpuIsLost")
        return self.runs, self.cards[index]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not any(name in card.values for card in self.cards):
            raise AttributeError(name)

        def function(handle: tuple[int, FakeCard], *arguments: int) -> Any:
            run, card = handle
            if not self.loaded or not self.open:
                raise self.error("Uninitialized")
            if card.lost or run != self.runs:
                raise self.error("GpuIsLost")
            value = card.values.get(name, self.error("NotSupported"))
            if isinstance(value, Exception):
                raise value
            return value[arguments[0]] if isinstance(value, dict) else value

        return function
