"""Versions of Ollama as numbers that can be compared."""

import re

NO_VERSION = (0, 0, 0)
"""The version that an Ollama built without one reports."""

NEWEST = (1_000_000,)
"""A version after all that are known."""

LLAMA_SERVER_SINCE = (0, 30)
"""The first release whose runner is llama.cpp's own server, which divides cores and keeps earlier prompts."""


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: (0, 24, 0) for `0.24.0-rc1`, () for a text without numbers."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
