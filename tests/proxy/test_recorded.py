"""Every recorded request, sent to Ollama directly and through the panel: the same chunks except for ids and times."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.proxy.server import ProxyServer
from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of
from tests.fakes.gate import FakeGate
from tests.proxy.conftest import FakePanel
from tests.sim.raw import Answer, exchange

DATA = Path(__file__).parent.parent / "data" / "ollama-0.32.15-api.jsonl"
RECORDED = [json.loads(line) for line in DATA.read_text().splitlines()]
ENVIRONMENT = {
    "OLLAMA_HOST": "127.0.0.1:0",
    "OLLAMA_NO_CLOUD": "1",
    "OLLAMA_NUM_PARALLEL": "2",
    "OLLAMA_CONTEXT_LENGTH": "2048",
    "OLLAMA_SIM_CATALOG": "tiny,small,minilm",
    "OLLAMA_SIM_PROFILE": "cpu",
    "OLLAMA_SIM_SPEED": "50",
}
OURS = re.compile(r"(?i)x-request-id|x-panel-.*|x-queue-.*|server-timing|date")
VARIABLE = re.compile(
    r'"(?:created_at|created|completed_at|modified_at|expires_at|id|request_id|item_id'
    r'|[a-z_]*duration)":\s*("[^"]*"|[\d.]+)'
)

Pair = tuple[Answer, Answer]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


async def ask_all(url: str) -> dict[str, Answer]:
    place = urlsplit(url)
    address = (str(place.hostname), int(place.port or 0))
    return {one["name"]: await exchange(address, one["request"]) for one in RECORDED}


@pytest.fixture(scope="module")
async def answers() -> AsyncIterator[dict[str, Pair]]:
    """The recorded requests in their order, to one fresh server directly and to another through the panel."""
    async with SimServer(options_of(ENVIRONMENT)) as direct, SimServer(options_of(ENVIRONMENT)) as behind:
        gate = FakeGate(behind)
        panel = ProxyServer(gate, ProxySettings(port=0), FakePanel())
        through = await ask_all(await panel.start())
        plain = await ask_all(direct)
        yield {name: (answer, through[name]) for name, answer in plain.items()}
        await panel.stop(5)
        assert not gate.waiting
        assert gate.running == 0


def constant(text: str) -> str:
    return VARIABLE.sub("", text)


def headers(answer: Answer) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in answer.headers if not OURS.fullmatch(name)]
    return sorted((name, "any" if name == "Content-Length" and value != "0" else value) for name, value in kept)


@pytest.mark.parametrize("one", RECORDED, ids=[one["name"] for one in RECORDED])
async def test_the_panel_changes_nothing_but_its_own_headers(one: dict[str, Any], answers: dict[str, Pair]) -> None:
    plain, through = answers[one["name"]]
    assert through.status == plain.status
    assert [constant(chunk) for chunk in through.chunks] == [constant(chunk) for chunk in plain.chunks]
    if one["name"] == "preflight":  # the panel lets web pages send its own request headers, too
        through.headers = [(name, value.partition(",X-Api-Key")[0]) for name, value in through.headers]
    assert headers(through) == headers(plain)
