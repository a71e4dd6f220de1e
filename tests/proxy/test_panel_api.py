"""The panel's own API: who gets in, and what is refused, and how."""

import json
from urllib.parse import quote

import msgspec
import pytest

from ollama_panel.core.advice.questions import Answer
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.settings.tree import ApiKey, KeyRule, Scope
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.panel_api.routes import OPERATIONS, is_v1, match, needs
from tests.fakes.rawclient import RawResponse
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

V1 = "/panel/v1"
OWNER = f"Authorization: Bearer {OWN_SECRET}"
STRICT = [one for one in OPERATIONS if one.strict]
EXAMPLES = {"{name}": "chat", "{id}": "chat-1"}
SHOWN, KEPT = new_key("mine")


def path_of(template: str) -> str:
    for name, example in EXAMPLES.items():
        template = template.replace(name, example)
    return template


def with_scopes(*scopes: Scope) -> ApiKey:
    return ApiKey(KEPT.name, KEPT.digest, scopes=scopes)


async def send(harness: ProxyHarness, line: str, body: str | bytes = b"", *headers: str) -> RawResponse:
    """Send a request with a body as the panel's owner, or with these headers."""
    data = body.encode() if isinstance(body, str) else body
    async with harness.client() as client:
        head = [f"{line} HTTP/1.1", "Host: localhost", f"Content-Length: {len(data)}", *(headers or (OWNER, TYPE))]
        await client.send("\r\n".join([*head, "", ""]).encode() + data)
        return await client.get()


TYPE = "Content-Type: application/json"


# Who gets in


@pytest.mark.parametrize("operation", STRICT, ids=lambda one: f"{one.method} {one.path}")
@pytest.mark.parametrize("rule", [KeyRule.AUTO, KeyRule.NEVER, KeyRule.ALWAYS])
async def test_strangers_get_nothing_even_where_nobody_needs_a_key(harness: ProxyHarness, operation, rule) -> None:
    harness.configure(require_key=rule, api_keys=(with_scopes(*Scope),))
    line = f"{operation.method} {path_of(operation.path)}"
    for shown in ((), ("Authorization: Bearer wrong",), (f"X-API-Key: {KEPT.digest}",), ("User-Agent: ollama/0.32",)):
        got = await send(harness, line, "{}", TYPE, *shown)
        assert (got.status, got.json["code"]) == (401, "access.key_needed")
    assert harness.panel.calls == 0


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
@pytest.mark.parametrize("scope", list(Scope))
async def test_a_key_opens_what_its_scope_is_for(harness: ProxyHarness, operation, scope: Scope) -> None:
    harness.configure(api_keys=(with_scopes(scope),))
    if operation.path.endswith("/events"):
        return
    line = f"{operation.method} {path_of(operation.path)}"
    got = await send(harness, line, "{}", TYPE, f"X-API-Key: {SHOWN}")
    opened = operation.scope in (None, scope) or (operation.scope, scope) == (Scope.SEE, Scope.CONTROL)
    assert (got.status == 403) is not opened
    assert opened or (got.json["code"], harness.panel.calls) == ("access.scope", 0)


async def test_of_two_keys_the_one_counts_that_opens_it(harness: ProxyHarness) -> None:
    shown, kept = new_key("other")
    harness.configure(api_keys=(with_scopes(Scope.USE), ApiKey(kept.name, kept.digest, scopes=(Scope.SEE,))))
    both = (f"Authorization: Bearer {SHOWN}", f"X-API-Key: {shown}")
    assert (await harness.ask(f"GET {V1}/pools", *both)).status == 200


