"""The machine sleeps, or the process is stopped: no time-out of the proxy is used up by that."""

import asyncio

import pytest

from ollama_panel.proxy.connection import KEEPALIVE_S
from ollama_panel.proxy.patient_timer import PatientTimer
from tests.fakes.upstream import CHAT, ReceivedRequest, ScriptConnection, chat_lines, stream
from tests.fakes.virtual import advance, pass_by
from tests.proxy.conftest import ProxyHarness

HEAD = b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n" % len(CHAT)


async def stands_still(harness: ProxyHarness) -> None:
    """Let time pass at once, more than the limits below, when the proxy has read all, and some seconds afterwards."""
    await harness.input_read()
    await advance(50)
    await pass_by(5)


@pytest.mark.parametrize("cut", [10, len(HEAD), len(HEAD) + 2, len(HEAD) + 20], ids=str)
async def test_a_request_that_is_half_sent_is_taken(harness: ProxyHarness, cut: int) -> None:
    harness.configure(header_timeout_s=30, body_timeout_s=30)
    harness.upstream.script = stream(chat_lines(1))
    whole = HEAD + b"\r\n" + CHAT
    async with harness.client() as client:
        await client.send(whole[:cut])
        await stands_still(harness)
        await client.send(whole[cut:])
        got = await client.get()
    assert (got.status, got.complete) == (200, True)


async def test_a_request_that_is_half_sent_on_an_idle_connection_is_taken(harness: ProxyHarness) -> None:
    harness.configure(header_timeout_s=300)
    async with harness.client() as client:
        for _ in range(2):
            await client.send(b"GET / HTTP/1.1\r\nHost: loc")
            await harness.input_read()
            await advance(KEEPALIVE_S + 1)
            await pass_by(5)
            await client.send(b"alhost\r\n\r\n")
            assert (await client.get()).status == 200
        await pass_by(KEEPALIVE_S + 1)
        assert await client.closed_by_peer()


async def test_an_instance_that_is_answering_may_go_on(harness: ProxyHarness) -> None:
    harness.configure(request_timeout_s=30, heartbeat=False)
    harness.gate.max_attempts = 1
    awake = asyncio.Event()

    async def answer(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await awake.wait()
        await stream(chat_lines(2))(request, connection)

    harness.upstream.script = answer
    async with harness.client() as client:
        await client.send_request("POST", "/api/chat", CHAT)
        await harness.upstream.until(lambda: harness.upstream.requests)
        await stands_still(harness)
        awake.set()
        got = await client.get()
    assert (got.status, got.complete) == (200, True)
    assert harness.gate.leases[0].outcome == "finished 200"


async def test_a_timer_calls_once_its_time_has_passed_and_not_before() -> None:
    called = list[str]()
    timers = [PatientTimer(20, lambda: called.append("late")), PatientTimer(20, lambda: called.append("cancelled"))]
    await pass_by(10)
    timers[1].cancel()
    await advance(3600)
    await pass_by(4)
    assert called == []
    await pass_by(7)
    assert called == ["late"]
