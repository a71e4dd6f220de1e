"""The devices that a server runs models on, as its log names them. Pure.

Ollama alone knows which of a machine's GPUs it uses: it drops integrated ones, those that its libraries do not support,
and those that the environment hides (`discover/runner.go`, 0.12 to 0.32). Sizes are in bytes; a server rounds them to
0.1 GiB, a runner of 0.30 on to MiB.
"""

from collections.abc import Iterable

import msgspec

from ollama_panel.core.ollama.serverlog_facts import ComputeFound, Configured, DeviceMemory, Fact, Listening
from ollama_panel.core.ollama.sizes import GIB

_CPU = "cpu"

ROUNDING = GIB // 20
"""How far a size may be off that is printed in tenths of a GiB."""


class Devices(msgspec.Struct, frozen=True):
    """The devices of one server, none = not known yet; a machine without a GPU has one, its CPU.

    `listed`: the server has named them. Without its lines, those that its runners name count. `restarted`: what is
    named next is the list of a new start.
    """

    found: tuple[ComputeFound, ...] = ()
    listed: bool = False
    restarted: bool = False

    def after(self, fact: Fact) -> "Devices":
        """Return the devices after one more fact of the log."""
        match fact:
            case Configured() | Listening():
                return msgspec.structs.replace(self, restarted=True)
            case ComputeFound():
                before = self.found if self.listed and not self.restarted else ()
                return Devices((*before, fact), listed=True)
            case DeviceMemory():
                return self._measured(fact)
            case _:
                return self

    @property
    def gpus(self) -> tuple[ComputeFound, ...]:
        """The devices that are not the CPU."""
        return tuple(one for one in self.found if one.library != _CPU)

    @property
    def on_gpu(self) -> bool | None:
        """Whether models run on a GPU, None if that is not known yet."""
        return bool(self.gpus) if self.found else None

    @property
    def total(self) -> int | None:
        """The memory of all GPUs together, None if there is none, or one does not tell."""
        return _sum(one.total for one in self.gpus)

    @property
    def available(self) -> int | None:
        """How much of it was free when the server, or the last runner, started."""
        return _sum(one.available for one in self.gpus)

    @property
    def integrated(self) -> bool:
        """Whether all GPUs share the main memory."""
        return bool(self.gpus) and all(one.integrated for one in self.gpus)

    @property
    def name(self) -> str:
        """The name of the first GPU, "" without one."""
        return self.gpus[0].name if self.gpus else ""

    @property
    def identity(self) -> str:
        """What tells these devices from others: their names, "cpu" without a GPU, "" while they are not known."""
        names = sorted(one.name or one.library for one in self.gpus)
        return " + ".join(names) if names else _CPU if self.found else ""

    def _measured(self, fact: DeviceMemory) -> "Devices":
        """Take what a runner says of a device for what the server has said of it; several of one name stay unknown."""
        same = [one for one in self.found if _is_same(one, fact)]
        if len(same) == 1:
            new = msgspec.structs.replace(same[0], total=fact.total or same[0].total, available=fact.free)
            return msgspec.structs.replace(self, found=tuple(new if one is same[0] else one for one in self.found))
        if self.listed or same:
            return self
        library = fact.device.rstrip("0123456789").lower()
        new = ComputeFound(library, fact.name, fact.total, fact.free, fact.address)
        return msgspec.structs.replace(self, found=(*self.found, new))


def together(servers: Iterable[Devices]) -> Devices:
    """Return the devices of all servers, each once; of one that several name, the last server's words count."""
    found = dict[tuple[str, ...], ComputeFound]()
    for server in servers:
        names = list[str]()
        for one in server.found:
            names.append(one.name)
            found[(one.address,) if one.address else (one.name, str(names.count(one.name)))] = one
    return Devices(tuple(found.values()), listed=bool(found))


def _is_same(device: ComputeFound, fact: DeviceMemory) -> bool:
    if device.library == _CPU:
        return False
    if device.address and fact.address:
        return device.address == fact.address
    return device.name == fact.name


def _sum(sizes: Iterable[int | None]) -> int | None:
    known = list(sizes)
    return sum(size for size in known if size is not None) if known and None not in known else None
