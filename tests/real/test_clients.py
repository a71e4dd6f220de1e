"""What official clients get from a real Ollama, they get through the panel."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.clients.normal import Failure
from tests.clients.scenarios import ABLE, PLAIN, REFUSED, Scenario
from tests.clients.target import Models, Target
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import CHAT, EMBEDDING
from tests.real.test_burst import settings

pytestmark = pytest.mark.timeout(600)

MODELS = Models(chat=CHAT, embedding=EMBEDDING, tools=CHAT, thinking=CHAT, vision=CHAT)
"""The tiny model can only talk: what needs more is refused, with the same words through the panel."""

CORE = ("ollama-chat", "ollama-chat_stream", "ollama-embed", "openai-chat", "openai-chat_stream", "langchain-stream")
SCENARIOS = PLAIN + ABLE + REFUSED
ENVIRONMENT = {"OLLAMA_NUM_PARALLEL": "2", "OLLAMA_CONTEXT_LENGTH": "1024"}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def direct(ollama: Path, store: dict[str, str]) -> Iterator[Target]:
    with serving(ollama, store | ENVIRONMENT) as address:
        yield Target(f"http://{address}", MODELS, tokens=6)


@pytest.fixture(scope="module")
async def through(
    ollama: Path, store: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Target]:
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(
        state, settings(store, workers=1), ("--ollama", str(ollama)), {"HOME": store["HOME"]}
    ) as panel:
        await panel.ready()
        yield Target(panel.url, MODELS, tokens=6)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
async def test_the_same_through_the_panel_as_direct(scenario: Scenario, direct: Target, through: Target) -> None:
    expected = await scenario.outcome(direct)
    if scenario.name in CORE:
        assert not isinstance(expected, Failure), expected
    assert await scenario.outcome(through) == expected
