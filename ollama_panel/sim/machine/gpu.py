"""The simulated GPU: memory and time that the runners of all instances share, and what goes wrong with it.

Users in other processes come in as `foreign_*`, which the server reads from the run folder.
"""

from random import Random

from ollama_panel.sim.machine.service_time import Profile
from ollama_panel.sim.machine.work import MachineFaults

_SPILL = 9.0
"""A layer on the CPU takes about ten times as long as one on the GPU (an estimate; only its sign and size matter)."""


class Gpu:
    """Memory in bytes, times in microseconds; `random` is seeded, so a run repeats exactly."""

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
        """Factor on a step's time: runners take turns; two that both spin on all cores are far slower (CPU only)."""
        busy = max(1, self.busy + self.foreign_busy)
        spin = self.profile.spin if busy > 1 and not self.threads_divided else 1.0
        return busy * self.slowdown * spin

    def predicted_free(self, own: int) -> int:
        """Say what Ollama believes to be free: on unified memory it knows of its own runners only."""
        total = self.profile.gpu_bytes or self.profile.host_bytes
        return total - own if self.profile.unified else self.free_bytes()

    def free_bytes(self) -> int:
        """Say what is really free."""
        if not self.profile.gpu_bytes:
            return max(0, self.profile.host_bytes - self.host_used - self.foreign_used)
        return max(0, self.profile.gpu_bytes - self.used - self.foreign_used)

    def held(self) -> int:
        """Count the bytes that others must not take: video memory, or all memory where there is no GPU."""
        return self.used if self.profile.gpu_bytes else self.host_used

    def refuses(self, size: int) -> bool:
        """Whether a load of `size` bytes fails for lack of memory."""
        self._loads += 1
        if self._loads <= self._faults.oom_loads:
            return True
        spare = self.profile.host_bytes - self.host_used if self.profile.gpu_bytes else 0
        return size > self.free_bytes() + max(0, spare)

    def stalls(self) -> bool:
        """Whether this load never ends."""
        return self._loads <= self._faults.stalled_loads

    def take(self, size: int) -> int:
        """Take memory for a runner; returns the part on the GPU, the rest is in host memory."""
        vram = min(size, self.free_bytes()) if self.profile.gpu_bytes else 0
        self.used += vram
        self.host_used += size - vram
        return vram

    def free(self, vram: int, size: int) -> None:
        """Give a runner's memory back."""
        self.used -= vram
        self.host_used -= size - vram

    def spill(self, vram: int, size: int) -> float:
        """Factor on the steps of a runner that is only partly on the GPU."""
        if not self.profile.gpu_bytes or not size:
            return 1.0
        return 1.0 + _SPILL * (1 - vram / size)

    def load_us(self, weights: int) -> int:
        """Start of the process and reading of the weights."""
        seconds = self.profile.load_s + weights / self.profile.disk_bytes_s * max(1.0, self._faults.slow_disk)
        return round(seconds * 1e6)

    def unload_us(self) -> int:
        """End of the process, and on a discrete GPU the wait until its memory is seen free."""
        low, high = self.profile.recovery_s
        return round((self.profile.unload_s + low + (high - low) * self._random.random()) * 1e6)
