"""How a request with many inputs is divided into parts, which run at several places at once.

An embedding of a list is the list of the embeddings (Ollama `server/routes.go EmbedHandler`, v0.9 to v0.32, which takes
the inputs one by one), so parts of the list can be embedded anywhere and put together.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import ceil

import msgspec

PART_INPUTS = 16
"""The most inputs of a part: what an instance's failure costs, and what a short embedding may have to wait for."""
PART_US = 500_000.0
"""The most time that a part with several inputs should take, by the measured time per token, in microseconds."""
INPUT_TOKENS = 16
"""What an input costs beside its tokens, in tokens: requests inside Ollama, mostly (4.5 ms in the simulation)."""
LEAST_TOKENS = 64
"""A part has at least so many tokens, with `INPUT_TOKENS` for each input: less is not worth a request."""
BYTES_PER_TOKEN = 4


class Places(msgspec.Struct, frozen=True):
    """Where a request may run: in how many slots, how many of them are free now, and the time per token there.

    `token_us` is in microseconds, None = not measured yet.
    """

    slots: int
    free: int
    token_us: float | None = None


def divide(sizes: Sequence[int], places: Places, *, bulk: bool) -> list[tuple[int, int]]:
    """Return the parts of a list of inputs with so many bytes, as the first input and the one after the last.

    [] if they are to stay together: nothing is gained, or (not `bulk`) fewer than two slots are free. `bulk` requests
    are divided even if they have one slot only, so that others can go between their parts.
    """
    weights = [size / BYTES_PER_TOKEN + INPUT_TOKENS for size in sizes]
    total = sum(weights)
    least = max(ceil(len(sizes) / PART_INPUTS), ceil(total * (places.token_us or 0.0) / PART_US))
    lanes = min(max(1, places.slots) if bulk else places.free, int(total / LEAST_TOKENS))
    number = min(len(sizes), ceil(least / max(1, lanes)) * max(1, lanes))
    if number < 2 or (lanes < 2 and not bulk):
        return []
    return _cut(weights, number)


def _cut(weights: Sequence[float], number: int) -> list[tuple[int, int]]:
    """Cut into about `number` parts of nearly equal weight, with at most `PART_INPUTS` inputs each."""
    parts = list[tuple[int, int]]()
    sums = [0.0, *accumulate(weights)]
    begin, end = 0, len(weights)
    while begin < end:
        target = sums[begin] + (sums[-1] - sums[begin]) / max(1, number - len(parts))
        stop = begin + 1
        while stop < min(end, begin + PART_INPUTS) and sums[stop] + weights[stop] / 2 <= target:
            stop += 1
        parts.append((begin, stop))
        begin = stop
    return parts
