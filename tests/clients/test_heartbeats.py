"""Official clients that wait two minutes for a slot get heartbeats, which do not break their parsers."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import ProxySettings
from tests.clients.conftest import simulated
from tests.clients.scenarios import PLAIN, Scenario
from tests.clients.target import Target
from tests.fakes.small_panel import SlotHolder, SmallPanel, Worker
from tests.fakes.tap import Tap

HEARTBEATS = 12
"""One at every look at the clock, which is advanced by ten seconds each time: two minutes."""

STREAMS = (
    "ollama-chat_stream ollama-generate_stream ollama-sync-chat_stream ollama-sync-generate_stream openai-chat_stream "
    "openai-chat_stream_usage openai-completion_stream openai-response_stream anthropic-messages_stream "
    "anthropic-messages_stream_helper langchain-invoke langchain-stream langchain-text_model"
)
WHOLE = (
    "ollama-chat ollama-generate ollama-embed ollama-embeddings_of_old ollama-sync-chat ollama-sync-embed openai-chat "
    "openai-completion openai-response openai-embeddings anthropic-messages langchain-embeddings"
)
QUIET = ProxySettings(port=0)


def named(names: str) -> list[Scenario]:
    scenarios = {scenario.name: scenario for scenario in PLAIN}
    return [scenarios[name] for name in names.split()]


def count_heartbeats(received: bytes) -> int:
    """Count SSE comments, and chunks that are one space."""
    return received.count(b": position ") + received.count(b"1\r\n \r\n")


def heartbeats_received(tap: Tap, count: int) -> Callable[[], bool]:
    return lambda: count_heartbeats(tap.received) >= count


async def waited_two_minutes(scenario: Scenario, options: ProxySettings, silent: int = 0) -> object:
    """Run a scenario while somebody else has the only slot; return its outcome.

    The first `silent` heartbeats are not heard.
    """
    async with (
        simulated(OLLAMA_NUM_PARALLEL="1") as url,
        SmallPanel(Worker(url, parallel=1), options=options) as panel,
        Tap(panel.url) as tap,
        asyncio.TaskGroup() as group,
    ):
        async with SlotHolder(panel, "tiny:latest"), SlotHolder(panel, "all-minilm:latest", role=Role.EMBEDDING):
            outcome = group.create_task(scenario.outcome(Target(tap.url)))
            await panel.queued()
            for heartbeat in range(1, HEARTBEATS + 1):
                await panel.later(10)
                await tap.until(heartbeats_received(tap, heartbeat - silent))
            assert not outcome.done()
        got = await outcome
        assert count_heartbeats(tap.received) == HEARTBEATS - silent
        return got


@pytest.mark.parametrize("scenario", named(STREAMS), ids=STREAMS.split())
async def test_a_stream_waits_with_signs_of_life(scenario: Scenario, direct: Target) -> None:
    assert await waited_two_minutes(scenario, QUIET) == await scenario.outcome(direct)


@pytest.mark.parametrize("scenario", named(WHOLE), ids=WHOLE.split())
async def test_an_answer_that_is_no_stream_waits_with_signs_of_life(scenario: Scenario, direct: Target) -> None:
    assert await waited_two_minutes(scenario, QUIET, silent=1) == await scenario.outcome(direct)


@pytest.mark.parametrize("scenario", named(WHOLE), ids=WHOLE.split())
async def test_an_answer_that_is_no_stream_waits_in_silence_where_the_user_wants_it(
    scenario: Scenario, direct: Target
) -> None:
    options = msgspec.structs.replace(QUIET, heartbeat_plain=False)
    assert await waited_two_minutes(scenario, options, silent=HEARTBEATS) == await scenario.outcome(direct)


@pytest.mark.parametrize("name", ["ollama-chat_stream", "openai-chat_stream", "anthropic-messages_stream"])
async def test_a_stream_waits_in_silence_where_the_user_wants_it(name: str, direct: Target) -> None:
    (scenario,) = named(name)
    options = msgspec.structs.replace(QUIET, heartbeat=False)
    assert await waited_two_minutes(scenario, options, silent=HEARTBEATS) == await scenario.outcome(direct)
