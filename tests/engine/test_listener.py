"""The listener: the server is reconfigured or moved without aborting requests."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.tree import ProxySettings, Settings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.listener import RETRY_S, Listener, Listeners, next_free_port
from ollama_panel.engine.store import Store
from tests.fakes.virtual import pass_by


class FakeNetwork:
    """The ports of a fake network, and a log of what happened."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.taken: set[int] = set()
        self.foreign: set[str] = set()
        self.names: dict[str, str] = {}
        self.log: list[str] = []
        self.drained = asyncio.Event()

    def make(self, options: ProxySettings) -> "FakeServer":
        return FakeServer(self, options)

    async def addresses_of(self, host: str) -> frozenset[str]:
        address = self.names.get(host, host)
        if address in self.foreign:
            raise OSError(errno.EADDRNOTAVAIL, "not ours")
        return frozenset({address})


def taken(port: int, host: str = "127.0.0.1") -> Notice:
    return notice("proxy.port_taken", host=host, port=port, owner=notice("port.owner_unknown"))


class FakeServer:
    """A server that drains until `network.drained` is set. Hosts in `network.foreign` are not this machine's."""

    def __init__(self, network: FakeNetwork, options: ProxySettings) -> None:
        self.network = network
        self.options = options
        self.runs = self.listens = False
        self.addresses: frozenset[str] = frozenset()

    @property
    def open_families(self) -> tuple[int, ...]:
        return (4,) if self.options.host == "0.0.0.0" else ()

    @property
    def port(self) -> int:
        return self.options.port if self.listens else 0

    async def start(self) -> str:
        host, port = self.options.host, self.options.port
        if port in self.network.open | self.network.taken:
            raise PanelError(taken(port, host))
        if host in self.network.foreign:
            raise PanelError(notice("proxy.no_address", host=host, port=port, reason="not ours"))
        self.network.open.add(port)
        self.addresses = await self.network.addresses_of(host)
        self.network.log.append(f"open {port}")
        self.runs = self.listens = True
        return f"http://127.0.0.1:{port}"

    async def resume(self, port: int) -> None:
        await self.start()

    def stop_listening(self) -> None:
        if self.listens:
            self.network.open.discard(self.options.port)
            self.network.log.append(f"close {self.options.port}")
            self.listens = False

    def configure(self, options: ProxySettings) -> None:
        self.network.log.append(f"configure {self.port} {options.heartbeat}")

    async def stop(self, drain_s: float) -> None:
        if not self.runs:
            return
        self.stop_listening()
        if drain_s:
            await self.network.drained.wait()
        self.runs = False
        self.network.log.append(f"gone {self.options.port}")


