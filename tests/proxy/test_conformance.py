"""HTTP conformance, byte by byte: invalid requests never reach an instance, valid ones are forwarded unchanged."""

import asyncio

import pytest

from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.proxy.connection import LINGER_S
from tests.fakes.rawclient import RawResponse
from tests.fakes.upstream import (
    CHAT,
    END,
    ReceivedRequest,
    ScriptConnection,
    chat_lines,
    chunk,
    head,
    reply,
    routes,
    stream,
)
from tests.proxy.conftest import ProxyHarness

HOST = b"Host: localhost\r\n"


def ask(line: bytes, *headers: bytes, body: bytes = b"", host: bytes = HOST) -> bytes:
    return line + b"\r\n" + host + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def post(*headers: bytes, body: bytes = b"ab", path: bytes = b"/api/chat") -> bytes:
    return ask(b"POST " + path + b" HTTP/1.1", *headers, body=body)


CHUNKED = b"Transfer-Encoding: chunked"

REFUSED: dict[str, tuple[int, bytes]] = {
    "a length and chunks": (400, post(b"Content-Length: 5", CHUNKED, body=b"0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n")),
    "two different lengths": (400, post(b"Content-Length: 2", b"Content-Length: 3", body=b"abc")),
    "two equal lengths": (400, post(b"Content-Length: 2", b"Content-Length: 2")),
    "a list of lengths": (400, post(b"Content-Length: 2, 2")),
    "a negative length": (400, post(b"Content-Length: -2")),
    "a signed length": (400, post(b"Content-Length: +2")),
    "a hexadecimal length": (400, post(b"Content-Length: 0x2")),
    "a length beyond 64 bits": (400, post(b"Content-Length: 99999999999999999999999")),
    "a length beyond the limit": (413, post(b"Content-Length: 9999999999", body=b"")),
    "a chunk size of letters": (400, post(CHUNKED, body=b"zz\r\nab\r\n0\r\n\r\n")),
    "a bad size in the second chunk": (400, post(CHUNKED, body=b"2\r\nab\r\nzz\r\n\r\n")),
    "a chunk size beyond 64 bits": (400, post(CHUNKED, body=b"ffffffffffffffffff\r\nab\r\n0\r\n\r\n")),
    "a negative chunk size": (400, post(CHUNKED, body=b"-2\r\nab\r\n0\r\n\r\n")),
    "a chunk without its end": (400, post(CHUNKED, body=b"2\r\nabX\r\n0\r\n\r\n")),
    "coding identity": (400, post(b"Transfer-Encoding: identity", body=b"")),
    "coding gzip": (400, post(b"Transfer-Encoding: gzip", body=b"")),
    "coding xchunked": (400, post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n")),
    "chunked twice": (400, post(b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n")),
    "a space before the colon of the coding": (400, post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n")),
    "chunks in HTTP/1.0": (400, ask(b"POST /x HTTP/1.0", CHUNKED, body=b"0\r\n\r\n")),
    "a folded header": (400, ask(b"GET /x HTTP/1.1", b"X-A: 1\r\n 2")),
    "a request line of 70 KB": (431, ask(b"GET /x?" + b"a" * 70_000 + b" HTTP/1.1")),
    "a header of 70 KB": (431, ask(b"GET /x HTTP/1.1", b"X-A: " + b"a" * 70_000)),
    "headers of 60 KB each, 720 KB together": (
        431,
        ask(b"GET /x HTTP/1.1", *[b"X-%d: " % n + b"a" * 60_000 for n in range(12)]),
    ),
    "three hundred headers": (431, ask(b"GET /x HTTP/1.1", *[b"X-%d: a" % n for n in range(300)])),
    "no host": (400, ask(b"GET /x HTTP/1.1", host=b"")),
    "two hosts": (400, ask(b"GET /x HTTP/1.1", b"Host: localhost")),
    "HTTP/2": (505, ask(b"GET /x HTTP/2.0")),
    "the preface of HTTP/2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    "lines without CR": (400, b"GET /x HTTP/1.1\nHost: localhost\n\n"),
    "NUL in a header": (400, ask(b"GET /x HTTP/1.1", b"X-A: a\0b")),
    "CR in a header": (400, ask(b"GET /x HTTP/1.1", b"X-A: a\rb")),
    "a header without a name": (400, ask(b"GET /x HTTP/1.1", b": a")),
    "a header without a colon": (400, ask(b"GET /x HTTP/1.1", b"abc")),
    "a space in the path": (400, ask(b"GET /x y HTTP/1.1")),
    "a path without a slash": (400, ask(b"GET x HTTP/1.1")),
    "an unknown method": (400, ask(b"FOO /x HTTP/1.1")),
    "a tunnel": (405, ask(b"CONNECT localhost:80 HTTP/1.1")),
    "an expectation that nobody knows": (417, post(b"Expect: miracles", b"Content-Length: 2")),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_is_a_status_and_an_end_and_reaches_no_instance(harness: ProxyHarness, name: str) -> None:
    status, raw = REFUSED[name]
    async with harness.client() as client:
        await client.send(raw)
        got = await client.get()
        await harness.later(LINGER_S)  # for the rest of a body that nobody wants
        assert await client.closed_by_peer()
    assert got.status == status
    assert got.line.startswith("HTTP/1.1 ") or raw.find(b"HTTP/1.0") > 0
    assert "error" in got.json
    assert len(got.body) < 300
    assert harness.upstream.requests == []


def echo(*headers: str) -> object:
    """Answer with the request as it came."""

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await reply(request.raw_head + request.body, "200 OK", "Content-Type: text/plain", *headers)(
            request, connection
        )

    return play


async def echoed(harness: ProxyHarness, raw: bytes) -> RawResponse:
    harness.upstream.script = echo("X-CaSe: V", "Set-Cookie: a=1", "Set-Cookie: b=2")
    async with harness.client() as client:
        await client.send(raw)
        return await client.get()


async def test_path_query_and_header_case_pass_exactly(harness: ProxyHarness) -> None:
    path = b"/echo/a%2Fb%20c/%7Eu/./z/../k?x=a%20b+c&y=%7B&z=%2f|"
    got = await echoed(harness, ask(b"GET " + path + b" HTTP/1.1", b"X-FoO: 1", b"user-agent: me"))
    lines = got.body.split(b"\r\n")
    assert lines[0] == b"GET " + path + b" HTTP/1.1"
    assert lines[2:4] == [b"X-FoO: 1", b"user-agent: me"]
    assert lines[1] == b"Host: " + harness.upstream.url.removeprefix("http://").encode()
    assert len(lines) == 6, "nothing is added"
    assert ("X-CaSe", "V") in got.headers
    assert [value for name, value in got.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


async def test_bytes_that_are_no_text_pass_in_headers(harness: ProxyHarness) -> None:
    got = await echoed(harness, ask(b"GET /x HTTP/1.1", b"X-A: caf\xe9", "X-B: café".encode()))
    assert b"X-A: caf\xe9\r\n" in got.body
    assert "X-B: café".encode() in got.body


async def test_what_belongs_to_one_connection_stays_there(harness: ProxyHarness) -> None:
    hop = (b"Connection: keep-alive, X-Nom", b"X-Nom: q", b"TE: trailers", b"Upgrade: h2c", b"Keep-Alive: 5")
    got = await echoed(harness, ask(b"GET /x HTTP/1.1", *hop, b"Proxy-Authorization: Basic eA==", b"X-Mine: 1"))
    names = {line.split(b":")[0].lower() for line in got.body.split(b"\r\n")[1:] if line}
    assert names == {b"host", b"x-mine"}


@pytest.mark.parametrize("start", [b"http://localhost", b"HTTP://localhost:1", b"ftp://me@localhost"])
async def test_a_whole_url_in_the_request_line_is_taken_for_its_path(harness: ProxyHarness, start: bytes) -> None:
    got = await echoed(harness, ask(b"GET %b/x/abs?q=1 HTTP/1.1" % start))
    assert got.body.startswith(b"GET /x/abs?q=1 HTTP/1.1\r\n")


async def test_an_escaped_path_keeps_its_escapes_on_the_wire(harness: ProxyHarness) -> None:
    got = await echoed(harness, ask(b"GET /api/%74%2Fags?x=%20 HTTP/1.1"))
    assert got.body.startswith(b"GET /api/%74%2Fags?x=%20 HTTP/1.1\r\n")


async def test_a_long_body_is_not_taken_for_headers(harness: ProxyHarness) -> None:
    body = b" " * 3_000_000
    async with harness.client() as client:
        await client.send(
            b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        assert (await client.get()).status == 200
        assert (await client.exchange("GET", "/")).status == 200


async def test_what_follows_an_early_answer_is_not_taken_for_headers(harness: ProxyHarness) -> None:
    harness.configure(header_timeout_s=30)
    async with harness.client() as client:
        await client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n")
        assert (await client.get()).status == 200
        await client.send(b"abc")
        await harness.later(31)
        got = await client.exchange("GET", "/")
        assert got.status == 200


async def test_requests_in_one_packet_are_answered_in_order(harness: ProxyHarness) -> None:
    harness.upstream.script = echo()
    async with harness.client() as client:
        await client.send(b"".join(ask(b"GET /x/%d HTTP/1.1" % number) for number in range(5)))
        bodies = [(await client.get()).body for _ in range(5)]
    assert [body.split()[1] for body in bodies] == [b"/x/%d" % number for number in range(5)]


async def test_a_refused_request_does_not_spoil_those_before_it(harness: ProxyHarness) -> None:
    harness.upstream.script = echo()
    async with harness.client() as client:
        await client.send(ask(b"GET /x/1 HTTP/1.1"))
        assert (await client.get()).status == 200
        await client.send(ask(b"GET /x HTTP/1.1", b"bad"))
        assert (await client.get()).status == 400


async def test_http_1_0_gets_its_stream_without_chunks_and_an_end(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT, http="1.0")
        got = await client.get()
        assert await client.closed_by_peer()
    assert got.line == "HTTP/1.0 200 OK"
    assert got.header("Transfer-Encoding") is None
    assert got.body == b"".join(chat_lines(2))


async def test_http_1_0_keeps_the_connection_when_asked_and_the_length_is_known(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b"{}")
    async with harness.client() as client:
        for _ in range(2):
            await client.send_request("POST", "/api/show", b"{}", "Connection: keep-alive", http="1.0")
            got = await client.get()
            assert got.header("Connection") == "keep-alive"


async def test_connection_close_is_honoured(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        got = await client.exchange("POST", "/api/show", b"{}", "Connection: close")
        assert got.header("Connection") == "close"
        assert await client.closed_by_peer()


@pytest.mark.parametrize("path", ["/api/chat", "/x", "/api/blobs/sha256:1"])
async def test_a_body_in_chunks_arrives_whole(harness: ProxyHarness, path: str) -> None:
    async with harness.client() as client:
        lead = f"POST {path} HTTP/1.1".encode()
        await client.send(
            ask(lead, CHUNKED, b"Trailer: X-T", body=b"5;a=b\r\nhello\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")
        )
        assert (await client.get()).status == 200
    assert harness.upstream.requests[0].body == b"helloabc"


async def test_expect_continue_is_answered_before_the_body_comes(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        await client.send(post(b"Expect: 100-continue", b"Content-Length: 2", body=b""))
        assert (await client.head()).status == 100
        await client.send(b"{}")
        assert (await client.get()).status == 200
    assert harness.upstream.requests[0].header("Expect") is None


async def test_a_body_that_is_too_long_is_refused_before_it_is_sent(harness: ProxyHarness) -> None:
    harness.configure(max_body_mib=1)
    async with harness.client() as client:
        await client.send(post(b"Expect: 100-continue", b"Content-Length: %d" % (MIB + 1), body=b""))
        got = await client.get()
    assert got.status == 413
    assert "limit" in str(got.json["error"])


@pytest.mark.parametrize("path", [b"/api/blobs/sha256:1", b"/x"])
async def test_a_body_that_is_passed_on_unread_may_be_longer_than_the_limit(harness: ProxyHarness, path: bytes) -> None:
    harness.configure(max_body_mib=1)
    async with harness.client() as client:
        await client.send(post(b"Expect: 100-continue", b"Content-Length: %d" % (MIB + 1), body=b"", path=path))
        assert (await client.head()).status == 100
        await client.send(b"x" * (MIB + 1))
        assert (await client.get()).status == 200
    assert len(harness.upstream.requests[0].body) == MIB + 1


async def test_a_body_that_grows_too_long_is_refused(harness: ProxyHarness) -> None:
    harness.configure(max_body_mib=1)
    async with harness.client() as client:
        await client.send(post(CHUNKED, body=chunk(b"x" * MIB) + chunk(b"x") + END))
        assert (await client.get()).status == 413


async def test_head_has_a_length_and_no_body(harness: ProxyHarness) -> None:
    harness.upstream.script = reply(b"0123456789")
    async with harness.client() as client:
        got = await client.exchange("HEAD", "/api/tags")
        assert got.header("Content-Length") == "10"
        assert (await client.exchange("GET", "/api/tags")).body == b"0123456789"


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_answers_without_a_body_stay_without(harness: ProxyHarness, status: str) -> None:
    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(
            head(status, "ETag: x") if request.line.startswith("GET /empty") else head("200 OK", "Content-Length: 0")
        )

    harness.upstream.script = play
    async with harness.client() as client:
        got = await client.exchange("GET", "/empty")
        assert got.header("Transfer-Encoding") is None
        assert got.header("Content-Length") is None
        assert (await client.exchange("GET", "/after")).status == 200


async def test_interim_answers_of_an_instance_are_skipped(harness: ProxyHarness) -> None:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(
            head("103 Early Hints", "Link: x") + head("100 Continue") + head("200 OK", "Content-Length: 2") + b"ok"
        )

    harness.upstream.script = play
    async with harness.client() as client:
        got = await client.exchange("GET", "/x")
    assert (got.status, got.body, got.header("Link")) == (200, b"ok", None)


async def test_an_answer_that_ends_with_its_connection_is_whole(harness: ProxyHarness) -> None:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", "Content-Type: text/plain") + b"until the end")
        connection.hang_up()

    harness.upstream.script = play
    async with harness.client() as client:
        got = await client.exchange("GET", "/x")
    assert (got.body, got.complete) == (b"until the end", True)


async def test_a_client_that_closes_its_half_is_gone_as_for_ollama(harness: ProxyHarness) -> None:
    """Go's server takes the end of the request stream for the client's leave, and so does the proxy: no hang."""
    harness.gate.set_slots(0)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: bool(harness.gate.waiting))
        client.writer.write_eof()
        assert await client.closed_by_peer()
    await harness.gate.until(lambda: not harness.gate.waiting)
    assert harness.gate.leases[0].outcome == "cancelled"


async def test_own_answers_pass_to_unknown_paths_too(harness: ProxyHarness) -> None:
    harness.upstream.script = routes({"/api/new": reply(b'{"new":true}')})
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/new", b'{"model":"x"}')).json == {"new": True}
        assert (await client.exchange("GET", "/api/none")).body == b"404 page not found"


async def test_more_requests_than_are_read_ahead_are_answered_in_order(harness: ProxyHarness) -> None:
    async def echo(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", f"Content-Length: {len(request.body)}") + request.body)

    harness.upstream.script = echo
    client = await harness.connect()
    bodies = [b'{"model":"tiny","stream":false,"prompt":"%d"}' % number + b" " * 9000 for number in range(100)]
    lengths = [b"Content-Length: %d" % len(body) for body in bodies]
    asked = [post(length, body=body) for length, body in zip(lengths, bodies, strict=True)]
    async with asyncio.TaskGroup() as group:
        group.create_task(client.send(b"".join(asked)))
        assert [(await client.get()).body for _ in bodies] == bodies
    await client.close()


@pytest.mark.parametrize("body", [b'{"model":"tiny","stream":false}', b""])
async def test_requests_after_a_body_that_came_late_are_answered_however_many_they_are(
    harness: ProxyHarness, body: bytes
) -> None:
    harness.upstream.script = reply(b'{"done":true}')
    client = await harness.connect()
    late = b'{"model":"tiny","stream":false}'
    await client.send(post(b"Content-Length: %d" % len(late), body=b""))
    await harness.input_read()  # the request is being handled, and waits for its body
    await client.send(late)
    assert (await client.get()).status == 200
    get = b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n"
    asked = post(b"Content-Length: %d" % len(body), body=body) if body else get
    for count in (31, 32, 33, 100):
        await client.send(asked * count)
        assert [(await client.get()).status for _ in range(count)] == [200] * count
    await client.close()
