"""The room on the disks where the panel's and Ollama's files are."""

from collections.abc import Iterable
from pathlib import Path

import psutil

from ollama_panel.core.disk_space import Disk


def read(models: Iterable[str], state: Path) -> tuple[Disk, ...]:
    """Return each disk once, by the first of these folders that is on it; one that cannot be read is left out.

    A folder that is not there yet will be made on the disk of the one above it. Blocks; on a network for long.
    """
    found = dict[int, Disk]()
    for path, of_models in [*((Path(one), True) for one in models), (state, False)]:
        try:
            there = _existing(path)
            device = there.stat().st_dev
            if device not in found:
                usage = psutil.disk_usage(str(there))
                found[device] = Disk(str(path), usage.free, usage.total, of_models)
        except OSError:
            continue
    return tuple(found.values())


def _existing(path: Path) -> Path:
    return next((one for one in (path, *path.parents) if one.exists()), path)
