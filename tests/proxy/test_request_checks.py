"""Checks of a request: what the user has disabled, the number of connections, and how long they may take to speak."""

import pytest

from ollama_panel.core.settings.tree import KeyRule, Scope
from ollama_panel.proxy.credentials import new_key
from tests.fakes.upstream import CHAT, chat_lines, stream
from tests.proxy.conftest import ProxyHarness


@pytest.mark.parametrize(
    "line",
    [
        "POST /api/pull",
        "POST /api/push",
        "POST /api/create",
        "POST /api/copy",
        "DELETE /api/delete",
        "POST /api/blobs/sha256:1",
        "POST /api/signout",
        "DELETE /api/user/keys/1",
        "POST /api/pul%6c",
        "POST /%61pi/blobs/sha256:1",
        "POST HTTP://localhost/api/pull",
        "POST ftp://localhost/api/pull",
    ],
)
async def test_changes_of_the_store_can_be_switched_off(harness: ProxyHarness, line: str) -> None:
    harness.configure(management=False)
    got = await harness.ask(line, "Content-Length: 0")
    assert got.status == 403
    assert "switched off" in str(got.json["error"])
    assert harness.upstream.requests == []
    assert (await harness.ask("GET /api/tags")).status == 200


async def test_too_many_connections_of_one_client_are_told_to_come_back(harness: ProxyHarness) -> None:
    harness.configure(connections_per_client=2)
    async with harness.client() as one, harness.client() as two:
        for client in (one, two):
            assert (await client.exchange("GET", "/")).status == 200
        async with harness.client() as third:
            got = await third.exchange("GET", "/")
            assert got.status == 429
            assert got.header("Retry-After") == "1"
            assert await third.closed_by_peer()


async def test_headers_that_do_not_come_end_in_a_status(harness: ProxyHarness) -> None:
    harness.configure(header_timeout_s=30)
    async with harness.client() as client:
        await client.send(b"GET /api/tags HTTP/1.1\r\nHost: loc")
        await harness.later(31)
        got = await client.get()
        assert await client.closed_by_peer()
    assert got.status == 408


async def test_headers_that_do_not_come_after_a_first_request_end_in_a_status_too(harness: ProxyHarness) -> None:
    harness.configure(header_timeout_s=30)
    async with harness.client() as client:
        assert (await client.exchange("GET", "/")).status == 200
        await client.send(b"GET /api/tags HTTP/1.1\r\nHost: loc")
        await harness.later(31)
        assert (await client.get()).status == 408


async def test_headers_that_come_in_time_are_not_late_afterwards(harness: ProxyHarness) -> None:
    harness.configure(header_timeout_s=30)
    harness.gate.set_slots(0)
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        for number in (1, 2):
            await client.send_request("POST", "/api/chat", CHAT)
            await harness.gate.until(lambda number=number: len(harness.gate.jobs) == number)
            await harness.later(31)
            harness.gate.set_slots(1)
            assert (await client.get()).complete
            harness.gate.set_slots(0)


async def test_a_body_that_does_not_come_ends_in_a_status(harness: ProxyHarness) -> None:
    harness.configure(body_timeout_s=120)
    async with harness.client() as client:
        await client.send(b"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")
        await harness.later(121)
        got = await client.get()
    assert got.status == 408
    assert got.body.startswith(b'{"type":"error"')


async def test_a_body_that_comes_by_drops_ends_in_a_status(harness: ProxyHarness) -> None:
    harness.configure(body_timeout_s=120)
    async with harness.client() as client:
        await client.send(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(3):
            await harness.later(39)
            await client.send(b" ")
        await harness.input_read()
        assert harness.server.active == 1, "it has had two minutes but for three seconds"
        await harness.later(39)
        assert (await client.get()).status == 408


async def test_an_upload_that_does_not_come_ends_in_a_status(harness: ProxyHarness) -> None:
    harness.configure(body_timeout_s=120)
    async with harness.client() as client:
        await client.send(b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")
        await harness.later(121)
        assert (await client.get()).status == 408
    await harness.upstream.until(lambda: harness.upstream.connections == 0)


@pytest.mark.parametrize("rule", [KeyRule.ALWAYS, KeyRule.NEVER])
async def test_a_key_that_the_panel_made_for_itself_opens_the_models_alone_and_goes_no_further(
    harness: ProxyHarness, rule: KeyRule
) -> None:
    key, entry = new_key("the panel", scopes=(Scope.USE,))
    harness.server._own = ("", entry)
    harness.configure(require_key=rule, api_keys=(new_key("laptop")[1],))
    harness.upstream.script = stream(chat_lines(3))
    async with harness.client() as client:
        own = f"Authorization: Bearer {key}"
        assert (await client.exchange("POST", "/api/chat", CHAT, own)).status == 200
        assert (await client.exchange("GET", "/panel/v1/settings", None, own)).status == 403
    assert [one.header("Authorization") for one in harness.upstream.requests] == [None]
    assert harness.gate.leases[0].job.client == "the panel"
