"""Access checks: Host, Origin, API keys, and what the user has disabled."""

import socket

import pytest

from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import ApiKey, KeyRule, ProxySettings
from ollama_panel.proxy.access_rules import digest_of, find_key, host_allowed, new_key, origin_allowed, requires_key
from tests.fakes.rawclient import RawResponse
from tests.fakes.upstream import CHAT, chat_lines, stream
from tests.proxy.conftest import ProxyHarness

HOSTNAME = socket.gethostname().lower()


async def ask(harness: ProxyHarness, line: str, *headers: str, host: str = "localhost") -> RawResponse:
    async with harness.client() as client:
        await client.send("\r\n".join([line + " HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode())
        return await client.get()


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("localhost:11435", True),
        ("127.0.0.1:11435", True),
        ("[::1]:11435", True),
        ("192.168.1.7", True),
        ("0.0.0.0", True),
        ("mac.local", True),
        ("panel.internal:80", True),
        (HOSTNAME, True),
        (f"{HOSTNAME.upper()}:11435", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("notlocalhost", False),
        ("evil-local", False),
        ("127.0.0.1.evil.example", False),
        (f"{HOSTNAME}.evil.example", False),
        (f"evil{HOSTNAME}", False),
        (f"{HOSTNAME}2", False),
        ("evilnamed.example", False),
        ("named.example.evil", False),
        ("sub.named.example", False),
        ("8.8.8.8", False),
        ("named.example", True),
    ],
)
def test_hosts_that_may_mean_this_machine_pass_as_with_ollama(host: str, allowed: bool) -> None:
    assert host_allowed(host, ("Named.Example",)) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:3000", True),
        ("https://127.0.0.1", True),
        ("http://0.0.0.0:8080", True),
        ("app://obsidian.md", True),
        ("vscode-webview://abc", True),
        ("tauri://localhost", True),
        ("http://evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://evillocalhost", False),
        ("http://evilpanel.local:11435", False),
        ("http://panel.local:11435.evil.example", False),
        ("http://panel.local:114350", False),
        ("http://panel.local:1143", False),
        ("http://panel.local", False),
        ("ftp://panel.local:11435", False),
        ("https://mine.example.evil.example", False),
        ("https://evilmine.example", False),
        ("http://mine.example", False),
        ("https://mine.example:444", False),
        ("evilapp://obsidian.md", False),
        ("apple://obsidian.md", False),
        ("null", False),
        ("https://mine.example", True),
        ("http://panel.local:11435", True),
    ],
)
def test_pages_of_this_machine_and_named_ones_pass(origin: str, allowed: bool) -> None:
    assert origin_allowed(origin, "panel.local:11435", ("https://mine.example",)) is allowed


async def test_a_foreign_host_is_refused_like_ollama_does(harness: ProxyHarness) -> None:
    got = await ask(harness, "GET /api/tags", host="evil.example")
    assert (got.status, got.body) == (403, b"")
    assert harness.upstream.requests == []


async def test_a_foreign_page_is_refused_like_ollama_does(harness: ProxyHarness) -> None:
    got = await ask(harness, "GET /api/tags", "Origin: http://evil.example")
    assert (got.status, got.body) == (403, b"")
    assert harness.upstream.requests == []


async def test_a_local_page_gets_its_cors_headers_and_the_instance_no_origin(harness: ProxyHarness) -> None:
    got = await ask(harness, "GET /api/tags", "Origin: http://localhost:3000")
    assert got.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert got.header("Vary") == "Origin"
    assert harness.upstream.requests[0].header("Origin") is None


async def test_a_preflight_is_answered_here(harness: ProxyHarness) -> None:
    got = await ask(
        harness,
        "OPTIONS /api/chat",
        "Origin: http://localhost:3000",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization,content-type",
    )
    assert got.status == 204
    assert got.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert got.header("Access-Control-Max-Age") == "43200"
    assert got.header("Access-Control-Allow-Methods") == "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
    assert "X-Stainless-Timeout" in (got.header("Access-Control-Allow-Headers") or "")
    assert [value for name, value in got.headers if name == "Vary"] == [
        "Origin",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
    ]
    assert harness.upstream.requests == []


def test_a_key_is_needed_beyond_this_machine_unless_switched_off() -> None:
    assert not requires_key(ProxySettings())
    assert requires_key(ProxySettings(host="0.0.0.0"))
    assert not requires_key(ProxySettings(host="0.0.0.0", require_key=KeyRule.NEVER))
    assert requires_key(ProxySettings(require_key=KeyRule.ALWAYS))


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
    got = await ask(harness, line, "Authorization: Bearer wrong")
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
    await ask(harness, "GET /api/version", "Authorization: Bearer ollama")
    assert harness.upstream.requests[0].header("Authorization") == "Bearer ollama"


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
    got = await ask(harness, line, "Content-Length: 0")
    assert got.status == 403
    assert "switched off" in str(got.json["error"])
    assert harness.upstream.requests == []
    assert (await ask(harness, "GET /api/tags")).status == 200


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
