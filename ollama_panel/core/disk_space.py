"""Whether the disks of the models and of the panel's own files are nearly full. Pure."""

from collections.abc import Iterable

import msgspec

from ollama_panel.core.notices import Value, notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.snapshot import MachineAlert

LOW_SHARE = 0.05
LOW_BYTES = 10 * GIB
"""Both must be undercut: 5 % of a large disk are room for dozens of models, and small disks often have 10 GiB left. A
model of 8 B parameters as Q8_0 takes 8.5 GB, and a pull needs the whole size at once."""

CLEAR = 1.2
"""It is over when this many times as much is free, so that it does not come and go with every log file."""

CODE = "disk_nearly_full"


class Disk(msgspec.Struct, frozen=True):
    """The room on the disk of a folder, in bytes; `models`: models are there, not only files of the panel."""

    path: str
    free: int
    total: int
    models: bool


class DiskSpace:
    """Remembers which disks are nearly full, and since when."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def alerts(self, disks: Iterable[Disk], now: float) -> tuple[MachineAlert, ...]:
        """Return an alert for each disk that is nearly full; `now` is in seconds."""
        low = [one for one in disks if _is_low(one, CLEAR if one.path in self._since else 1.0)]
        self._since = {one.path: self._since.get(one.path, now) for one in low}
        return tuple(_alert(one, self._since[one.path]) for one in low)


def _is_low(disk: Disk, factor: float) -> bool:
    return disk.free < factor * LOW_SHARE * disk.total and disk.free < factor * LOW_BYTES


def _alert(disk: Disk, since: float) -> MachineAlert:
    values: dict[str, Value] = {"path": disk.path, "free": disk.free, "total": disk.total}
    told = notice("disk.nearly_full", **values) if disk.models else notice("disk.nearly_full_state", **values)
    return MachineAlert(CODE, told, since, where=disk.path)
