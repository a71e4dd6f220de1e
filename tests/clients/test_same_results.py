"""The official clients get the same results through the panel as from Ollama itself."""

import re
from typing import Any

import msgspec
import pytest

from ollama_panel.proxy.options import ProxyOptions
from ollama_panel.proxy.server import ProxyServer
from ollama_panel.sim.options import options_of
from ollama_panel.sim.server import SimServer
from tests.clients.conversations import ALL, Conversation
from tests.fakes.gate import FakeGate
from tests.proxy.conftest import FakePanel

ENVIRONMENT = {"OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_NUM_PARALLEL": "4", "OLLAMA_SIM_SPEED": "100"}
VARIABLE = re.compile(
    r'"(?:[a-z_]*_at|created|id|request_id|item_id|response_id|[a-z_]*duration|expires_at)":(?:"[^"]*"|[\d.]+|null)'
)
ERROR_ID = re.compile(r"'request_id': '[^']*'|req_[0-9a-f]+")


def constant(result: Any) -> str:
    """Return a result as text without ids and times."""
    return ERROR_ID.sub("", VARIABLE.sub("", msgspec.json.encode(result).decode()))


async def through_panel(conversation: Conversation) -> tuple[Any, FakeGate]:
    async with SimServer(options_of(ENVIRONMENT)) as behind:
        gate = FakeGate(behind)
        panel = ProxyServer(gate, ProxyOptions(identify_processes=False), FakePanel())
        try:
            return await conversation(await panel.start()), gate
        finally:
            await panel.stop(5)


@pytest.mark.parametrize("name", ALL)
async def test_a_client_sees_no_difference(name: str) -> None:
    async with SimServer(options_of(ENVIRONMENT)) as direct:
        plain = await ALL[name](direct)
    result, gate = await through_panel(ALL[name])
    assert constant(result) == constant(plain)
    assert all(lease.outcome.startswith("finished") for lease in gate.leases)
    assert gate.running == 0
