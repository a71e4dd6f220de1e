"""The connection to NVIDIA's library NVML (nvidia-ml-py, module `pynvml`), which can be imported without a driver."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ollama_panel.engine import clock

try:
    import pynvml
except ImportError:  # a package for machines without such a card may omit it
    pynvml = None

RETRY_S = 10.0
"""How often the library is begun anew while it fails."""

_GONE = frozenset(
    f"NVMLError_{name}"
    for name in (
        "GpuIsLost",
        "Uninitialized",
        "DriverNotLoaded",
        "GpuNotFound",
        "LibRmVersionMismatch",
        "ResetRequired",
    )
)
"""What NVML says of a card that no call can reach any more; other errors are about one value. (nvml.h, nvmlReturn_t)"""


class CardGoneError(Exception):
    """The driver does not reach a card any more: it has fallen off the bus, or the driver was unloaded or updated."""


class Library:
    """The library, begun when first asked, and begun anew after a failure: then the old handles are of no use.

    Threads may share it, and so must all readers: NVML ends only when everybody who has begun it has ended it.
    """

    def __init__(self, now: Callable[[], float] = clock.wall) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._begun = False
        self._failed = True
        self._tried = float("-inf")
        self._handles = list[Any]()

    def handles(self) -> list[Any]:
        """Return a handle of each card that the driver reaches, none without a card, a driver or the library."""
        if pynvml is None:
            return []
        with self._lock:
            if self._failed and not 0 <= self._now() - self._tried < RETRY_S:
                self._begin()
            return self._handles

    def failed(self) -> None:
        """Note that a card is gone."""
        self._failed = True

    def _begin(self) -> None:
        self._tried, self._failed, self._handles = self._now(), False, []
        try:
            if self._begun:
                self._begun = False
                pynvml.nvmlShutdown()
            pynvml.nvmlInit()
            self._begun = True
            count = pynvml.nvmlDeviceGetCount()
        except pynvml.NVMLError:
            self._failed = True
            return
        for index in range(count):
            try:
                self._handles.append(pynvml.nvmlDeviceGetHandleByIndex(index))
            except pynvml.NVMLError:
                self._failed = True


def ask(name: str, handle: Any, *arguments: Any) -> Any:
    """Return what a function of NVML says of a card, None if it does not tell.

    Raises CardGoneError if the driver does not reach the card.
    """
    try:
        return getattr(pynvml, name)(handle, *arguments)
    except (AttributeError, UnicodeDecodeError):  # an earlier version of the library does not know it; a strange name
        return None
    except pynvml.NVMLError as error:
        if type(error).__name__ in _GONE:
            raise CardGoneError from error
        return None


def process_samples(handle: Any, since: int) -> list[Any] | None:
    """Return what processes have used of a card since a time of the driver, in microseconds; None if it does not tell.

    "Not found" is NVML's word for no process at all.
    """
    try:
        return list(pynvml.nvmlDeviceGetProcessUtilization(handle, since))
    except AttributeError:  # an earlier version of the library does not know it
        return None
    except pynvml.NVMLError as error:
        return [] if type(error).__name__ == "NVMLError_NotFound" else None


def driver_version() -> str:
    """Return the version of the driver, "" if it is not told."""
    try:
        return text(pynvml.nvmlSystemGetDriverVersion())
    except (AttributeError, pynvml.NVMLError):
        return ""


def memory_info(handle: Any) -> Any:
    """Return the sizes of a card's own memory, None if it has none or does not tell. Raises CardGoneError.

    The first version of the call, for drivers before 510, counts what the driver reserves as used.
    """
    version = getattr(pynvml, "nvmlMemory_v2", None)
    told = ask("nvmlDeviceGetMemoryInfo", handle, version) if version is not None else None
    return told or ask("nvmlDeviceGetMemoryInfo", handle)


def shares_memory(handle: Any) -> bool:
    """Return whether a chip has no memory of its own, which is what NVML says by not supporting the question."""
    try:
        pynvml.nvmlDeviceGetMemoryInfo(handle)
    except pynvml.NVMLError as error:
        return type(error).__name__ == "NVMLError_NotSupported"
    return False


def text(value: Any) -> str:
    """Return a text of NVML, which is bytes in some versions; "" if it is not told."""
    with suppress(UnicodeDecodeError):
        return value.decode() if isinstance(value, bytes) else str(value or "")
    return ""
