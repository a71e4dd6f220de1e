"""What macOS tells of Apple's GPU without privileges: `ioreg` its use, `pmset` whether the heat slows the chip down.

Temperature, power and clocks are told to root only (`powermetrics`).
"""

import re
from collections.abc import Callable

from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle
from ollama_panel.engine import clock
from ollama_panel.engine.host.gpu.apple import UnifiedMemory, output
from ollama_panel.engine.host.gpu.budget import budget_of

_THERMAL = ("/usr/bin/pmset", "-g", "therm")
_KEPT_S = 10.0
"""For how long it is taken as read."""

_LIMIT = re.compile(r"^\s*CPU_(?:Speed|Scheduler)_Limit\s*=\s*(\d+)", re.MULTILINE)
_LEVEL = re.compile(r"^(?!Note: No).*\b(?:thermal|performance) warning level\D*(\d+)", re.MULTILINE | re.IGNORECASE)
_NO_WARNING = "No thermal warning level has been recorded"


class AppleSensors:
    """The GPU of the chip; `memory` is asked by whoever wants to know how much models may use, too."""

    def __init__(self, memory: UnifiedMemory, now: Callable[[], float] = clock.wall) -> None:
        self._memory = memory
        self._now = now
        self._asked = float("-inf")
        self._throttles: frozenset[Throttle] | None = None

    def read(self) -> tuple[GpuReading, ...]:
        """Return the reading of the GPU."""
        memory = self._memory.read()
        if memory is None:
            return ()
        now = self._now()
        if not 0 <= now - self._asked < _KEPT_S:
            self._asked = now
            self._throttles = throttles_in(output(_THERMAL).decode(errors="replace"))
        return (
            GpuReading(
                id="apple",
                name=memory.name,
                vendor=GpuVendor.APPLE,
                utilization_percent=self._memory.gpu.busy_percent,
                memory_used=memory.gpu_used,
                memory_total=budget_of(memory, "darwin").total,
                unified=True,
                throttles=self._throttles,
            ),
        )


def throttles_in(text: str) -> frozenset[Throttle] | None:
    """Return whether heat slows the chip down, from what `pmset -g therm` prints; None if it does not tell.

    The limits are percent of the full speed, which an Apple chip tells only after it was slowed down.
    """
    limits, levels = map(int, _LIMIT.findall(text)), map(int, _LEVEL.findall(text))
    if any(limit < 100 for limit in limits) or any(levels):
        return frozenset({Throttle.THERMAL})
    return frozenset() if _NO_WARNING in text or _LIMIT.search(text) else None
