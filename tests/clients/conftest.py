"""Two targets for the same scenarios: a simulated Ollama, and the panel in front of another one."""

from collections.abc import AsyncIterator

import pytest

from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of
from tests.clients.target import Target
from tests.fakes.small_panel import SmallPanel, Worker

ENVIRONMENT = {
    "OLLAMA_HOST": "127.0.0.1:0",
    "OLLAMA_NUM_PARALLEL": "2",
    "OLLAMA_CONTEXT_LENGTH": "4096",
    "OLLAMA_SIM_CATALOG": "all",
    "OLLAMA_SIM_SPEED": "500",
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clients ignore proxies in the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def simulated(**more: str) -> SimServer:
    return SimServer(options_of(ENVIRONMENT | more))


@pytest.fixture
async def direct() -> AsyncIterator[Target]:
    """A simulated Ollama."""
    async with simulated() as url:
        yield Target(url)


@pytest.fixture
async def through() -> AsyncIterator[Target]:
    """The panel in front of another one."""
    async with simulated() as url, SmallPanel(Worker(url)) as panel:
        yield Target(panel.url)
