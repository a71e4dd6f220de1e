"""The names of services that are workers, by which the panel finds those that its export made."""

import re

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import HOST

UNIT_PREFIX = "ollama-"
"""What the name of a worker's unit, quadlet or container begins with."""
SERVICE, CONTAINER = ".service", ".container"
"""What the names of units and of Podman's quadlets end with."""
_PORTS = {
    SERVICE: re.compile(rf'^Environment="OLLAMA_HOST={re.escape(HOST)}:(\d{{1,5}})"$', re.MULTILINE),
    CONTAINER: re.compile(rf"^PublishPort={re.escape(HOST)}:(\d{{1,5}}):\d+$", re.MULTILINE),
}


def unit_name(worker: InstanceId) -> str:
    """Return the name of the unit that runs a worker; Podman gives it to the service of a quadlet, too."""
    return f"{UNIT_PREFIX}{worker}{SERVICE}"


def worker_of_unit(name: str, text: str) -> tuple[int, PoolName] | None:
    """Return the port and the pool of the worker of a unit's or a quadlet's file; None if it is none."""
    stem, dot, kind = name.rpartition(".")
    port = _PORTS[dot + kind].search(text) if dot + kind in _PORTS else None
    if port is None or not stem.startswith(UNIT_PREFIX):
        return None
    return int(port[1]), PoolName(stem.removeprefix(UNIT_PREFIX).rpartition("-")[0])
