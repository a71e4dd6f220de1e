"""A model that one instance's store does not have may be in another's; the client sees no 404 before all were asked."""

import msgspec
import pytest

from ollama_panel.core.records import FailureKind, Placement
from tests.fakes.upstream import CHAT, FakeUpstream, chat_events, chat_lines, reply, stream
from tests.proxy.conftest import ProxyHarness

MISSING = b'{"error":"model \'tiny\' not found"}'
OPENAI_MISSING = b'{"error":{"message":"model \\"tiny\\" not found, try pulling it first","type":"not_found_error"}}'
ANTHROPIC_MISSING = b'{"type":"error","error":{"type":"not_found_error","message":"model \'tiny\' not found"}}'


def two_stores(placement: Placement) -> Placement:
    return msgspec.structs.replace(placement, elsewhere=placement.instance == "chat-1")


@pytest.mark.parametrize(
    ("path", "missing", "lines"),
    [
        ("/api/chat", MISSING, chat_lines(2)),
        ("/v1/chat/completions", OPENAI_MISSING, chat_events(2)),
        ("/v1/messages", ANTHROPIC_MISSING, [b'{"type":"message","content":[]}']),
    ],
)
async def test_a_model_that_the_first_store_does_not_have_is_found_in_the_second(
    harness: ProxyHarness, path: str, missing: bytes, lines: list[bytes]
) -> None:
    harness.gate.placement = two_stores
    harness.upstream.script = reply(missing, "404 Not Found")
    async with FakeUpstream(reply(b"".join(lines))) as second:
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("POST", path, CHAT)
    assert (got.status, got.body) == (200, b"".join(lines))
    assert got.header("X-Panel-Instance") == "chat-2"
    assert harness.gate.leases[0].log[0][:3] == ("failed", FailureKind.NOT_FOUND, False)


async def test_a_server_that_cannot_read_its_store_any_more_is_passed_over(harness: ProxyHarness) -> None:
    harness.gate.placement = two_stores
    harness.upstream.script = reply(b'{"error":"model is required"}', "400 Bad Request")
    async with FakeUpstream(reply(b"".join(chat_lines(2)))) as second:
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("POST", "/api/chat", CHAT)
    assert (got.status, got.header("X-Panel-Instance")) == (200, "chat-2")


async def test_a_model_that_no_store_has_is_not_found_in_the_words_of_the_last(harness: ProxyHarness) -> None:
    harness.gate.placement = two_stores
    harness.upstream.script = reply(b'{"error":"model \\"tiny\\" not found"}', "404 Not Found")
    async with FakeUpstream(reply(MISSING, "404 Not Found")) as second:
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("POST", "/api/chat", CHAT)
    assert (got.status, got.body) == (404, MISSING)
    assert harness.gate.leases[0].outcome == "finished 404"


@pytest.mark.parametrize(
    ("status", "body"),
    [("404 Not Found", b"404 page not found"), ("400 Bad Request", b'{"error":"invalid options: num_ctx"}')],
)
async def test_other_errors_are_not_asked_of_another_store(harness: ProxyHarness, status: str, body: bytes) -> None:
    harness.gate.placement = two_stores
    harness.upstream.script = reply(body, status)
    async with FakeUpstream(stream(chat_lines(1))) as second:
        harness.gate.urls.append(second.url)
        async with harness.client() as client:
            got = await client.exchange("POST", "/api/chat", CHAT)
        assert second.requests == []
    assert (got.line, got.body) == (f"HTTP/1.1 {status}", body)
