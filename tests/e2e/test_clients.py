"""The panel as users start it: official clients get the same results as from Ollama."""

from collections.abc import AsyncIterator

import pytest

from tests.clients.conftest import ENVIRONMENT, simulated
from tests.clients.scenarios import ABLE, IMITATED, PLAIN, REFUSED, Scenario
from tests.clients.target import Target
from tests.e2e.test_burst import settings
from tests.fakes.panel_process import PanelProcess

SCENARIOS = PLAIN + ABLE + IMITATED + REFUSED


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def direct() -> AsyncIterator[Target]:
    async with simulated() as url:
        yield Target(url)


@pytest.fixture(scope="module")
async def through(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Target]:
    """A worker for chats and one for embeddings, children of the panel."""
    own = {name: value for name, value in ENVIRONMENT.items() if name.startswith("OLLAMA_SIM")}
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(state, settings(workers=1), environment=own) as panel:
        await panel.ready()
        yield Target(panel.url)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
async def test_the_same_from_the_whole_panel_as_from_an_ollama(
    scenario: Scenario, direct: Target, through: Target
) -> None:
    assert await scenario.outcome(through) == await scenario.outcome(direct)
