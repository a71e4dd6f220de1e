"""API keys: where clients show them, what is refused, and what goes on to the instance."""

import pytest

from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import ApiKey, KeyRule
from ollama_panel.proxy.credentials import digest_of, find_key, new_key
from tests.fakes.upstream import CHAT, chat_lines, stream
from tests.proxy.conftest import ProxyHarness


def test_only_the_hash_of_a_key_is_kept() -> None:
    shown, kept = new_key("laptop")
    assert shown not in repr(kept)
    assert find_key(shown, (ApiKey("other", digest_of("x")), kept)) == kept
    assert find_key(shown + "x", (kept,)) is None
    assert find_key("", (kept,)) is None


@pytest.mark.parametrize("header", ["Authorization: Bearer {}", "authorization: bearer {}", "X-API-Key: {}"])
async def test_a_key_opens_the_door_names_the_client_and_goes_no_further(harness: ProxyHarness, header: str) -> None:
    shown, kept = new_key("laptop")
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(ApiKey(kept.name, kept.digest, RequestClass.BATCH),))
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT, header.format(shown))
    assert got.status == 200
    job = harness.gate.jobs[0]
    assert (job.client, job.request_class) == ("laptop", RequestClass.BATCH)
    assert shown.encode() not in harness.upstream.requests[0].raw_head


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("GET /api/tags", b'{"error":"This panel wants'),
        ("GET /v1/models", b'{"error":{"message":"This panel wants'),
        ("POST /v1/messages", b'{"type":"error","error":{"type":"authentication_error"'),
        ("GET /panel/status", b'{"error":"This panel wants'),
    ],
)
async def test_without_a_key_the_door_stays_shut(harness: ProxyHarness, line: str, said: bytes) -> None:
    code = b"invalid_api_key" if "/v1/models" in line else b"access.key_needed"
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(new_key("laptop")[1],))
    got = await harness.ask(line, "Authorization: Bearer wrong")
    assert got.status == 401
    assert got.body.startswith(said)
    assert b'"code":"' + code in got.body
    assert harness.upstream.requests == []


@pytest.mark.parametrize("line", ["GET /", "HEAD /", "GET /panel/health"])
async def test_signs_of_life_need_no_key(harness: ProxyHarness, line: str) -> None:
    harness.configure(require_key=KeyRule.ALWAYS)
    async with harness.client() as client:
        method, path = line.split()
        assert (await client.exchange(method, path)).status == 200


async def test_somebody_elses_key_is_passed_on_when_none_is_needed(harness: ProxyHarness) -> None:
    harness.configure(api_keys=(new_key("laptop")[1],))
    await harness.ask("GET /api/version", "Authorization: Bearer ollama")
    assert harness.upstream.requests[0].header("Authorization") == "Bearer ollama"
