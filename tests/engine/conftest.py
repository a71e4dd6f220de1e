"""How fast the simulated servers of these tests are."""

import pytest


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "20")
    monkeypatch.delenv("OLLAMA_HOST", raising=False)


@pytest.fixture
def slow(fast: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_SIM_SPEED", "3")
