"""How many processor cores the runners of this machine share."""

import os

import psutil


def physical_cores() -> int:
    """Return the number of physical cores: so many threads a runner takes by itself.

    Two threads of one core wait for each other at every step (llama.cpp `common/common.cpp common_cpu_get_num_math`).
    """
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
