"""What the servers' logs say of the devices, and what that makes of a driver's reading.

The log is right about which devices models use and about how much of their memory (macOS lends a part, CUDA keeps some
for itself). The driver is right about what is in use now. Where no driver tells anything (Intel's cards, AMD's on
Windows, what only Vulkan finds), the log has to do for both.
"""

from collections.abc import Collection

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.ollama.devices import ROUNDING, Devices, together
from ollama_panel.core.ollama.serverlog_facts import Fact
from ollama_panel.core.snapshot import BudgetSource, MemoryKind
from ollama_panel.engine.host.gpu.reading import Memory, of_cards

_SAME = 0.01
"""A driver and the log that differ by less mean the same."""


class DeviceLog:
    """The owner of what the logs say; what other programs used of the devices is as of the last line about it."""

    def __init__(self) -> None:
        self._servers: dict[InstanceId, Devices] = {}
        self._others = 0
        self.devices = Devices()

    def heard(self, instance: InstanceId, fact: Fact, loaded: int) -> None:
        """Take a fact from the log of a server; the models of all servers take `loaded` bytes of the devices then."""
        before = self._servers.get(instance, Devices())
        after = before.after(fact)
        if after is before:
            return
        self._servers.pop(instance, None)
        self._servers[instance] = after  # the last one
        self.devices = together(self._servers.values())
        total, available = self.devices.total, self.devices.available
        if after.found != before.found and total is not None and available is not None:
            self._others = max(0, total - available - loaded)

    def only(self, running: Collection[InstanceId]) -> None:
        """Forget what servers have named that do not run any more, if one that does has named its devices."""
        left = {name: devices for name, devices in self._servers.items() if name in running}
        if len(left) < len(self._servers) and any(devices.found for devices in left.values()):
            self._servers = left
            self.devices = together(left.values())

    def applied(self, memory: Memory | None, loaded: int) -> Memory | None:
        """Return a driver's reading, or that of the main memory if there is none, with what the log says.

        The models take `loaded` bytes of the devices now.
        """
        total = self.devices.total
        if total is None:
            return memory
        if memory is None or not memory.gpu:
            return self._without_driver(total, memory, loaded)
        addresses = {one.address for one in self.devices.gpus}
        if memory.cards and "" not in addresses | {one.address for one in memory.cards}:
            cards = tuple(card for card in memory.cards if card.address in addresses)
            if not cards:
                return self._without_driver(total, None, loaded)
            if cards != memory.cards:
                memory = of_cards(cards, self.devices.name)
        memory = msgspec.structs.replace(memory, name=memory.name or self.devices.name)
        if memory.limit is not None or self._is_about(total, memory):
            return memory
        return msgspec.structs.replace(memory, limit=total, source=BudgetSource.LOG)

    def _without_driver(self, total: int, main: Memory | None, loaded: int) -> Memory:
        """Return what is known without a driver; a GPU that shares the `main` memory cannot have what others use."""
        used = min(total, self._others + loaded)
        if not self.devices.integrated:
            return Memory(MemoryKind.GPU, total, used, self.devices.name, source=BudgetSource.LOG)
        used = used if main is None else max(used, total - main.free)
        return Memory(MemoryKind.UNIFIED, total, used, self.devices.name, limit=total, source=BudgetSource.LOG)

    def _is_about(self, total: int, memory: Memory) -> bool:
        off = ROUNDING * len(self.devices.gpus) + _SAME * total
        return any(abs(total - size) <= off for size in (memory.total, memory.total - memory.reserved))
