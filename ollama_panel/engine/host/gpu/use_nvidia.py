"""How much of each NVIDIA card each process uses, as NVML tells.

NVML samples the use of each process several times a second and keeps some seconds of it
(`nvmlDeviceGetProcessUtilization`, nvml.h; Maxwell and newer, not on Windows with WDDM).
"""

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from ollama_panel.engine.host.gpu.nvml import Library, process_samples

NEW_US = 2_000_000
"""How much of what the driver has kept is asked for at the first time, in microseconds."""


class NvidiaUse:
    """The cards that the driver reaches."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._seen: dict[int, int] = {}

    def read(self) -> tuple[Mapping[int, float], ...] | None:
        """Return for each card the percent that each process has used since the last call, None if none tells."""
        found = [self._of_card(number, handle) for number, handle in enumerate(self._library.handles())]
        told = [one for one in found if one is not None]
        return tuple(told) if told else None

    def _of_card(self, number: int, handle: Any) -> Mapping[int, float] | None:
        samples = process_samples(handle, self._seen.get(number, 0))
        if samples is None:
            return None
        newest = max((int(one.timeStamp) for one in samples), default=0)
        since = self._seen.get(number) or newest - NEW_US
        self._seen[number] = max(newest, self._seen.get(number, 0))
        uses = defaultdict[int, list[float]](list)
        for one in samples:
            if one.timeStamp > since and 0 <= one.smUtil <= 100:
                uses[int(one.pid)].append(float(one.smUtil))
        return {pid: fmean(shares) for pid, shares in uses.items()}
