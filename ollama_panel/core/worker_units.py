"""The names of services that are workers, by which the panel finds those that its export made."""

import re

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import HOST

UNIT_PREFIX = "ollama-"
"""What the name of a worker's unit begins with."""
_PORT = re.compile(rf'^Environment="OLLAMA_HOST={re.escape(HOST)}:(\d{{1,5}})"$', re.MULTILINE)


def unit_name(worker: InstanceId) -> str:
    """Return the name of the unit that runs a worker."""
    return f"{UNIT_PREFIX}{worker}.service"


def worker_of_unit(name: str, text: str) -> tuple[int, PoolName] | None:
    """Return the port and the pool of the worker that runs as a unit, from the unit's file; None if it is none."""
    port = _PORT.search(text)
    if port is None or not name.startswith(UNIT_PREFIX):
        return None
    instance = name.removeprefix(UNIT_PREFIX).removesuffix(".service")
    return int(port[1]), PoolName(instance.rpartition("-")[0])
