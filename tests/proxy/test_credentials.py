"""API keys: where clients show them, what is refused, and what goes on to the instance."""

from base64 import b64encode

import pytest

from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import ApiKey, KeyRule
from ollama_panel.proxy.credentials import digest_of, find_key, is_key, new_key
from tests.fakes.upstream import CHAT, chat_lines, stream
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

SHOWN, KEPT = new_key("laptop")
SHOWN_TOO, KEPT_TOO = new_key("desktop")
PLACEHOLDER = "placeholder"


def basic(user: str, password: str) -> str:
    return "Authorization: Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_only_the_hash_of_a_key_is_kept() -> None:
    assert SHOWN not in repr(KEPT)
    assert find_key(SHOWN, (ApiKey("other", digest_of("x")), KEPT)) == KEPT
    assert find_key(SHOWN + "x", (KEPT,)) is None
    assert find_key("", (KEPT,)) is None


def test_a_digest_that_is_none_matches_nothing() -> None:
    assert find_key(SHOWN, (ApiKey("mine", "schlüssel"), ApiKey("empty", ""), KEPT)) == KEPT


@pytest.mark.parametrize(
    "headers",
    [
        (f"Authorization: Bearer {SHOWN}",),
        (f"authorization: bearer {SHOWN}",),
        (f"Authorization: Bearer  {SHOWN} ",),
        (f"X-API-Key: {SHOWN}",),
        (basic("x", SHOWN),),
        (basic("", SHOWN),),
        (f"Authorization: Bearer {PLACEHOLDER}", f"X-API-Key: {SHOWN}"),
        (f"X-API-Key: {SHOWN}", f"Authorization: Bearer {PLACEHOLDER}"),
        (f"Authorization: Bearer {SHOWN}", f"X-API-Key: {PLACEHOLDER}"),
        (basic("user", "password"), f"X-API-Key: {SHOWN}"),
        (f"Authorization: Bearer {PLACEHOLDER}", f"Authorization: Bearer {SHOWN}"),
        (f"X-API-Key: {PLACEHOLDER}", f"X-API-Key: {SHOWN}"),
        (f"Authorization: Bearer {SHOWN}", f"X-API-Key: {SHOWN}"),
        ("Authorization: Basic ?", f"X-API-Key: {SHOWN}"),
        ("Authorization: Negotiate abc", f"X-API-Key: {SHOWN}"),
        ("X-API-Key:", f"Authorization: Bearer {SHOWN}"),
    ],
)
async def test_any_valid_key_opens_the_door_names_the_client_and_goes_no_further(
    harness: ProxyHarness, headers: tuple[str, ...]
) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(ApiKey(KEPT.name, KEPT.digest, RequestClass.BATCH),))
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/chat", CHAT, *headers)
    assert got.status == 200
    job = harness.gate.jobs[0]
    assert (job.client, job.request_class) == ("laptop", RequestClass.BATCH)
    sent = harness.upstream.requests[0].raw_head
    assert SHOWN.encode() not in sent
    assert b64encode(f"x:{SHOWN}".encode()) not in sent


async def test_two_valid_keys_both_stay_here_and_the_first_names_the_client(harness: ProxyHarness) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT_TOO, KEPT))
    harness.upstream.script = stream(chat_lines(1))
    async with harness.client() as client:
        await client.exchange("POST", "/api/chat", CHAT, f"X-API-Key: {SHOWN_TOO}", f"Authorization: Bearer {SHOWN}")
    assert harness.gate.jobs[0].client == "laptop"
    sent = harness.upstream.requests[0].raw_head
    assert SHOWN.encode() not in sent
    assert SHOWN_TOO.encode() not in sent


async def test_what_is_no_key_of_the_panel_goes_on_to_the_instance(harness: ProxyHarness) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    await harness.ask("GET /api/version", f"Authorization: Bearer {PLACEHOLDER}", f"X-API-Key: {SHOWN}")
    assert harness.upstream.requests[0].header("Authorization") == f"Bearer {PLACEHOLDER}"
    assert harness.upstream.requests[0].header("X-API-Key") is None


async def test_somebody_elses_key_is_passed_on_when_none_is_needed(harness: ProxyHarness) -> None:
    harness.configure(api_keys=(KEPT,))
    await harness.ask("GET /api/version", "Authorization: Bearer ollama")
    assert harness.upstream.requests[0].header("Authorization") == "Bearer ollama"


