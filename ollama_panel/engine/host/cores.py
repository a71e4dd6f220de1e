"""The number of processor cores that Ollama may use."""

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

import psutil

from ollama_panel.engine.host import cgroups
from ollama_panel.engine.host.processes import UNREADABLE


def physical_cores(root: Path = cgroups.ROOT, allowed: Collection[int] | None = None) -> int:
    """Return the number of physical cores, which is a runner's default number of threads.

    Two threads of one core wait for each other at every step (llama.cpp `common/common.cpp common_cpu_get_num_math`).
    Only cores on which this process may run count (`allowed` processors: taskset, cpusets), and only whole ones of a
    group's time: a runner with more threads than that is stopped for a part of every 100 ms. `root` has `proc`, `sys`.
    """
    physical: int | None = None
    with contextlib.suppress(*UNREADABLE):
        physical = psutil.cpu_count(logical=False)
    cores = physical or os.cpu_count() or 1
    allowed = _affinity() if allowed is None else allowed
    if allowed:
        cores = min(cores, _cores_of(allowed, root))
    quota = cgroups.read(root).cores
    return cores if quota is None else max(1, min(cores, int(quota)))


def _affinity() -> Collection[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()


def _cores_of(processors: Collection[int], root: Path) -> int:
    """Return how many cores some processors belong to; where the system does not tell, each counts as one."""
    return len({_siblings(processor, root) for processor in processors})


def _siblings(processor: int, root: Path) -> str:
    try:
        return (root / f"sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list").read_text()
    except OSError:
        return str(processor)
