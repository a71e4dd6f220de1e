"""Which web pages and browser extensions may use the proxy, and how their preflights are answered."""

import pytest

from ollama_panel.core.settings.tree import KeyRule
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.web_pages import origin_allowed, same_origin
from tests.fakes.rawclient import RawResponse
from tests.proxy.conftest import ProxyHarness

PAGE = "https://chat.example.org"
PRIVATE = "Access-Control-Request-Private-Network: true"


async def preflight(harness: ProxyHarness, origin: str, *headers: str, path: str = "/api/chat") -> RawResponse:
    return await harness.ask(f"OPTIONS {path}", f"Origin: {origin}", "Access-Control-Request-Method: POST", *headers)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost",
        "http://localhost:3000",
        "https://127.0.0.1",
        "http://0.0.0.0:8080",
        "http://[::1]:8080",
        "app://obsidian.md",
        "app://.",
        "file://",
        "vscode-webview://1abc",
        "vscode-file://vscode-app",
        "tauri://localhost",
        "https://mine.example",
    ],
)
def test_pages_of_this_machine_and_named_ones_pass_as_with_ollama(origin: str) -> None:
    assert origin_allowed(origin, ("https://mine.example",))


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "localhost",
        "http://evil.example",
        "http://localhost.evil.example",
        "http://localhost:3000.evil.example",
        "http://localhost:",
        "http://localhost:http",
        "http://localhost:80:80",
        "http://localhost.",
        "http://localhost@evil.example",
        "http://localhost:80@evil.example",
        "http://user@localhost",
        "http://evillocalhost",
        "http://evil.localhost",
        "HTTP://LOCALHOST:3000",
        "http://localhost:3000/",
        "http://localhost evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.1",
        "http://0x7f.1",
        "http://[::1].evil.example",
        "http://[::1]evil",
        "http://[::1]:80.evil.example",
        "http://::1",
        "http://[::ffff:127.0.0.1]",
        "ftp://localhost",
        "https://mine.example.evil.example",
        "https://evilmine.example",
        "https://evil.mine.example",
        "http://mine.example",
        "https://mine.example:444",
        "https://mine.example.",
        "https://mine.example/",
        "https://mine.exampl",
        "evilapp://obsidian.md",
        "apple://obsidian.md",
        "app:obsidian.md",
        "app://öbsidian.md",
    ],
)
def test_pages_that_only_look_alike_are_refused(origin: str) -> None:
    assert not origin_allowed(origin, ("https://mine.example",))


@pytest.mark.parametrize(
    ("origin", "same"),
    [
        ("http://panel.local:11435", True),
        ("https://panel.local:11435", True),
        ("http://evilpanel.local:11435", False),
        ("http://panel.local:11435.evil.example", False),
        ("http://panel.local:114350", False),
        ("http://panel.local:1143", False),
        ("http://panel.local", False),
        ("http://user@panel.local:11435", False),
        ("ftp://panel.local:11435", False),
        ("panel.local:11435", False),
    ],
)
async def test_a_page_that_came_from_the_panel_passes(harness: ProxyHarness, origin: str, same: bool) -> None:
    assert same_origin(origin, "panel.local:11435") is same
    got = await harness.ask("GET /", f"Origin: {origin}", host="panel.local:11435")
    assert got.status == (200 if same else 403)


async def test_a_foreign_page_is_refused_like_ollama_does(harness: ProxyHarness) -> None:
    got = await harness.ask("GET /api/tags", "Origin: http://evil.example")
    assert (got.status, got.body) == (403, b"")
    assert harness.upstream.requests == []


async def test_a_local_page_gets_its_cors_headers_and_the_instance_no_origin(harness: ProxyHarness) -> None:
    got = await harness.ask("GET /api/tags", "Origin: http://localhost:3000")
    assert got.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert got.header("Vary") == "Origin"
    assert harness.upstream.requests[0].header("Origin") is None


async def test_a_preflight_is_answered_here(harness: ProxyHarness) -> None:
    got = await preflight(harness, "http://localhost:3000", "Access-Control-Request-Headers: authorization")
    assert got.status == 204
    assert got.header("Access-Control-Allow-Origin") == "http://localhost:3000"
    assert got.header("Access-Control-Max-Age") == "43200"
    assert got.header("Access-Control-Allow-Methods") == "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
    assert [value for name, value in got.headers if name == "Vary"] == [
        "Origin",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
    ]
    assert harness.upstream.requests == []


