"""Accepting: all that come at once, within the limit, whatever the system says, and what the kernel held at the end."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import msgspec
import pytest

from ollama_panel.proxy.acceptor import PRESSURE_S, RETRY_S, TOLD_AGAIN_S, Acceptor
from ollama_panel.proxy.connection import MADE_ROOM, SILENT_S, STALLED_S
from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import CHAT, chat_lines, stream
from tests.fakes.virtual import advance
from tests.fakes.waiting import deadline
from tests.proxy.conftest import ProxyHarness

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def limited(harness: ProxyHarness, most: int | None) -> AsyncIterator[tuple[ConnectionLimit, int]]:
    """A second server of the harness, with so many connections at most; yields its limit and its port."""
    limit = ConnectionLimit(most)
    options = msgspec.structs.replace(harness.options, port=0)
    server = ProxyServer(harness.gate, options, harness.panel, limit=limit)
    await server.start()
    try:
        yield limit, server.port
    finally:
        await server.stop(5)
        async with deadline("the last connection to close"):
            await server.wait_all_disconnected()


class Crowd:
    """Clients whose connections are complete in the kernel before the loop has had a turn."""

    def __init__(self, stack: ExitStack, port: int, count: int) -> None:
        self.sockets = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for one in self.sockets:
            one.setblocking(False)

    def send(self, content: bytes = REQUEST) -> None:
        for one in self.sockets:
            one.sendall(content)

    async def answers(self) -> list[bytes]:
        """Wait until the server has closed all; return what each got."""
        async with deadline("each client of the crowd to be answered"):
            return await asyncio.gather(*map(self._answer, self.sockets))

    @staticmethod
    async def _answer(client: socket.socket) -> bytes:
        pieces = []
        while piece := await asyncio.get_running_loop().sock_recv(client, 65536):
            pieces.append(piece)
        return b"".join(pieces)


async def started(port: int) -> None:
    """Wait until all that have connected before are known to the server."""
    last = await RawClient.connect(port)
    assert (await last.exchange("GET", "/")).status == 200
    await last.close()


async def test_all_that_come_at_once_are_answered(harness: ProxyHarness) -> None:
    with ExitStack() as stack:
        crowd = Crowd(stack, harness.port, 300)
        crowd.send()
        answers = await crowd.answers()
    assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * 300


async def test_at_the_limit_newcomers_wait_until_one_leaves(harness: ProxyHarness) -> None:
    async with limited(harness, 2) as (limit, port):
        first, second = await RawClient.connect(port), await RawClient.connect(port)
        for client in (first, second):
            assert (await client.exchange("GET", "/")).status == 200
        third = await RawClient.connect(port)
        await third.send_request("GET", "/")
        await harness.input_read()
        assert (limit.open, limit.pauses) == (2, 1)
        await first.close()
        async with deadline("the third to be answered"):
            assert (await third.head()).status == 200
        await second.close()
        await third.close()
    assert limit.open == 0


async def test_a_crowd_beyond_the_limit_is_served_one_after_the_other(harness: ProxyHarness) -> None:
    async with limited(harness, 10) as (limit, port):
        with ExitStack() as stack:
            crowd = Crowd(stack, port, 100)
            crowd.send()
            answers = await crowd.answers()
        assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * 100
        assert limit.pauses >= 1


async def test_silent_connections_make_room_the_longest_silent_first(harness: ProxyHarness) -> None:
    async with limited(harness, MADE_ROOM + 1) as (_, port):
        with ExitStack() as stack:
            silent = Crowd(stack, port, MADE_ROOM)
            await started(port)
            await harness.later(2)
            youngest = await RawClient.connect(port)
            assert (await youngest.exchange("GET", "/")).status == 200
            newcomer = await RawClient.connect(port)
            await newcomer.send_request("GET", "/")
            await harness.later(SILENT_S - 1)
            assert (await youngest.exchange("GET", "/")).status == 200
            assert set(await silent.answers()) == {b""}
            async with deadline("the newcomer to be answered"):
                assert (await newcomer.head()).status == 200
            assert (await youngest.exchange("GET", "/")).status == 200
        await youngest.close()
        await newcomer.close()


async def test_clients_that_stop_in_the_middle_of_a_body_make_room_and_are_told(harness: ProxyHarness) -> None:
    async with limited(harness, 1) as (_, port):
        stalled, newcomer = await RawClient.connect(port), await RawClient.connect(port)
        await stalled.send(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        await newcomer.send_request("GET", "/")
        await harness.later(STALLED_S - 1)
        await stalled.send(b" ")
        await harness.later(STALLED_S - 1)
        assert harness.gate.leases == []
        await harness.later(3)
        got = await stalled.get()
        assert (got.status, b"body.late" in got.body) == (408, True)
        assert (await newcomer.head()).status == 200
        await stalled.close()
        await newcomer.close()


async def test_silent_connections_stay_while_nobody_waits(harness: ProxyHarness) -> None:
    async with limited(harness, 2) as (limit, port):
        first, second = await RawClient.connect(port), await RawClient.connect(port)
        for client in (first, second):
            assert (await client.exchange("GET", "/")).status == 200
        await harness.later(3 * SILENT_S)
        for client in (first, second):
            assert (await client.exchange("GET", "/")).status == 200
            await client.close()
        assert limit.pauses == 0


async def test_a_request_in_progress_is_not_closed_to_make_room(harness: ProxyHarness) -> None:
    harness.upstream.script = stream(chat_lines(2))
    harness.gate.set_slots(0)
    async with limited(harness, 1) as (_, port):
        working, newcomer = await RawClient.connect(port), await RawClient.connect(port)
        await working.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: harness.gate.waiting)
        await newcomer.send_request("GET", "/")
        await harness.later(3 * SILENT_S)
        harness.gate.set_slots()
        assert (await working.get()).body == b"".join(chat_lines(2))
        await harness.later(SILENT_S + PRESSURE_S)
        async with deadline("the newcomer to be answered"):
            assert (await newcomer.head()).status == 200
        assert await working.closed_by_peer()
        await working.close()
        await newcomer.close()


class Stumbling:
    """Lets `accept` fail with these errors first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.errors: list[int] = []
        accept, errors = socket.socket.accept, self.errors

        def stumble(listening: socket.socket) -> object:
            if errors:
                number = errors.pop(0)
                raise OSError(number, os.strerror(number))
            return accept(listening)

        monkeypatch.setattr(socket.socket, "accept", stumble)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