async def test_a_key_without_use_opens_no_model_even_where_nobody_needs_one(harness: ProxyHarness) -> None:
    harness.configure(api_keys=(with_scopes(Scope.CONTROL),))
    got = await harness.ask("POST /v1/chat/completions", f"Authorization: Bearer {SHOWN}", "Content-Length: 0")
    assert (got.status, got.json["error"]["code"]) == (403, "access.scope")  # type: ignore[index]
    assert harness.upstream.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        ("Origin: https://evil.example",),
        ("Origin: http://localhost:3000",),
        ("Origin: http://127.0.0.1",),
        ("Origin: null",),
        ("Origin: app://obsidian.md",),
        ("Origin: http://localhost", "Origin: https://evil.example"),
        ("Sec-Fetch-Site: cross-site",),
        ("Sec-Fetch-Site: same-site",),
    ],
)
@pytest.mark.parametrize("line", [f"GET {V1}/status", f"OPTIONS {V1}/settings", f"DELETE {V1}/keys/x", f"GET {V1}"])
async def test_pages_of_other_origins_get_nothing_whatever_is_allowed(
    harness: ProxyHarness, line: str, headers: tuple[str, ...]
) -> None:
    harness.configure(allowed_origins=("*",))
    got = await harness.ask(line, OWNER, "Access-Control-Request-Method: PATCH", *headers)
    assert (got.status, got.json["code"]) == (403, "access.foreign_page")
    assert not [name for name, _ in got.headers if name.lower().startswith("access-control")]
    assert harness.panel.calls == 0


@pytest.mark.parametrize("headers", [("Origin: http://localhost",), ("Sec-Fetch-Site: same-origin",), ()])
async def test_the_panels_own_origin_is_served(harness: ProxyHarness, headers: tuple[str, ...]) -> None:
    assert (await harness.ask(f"GET {V1}/pools", OWNER, *headers)).status == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:11435"])
async def test_a_name_of_another_machine_is_refused(harness: ProxyHarness, host: str) -> None:
    assert (await harness.ask(f"GET {V1}/settings", OWNER, host=host)).status == 403
    assert harness.panel.calls == 0


@pytest.mark.parametrize(
    "path",
    [
        f"{V1}/settings",
        f"{V1}/settings/",
        "/panel/%761/settings",
        "/%70anel/v1/settings",
        "/panel%2Fv1/settings",
        "/panel/v1%2Fsettings",
        "/panel//v1/settings",
        f"{V1}/../v1/settings",
        f"{V1}/nothing",
        V1,
        f"{V1}?x=1",
        f"http://localhost{V1}/settings",
    ],
)
async def test_no_way_to_write_a_path_leads_past_the_key(harness: ProxyHarness, path: str) -> None:
    assert (await harness.ask(f"GET {path}")).status == 401
    assert (await harness.ask(f"GET {path}", OWNER)).status in (200, 404)


def test_every_path_of_the_table_needs_what_it_says() -> None:
    for one in OPERATIONS:
        assert needs(one.method, path_of(one.path)) == (one.scope, one.strict)
        assert one.strict is False or is_v1(one.path)
    assert needs("HEAD", f"{V1}/settings") == (Scope.SEE, True)
    assert needs("POST", f"{V1}/settings") == (Scope.SEE, True)


@pytest.mark.parametrize("name", ["a", "a/b", "a b", "ü", "a%2Fb", "..", "?", "#", "\u0000"])
def test_a_name_may_have_any_letters(name: str) -> None:
    found = match(f"{V1}/keys/{quote(name, safe='')}")
    assert found is not None
    assert found.names == (name,)


# What is refused


