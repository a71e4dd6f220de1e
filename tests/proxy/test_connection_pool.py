"""As many connections to instances as there may be: who has no slot waits for one, who has one does not."""

import asyncio

from tests.fakes.rawclient import RawClient
from tests.fakes.upstream import CHAT, FakeUpstream, ReceivedRequest, ScriptConnection, chat_lines, reply, stream
from tests.proxy.conftest import ProxyHarness


def held(harness: ProxyHarness, most: int) -> asyncio.Event:
    """Let the instance answer when the event is set; at most `most` connections to it may be open."""
    harness.server._pool._most = most
    go = asyncio.Event()
    answer = reply(b"{}")

    async def script(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await go.wait()
        await answer(request, connection)

    harness.upstream.script = script
    return go


async def ask(client: RawClient) -> None:
    await client.send_request("GET", "/api/version")


async def test_requests_without_a_slot_wait_for_a_connection(harness: ProxyHarness) -> None:
    go = held(harness, 2)
    clients = [await harness.connect() for _ in range(7)]
    for client in clients:
        await ask(client)
    await harness.input_read()
    await harness.upstream.until(lambda: harness.upstream.active == 2)
    go.set()
    assert [(await client.get()).status for client in clients] == [200] * 7
    assert harness.upstream.opened == 2
    for client in clients:
        await client.close()


async def test_a_request_with_a_slot_does_not_wait(harness: ProxyHarness) -> None:
    go = held(harness, 1)
    async with harness.client() as one, harness.client() as two:
        await ask(one)
        await harness.upstream.until(lambda: harness.upstream.active == 1)
        harness.upstream.script = stream(chat_lines(1))
        assert (await two.exchange("POST", "/api/chat", CHAT)).complete
        go.set()
        assert (await one.get()).status == 200


async def test_one_that_leaves_while_it_waits_does_not_take_the_place_of_the_next(harness: ProxyHarness) -> None:
    go = held(harness, 1)
    async with harness.client() as one, harness.client() as three:
        await ask(one)
        await harness.upstream.until(lambda: harness.upstream.active == 1)
        async with harness.client() as two:
            await ask(two)
            await harness.input_read()
        await ask(three)
        await harness.input_read()
        go.set()
        assert (await one.get()).status == 200
        assert (await three.get()).status == 200


async def test_an_idle_connection_to_another_instance_is_closed_for_one_that_waits(harness: ProxyHarness) -> None:
    harness.server._pool._most = 1
    async with FakeUpstream(reply(b'{"models":[]}')) as second, harness.client() as client:
        harness.upstream.script = reply(b'{"models":[]}')
        harness.gate.urls.append(second.url)
        for _ in range(3):
            assert (await client.exchange("GET", "/api/tags")).status == 200
    assert (harness.upstream.connections + second.connections) <= 1
