"""The number of processor cores of this machine."""

import contextlib
import os

import psutil

from ollama_panel.engine.host.processes import UNREADABLE


def physical_cores() -> int:
    """Return the number of physical cores, which is a runner's default number of threads.

    Two threads of one core wait for each other at every step (llama.cpp `common/common.cpp common_cpu_get_num_math`).
    """
    physical: int | None = None
    with contextlib.suppress(*UNREADABLE):
        physical = psutil.cpu_count(logical=False)
    return physical or os.cpu_count() or 1