ANTHROPIC = "x-api-key anthropic-version anthropic-beta anthropic-dangerous-direct-browser-access content-type"
STAINLESS = "x-stainless-lang x-stainless-timeout x-stainless-retry-count x-stainless-helper idempotency-key"
OPENAI = "authorization openai-beta openai-organization openai-project"
OURS = "x-client-id x-request-id x-queue-priority x-deadline-ms"


@pytest.mark.parametrize("header", f"{ANTHROPIC} {STAINLESS} {OPENAI} {OURS}".split())
async def test_a_preflight_allows_the_headers_of_the_sdks_and_of_the_panel(harness: ProxyHarness, header: str) -> None:
    got = await preflight(harness, "http://localhost:3000", path="/v1/messages")
    assert header in (got.header("Access-Control-Allow-Headers") or "").lower().split(",")


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("chrome-extension://*", "chrome-extension://abcdef"),
        ("http://192.168.1.*", "http://192.168.1.20:8080"),
        ("https://*.example", "https://my.chat.example"),
        ("http://nas:*", "http://nas:8080"),
        ("*", "https://anything.example"),
    ],
)
async def test_pages_that_the_user_has_allowed_are_let_in(harness: ProxyHarness, entry: str, origin: str) -> None:
    harness.configure(allowed_origins=(entry,))
    assert (await preflight(harness, origin)).header("Access-Control-Allow-Origin") == origin
    assert (await harness.ask("GET /", f"Origin: {origin}")).header("Access-Control-Allow-Origin") == origin


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("chrome-extension://*", "moz-extension://abcdef"),
        ("http://192.168.1.*", "http://192.168.1.20.evil.com"),
        ("https://*.example", "https://evil-example"),
        ("http://nas:*", "http://nas.evil:80"),
        ("https://chat.example.org", "https://chat.example.org.evil.com"),
        ("https://chat.example.org", "evilhttps://chat.example.org"),
    ],
)
async def test_pages_that_look_like_an_allowed_one_stay_out(harness: ProxyHarness, entry: str, origin: str) -> None:
    harness.configure(allowed_origins=(entry,))
    got = await preflight(harness, origin, PRIVATE)
    assert (got.status, got.header("Access-Control-Allow-Origin")) == (403, None)
    assert got.header("Access-Control-Allow-Private-Network") is None
    assert (await harness.ask("GET /", f"Origin: {origin}")).status == 403


@pytest.mark.parametrize(
    ("entries", "origin", "answer"),
    [
        ((PAGE,), PAGE, "true"),
        (("https://*.example.org",), PAGE, "true"),
        (("*", PAGE), PAGE, "true"),
        ((), "http://localhost:3000", "true"),
        (("*",), PAGE, None),
        (("https://*",), PAGE, None),
        (("https://*:8443",), f"{PAGE}:8443", None),
        (("*", "https://other.example.org"), PAGE, None),
    ],
)
async def test_only_a_page_whose_host_is_named_may_ask_for_a_private_network(
    harness: ProxyHarness, entries: tuple[str, ...], origin: str, answer: str | None
) -> None:
    harness.configure(allowed_origins=entries)
    got = await preflight(harness, origin, PRIVATE)
    assert (got.status, got.header("Access-Control-Allow-Private-Network")) == (204, answer)


@pytest.mark.parametrize("headers", [(), ("Access-Control-Request-Private-Network: false",)])
async def test_a_private_network_is_allowed_to_nobody_who_does_not_ask(
    harness: ProxyHarness, headers: tuple[str, ...]
) -> None:
    harness.configure(allowed_origins=(PAGE,))
    got = await preflight(harness, PAGE, *headers)
    assert (got.status, got.header("Access-Control-Allow-Private-Network")) == (204, None)


async def test_a_page_can_read_that_its_key_is_wrong(harness: ProxyHarness) -> None:
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(new_key("page")[1],), allowed_origins=(PAGE,))
    assert (await preflight(harness, PAGE)).status == 204, "browsers send no key with a preflight"
    got = await harness.ask("GET /api/tags", f"Origin: {PAGE}", "Authorization: Bearer wrong")
    assert (got.status, got.header("Access-Control-Allow-Origin")) == (401, PAGE)