async def test_when_the_system_has_nothing_left_accepting_rests_and_goes_on(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    async with limited(harness, None) as (limit, port):
        stumbling = Stumbling(monkeypatch)
        stumbling.errors += [number] * 3
        client = await RawClient.connect(port)
        await client.send_request("GET", "/")
        async with deadline("the client to be answered"):
            while limit.open == 0:
                await advance(RETRY_S)
            assert (await client.head()).status == 200
        await client.close()
        assert limit.pauses == 3
    assert caplog.text.count("Accepting connections rests") == 1


async def test_what_goes_on_is_told_once_a_minute(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Ten lines a second would push everything else out of the log."""
    async with limited(harness, None) as (limit, port):
        stumbling = Stumbling(monkeypatch)
        stumbling.errors += [errno.EMFILE] * 1000
        client = await RawClient.connect(port)
        async with deadline("accepting to rest twice"):
            while limit.pauses < 2:
                await advance(RETRY_S)
        assert caplog.text.count("Accepting connections rests") == 1
        await advance(TOLD_AGAIN_S)
        async with deadline("accepting to rest again"):
            while caplog.text.count("Accepting connections rests") < 2:
                await advance(RETRY_S)
        await client.close()


async def test_when_the_system_has_nothing_left_silent_connections_make_room(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited(harness, None) as (_, port):
        with ExitStack() as stack:
            silent = Crowd(stack, port, 3)
            await harness.later(SILENT_S)
            Stumbling(monkeypatch).errors.append(errno.EMFILE)
            client = await RawClient.connect(port)
            assert set(await silent.answers()) == {b""}
            await advance(RETRY_S)
            assert (await client.exchange("GET", "/")).status == 200
            await client.close()


@pytest.mark.parametrize("number", [errno.ECONNABORTED, errno.EPERM, errno.EPROTO, errno.ENETDOWN])
async def test_an_error_of_one_connection_delays_no_other(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    async with limited(harness, None) as (limit, port):
        stumbling = Stumbling(monkeypatch)
        stumbling.errors += [number] * 3
        client = await RawClient.connect(port)
        assert (await client.exchange("GET", "/")).status == 200
        await client.close()
        assert limit.pauses == 0


async def test_what_the_kernel_holds_when_the_server_stops_is_served(harness: ProxyHarness) -> None:
    with ExitStack() as stack:
        crowd = Crowd(stack, harness.port, 50)
        crowd.send()
        await harness.server.stop(30)
        answers = await crowd.answers()
    assert [answer[:15] for answer in answers] == [b"HTTP/1.1 200 OK"] * 50


async def test_who_has_sent_nothing_when_the_server_stops_does_not_delay_it(harness: ProxyHarness) -> None:
    with ExitStack() as stack:
        crowd = Crowd(stack, harness.port, 5)
        await harness.server.stop(30)
        assert set(await crowd.answers()) == {b""}


async def test_a_server_that_stopped_listening_can_go_on(harness: ProxyHarness) -> None:
    port = harness.port
    async with harness.client() as before:
        assert (await before.exchange("GET", "/")).status == 200
        harness.server.stop_listening()
        with pytest.raises(ConnectionRefusedError):
            await harness.connect()
        await harness.server.resume(port)
        async with harness.client() as after:
            assert (await after.exchange("GET", "/")).status == 200
        assert (await before.exchange("GET", "/")).status == 200


async def test_where_the_loop_cannot_watch_sockets_it_accepts_itself(
    harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(Acceptor, "_watch", refuse)
    async with limited(harness, None) as (limit, port):
        client = await RawClient.connect(port)
        assert (await client.exchange("GET", "/")).status == 200
        assert limit.open == 1
        await client.close()
    assert limit.open == 0
