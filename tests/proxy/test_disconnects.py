"""Clients that disconnect in any phase: the slot is freed and the instance stops."""

import socket
from collections.abc import Callable

import pytest

from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import CHAT, NDJSON, ReceivedRequest, Script, ScriptConnection, chunk, head
from tests.proxy.conftest import ProxyHarness


def endless(heartbeat: bytes = b'{"done":false}\n') -> Script:
    """Stream one chunk, then wait for the client to leave."""

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(heartbeat))
        await connection.disconnected.wait()

    return play


async def silent(_: ReceivedRequest, connection: ScriptConnection) -> None:
    await connection.disconnected.wait()


async def test_a_client_that_leaves_in_the_queue_vanishes(harness: ProxyHarness) -> None:
    harness.gate.set_slots(0)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: len(harness.gate.waiting) == 1)
        client.abort()
        await harness.gate.until(lambda: not harness.gate.waiting)
    await harness.wait_all_ended()
    assert harness.gate.leases[0].outcome == "cancelled"
    assert harness.upstream.requests == []


@pytest.mark.parametrize("script", [silent, endless()], ids=["before the headers", "in mid-stream"])
async def test_a_client_that_leaves_frees_slot_and_instance(harness: ProxyHarness, script: Script) -> None:
    harness.upstream.script = script
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: len(harness.upstream.requests) == 1)
        client.abort()
        await harness.upstream.until(lambda: harness.upstream.aborted == 1)
    await harness.wait_all_ended()
    assert harness.gate.leases[0].outcome == "cancelled"
    assert harness.upstream.connections == 0


@pytest.mark.parametrize("leave", [RawClient.abort, RawClient.reset])
async def test_a_client_that_leaves_is_noticed_although_nothing_more_of_it_is_read(
    harness: ProxyHarness, leave: Callable[[RawClient], None]
) -> None:
    harness.gate.set_slots(0)
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.gate.until(lambda: len(harness.gate.waiting) == 1)
        # More than the proxy buffers (512 KiB), but no more than the system takes besides: else the end of the
        # connection would wait in the client's system behind data that nobody reads.
        next_one = b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 560000\r\n\r\n"
        client.writer.write(next_one + b" " * 560_000)
        async with harness.client() as other:
            for _ in range(20):
                await other.exchange("GET", "/")  # by now the proxy has read as much as it will
        leave(client)
        await harness.gate.until(lambda: not harness.gate.waiting)
    await harness.wait_all_ended()
    assert harness.gate.leases[0].outcome == "cancelled"


async def test_a_client_that_is_killed_in_an_upload_is_noticed_although_the_instance_does_not_read(
    harness: ProxyHarness,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unread:  # the system takes connections, and some megabytes, for it
        harness.gate.urls[0] = f"http://127.0.0.1:{unread.getsockname()[1]}"
        async with harness.client() as client, harness.client() as other:
            head = b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n"
            client.writer.write(head + b"x" * 60_000_000)
            for _ in range(100):
                await other.exchange("GET", "/")
            assert harness.server.active == 1
            client.reset()
            await harness.server.wait_idle()


async def test_a_client_that_leaves_while_its_body_is_read_never_queues(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        await client.send(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        async with harness.client() as other:
            await other.exchange("GET", "/")  # by now the first request has been taken up
        assert harness.server.active == 1
        client.abort()
    await harness.server.wait_idle()
    assert harness.gate.leases == []


@pytest.mark.parametrize("leave", [RawClient.abort, RawClient.reset], ids=["vanishes", "resets its connection"])
async def test_an_upload_whose_client_leaves_is_closed_at_the_instance(
    harness: ProxyHarness, leave: Callable[[RawClient], None], caplog: pytest.LogCaptureFixture
) -> None:
    async with harness.client() as client:
        await client.send(b"POST /api/blobs/sha256:1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\nx")
        await harness.upstream.until(lambda: harness.upstream.connections == 1)
        leave(client)
        await harness.upstream.until(lambda: harness.upstream.connections == 0)
    await harness.wait_all_ended()
    assert caplog.records == []
