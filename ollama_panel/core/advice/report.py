"""The advice as lines to be read: for the command line, for the window, and to be copied."""

from collections.abc import Iterator

from ollama_panel.core.advice.result import Advice
from ollama_panel.core.notices import Notice


def lines(advice: Advice) -> Iterator[tuple[int, Notice]]:
    """Yield the lines, each with the depth of its indentation: pools, with their reasons below, then sums and ways."""
    head, rest = advice.lines[:2], advice.lines[2:]
    yield from ((0, one) for one in head)
    for pool in advice.pools:
        yield 0, pool.lines[0]
        yield from ((1, one) for one in pool.lines[1:])
    yield from ((0, one) for one in (*rest, *advice.ways))
