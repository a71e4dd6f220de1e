"""Start and stop of the server."""

import asyncio
import os

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import KeyRule, ProxySettings
from ollama_panel.engine.host.ports import owner_of
from ollama_panel.proxy.access_rules import exposure_warnings
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.upstream import CHAT, NDJSON, ReceivedRequest, ScriptConnection, chat_lines, chunk, head
from tests.fakes.virtual import advance
from tests.proxy.conftest import FakePanel, ProxyHarness


async def test_a_taken_port_is_a_sentence_with_the_port_and_its_holder(harness: ProxyHarness) -> None:
    second = ProxyServer(harness.gate, ProxySettings(port=harness.port), FakePanel(), owner_of=owner_of)
    sentence = rf"cannot listen on 127\.0\.0\.1:{harness.port}: .*\(process {os.getpid()}\) has that port\. Stop it"
    with pytest.raises(PanelError, match=sentence):
        await second.start()


async def test_an_address_that_is_not_ours_is_a_sentence(harness: ProxyHarness) -> None:
    second = ProxyServer(harness.gate, ProxySettings(host="192.0.2.1", port=1234), FakePanel())
    with pytest.raises(PanelError, match=r"cannot listen on 192\.0\.2\.1:1234: .+ Choose another address or port\."):
        await second.start()


async def test_stopping_lets_a_running_stream_end(harness: ProxyHarness) -> None:
    go_on = asyncio.Event()

    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(chat_lines(1)[0]))
        await go_on.wait()
        await connection.send(chunk(chat_lines(1)[1]) + b"0\r\n\r\n")

    harness.upstream.script = play
    async with harness.client() as client, harness.client() as idle:
        await idle.exchange("GET", "/")
        await client.send_request("POST", "/api/chat", CHAT)
        got = await client.head()
        got.chunks.append(await client.chunk())
        async with asyncio.TaskGroup() as group:
            group.create_task(harness.server.stop(30))
            assert await idle.closed_by_peer(), "connections without a request are closed at once"
            with pytest.raises(ConnectionRefusedError):
                await harness.connect()
            go_on.set()
            await client.rest(got)
    assert got.body == b"".join(chat_lines(1))


async def test_stopping_cuts_what_does_not_end_in_time(harness: ProxyHarness, caplog: pytest.LogCaptureFixture) -> None:
    async def play(_: ReceivedRequest, connection: ScriptConnection) -> None:
        await connection.send(head("200 OK", *NDJSON) + chunk(chat_lines(1)[0]))
        await connection.disconnected.wait()

    harness.upstream.script = play
    async with harness.client() as client, harness.client() as idle:
        await idle.exchange("GET", "/")
        await client.send_request("POST", "/api/chat", CHAT)
        got = await client.head()
        async with asyncio.TaskGroup() as group:
            group.create_task(harness.server.stop(30))
            assert await idle.closed_by_peer(), "it has begun to stop"
            await advance(31)
            await client.rest(got)
    assert not got.complete
    assert "1 requests were cut off when the proxy stopped." in caplog.text
    assert harness.gate.leases[0].outcome == "cancelled"


async def test_stopping_at_once_says_nothing_where_nothing_is_cut_off(
    harness: ProxyHarness, caplog: pytest.LogCaptureFixture
) -> None:
    async with harness.client() as client:
        await client.exchange("GET", "/")
        await harness.server.stop(0)
    assert "cut off" not in caplog.text


async def test_settings_change_while_it_runs(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/copy", b"{}")).status == 200
        harness.configure(management=False)
        assert (await client.exchange("POST", "/api/copy", b"{}")).status == 403


def test_a_proxy_that_others_can_reach_is_a_concern() -> None:
    outside = ProxySettings(host="0.0.0.0")
    assert exposure_warnings(ProxySettings()) == ()
    assert exposure_warnings(outside) == (notice("proxy.no_key_yet"),)
    assert exposure_warnings(ProxySettings(require_key=KeyRule.ALWAYS)) == (notice("proxy.no_key_yet"),)
    open_to_all = msgspec.structs.replace(outside, require_key=KeyRule.NEVER)
    assert exposure_warnings(open_to_all) == (notice("proxy.open_to_all"),)
    assert exposure_warnings(msgspec.structs.replace(outside, api_keys=(new_key("laptop")[1],))) == ()