class ListenerHarness:
    """A listener on a fake network, and the URLs that it announced."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.network, self.announced = FakeNetwork(), list[str]()
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.host_name = "nas"
        self.listener = Listener(
            group,
            self.network.make,  # type: ignore[arg-type]
            self.show,
            30.0,
            self.urls_of,
            self.network.addresses_of,
        )

    def show(self, record: ProxyRecord) -> None:
        if record.url != self.store.proxy.url:
            self.announced.append(record.url)
        self.store.set_proxy(record)

    def urls_of(self, port: int, families: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"http://{self.host_name}{family}:{port}" for family in families)


@asynccontextmanager
async def running() -> AsyncIterator[ListenerHarness]:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        task = group.create_task(harness.listener.run())
        yield harness
        harness.network.drained.set()
        task.cancel()


def at(port: int, *, host: str = "127.0.0.1", heartbeat: bool = True) -> ProxySettings:
    return ProxySettings(host=host, port=port, heartbeat=heartbeat)


async def test_it_opens_announces_and_takes_new_options_without_moving() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        await harness.listener.open(at(1, heartbeat=False))
        assert harness.store.proxy == ProxyRecord(on=True, url="http://127.0.0.1:1", port=1)
    assert harness.announced == ["http://127.0.0.1:1"]
    assert harness.network.log == ["open 1", "configure 1 False"]


async def test_the_new_door_opens_before_the_old_one_closes() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        await harness.listener.open(at(2))
        assert harness.network.log == ["open 1", "open 2", "close 1"]
        harness.network.drained.set()
    assert harness.network.log[-1] == "gone 1"
    assert harness.announced == ["http://127.0.0.1:1", "http://127.0.0.1:2"]


async def test_on_one_port_the_old_door_closes_first_but_drains_on() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        await harness.listener.open(at(1, host="0.0.0.0"))
        assert harness.network.log == ["open 1", "close 1", "open 1"]
        assert harness.store.proxy == ProxyRecord(True, "http://127.0.0.1:1", None, 1, ("http://nas4:1",))
        harness.network.drained.set()


async def test_an_address_that_cannot_be_had_leaves_the_old_door_on_the_same_port_open() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        harness.network.foreign = {"192.0.2.7"}
        await harness.listener.open(at(1))
        await harness.listener.open(at(1, host="192.0.2.7"))
        assert harness.store.proxy.problem is not None
        assert harness.store.proxy.port == 1
        assert harness.network.open == {1}
        await harness.listener.open(at(1))
        assert harness.store.proxy == ProxyRecord(on=True, url="http://127.0.0.1:1", port=1)


async def test_a_port_that_another_program_takes_meanwhile_is_told() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        harness.network.taken = {1}
        await harness.listener.open(at(1, host="0.0.0.0"))
        assert harness.store.proxy == ProxyRecord(problem=taken(1, "0.0.0.0"))
        harness.network.drained.set()


async def test_a_taken_port_leaves_the_old_door_open_and_says_why() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        harness.network.taken = {2}
        await harness.listener.open(at(2))
        still = ProxyRecord(on=True, url="http://127.0.0.1:1", port=1, problem=taken(2))
        assert harness.store.proxy == still
        await harness.listener.open(at(1))
        assert harness.store.proxy.problem is None
    assert harness.network.open == {1}


async def test_a_taken_port_at_the_start_is_tried_again_with_the_next_options() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        harness.network.taken = {1}
        await harness.listener.open(at(1))
        assert harness.store.proxy == ProxyRecord(problem=taken(1))
        harness.network.taken = set()
        await harness.listener.open(at(1))
        assert harness.store.proxy.on


async def test_closing_waits_for_answers_unless_in_a_hurry() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        await harness.listener.close()
        assert harness.network.log == ["open 1", "close 1"]
        assert harness.store.proxy == ProxyRecord()
        harness.listener.force_close()
        await harness.listener.wait_closed()
        assert harness.network.log[-1] == "gone 1"


async def test_a_cut_waits_for_nobody() -> None:
    async with asyncio.TaskGroup() as group:
        harness = ListenerHarness(group)
        await harness.listener.open(at(1))
        await harness.listener.abort()
        assert harness.network.log == ["open 1", "close 1", "gone 1"]


async def test_a_taken_port_is_had_as_soon_as_it_is_free() -> None:
    async with running() as harness:
        harness.network.taken = {1}
        await harness.listener.open(at(1))
        await pass_by(5 * RETRY_S)
        assert harness.store.proxy == ProxyRecord(problem=taken(1))
        harness.network.taken = set()
        await pass_by(2 * RETRY_S)
        assert harness.store.proxy == ProxyRecord(on=True, url="http://127.0.0.1:1", port=1)
    assert harness.announced == ["http://127.0.0.1:1"]


async def test_a_move_to_a_taken_port_is_made_as_soon_as_it_is_free() -> None:
    async with running() as harness:
        await harness.listener.open(at(1))
        harness.network.taken = {2}
        await harness.listener.open(at(2))
        harness.network.taken = set()
        await pass_by(2 * RETRY_S)
        assert harness.store.proxy.port == 2
        assert harness.store.proxy.problem is None


async def test_a_listener_that_was_switched_off_does_not_try_again() -> None:
    async with running() as harness:
        harness.network.taken = {1}
        await harness.listener.open(at(1))
        await harness.listener.close()
        harness.network.taken = set()
        await pass_by(3 * RETRY_S)
        assert harness.store.proxy == ProxyRecord()


async def test_an_address_that_the_machine_has_lost_is_told_until_it_is_back() -> None:
    async with running() as harness:
        await harness.listener.open(at(1, host="192.168.1.20"))
        harness.network.foreign = {"192.168.1.20"}
        await pass_by(2 * RETRY_S)
        assert harness.store.proxy.problem is not None
        assert harness.store.proxy.problem.code == "proxy.no_address"
        harness.network.foreign = set()
        await pass_by(2 * RETRY_S)
        assert harness.store.proxy == ProxyRecord(on=True, url="http://127.0.0.1:1", port=1)


async def test_a_name_that_means_another_address_now_is_followed() -> None:
    async with running() as harness:
        harness.network.names = {"nas": "192.168.1.20"}
        await harness.listener.open(at(1, host="nas"))
        log = len(harness.network.log)
        await pass_by(2 * RETRY_S)
        assert len(harness.network.log) == log
        harness.network.names = {"nas": "192.168.1.21"}
        await pass_by(2 * RETRY_S)
        assert harness.network.log[log:] == ["close 1", "open 1"]


async def test_the_addresses_for_others_are_those_of_now() -> None:
    async with running() as harness:
        await harness.listener.open(at(1, host="0.0.0.0"))
        assert harness.store.proxy.others == ("http://nas4:1",)
        harness.host_name = "box"
        await pass_by(2 * RETRY_S)
        assert harness.store.proxy.others == ("http://box4:1",)


async def test_the_next_free_port_is_one_that_nobody_has_or_needs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = await next_free_port("127.0.0.1", port - 1, {port + 1})
        assert found > port + 1
        with socket.create_server(("127.0.0.1", found)):
            pass
        with pytest.raises(PanelError, match="is free on"):
            await next_free_port("127.0.0.1", port - 1, range(65536))
        with pytest.raises(PanelError, match=r"cannot listen on 192\.0\.2\.7"):
            await next_free_port("192.0.2.7", port, ())


def both(first: int, second: int) -> ProxySettings:
    return ProxySettings(port=first, second_host="[::]", second_port=second)


async def test_the_proxy_listens_at_its_second_address_too_as_long_as_the_settings_name_one() -> None:
    async with asyncio.TaskGroup() as group:
        one, two = ListenerHarness(group), ListenerHarness(group)
        listeners = Listeners(one.listener, two.listener)
        await listeners.open(both(1, 0))
        assert (one.store.proxy.port, two.store.proxy) == (1, ProxyRecord())
        await listeners.open(both(1, 2))
        assert (one.store.proxy.port, two.store.proxy.port) == (1, 2)
        assert two.network.log == ["open 2"]
        assert two.listener._wanted is not None
        assert (two.listener._wanted.host, one.network.log) == ("::", ["open 1", "configure 1 True"])
        await listeners.close()
        for harness in (one, two):
            harness.network.drained.set()
        await listeners.wait_closed()
    assert (one.network.open, two.network.open) == (set(), set())


async def test_a_first_port_that_was_the_second_one_is_given_up_before() -> None:
    async with asyncio.TaskGroup() as group:
        one, two = ListenerHarness(group), ListenerHarness(group)
        two.network = one.network
        two.listener._make_server = one.network.make  # type: ignore[assignment]
        listeners = Listeners(one.listener, two.listener)
        await listeners.open(both(1, 2))
        one.network.drained.set()
        await listeners.open(both(2, 2))
        assert (one.store.proxy.port, one.store.proxy.problem, two.store.proxy) == (2, None, ProxyRecord())


async def test_a_second_address_that_is_taken_leaves_the_first_alone() -> None:
    async with asyncio.TaskGroup() as group:
        one, two = ListenerHarness(group), ListenerHarness(group)
        two.network.taken = {2}
        listeners = Listeners(one.listener, two.listener)
        await listeners.open(both(1, 2))
        assert (one.store.proxy.port, one.store.proxy.problem) == (1, None)
        assert two.store.proxy.problem == taken(2, "::")
        await listeners.abort()
        listeners.force_close()
