"""What the guides say works: their texts, as they are copied, against a panel that wants a key."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ollama_panel.core.connect import guides
from ollama_panel.core.connect.records import Endpoint, Guide
from ollama_panel.core.connect.timeouts import Slowest, client_timeout
from tests.clients.conftest import ENVIRONMENT
from tests.clients.target import SIMULATED
from tests.e2e.test_burst import settings
from tests.fakes.guide_runs import (
    client_program,
    node_with,
    printed_by_node,
    printed_by_python,
    printed_by_shell,
    python_with,
    saved,
    way,
)
from tests.fakes.panel_process import PanelProcess

NAME = "guides"
MODEL = SIMULATED.tools
WORDS = 3
"""An answer of the simulated model has more words than this."""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def panel(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PanelProcess]:
    own = {name: value for name, value in ENVIRONMENT.items() if name.startswith("OLLAMA_SIM")}
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(state, settings(workers=1), environment=own) as panel:
        await panel.ready()
        yield panel


@pytest.fixture(scope="module")
async def key(panel: PanelProcess) -> str:
    code, printed = await panel.command("keys", "add", NAME)
    assert code == 0, panel.errors
    await panel.settings_set("proxy.require_key", "always")
    return printed.strip()


@pytest.fixture(scope="module")
def guide(panel: PanelProcess, key: str) -> Callable[[str], Guide]:
    place = Endpoint(panel.url, client_timeout(Slowest()), key, MODEL, SIMULATED.embedding, MODEL, 8192)
    return lambda name: next(one for one in guides(place) if one.id == name)


@asynccontextmanager
async def coming_with_the_key(panel: PanelProcess) -> AsyncIterator[None]:
    """See that requests come to the panel meanwhile, all of them with the key."""
    before = await _ids_by_client(panel)
    yield
    new = {one: client for one, client in (await _ids_by_client(panel)).items() if one not in before}
    assert set(new.values()) == {NAME}


async def _ids_by_client(panel: PanelProcess) -> dict[str, str]:
    code, printed = await panel.command("requests", "--json")
    assert code == 0, panel.errors
    return {one["id"]: one["client"] for one in json.loads(printed)["requests"]}


PYTHON = [
    ("openai", "python", WORDS),
    ("anthropic", "python", WORDS),
    ("ollama-sdk", "python", WORDS),
    ("langchain", "chat", WORDS),
    ("langchain", "embeddings", 0),
]


@pytest.mark.parametrize(("name", "which", "words"), PYTHON, ids=[f"{name}-{which}" for name, which, _ in PYTHON])
async def test_a_program_of_python_gets_its_answer(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path, name: str, which: str, words: int
) -> None:
    async with coming_with_the_key(panel):
        printed = await printed_by_python(way(guide(name), which).text, tmp_path)
    assert len(printed.split()) > words


@pytest.mark.parametrize(("which", "words"), [("chat", WORDS), ("embeddings", 0)])
async def test_llama_index_gets_its_answer(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path, which: str, words: int
) -> None:
    python = python_with("llama_index/llms/ollama" if which == "chat" else "llama_index/embeddings/ollama")
    async with coming_with_the_key(panel):
        printed = await printed_by_python(way(guide("llamaindex"), which).text, tmp_path, python)
    assert len(printed.split()) > words


@pytest.mark.parametrize(
    ("name", "package"), [("openai", "openai"), ("anthropic", "@anthropic-ai/sdk"), ("ollama-sdk", "ollama")]
)
async def test_a_program_of_javascript_gets_its_answer(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path, name: str, package: str
) -> None:
    modules = node_with(package)
    async with coming_with_the_key(panel):
        printed = await printed_by_node(way(guide(name), "javascript").text, tmp_path, modules)
    assert len(printed.split()) > WORDS


async def test_curl_gets_its_answer(guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path) -> None:
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(way(guide("curl"), "terminal").text, tmp_path)
    assert json.loads(printed.splitlines()[-1])["done"] is True


VARIABLES = {
    "openai": "import openai\nprint(openai.OpenAI().models.list().data[0].id)\n",
    "anthropic": "import anthropic\nprint(anthropic.Anthropic().models.list().data[0].id)\n",
}


@pytest.mark.parametrize("name", VARIABLES)
async def test_a_program_that_names_no_address_is_led_here_by_the_variables(
    guide: Callable[[str], Guide], tmp_path: Path, name: str
) -> None:
    (tmp_path / "program.py").write_text(VARIABLES[name])
    text = way(guide(name), "environment").text + f"{sys.executable} program.py\n"
    assert await printed_by_shell(text, tmp_path)


QUIET = "--no-git --yes-always --no-show-model-warnings --no-check-update --analytics-disable --no-gitignore"


async def test_aider_gets_its_answer_by_the_command_or_by_its_file(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path
) -> None:
    aider, more = client_program("aider"), f" {QUIET} --no-show-release-notes --message Hello\n"
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(way(guide("aider"), "terminal").text.rstrip() + more, tmp_path, aider)
    assert "received" in printed
    saved(way(guide("aider"), "file"), tmp_path)
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(f"aider {more}", tmp_path, aider)
    assert "received" in printed


async def test_codex_gets_its_answer_by_its_profile(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path
) -> None:
    codex = client_program("codex")
    saved(way(guide("codex"), "profile"), tmp_path)
    call = way(guide("codex"), "terminal").text.rstrip() + " exec --skip-git-repo-check Hello\n"
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(call, tmp_path, codex)
    assert len(printed.split()) > WORDS


async def test_claude_code_gets_its_answer_by_the_variables_or_by_its_file(
    guide: Callable[[str], Guide], panel: PanelProcess, tmp_path: Path
) -> None:
    claude, alone = client_program("claude"), "export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1\n"
    call = alone + way(guide("claude-code"), "terminal").text.rstrip() + " -p Hello\n"
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(call, tmp_path, claude)
    assert len(printed.split()) > WORDS
    saved(way(guide("claude-code"), "file"), tmp_path)
    async with coming_with_the_key(panel):
        printed = await printed_by_shell(f"{alone}claude -p Hello\n", tmp_path, claude)
    assert len(printed.split()) > WORDS
