"""Adoption of running servers: found once, never our own, removed and found again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.engine.instances.adoption import Adoption
from ollama_panel.engine.instances.probe import new_client
from ollama_panel.engine.instances.supervisor import Adopted
from tests.sim.serving import server


class FakeFleet:
    """A fleet that records added and removed instances; a removal takes as long as `removal`."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.adopted: list[Adopted] = []
        self.removal: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)

    def add(self, target: Adopted) -> None:
        self.log.append(f"add {target.url}")
        self.adopted.append(target)

    async def remove(self, instance: InstanceId) -> None:
        await self.removal()
        self.log.append(f"remove {instance}")


class AdoptionHarness:
    """An adoption that scans two ports, the second of which is closed."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self.client, self.url, self.port = client, url, int(url.rpartition(":")[2])
        self.members, self.wanted, self.ours = FakeFleet(), True, set[int]()
        self.places, self.workers = {self.port: "127.0.0.1", 9: "127.0.0.1"}, dict[int, PoolName]()
        self.more, self.left = dict[int, str](), set[int]()
        self.adoption = Adoption(
            self.members,  # type: ignore[arg-type] # a fake one
            client,
            self.places,
            enabled=lambda: self.wanted,
            own_ports=lambda: self.ours,
            workers=lambda: self.workers,
            more=lambda: self.more,
            left=lambda: self.left,
            on_removed=lambda: self.members.log.append("removed"),
        )

    async def look(self, times: int = 2) -> list[str]:
        """Look so many times; return what happened in the fleet until now."""
        for _ in range(times):
            await self.adoption.scan()
        return self.members.log


@pytest.fixture
async def harness() -> AsyncIterator[AdoptionHarness]:
    async with server() as url, new_client() as client:
        yield AdoptionHarness(client, url)


async def test_a_server_that_runs_already_is_found_once(harness: AdoptionHarness) -> None:
    assert await harness.look() == [f"add {harness.url}"]


async def test_two_looks_at_once_find_a_server_once(harness: AdoptionHarness) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(2):  # the periodic one, and that of a take-over
            group.create_task(harness.adoption.scan())
    assert harness.members.log == [f"add {harness.url}"]


async def test_a_server_that_is_still_being_given_up_is_not_found_again(harness: AdoptionHarness) -> None:
    async def many_looks() -> None:
        begun.set()
        for _ in range(5):
            assert await harness.client.get(harness.url)

    begun = asyncio.Event()
    await harness.look()
    harness.members.removal = many_looks
    harness.wanted = False
    async with asyncio.TaskGroup() as group:
        group.create_task(harness.adoption.scan())
        await begun.wait()
        harness.wanted = True
        group.create_task(harness.adoption.scan())
    once = [f"remove adopted-{harness.port}", "removed"]
    assert harness.members.log == [f"add {harness.url}", *once, f"add {harness.url}"]


async def test_a_worker_of_the_panels_own_is_none(harness: AdoptionHarness) -> None:
    harness.ours = {9, harness.port}
    assert await harness.look() == []
    harness.ours = {9}
    assert await harness.look() == [f"add {harness.url}"]


async def test_a_server_that_the_user_leaves_alone_is_given_up(harness: AdoptionHarness) -> None:
    await harness.look()
    harness.left = {harness.port}
    log = await harness.look()
    assert (len(log), log[-1]) == (3, "removed")
    harness.left = set()
    assert (await harness.look())[-1] == f"add {harness.url}"


async def test_a_server_whose_port_the_panel_has_taken_is_given_up_so_that_no_request_loops(
    harness: AdoptionHarness,
) -> None:
    await harness.look()
    harness.ours = {harness.port}
    assert (await harness.look())[-1] == "removed"


async def test_a_server_at_another_place_is_used_if_the_user_wants_it(harness: AdoptionHarness) -> None:
    del harness.places[harness.port]
    assert await harness.look() == []
    harness.more = {harness.port: "127.0.0.1"}
    assert await harness.look() == [f"add {harness.url}"]


async def test_it_is_let_go_and_found_as_often_as_the_user_changes_his_mind(harness: AdoptionHarness) -> None:
    for _ in range(2):
        harness.wanted = True
        await harness.look()
        harness.wanted = False
        await harness.look()
    once = [f"add {harness.url}", f"remove adopted-{harness.port}", "removed"]
    assert harness.members.log == once * 2


async def test_a_worker_that_was_made_a_service_is_found_as_one_of_its_pool(harness: AdoptionHarness) -> None:
    adopted = harness.members.adopted
    harness.places.clear()
    assert await harness.look() == []
    harness.workers.update({harness.port: PoolName("embedding"), 9: PoolName("chat")})
    assert await harness.look() == [f"add {harness.url}"]
    assert [one.pool for one in adopted] == ["embedding"]
