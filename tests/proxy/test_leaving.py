"""Clients that leave, in any phase: nothing runs for nobody."""

import socket
from collections.abc import Callable

import pytest

from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import CHAT, NDJSON, ReceivedRequest, Script, ScriptConnection, chunk, head
from tests.proxy.conftest import Stage


def endless(heartbeat: bytes = b'{"done":false}\n') -> Script:
    """Stream one chunk, then wait for the client to leave."""

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(heartbeat))
        await connection.disconnected.wait()

    return play


async def silent(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.disconnected.wait()


async def test_a_client_that_leaves_in_the_queue_vanishes(stage: Stage) -> None:
    stage.gate.set_slots(0)
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await stage.gate.until(lambda: len(stage.gate.waiting) == 1)
        client.abort()
        await stage.gate.until(lambda: not stage.gate.waiting)
    await stage.all_quiet()
    assert stage.gate.leases[0].outcome == "cancelled"
    assert stage.upstream.requests == []


@pytest.mark.parametrize("script", [silent, endless()], ids=["before the headers", "in mid-stream"])
async def test_a_client_that_leaves_frees_slot_and_instance(stage: Stage, script: Script) -> None:
    stage.upstream.script = script
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await stage.upstream.until(lambda: len(stage.upstream.requests) == 1)
        client.abort()
        await stage.upstream.until(lambda: stage.upstream.aborted == 1)
    await stage.all_quiet()
    assert stage.gate.leases[0].outcome == "cancelled"
    assert stage.upstream.connections == 0


@pytest.mark.parametrize("leave", [RawClient.abort, RawClient.reset])
async def test_a_client_that_leaves_is_noticed_although_nothing_more_of_it_is_read(
    stage: Stage, leave: Callable[[RawClient], None]
) -> None:
    stage.gate.set_slots(0)
    async with stage.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await stage.gate.until(lambda: len(stage.gate.waiting) == 1)
        next_one = b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n"
        client.writer.write(next_one + b" " * 2_000_000)
        async with stage.client() as other:
            for _ in range(20):
                await other.exchange("GET", "/")  # by now the proxy has read as much as it will
        leave(client)
        await stage.gate.until(lambda: not stage.gate.waiting)
    await stage.all_quiet()
    assert stage.gate.leases[0].outcome == "cancelled"


async def test_a_client_that_is_killed_in_an_upload_is_noticed_although_the_instance_does_not_read(
    stage: Stage,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # the system takes connections, and some megabytes, for it
        stage.gate.urls[0] = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        async with stage.client() as client, stage.client() as other:
            head = b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n"
            client.writer.write(head + b"x" * 60_000_000)
            for _ in range(100):
                await other.exchange("GET", "/")
            assert stage.server.active == 1
            client.reset()
            await stage.server.wait_idle()


async def test_a_client_that_leaves_while_its_body_is_read_never_queues(stage: Stage) -> None:
    async with stage.client() as client:
        await client.send(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        async with stage.client() as other:
            await other.exchange("GET", "/")  # by now the first request has been taken up
        assert stage.server.active == 1
        client.abort()
    await stage.server.wait_idle()
    assert stage.gate.leases == []


@pytest.mark.parametrize("leave", [RawClient.abort, RawClient.reset], ids=["vanishes", "resets its connection"])
async def test_an_upload_whose_client_leaves_is_closed_at_the_instance(
    stage: Stage, leave: Callable[[RawClient], None], caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.client() as client:
        await client.send(b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\nx")
        await stage.upstream.until(lambda: stage.upstream.connections == 1)
        leave(client)
        await stage.upstream.until(lambda: stage.upstream.connections == 0)
    await stage.all_quiet()
    assert caplog.records == []
