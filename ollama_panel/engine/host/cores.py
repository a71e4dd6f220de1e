"""The number of processor cores of this machine."""

import os

import psutil


def physical_cores() -> int:
    """Return the number of physical cores, which is a runner's default number of threads.

    Two threads of one core wait for each other at every step (llama.cpp `common/common.cpp common_cpu_get_num_math`).
    """
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
