"""The simulated GPU: memory and time that the runners of all instances share, and its faults.

What other processes use is in `foreign_*`, which the server reads from the run folder.
"""

from random import Random

from ollama_panel.sim.machine.service_time import Profile
from ollama_panel.sim.machine.work import MachineFaults

_SPILL = 9.0
"""A layer on the CPU takes about ten times as long as on the GPU (an estimate; only the order of magnitude matters)."""


class Gpu:
    """Memory in bytes, times in microseconds; randomness is seeded, so that a run repeats exactly."""

    def __init__(self, profile: Profile, seed: int = 0, faults: MachineFaults | None = None) -> None:
        self.profile = profile
        self.used = self.host_used = 0
        self.busy = 0
        self.foreign_used = self.foreign_busy = 0
        self.slowdown = 1.0
        self.threads_divided = False
        self._faults = faults or MachineFaults()
        self._loads = 0
        self._random = Random(seed)

    def share(self) -> float:
        """Return the factor on a step's time: runners take turns; on a CPU, shared cores make them far slower."""
        busy = max(1, self.busy + self.foreign_busy)
        spin = self.profile.spin if busy > 1 and not self.threads_divided else 1.0
        return busy * self.slowdown * spin

    def predicted_free(self, own: int) -> int:
        """Return the bytes that Ollama takes to be free: on unified memory it knows only of its own runners."""
        total = self.profile.gpu_bytes or self.profile.host_bytes
        return total - own if self.profile.unified else self.free_bytes()

    def free_bytes(self) -> int:
        """Return the bytes that are free."""
        if not self.profile.gpu_bytes:
            return max(0, self.profile.host_bytes - self.host_used - self.foreign_used)
        return max(0, self.profile.gpu_bytes - self.used - self.foreign_used)

    def held(self) -> int:
        """Return the bytes that other processes cannot use: video memory, or all memory if there is no GPU."""
        return self.used if self.profile.gpu_bytes else self.host_used

    def refuses(self, size: int) -> bool:
        """Return whether a load of `size` bytes fails for lack of memory."""
        self._loads += 1
        if self._loads <= self._faults.oom_loads:
            return True
        spare = self.profile.host_bytes - self.host_used if self.profile.gpu_bytes else 0
        return size > self.free_bytes() + max(0, spare)

    def stalls(self) -> bool:
        """Return whether this load never ends."""
        return self._loads <= self._faults.stalled_loads

    def take(self, size: int) -> int:
        """Take memory for a runner and return the part on the GPU; the rest is in host memory."""
        vram = min(size, self.free_bytes()) if self.profile.gpu_bytes else 0
        self.used += vram
        self.host_used += size - vram
        return vram

    def free(self, vram: int, size: int) -> None:
        """Free a runner's memory."""
        self.used -= vram
        self.host_used -= size - vram

    def spill(self, vram: int, size: int) -> float:
        """Return the factor on the steps of a runner that is only partly on the GPU."""
        if not self.profile.gpu_bytes or not size:
            return 1.0
        return 1.0 + _SPILL * (1 - vram / size)

    def load_us(self, weights: int) -> int:
        """Return how long a load takes: the start of the process and the reading of the weights."""
        seconds = self.profile.load_s + weights / self.profile.disk_bytes_s * max(1.0, self._faults.slow_disk)
        return round(seconds * 1e6)

    def unload_us(self) -> int:
        """Return how long an unload takes: the process ends, and a discrete GPU takes a while to report free memory."""
        low, high = self.profile.recovery_s
        return round((self.profile.unload_s + low + (high - low) * self._random.random()) * 1e6)
