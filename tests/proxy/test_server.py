"""Start and stop of the server, and the identity of its clients."""

import asyncio
import os
import socket
from collections.abc import Callable

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import KeyRule, ProxySettings
from ollama_panel.engine.host.ports import owner_of
from ollama_panel.proxy.access_rules import exposure_warnings
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.identity import Peer, ProcessNames, local_clients
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


async def test_settings_change_while_it_runs(harness: ProxyHarness) -> None:
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/copy", b"{}")).status == 200
        harness.configure(management=False)
        assert (await client.exchange("POST", "/api/copy", b"{}")).status == 403


def test_a_proxy_that_others_can_reach_is_a_concern() -> None:
    outside = ProxySettings(host="0.0.0.0")
    assert exposure_warnings(ProxySettings()) == ()
    assert exposure_warnings(outside) == (notice("proxy.no_key_yet", port=11435),)
    open_to_all = msgspec.structs.replace(outside, require_key=KeyRule.NEVER)
    assert exposure_warnings(open_to_all) == (notice("proxy.open_to_all", port=11435),)
    assert exposure_warnings(msgspec.structs.replace(outside, api_keys=(new_key("laptop")[1],))) == ()


class Spawner:
    """Runs look-ups when the test says so."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[dict[Peer, str]]] = []

    def __call__(self, _: Callable[[], dict[Peer, str]]) -> asyncio.Future[dict[Peer, str]]:
        self.asked.append(asyncio.get_running_loop().create_future())
        return self.asked[-1]


async def told(future: asyncio.Future[dict[Peer, str]]) -> None:
    """Let the callbacks of a look-up run."""
    done = asyncio.Event()
    future.add_done_callback(lambda _: done.set())
    await done.wait()


class ManualClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


ONE, TWO = ("127.0.0.1", 1), ("127.0.0.1", 2)


async def test_a_process_is_known_after_a_look_up_and_nobody_waits_for_it() -> None:
    spawner, clock = Spawner(), ManualClock()
    names = ProcessNames(clock, spawner)
    assert names.name(ONE) is None
    assert names.name(TWO) is None
    assert len(spawner.asked) == 1, "one look-up serves all"
    spawner.asked[0].set_result({ONE: "python (pid 7)"})
    await told(spawner.asked[0])
    assert names.name(ONE) == "python (pid 7)"
    assert names.name(TWO) is None
    assert len(spawner.asked) == 1, "at most one a second"
    clock.at = 1.1
    assert names.name(TWO) is None
    assert len(spawner.asked) == 2


async def test_who_came_during_a_look_up_is_looked_up_soon_although_nobody_asks_again() -> None:
    spawner, clock, found = Spawner(), ManualClock(), list[str | None]()
    names = ProcessNames(clock, spawner, lambda: found.append(names.name(TWO)))
    names.name(ONE)
    names.name(TWO)
    spawner.asked[0].set_result({ONE: "python (pid 7)"})
    await told(spawner.asked[0])
    clock.at = 1.1
    await advance(1.1)
    assert len(spawner.asked) == 2
    spawner.asked[1].set_result({TWO: "curl (pid 8)"})
    await told(spawner.asked[1])
    assert found == [None, "curl (pid 8)"]


async def test_look_ups_that_take_long_are_rare() -> None:
    spawner, clock = Spawner(), ManualClock()
    names = ProcessNames(clock, spawner)
    names.name(ONE)
    clock.at = 0.2
    spawner.asked[0].set_result({})
    await told(spawner.asked[0])
    clock.at = 20.1
    names.name(TWO)
    assert len(spawner.asked) == 1
    clock.at = 20.3
    names.name(TWO)
    assert len(spawner.asked) == 2


async def test_a_port_that_somebody_else_has_now_is_looked_up_anew() -> None:
    spawner, clock = Spawner(), ManualClock()
    names = ProcessNames(clock, spawner)
    names.name(ONE)
    spawner.asked[0].set_result({ONE: "curl (pid 7)", TWO: "ollama (pid 8)"})
    await told(spawner.asked[0])
    names.forget(ONE)
    clock.at = 2.0
    assert names.name(ONE) is None
    spawner.asked[1].set_result({ONE: "python (pid 9)"})
    await told(spawner.asked[1])
    assert names.name(ONE) == "python (pid 9)"
    assert names.name(TWO) is None, "it was not connected here when others were looked up"


async def test_a_connection_that_has_ended_is_forgotten(harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Peer] = []
    monkeypatch.setattr(ProcessNames, "forget", lambda _, peer: left.append(peer))
    await harness.server.stop(0)
    harness.url = await harness.server.start()
    async with harness.client() as client:
        await client.exchange("GET", "/")
        peer = client.writer.get_extra_info("sockname")
    await harness.wait_all_disconnected()
    assert left == [peer]


async def test_a_system_that_does_not_tell_is_not_asked_again() -> None:
    spawner, clock = Spawner(), ManualClock()
    names = ProcessNames(clock, spawner)
    names.name(ONE)
    spawner.asked[0].set_exception(PermissionError())
    await told(spawner.asked[0])
    clock.at = 1e9
    assert names.name(ONE) is None
    assert len(spawner.asked) == 1


def test_the_processes_behind_local_connections_are_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        taken, _ = server.accept()
        with taken:
            assert "(pid " in local_clients()[client.getsockname()]


@pytest.mark.parametrize("name", [b"b\xff\xfe", b'\xe6\x97 "x"'])
def test_the_name_of_a_process_may_hold_bytes_that_are_no_text(monkeypatch: pytest.MonkeyPatch, name: bytes) -> None:
    text = name.decode("utf-8", "surrogateescape")
    monkeypatch.setattr("ollama_panel.proxy.identity.psutil.Process.name", lambda _: text)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        found = local_clients()[client.getsockname()]
    assert found == f"{text.encode('utf-8', 'replace').decode()} (pid {os.getpid()})"
    assert found.encode()
