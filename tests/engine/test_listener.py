"""The listener: the server is reconfigured or moved without aborting requests."""

import asyncio
from collections.abc import Sequence

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.tree import ProxySettings, Settings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.listener import Listener
from ollama_panel.engine.store import Store


class FakeNetwork:
    """The ports of a fake network, and a log of what happened."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.taken: set[int] = set()
        self.foreign: set[str] = set()
        self.log: list[str] = []
        self.drained = asyncio.Event()

    def make(self, options: ProxySettings) -> "FakeServer":
        return FakeServer(self, options)


def taken(port: int, host: str = "127.0.0.1") -> Notice:
    return notice("proxy.port_taken", host=host, port=port, owner=notice("port.owner_unknown"))


class FakeServer:
    """A server that drains until `network.drained` is set. Hosts in `network.foreign` are not this machine's."""

    def __init__(self, network: FakeNetwork, options: ProxySettings) -> None:
        self.network = network
        self.options = options
        self.runs = self.listens = False

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


def urls_of(port: int, families: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"http://nas{family}:{port}" for family in families)


class ListenerHarness:
    """A listener on a fake network, and the URLs that it announced."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.network, self.announced = FakeNetwork(), list[str]()
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.listener = Listener(group, self.network.make, self.store, self.announced.append, 30.0, urls_of)


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
