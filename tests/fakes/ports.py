"""Ports for servers that are told their port before they start."""

import itertools
import random
import socket

FIRST, LAST, STEP = 20_000, 32_000, 8
"""Below those that systems give by themselves, from 32768 on Linux and 49152 on macOS and Windows: nobody is given one
before it is bound. So many follow each that are given to nobody, for workers of a pool."""
_order = itertools.cycle(random.SystemRandom().sample(range(FIRST, LAST, STEP), (LAST - FIRST) // STEP))
"""Another one in each run of the tests: several may run at once. Hypothesis seeds what is not the system's."""


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens, another one each time."""
    return next(filter(_is_free, _order))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return different ports of 127.0.0.1 on which nobody listens."""
    return [free_port() for _ in range(count)]
