"""What the gate is told of the senders of requests."""

import os

import pytest

from ollama_panel.core.clients import Process, Sighting
from ollama_panel.core.ids import ClientId
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.settings.tree import KeyRule
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.identity import Found
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.lookups import FakeLookUp, connection
from tests.fakes.rawclient import RawClient
from tests.proxy.conftest import FakePanel, ProxyHarness

CHAT = b'{"model": "tiny", "messages": []}'
AGENT = "User-Agent: rag/1.0"


class Clock:
    """The proxy's clock, in seconds."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def look_up(harness: ProxyHarness, clock: Clock) -> FakeLookUp:
    """The look-up of a server that has just begun."""
    found = FakeLookUp()
    await harness.server.stop(0)
    harness.server = ProxyServer(
        harness.gate, harness.options, FakePanel(), clock, look_up=found, client_headers=lambda: ("X-User",)
    )
    harness.url = await harness.server.start()
    return found


def found_at(client: RawClient) -> Found:
    name, program = "python3", "/usr/bin/python3"
    return Found((connection(end(client), name=name, program=program, arguments=("python3", "rag.py")),))


def end(client: RawClient) -> tuple[str, int]:
    host, port = client.writer.get_extra_info("sockname")[:2]
    return host, port


async def test_a_program_that_only_lists_models_is_told_once_its_process_is_known(
    harness: ProxyHarness, look_up: FakeLookUp
) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags?x=1", None, AGENT)
        assert harness.gate.sightings == []
        await look_up.answer(found_at(client))
        known = Sighting("127.0.0.1", Process(7, "rag.py", "/usr/bin/python3"), agent="rag/1.0", path="/api/tags")
        assert harness.gate.sightings == [(ClientId("rag.py (pid 7)"), known)]
        await client.exchange("GET", "/v1/models", None, AGENT)
    told = Sighting("127.0.0.1", known.process, agent="rag/1.0", path="/v1/models", dialect=Dialect.OPENAI)
    assert harness.gate.sightings[1:] == [(ClientId("rag.py (pid 7)"), told)]


async def test_the_panel_that_looks_what_answers_there_is_no_client(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/ps")
        await look_up.answer(Found((connection(end(client), pid=os.getpid()),)))
        await client.exchange("GET", "/api/ps")
    await harness.wait_all_disconnected()
    assert harness.gate.sightings == []


async def test_one_that_leaves_before_is_its_address(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags")
    await harness.wait_all_disconnected()
    assert harness.gate.sightings == [(ClientId("127.0.0.1"), Sighting("127.0.0.1", path="/api/tags"))]
    await look_up.answer(None)
    assert len(harness.gate.sightings) == 1


async def test_one_that_says_its_name_is_told_at_once_and_its_process_later(
    harness: ProxyHarness, look_up: FakeLookUp
) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags", None, "X-Client-ID: nightly")
        await look_up.answer(found_at(client))
    names = [(client, sighting.process and sighting.process.name) for client, sighting in harness.gate.sightings]
    assert names == [("nightly", None), ("nightly", "rag.py")]


async def test_a_key_and_the_user_that_a_front_names_are_told(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    secret, entry = new_key("web")
    harness.configure(api_keys=(entry,))
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags", None, f"Authorization: Bearer {secret}", "X-User: ada")
    client_name, sighting = harness.gate.sightings[0]
    assert (client_name, sighting.key, sighting.user) == ("web/ada", "web", "ada")


async def test_a_connection_whose_requests_queue_tells_the_same_no_more_than_once_a_second(
    harness: ProxyHarness, look_up: FakeLookUp, clock: Clock
) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags")
        await look_up.answer(found_at(client))
        harness.gate.sightings.clear()
        for agent in (AGENT, AGENT, "User-Agent: rag/2.0"):
            await client.exchange("POST", "/api/chat", CHAT, agent)
        assert [sighting.agent for _, sighting in harness.gate.sightings] == ["rag/1.0", "rag/2.0"]
        clock.now += 1.0
        await client.exchange("POST", "/api/chat", CHAT, "User-Agent: rag/2.0")
    assert [sighting.agent for _, sighting in harness.gate.sightings] == ["rag/1.0", "rag/2.0", "rag/2.0"]


async def test_a_request_that_waits_gets_the_name_of_its_process(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    harness.gate.set_slots(0)
    async with harness.client() as client, harness.client() as named:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: len(harness.gate.jobs) == 1)
        await named.send_request("POST", "/api/chat", CHAT, "X-Client-ID: nightly")
        await harness.gate.until(lambda: len(harness.gate.jobs) == 2)
        assert [job.client for job in harness.gate.jobs] == ["127.0.0.1", "nightly"]
        one, _ = (job.id for job in harness.gate.jobs)
        await look_up.answer(found_at(client))
        assert harness.gate.sources == {one: "pid 7"}
        assert harness.gate.clients == {one: "rag.py (pid 7)"}
        harness.gate.set_slots(2)
        await client.get()
        await named.get()


async def test_what_is_asked_of_the_panel_itself_tells_nothing(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/")
        await client.exchange("GET", "/panel/status")
    assert (harness.gate.sightings, look_up.asked) == ([], [])


async def test_who_shows_no_valid_key_is_counted_by_its_process_whatever_it_calls_itself(
    harness: ProxyHarness, look_up: FakeLookUp
) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/api/tags")
        await look_up.answer(found_at(client))
        harness.configure(require_key=KeyRule.ALWAYS)
        await client.exchange("GET", "/api/tags", None, AGENT, "Authorization: Bearer op-wrong", "X-Client-ID: nightly")
    known = Sighting("127.0.0.1", Process(7, "rag.py", "/usr/bin/python3"), agent="rag/1.0", turned_away=True)
    assert harness.gate.sightings[1:] == [(ClientId("rag.py (pid 7)"), known)]


async def test_who_shows_no_valid_key_is_counted_by_its_address_while_its_process_is_unknown(
    harness: ProxyHarness, look_up: FakeLookUp
) -> None:
    harness.configure(require_key=KeyRule.ALWAYS)
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT)
    await harness.wait_all_disconnected()
    assert harness.gate.sightings == [(ClientId("127.0.0.1"), Sighting("127.0.0.1", turned_away=True))]


async def test_whoever_has_no_key_for_the_panel_itself_is_not_counted(
    harness: ProxyHarness, look_up: FakeLookUp
) -> None:
    async with harness.client() as client:
        assert (await client.exchange("GET", "/panel/v1/settings")).status == 401
    await harness.wait_all_disconnected()
    assert harness.gate.sightings == []