CASES: list[tuple[str, str | bytes, int, str]] = [
    (f"GET {V1}", b"", 404, "panel.no_path"),
    (f"GET {V1}/nothing", b"", 404, "panel.no_path"),
    (f"GET {V1}/pools/a/b/c", b"", 404, "panel.no_path"),
    (f"PUT {V1}/settings", b"{}", 405, "panel.method"),
    (f"OPTIONS {V1}/settings", b"", 405, "panel.method"),
    (f"DELETE {V1}/pools", b"", 405, "panel.method"),
    (f"GET {V1}/pools/none", b"", 404, "pool.unknown"),
    (f"GET {V1}/pools/%C3%BC%2Fx", b"", 404, "pool.unknown"),
    (f"GET {V1}/pools/%FF%00", b"", 404, "pool.unknown"),
    (f"PATCH {V1}/pools/none", b"{}", 404, "pool.unknown"),
    (f"DELETE {V1}/pools/none", b"", 404, "pool.unknown"),
    (f"GET {V1}/instances/none", b"", 404, "instance.unknown"),
    (f"POST {V1}/instances/none/start", b"", 404, "instance.unknown"),
    (f"GET {V1}/instances/none/logs", b"", 404, "instance.unknown"),
    (f"GET {V1}/requests/none", b"", 404, "request.unknown"),
    (f"DELETE {V1}/requests/none", b"", 404, "request.unknown"),
    (f"POST {V1}/requests/none/front", b"", 404, "request.unknown"),
    (f"POST {V1}/requests/r1/front", b"", 409, "request.not_waiting"),
    (f"DELETE {V1}/requests/r1/front", b"", 409, "request.not_waiting"),
    (f"POST {V1}/settings/undo", b"", 409, "change.none_to_undo"),
    (f"DELETE {V1}/keys/none", b"", 404, "keys.none"),
    (f"GET {V1}/profiles/none", b"", 404, "profiles.none"),
    (f"DELETE {V1}/profiles/none", b"", 404, "profiles.none"),
    (f"POST {V1}/profiles/none/apply", b"", 404, "profiles.none"),
    (f"PUT {V1}/profiles/x", b"{}", 400, "profiles.from_what"),
    (f"PUT {V1}/profiles/x", b'{"pool": "chat", "tuning": "t-1"}', 400, "profiles.from_what"),
    (f"PUT {V1}/profiles/x", b'{"pool": "none"}', 404, "pool.unknown"),
    (f"PUT {V1}/profiles/x", b'{"tuning": "none"}', 404, "profiles.no_tuning"),
    (f"PUT {V1}/profiles/x", b'{"tuning": 7}', 400, "api.body"),
    (f"PUT {V1}/profiles/x", b'{"name": "y"}', 400, "api.body"),
    (f"PUT {V1}/profiles/%0A", b'{"pool": "chat"}', 400, "setting.refused"),
    (f"PUT {V1}/profiles/x", b'{"profile": {}}', 400, "profiles.no_file"),
    (f"PUT {V1}/profiles/x", b'{"profile": {"settings": {"name": "chat", "parallel": 0}}}', 400, "setting.refused"),
    (f"PATCH {V1}/settings", b"", 400, "api.json"),
    (f"PATCH {V1}/settings", b"{", 400, "api.json"),
    (f"PATCH {V1}/settings", b"\xff\xfe", 400, "api.json"),
    (f"PATCH {V1}/settings", '{"a": 1}'.encode("utf-16"), 400, "api.json"),
    (f"PATCH {V1}/settings", b"{} {}", 400, "api.json"),
    (f"PATCH {V1}/settings", b'{"scheduling.dwell_s": NaN}', 400, "api.json"),
    (f"PATCH {V1}/settings", b'{"scheduling.dwell_s": Infinity}', 400, "api.json"),
    (f"PATCH {V1}/settings", b'{"ollama.binary": "\\ud800"}', 400, "api.json"),
    (f"PATCH {V1}/settings", b"[" * 100_000, 400, "api.json"),
    (f"PATCH {V1}/settings", b'{"a": ' + b"9" * 10_000 + b"}", 400, "api.json"),
    (f"PATCH {V1}/settings", b'{"scheduling.dwell_s": 1, "scheduling.dwell_s": 2}', 400, "api.name_twice"),
    (f"PATCH {V1}/settings", b'{"proxy": {"port": 1, "port": 2}}', 400, "api.name_twice"),
    (f"PATCH {V1}/settings", b"[]", 400, "json.no_object"),
    (f"PATCH {V1}/settings", b"null", 400, "json.no_object"),
    (f"PATCH {V1}/settings", b'{"nothing": 1}', 400, "setting.missing"),
    (f"PATCH {V1}/settings", b'{"pools.chat.paralel": 1}', 400, "setting.nearest"),
    (f"PATCH {V1}/settings", b'{"version": 1}', 400, "setting.not_yours"),
    (f"PATCH {V1}/settings", b'{"pools.chat.parallel": 1e400}', 400, "api.json"),
    (f"PATCH {V1}/settings?dryrun=true", b"{}", 400, "api.parameters"),
    (f"PATCH {V1}/settings?dry_run=perhaps", b"{}", 400, "api.parameters"),
    (f"PATCH {V1}/settings?dry_run=true&dry_run=false", b"{}", 400, "api.parameter_twice"),
    (f"GET {V1}/settings?x", b"", 400, "api.parameters"),
    (f"GET {V1}/requests?state=asleep", b"", 400, "api.parameters"),
    (f"GET {V1}/requests?limit=-1", b"", 400, "api.parameters"),
    (f"GET {V1}/events?types=none", b"", 400, "api.parameters"),
    (f"GET {V1}/instances/chat-1/logs?after=x", b"", 400, "api.parameters"),
    (f"POST {V1}/pools", b"{}", 400, "setting.refused"),
    (f"POST {V1}/pools", b'{"name": "Chat"}', 400, "setting.refused"),
    (f"POST {V1}/pools", b'{"name": "chat"}', 409, "pool.exists"),
    (f"POST {V1}/pools", b'{"name": "more", "parallel": "4"}', 400, "setting.refused"),
    (f"POST {V1}/pools", b'{"name": "more", "size": 4}', 400, "setting.refused"),
    (f"PATCH {V1}/pools/chat", b'{"paralel": 1}', 400, "setting.nearest"),
    (f"PATCH {V1}/pools/chat", b'{"name": null, "workers": 17}', 400, "setting.refused"),
    (f"POST {V1}/keys", b"{}", 400, "api.body"),
    (f"POST {V1}/keys", b'{"name": ""}', 400, "keys.no_name"),
    (f"POST {V1}/keys", b'{"name": "a\\nb"}', 400, "keys.no_name"),
    (f"POST {V1}/keys", b'{"name": "a", "scopes": ["all"]}', 400, "api.body"),
    (f"POST {V1}/keys", b'{"name": "a", "scope": ["use"]}', 400, "api.body"),
]


