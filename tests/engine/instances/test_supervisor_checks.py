"""The supervisor with health checks that fail now and then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.clock import seconds
from ollama_panel.engine.instances.health_check import RECONNECT_S
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.supervisor import Adopted, ProbeRate, Supervisor
from tests.fakes.virtual import advance
from tests.fakes.waiting import Changes, deadline

URL = "http://127.0.0.1:1"
REST_S = 3600.0


class FailsEveryOther:
    """A server that answers every other question for its version with an error; `asked` is set after ten."""

    def __init__(self) -> None:
        self.versions = 0
        self.asked = asyncio.Event()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/api/version":
            return httpx.Response(200, json={"models": []})
        self.versions += 1
        if self.versions == 10:
            self.asked.set()
        return httpx.Response(200, json={"version": "0.32.0"}) if self.versions % 2 else httpx.Response(500)


async def test_only_checks_that_fail_in_a_row_mean_that_an_instance_is_down(tmp_path: Path) -> None:
    server, phases = FailsEveryOther(), list[Phase]()
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client, asyncio.TaskGroup() as group:
        supervisor = Supervisor(
            Adopted(InstanceId("adopted-1"), 1, URL),
            lambda record: phases.append(record.phase),
            client=client,
            clock=seconds,
            environment={},
            children=ChildRegistry(tmp_path / "children.json"),
            probe_rate=ProbeRate(starting_s=0.01, ready_s=0.01),
        )
        running = group.create_task(supervisor.run())
        supervisor.ensure_running()
        async with deadline(lambda: f"ten checks, but there were {server.versions}"):
            await server.asked.wait()
        running.cancel()
    assert phases[-1] is Phase.READY
    assert Phase.BACKOFF not in phases


async def test_who_waits_for_an_instance_that_is_removed_gets_its_last_state(tmp_path: Path) -> None:
    """A cancelled wait broke off the HTTP request that waited, without an answer."""
    silent = httpx.MockTransport(lambda _: httpx.Response(500))
    async with httpx.AsyncClient(transport=silent) as client, asyncio.TaskGroup() as group:
        supervisor = Supervisor(
            Adopted(InstanceId("adopted-1"), 1, URL),
            lambda _: None,
            client=client,
            clock=seconds,
            environment={},
            children=ChildRegistry(tmp_path / "children.json"),
        )
        running = group.create_task(supervisor.run())
        supervisor.ensure_running()
        waiting = group.create_task(supervisor.wait_settled())
        await asyncio.sleep(0)
        assert not waiting.done()
        running.cancel()
    assert waiting.result().id == "adopted-1"


class Adoptable:
    """A server that runs already: its answers, and its port, where connections end when it dies."""

    def __init__(self) -> None:
        self.checks = 0
        self.alive = True
        self.closes_at_once = False
        self.accepted = 0
        self._connections: list[asyncio.StreamWriter] = []
        self._all: list[asyncio.StreamWriter] = []
        self.changes = Changes(lambda: f"there were {self.checks} checks and {len(self._connections)} connections")

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.alive:
            raise httpx.ConnectError("refused")
        if request.url.path == "/api/version":
            self.checks += 1
            self.changes.notify()
            return httpx.Response(200, json={"version": "0.32.0"})
        return httpx.Response(200, json={"models": []})

    def accept(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._connections.append(writer)
        self._all.append(writer)
        if self.closes_at_once:
            self.hang_up()
        self.changes.notify()

    async def connected(self) -> None:
        await self.changes.until(lambda: self._connections)

    def hang_up(self) -> None:
        for writer in self._connections:
            writer.close()
        self._connections.clear()

    async def all_closed(self) -> None:
        self.hang_up()
        for writer in self._all:
            await writer.wait_closed()

    def die(self) -> None:
        self.alive = False
        self.hang_up()


class Adopting:
    """A supervisor of an adopted server, in a panel of which nobody wants to know anything."""

    def __init__(self, folder: Path, client: httpx.AsyncClient, port: int) -> None:
        self.phases = list[Phase]()
        self.changes = Changes(lambda: f"it was {self.phases}")
        self.supervisor = Supervisor(
            Adopted(InstanceId("adopted-1"), port, f"http://127.0.0.1:{port}"),
            self._report,
            client=client,
            clock=seconds,
            environment={},
            children=ChildRegistry(folder / "children.json"),
            probe_rate=ProbeRate(starting_s=0.01, ready_s=0.01),
            pace=lambda lively_s: REST_S,
        )

    def _report(self, record: InstanceRecord) -> None:
        self.phases.append(record.phase)
        self.changes.notify()

    async def until(self, phase: Phase) -> None:
        await self.changes.until(lambda: self.phases and self.phases[-1] is phase)


@asynccontextmanager
async def adopting(folder: Path, server: Adoptable, *, listens: bool = True) -> AsyncIterator[Adopting]:
    listening = await asyncio.start_server(server.accept, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    if not listens:
        listening.close()
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client, asyncio.TaskGroup() as group:
        adopting = Adopting(folder, client, port)
        running = group.create_task(adopting.supervisor.run())
        adopting.supervisor.ensure_running()
        await adopting.until(Phase.READY)
        yield adopting
        running.cancel()
    listening.close()
    await server.all_closed()


async def test_an_adopted_server_that_dies_is_noticed_at_once_although_it_is_seldom_checked(tmp_path: Path) -> None:
    server = Adoptable()
    async with adopting(tmp_path, server) as panel:
        await server.connected()
        checks = server.checks
        await advance(REST_S / 2)
        assert server.checks == checks
        server.die()
        await panel.until(Phase.BACKOFF)
        server.alive = True
        await panel.until(Phase.READY)


async def test_what_is_known_of_an_adopted_servers_environment_tells_its_slots(tmp_path: Path) -> None:
    async with adopting(tmp_path, Adoptable()) as panel:
        record = panel.supervisor.status
        assert (record.parallel, record.parallel_source) == (1, ParallelSource.UNKNOWN)
        panel.supervisor.loaded.known = {"OLLAMA_NUM_PARALLEL": "3"}
        panel.supervisor.check_soon()
        await panel.changes.until(lambda: panel.supervisor.status.parallel == 3)
        assert panel.supervisor.status.parallel_source is ParallelSource.ENVIRONMENT


async def test_a_server_that_only_closes_the_connection_is_checked_and_stays(tmp_path: Path) -> None:
    server = Adoptable()
    async with adopting(tmp_path, server) as panel:
        for _ in range(3):
            await server.connected()
            checks = server.checks
            server.hang_up()
            await server.changes.until(lambda checks=checks: server.checks > checks)
            await advance(RECONNECT_S)
        assert panel.phases[-1] is Phase.READY
        assert Phase.BACKOFF not in panel.phases


async def test_a_server_that_closes_each_connection_at_once_is_not_asked_again_and_again(tmp_path: Path) -> None:
    server = Adoptable()
    server.closes_at_once = True
    async with adopting(tmp_path, server) as panel:
        await server.changes.until(lambda: server.checks > 20)
        assert server.accepted == 1
        assert Phase.BACKOFF not in panel.phases
        server.die()
        await panel.until(Phase.BACKOFF)


async def test_a_server_whose_end_nothing_would_tell_is_checked_at_full_rate(tmp_path: Path) -> None:
    server = Adoptable()
    async with adopting(tmp_path, server, listens=False) as panel:
        await server.changes.until(lambda: server.checks > 10)
        server.die()
        await panel.until(Phase.BACKOFF)


async def test_somebody_who_wants_to_know_ends_the_rest_between_checks(tmp_path: Path) -> None:
    server = Adoptable()
    async with adopting(tmp_path, server) as panel:
        await server.connected()
        await advance(REST_S / 2)
        checks = server.checks
        panel.supervisor.check_soon()
        await server.changes.until(lambda: server.checks == checks + 1)


async def test_a_check_that_fails_is_repeated_at_full_rate(tmp_path: Path) -> None:
    server = Adoptable()
    async with adopting(tmp_path, server) as panel:
        await server.connected()
        await advance(REST_S / 2)
        failing = FailsEveryOther()
        failing.versions = 1
        panel.supervisor._health_check._client = httpx.AsyncClient(transport=httpx.MockTransport(failing))
        panel.supervisor.check_soon()
        async with deadline(lambda: f"a check after the failed one, but there were {failing.versions - 1}"):
            while failing.versions < 3:
                await advance(0.01)
        assert Phase.BACKOFF not in panel.phases
