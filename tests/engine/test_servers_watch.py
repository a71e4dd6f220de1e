"""When the process table is read, and what is added to what it tells."""

import asyncio
from collections.abc import Collection
from typing import Any

import httpx
import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.records import Role
from ollama_panel.core.server_owners import Ancestor, ProcessFacts
from ollama_panel.core.servers import AddressSource, FoundServer, OwnerKind
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.host.servers_found import ServerFinder
from ollama_panel.engine.host.servers_processes import Table
from ollama_panel.engine.host.services import Server
from ollama_panel.engine.servers_watch import INTERVAL_S, LEAST_S, ServersWatch
from ollama_panel.engine.store import Store
from ollama_panel.proxy.identity import Found, LocalConnection

SHELL = (Ancestor(6, "bash", ("bash",)),)
BY_HAND = ProcessFacts(7, 1.0, "ollama", "/usr/bin/ollama", ("ollama", "serve"), "me", True, SHELL, "0::/\n")


class Harness:
    """A watch whose surroundings are values."""

    def __init__(self) -> None:
        self.table = Table((BY_HAND,))
        self.variables: dict[str, str] = {"OLLAMA_HOST": "127.0.0.1:9434"}
        self.reads = self.probes = self.asked = 0
        self.asked_programs: tuple[str, ...] = ()
        self.now = 0.0
        self.sockets = Found()
        self.version = "0.32.15"
        self.app_seen = 0
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        self.watch = ServersWatch(
            self.store,
            client,
            self._connections,
            lambda: self.now,
            run_id="mine",
            children=lambda: (8,),
            on_app=self._app,
            table=self,  # type: ignore[arg-type] # what it needs of a table
            finder=ServerFinder(lambda: self.now, lambda _: Server(variables=self.variables)),
            programs=self,  # type: ignore[arg-type] # what it needs of programs
        )

    def read(self, *arguments: Any) -> Any:
        if arguments:
            self.asked_programs = tuple(arguments[1])
            return (Program("/usr/bin/ollama", "0.32.15"),)
        self.reads += 1
        return self.table

    def _app(self) -> None:
        self.app_seen += 1

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.probes += 1
        return httpx.Response(200, json={"version": self.version})

    def _connections(self, local: Collection[int], remote: Collection[int]) -> asyncio.Future[Found | None]:
        self.asked += 1
        assert (tuple(local), tuple(remote)) == ((), (0,))
        answer: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        answer.set_result(self.sockets)
        return answer

    async def look(self) -> tuple[FoundServer, ...]:
        """Return what is found when a minute has passed."""
        self.now += INTERVAL_S
        await self.watch.refresh()
        return self.store.found_servers


async def test_who_asks_often_gets_the_last_answer() -> None:
    harness = Harness()
    await asyncio.gather(*(harness.watch.refresh() for _ in range(20)))
    assert harness.reads == 1
    harness.now += LEAST_S
    await harness.watch.refresh()
    assert harness.reads == 2


async def test_a_version_is_asked_for_once_and_records_that_did_not_change_stay_the_same() -> None:
    harness = Harness()
    (first,) = await harness.look()
    (second,) = await harness.look()
    assert first is second
    assert (first.version, first.address, harness.probes, harness.asked) == ("0.32.15", "127.0.0.1:9434", 1, 0)
    assert harness.store.snapshot(0.0, ()).programs == (Program("/usr/bin/ollama", "0.32.15"),)


async def test_an_address_that_no_variable_tells_is_that_of_the_socket_and_asked_for_once() -> None:
    harness = Harness()
    harness.variables = {}
    (unknown,) = await harness.look()
    assert (unknown.address, unknown.url, unknown.version, harness.probes) == (None, None, None, 0)
    harness.sockets = Found((LocalConnection(("127.0.0.1", 9500), ("", 0), 7, "ollama", "", (), True),))
    (found,) = await harness.look()
    assert (found.address, found.address_from) == ("127.0.0.1:9500", AddressSource.SOCKET)
    assert (await harness.look())[0] is found
    assert harness.asked == 2


async def test_another_process_with_the_same_id_is_another_server() -> None:
    harness = Harness()
    await harness.look()
    harness.table = Table((msgspec.structs.replace(BY_HAND, since=2.0),))
    harness.version = "0.9.6"
    (found,) = await harness.look()
    assert (found.since, found.version) == (2.0, "0.9.6")


async def test_a_worker_and_an_adopted_server_are_told_with_their_instances() -> None:
    harness = Harness()
    harness.table = Table((BY_HAND, msgspec.structs.replace(BY_HAND, pid=8)))
    for name, pid in (("adopted-9434", 7), ("chat-1", 8)):
        record = InstanceRecord(InstanceId(name), PoolName("chat"), Role.CHAT, pid == 8, "http://x", Phase.READY)
        harness.store.put_instance(msgspec.structs.replace(record, pid=pid, version="0.30.0"))
    found = await harness.look()
    assert [(one.instance, one.owner.kind, one.version) for one in found] == [
        ("adopted-9434", OwnerKind.BY_HAND, "0.30.0"),
        ("chat-1", OwnerKind.PANEL, "0.30.0"),
    ]
    assert harness.probes == 0


@pytest.mark.parametrize("runs", [True, False])
async def test_the_desktop_app_is_noticed_when_it_starts_later(runs: bool) -> None:
    harness = Harness()
    await harness.look()
    assert not harness.watch.app_runs
    harness.table = Table((), app=runs)
    await harness.look()
    assert harness.watch.app_runs is runs
    assert harness.app_seen == 2


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, ("/usr/bin/ollama",)),
        ({"ours": False, "user": "you"}, ()),
        ({"program": "/usr/bin/bash"}, ()),
        ({"cgroup": f"0::/system.slice/docker-{'0' * 64}.scope\n"}, ()),
    ],
)
async def test_no_program_of_others_is_run_to_ask_for_its_version(
    changes: dict[str, object], asked: tuple[str, ...]
) -> None:
    harness = Harness()
    harness.table = Table((msgspec.structs.replace(BY_HAND, **changes),))
    await harness.look()
    assert harness.asked_programs == asked