@pytest.mark.parametrize(("line", "body", "status", "code"), CASES, ids=[f"{one[0]} {one[3]}" for one in CASES])
async def test_what_cannot_be_done_is_refused_with_a_sentence(
    harness: ProxyHarness, line: str, body: str | bytes, status: int, code: str
) -> None:
    before = harness.panel.state
    got = await send(harness, line, body)
    assert (got.status, got.json["code"]) == (status, code)
    assert got.json["error"]
    assert harness.panel.state is before


REFUSED = "The parameters are not what this takes: "
SENTENCES = [
    (f"PATCH {V1}/settings?dryrun=true", b"{}", f"{REFUSED}it has no dryrun, only dry_run and wait."),
    (f"PATCH {V1}/settings?dry_run=yes", b"{}", f'{REFUSED}dry_run must be true or false, not "yes".'),
    (f"GET {V1}/pools?x=1", b"", f"{REFUSED}it has none, and no x."),
    (f"GET {V1}/requests?limit=-1", b"", f'{REFUSED}limit must be a whole number from 0 to 1000, not "-1".'),
    (f"GET {V1}/instances/chat-1/logs?after=x", b"", f'{REFUSED}after must be a whole number, not "x".'),
    (
        f"GET {V1}/events?types=pool,pools",
        b"",
        f'{REFUSED}types must be one of settings, pool, instance, request, notice, sample and tuning, not "pools".',
    ),
    (f"POST {V1}/keys", b"{}", "The body is not what this takes: it needs name."),
    (f"POST {V1}/keys", b"[]", "It is not a JSON object."),
    (
        f"POST {V1}/keys",
        b'{"name": "a", "scopes": ["see", "all"]}',
        'The body is not what this takes: scopes must be one of use, see and control, not "all".',
    ),
    (
        f"POST {V1}/pools",
        b'{"name": "../x"}',
        'name must be a name of lower-case letters, digits, - and _, 32 at most, a letter first, not "../x".',
    ),
    (
        f"PATCH {V1}/settings",
        b"{} {}",
        "The body cannot be read: It is not valid JSON: line 1, column 4: something follows after the last bracket.",
    ),
]


@pytest.mark.parametrize(("line", "body", "sentence"), SENTENCES, ids=[one[0] for one in SENTENCES])
async def test_the_sentence_says_in_plain_words_what_is_wrong(
    harness: ProxyHarness, line: str, body: bytes, sentence: str
) -> None:
    assert (await send(harness, line, body)).json["error"] == sentence


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_body_of_another_type_is_refused(harness: ProxyHarness, given: str) -> None:
    got = await send(harness, f"PATCH {V1}/settings", b"{}", OWNER, f"Content-Type: {given}")
    assert (got.status, got.json["code"]) == (415, "api.content_type")


