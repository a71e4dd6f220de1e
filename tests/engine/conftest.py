"""How fast the simulated servers of these tests are, and a log of their own."""

import contextlib
import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "20")
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


@pytest.fixture
def slow(fast: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "3")


@pytest.fixture
def plain_logging() -> Iterator[None]:
    """Give the test a root logger of its own, and close what it opened."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    root.handlers = []
    yield
    for handler in root.handlers:
        with contextlib.suppress(OSError):
            handler.close()
    root.handlers = before
    root.setLevel(level)