@pytest.mark.parametrize(
    "headers",
    [
        (f"Authorization: {SHOWN}",),
        (f"Authorization: Token {SHOWN}",),
        (f"Authorization: Bearer {SHOWN}x",),
        (f"Authorization: Bearer x{SHOWN}",),
        (f"Authorization: Bearer {SHOWN[:-1]}",),
        (f"Authorization: Bearer {SHOWN} {SHOWN}",),
        (f"Authorization: Bearer {KEPT.digest}",),
        (basic(SHOWN, ""),),
        (basic(SHOWN, "password"),),
        ("Authorization: Basic " + b64encode(SHOWN.encode()).decode(),),
        ("Authorization: Basic =",),
        ("Authorization: Basic \xff",),
        ("Authorization: Bearer \xff",),
        (f"X-API-Key: Bearer {SHOWN}",),
        (f"X-Goog-Api-Key: {SHOWN}",),
        (f"Proxy-Authorization: Bearer {SHOWN}",),
        (f"Authorization: Bearer {PLACEHOLDER}", f"X-API-Key: {PLACEHOLDER}"),
    ],
)
async def test_what_only_looks_like_a_key_is_refused(harness: ProxyHarness, headers: tuple[str, ...]) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    got = await harness.ask("GET /api/tags", *headers)
    assert got.status == 401
    assert harness.upstream.requests == []


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
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    got = await harness.ask(line, "Authorization: Bearer wrong")
    assert got.status == 401
    assert got.header("WWW-Authenticate") == 'Bearer realm="Ollama Panel", error="invalid_token"'
    assert got.body.startswith(said)
    assert b'"code":"' + code in got.body
    assert harness.upstream.requests == []


async def test_who_shows_no_key_is_told_what_kind_is_wanted(harness: ProxyHarness) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    got = await harness.ask("GET /api/tags")
    assert (got.status, got.header("WWW-Authenticate")) == (401, 'Bearer realm="Ollama Panel"')


@pytest.mark.parametrize(
    "line", ["GET /", "HEAD /", "GET /?probe=1", "GET /panel/health", "GET /panel/health/", "GET /panel/health?a=b"]
)
async def test_signs_of_life_need_no_key(harness: ProxyHarness, line: str) -> None:
    harness.configure(require_key=KeyRule.ALWAYS)
    async with harness.client() as client:
        method, path = line.split()
        assert (await client.exchange(method, path)).status == 200


@pytest.mark.parametrize(
    "line",
    [
        "GET /panel/status",
        "GET /panel/metrics",
        "POST /panel/reload",
        "GET /panel",
        "GET /panel/",
        "GET /panel/healthy",
        "GET /panel/health/../status",
        "GET /panel/%68ealth/x",
        "GET /api/version",
        "GET /api/ps",
        "GET /health",
        "POST /",
        "GET //panel/health",
        "OPTIONS /api/chat",
    ],
)
async def test_all_else_needs_one(harness: ProxyHarness, line: str) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    assert (await harness.ask(line, "Content-Length: 0")).status == 401
    assert harness.upstream.requests == []


@pytest.mark.parametrize("path", ["/panel/status", "/panel/metrics"])
@pytest.mark.parametrize("header", ["Authorization: Bearer {}", "X-API-Key: {}"])
async def test_the_owners_commands_may_read_what_the_panel_tells_of_itself(
    harness: ProxyHarness, path: str, header: str
) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    assert (await harness.ask(f"GET {path}", header.format(OWN_SECRET))).status == 200
    assert (await harness.ask(f"GET {path}", header.format(OWN_SECRET[:-1]))).status == 401
    assert (await harness.ask(f"GET {path}")).status == 401


@pytest.mark.parametrize("line", ["GET /api/version", "GET /api/tags", "POST /api/chat", "GET /panelist", "GET /x"])
async def test_the_owners_secret_is_no_api_key(harness: ProxyHarness, line: str) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(KEPT,))
    got = await harness.ask(line, f"Authorization: Bearer {OWN_SECRET}", "Content-Length: 0")
    assert got.status == 401
    assert harness.upstream.requests == []


def test_a_panel_without_a_secret_takes_no_empty_one() -> None:
    assert not is_key("", "")
    assert not is_key("x", "")