@pytest.mark.parametrize(
    "given", ["application/json", "APPLICATION/JSON; charset=utf-8", "application/merge-patch+json"]
)
async def test_json_by_any_name_is_taken(harness: ProxyHarness, given: str) -> None:
    assert (await send(harness, f"PATCH {V1}/settings", b"{}", OWNER, f"Content-Type: {given}")).status == 200
    assert (await send(harness, f"PATCH {V1}/settings", b"{}", OWNER)).status == 200


async def test_a_body_beyond_a_mebibyte_is_refused_before_it_is_read(harness: ProxyHarness) -> None:
    got = await harness.ask(f"PATCH {V1}/settings", OWNER, TYPE, f"Content-Length: {2 << 20}")
    assert (got.status, got.json["code"]) == (413, "body.too_long")
    assert (await send(harness, f"PATCH {V1}/settings", b"{" + b" " * 1_000_000 + b"}")).status == 200


async def test_a_wrong_method_is_told_the_right_ones(harness: ProxyHarness) -> None:
    assert (await harness.ask(f"PUT {V1}/settings", OWNER)).header("Allow") == "GET, PATCH, HEAD"
    assert (await harness.ask(f"GET {V1}/instances/chat-1/start", OWNER)).header("Allow") == "POST"


@pytest.mark.parametrize("path", ["settings", "pools", "events", "instances/chat-1/logs?follow=true"])
async def test_a_head_is_that_of_the_answer_alone(harness: ProxyHarness, path: str) -> None:
    async with harness.client() as client:
        got = await client.exchange("HEAD", f"{V1}/{path}", b"", OWNER)
        assert (got.status, got.body) == (200, b"")
        assert (await client.exchange("GET", "/")).status == 200


async def test_answers_are_kept_by_no_cache(harness: ProxyHarness) -> None:
    got = await send(harness, f"POST {V1}/keys", json.dumps({"name": "a"}))
    assert (got.status, got.header("Cache-Control")) == (201, "no-store")


@pytest.mark.parametrize(
    ("given", "status"),
    [("*", 200), ('"x"', 412), ("W/{}", 412), ("{}", 200), ('"x", {}', 200), ("", 200), ('"x",,', 412)],
)
async def test_a_change_can_be_bound_to_what_was_read(harness: ProxyHarness, given: str, status: int) -> None:
    tag = (await harness.ask(f"GET {V1}/pools/chat", OWNER)).header("ETag")
    assert tag is not None
    got = await send(harness, f"PATCH {V1}/pools/chat", b'{"parallel": 5}', OWNER, f"If-Match: {given.format(tag)}")
    assert got.status == status
    assert (got.header("ETag") not in (None, tag)) is (status == 200)


async def test_advice_is_given_for_a_machine_that_is_described(harness: ProxyHarness) -> None:
    described = f"{V1}/advice?use=rag&people=6&gpu=2x%20RTX%204090&memory=64GiB"
    got = await harness.ask(f"GET {described}", OWNER)
    advice = msgspec.json.decode(got.body, type=Answer).advice
    assert advice is not None
    assert (got.status, advice.machine.cards, advice.use) == (200, 2, Use.RAG)
    assert (await harness.ask(f"GET {V1}/advice?family=qwen35", OWNER)).json["advice"] is None
    for wrong, code in (("gpu=x", "advise.no_card"), ("people=0", "api.parameters"), ("use=poetry", "api.parameters")):
        refused = await harness.ask(f"GET {V1}/advice?{wrong}", OWNER)
        assert (refused.status, refused.json["code"]) == (400, code)


@pytest.mark.parametrize(("query", "calls"), [("", 1), ("?refresh=true", 2)])
async def test_clients_are_told_and_who_goes_past_the_panel_is_looked_for_on_request(
    harness: ProxyHarness, query: str, calls: int
) -> None:
    got = await harness.ask(f"GET {V1}/clients{query}", OWNER)
    assert (got.status, got.json["clients"], got.json["bypassing"], harness.panel.calls) == (200, [], None, calls)
