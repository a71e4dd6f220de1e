"""The texts of the guides, as they are copied, in front of a real Ollama: each gets an answer."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ollama_panel.core.connect import guides
from ollama_panel.core.connect.records import Endpoint, Guide
from ollama_panel.core.connect.timeouts import Slowest, client_timeout
from tests.fakes.guide_runs import printed_by_python, printed_by_shell, way
from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import CHAT, EMBEDDING
from tests.real.test_burst import settings

pytestmark = pytest.mark.timeout(600)

BRIEF = "tiny-brief:latest"
"""The chat model with an end: the texts of the guides set no limit, and random weights never stop by themselves."""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def panel(
    ollama: Path, store: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[PanelProcess]:
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(
        state, settings(store, workers=1), ("--ollama", str(ollama)), {"HOME": store["HOME"]}
    ) as panel:
        await panel.ready()
        yield panel


@pytest.fixture(scope="module")
async def guide(panel: PanelProcess) -> Callable[[str], Guide]:
    made = await panel.client.post("/api/create", json={"model": BRIEF, "from": CHAT, "parameters": {"num_predict": 8}})
    assert made.is_success, made.text
    code, key = await panel.command("keys", "add", "guides")
    assert code == 0, panel.errors
    await panel.settings_set("proxy.require_key", "always")
    place = Endpoint(panel.url, client_timeout(Slowest()), key.strip(), BRIEF, EMBEDDING, context=1024)
    return lambda name: next(one for one in guides(place) if one.id == name)


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("openai", "python"),
        ("anthropic", "python"),
        ("ollama-sdk", "python"),
        ("langchain", "chat"),
        ("langchain", "embeddings"),
    ],
)
async def test_a_program_of_python_gets_its_answer(
    guide: Callable[[str], Guide], tmp_path: Path, name: str, which: str
) -> None:
    assert await printed_by_python(way(guide(name), which).text, tmp_path)


async def test_curl_gets_its_answer(guide: Callable[[str], Guide], tmp_path: Path) -> None:
    printed = await printed_by_shell(way(guide("curl"), "terminal").text, tmp_path)
    assert json.loads(printed.splitlines()[-1])["done"] is True


async def test_the_ollama_command_of_the_panels_own_user_needs_no_key(
    guide: Callable[[str], Guide], panel: PanelProcess, ollama: Path, tmp_path: Path
) -> None:
    assert await printed_by_shell(way(guide("ollama"), "terminal").text, tmp_path, ollama)
    code, printed = await panel.command("requests", "--json")
    assert code == 0, panel.errors
    (own,) = (one for one in json.loads(printed)["requests"] if one["client"] != "guides")
    assert own["state"] == "done"
