"""How much of the memory other programs take: what is in use beyond what the models explain.

A measurement cannot be read to the byte: forecasts err, drivers take their part, a load under way fills its memory bit
by bit, and a runner that was unloaded gives it back a little later. So each measurement says only between which bounds
the others' part lies, and the value moves no further than they force it to.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.scheduling.model_state import COLD, WARM

UNEXPLAINED_SHARE = 0.1
"""So much more than its known size a model may take before that counts as another program's: the part that
`residency.SHARE_BY_ITSELF` leaves for it."""
RELEASE_US = 5_000_000
"""So long after it was unloaded a model may still be in memory: Ollama waits as long for it (`server/sched.go`
waitForVRAMRecovery, v0.32)."""


def held(copy: Copy, now: int) -> bool:
    """Return whether a copy may be in memory: it is, or it was unloaded just now."""
    return copy.state is not COLD or (copy.cold_since >= 0 and now - copy.cold_since < RELEASE_US)


@dataclass(slots=True)
class OtherPrograms:
    """What other programs take, in `bytes`; 0 until the memory was measured."""

    bytes: int = 0

    def measured(self, memory: MemoryMeasured, sizes: Iterable[tuple[Copy, int]], reserved: int = 0) -> None:
        """Take a measurement into account, with the size in bytes of every copy that may be in memory.

        Up to `reserved` bytes may be in use by the panel's servers beside the copies.
        """
        used = memory.total - memory.free
        surely, perhaps = 0, reserved
        for copy, size in sizes:
            perhaps += size
            if copy.state is WARM and memory.gpu:  # in main memory weights are a part of the file cache: free
                surely += size
        least = max(0, used - round((1 + UNEXPLAINED_SHARE) * perhaps))
        self.bytes = max(least, min(self.bytes, used - surely))
