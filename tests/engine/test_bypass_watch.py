"""When it is looked who goes past the panel, and what is asked."""

import asyncio
import os
from collections.abc import Collection
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.bypass import Origin
from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.records import Role
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord, Snapshot
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.bypass_watch import FIRST_S, IDLE_S, LEAST_S, WATCHED_S, BypassWatch
from ollama_panel.engine.metrics import exposition
from ollama_panel.engine.store import Store
from ollama_panel.proxy.identity import Found
from tests.fakes.lookups import connection
from tests.fakes.virtual import advance

OLLAMA = FoundServer("ollama", 7, 1.0, Owner(), url="http://127.0.0.1:11434")
ANSWERED = '[GIN] 2026/03/02 - 08:15:03 | 200 |  1.250417834s | {:>15} | POST     "/api/chat"\n'
TO_OLLAMA = ("127.0.0.1", 11434)


class Harness:
    """A watch, and what it asks and tells."""

    def __init__(self) -> None:
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.store.set_found_servers((OLLAMA,))
        self.asked: list[tuple[Collection[int], Collection[int]]] = []
        self.found: Found | None = Found((connection(("127.0.0.1", 1), TO_OLLAMA, name="rag"),))
        self.watched = True
        self.watch = self.watching()

    def watching(self) -> BypassWatch:
        """Return a watch of the store."""
        return BypassWatch(self.store, self._clients_of, asyncio.get_running_loop().time, lambda: self.watched)

    def _clients_of(self, servers: Collection[int], besides: Collection[int]) -> asyncio.Future[Found | None]:
        self.asked.append((list(servers), besides))
        answer: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        answer.set_result(self.found)
        return answer

    def snapshot(self) -> Snapshot:
        return self.store.snapshot(0.0, ())


async def test_who_is_connected_besides_the_panel_is_told() -> None:
    harness = Harness()
    assert harness.snapshot().bypassing is None
    await harness.watch.refresh()
    assert harness.asked == [([11434], (os.getpid(),))]
    (one,) = harness.snapshot().bypassing or ()
    assert (one.name, one.pid, one.url, one.origin) == ("rag", 7, "http://127.0.0.1:11434", Origin.PROGRAM)


async def test_if_nobody_can_tell_the_reason_is_told_until_somebody_can() -> None:
    harness = Harness()
    harness.found = None
    await harness.watch.refresh()
    assert harness.snapshot().bypassing is None
    assert harness.snapshot().bypassing_unknown is not None
    harness.found = Found()
    await advance(LEAST_S)
    await harness.watch.refresh()
    assert (harness.snapshot().bypassing, harness.snapshot().bypassing_unknown) == ((), None)


async def test_nobody_is_said_to_go_past_before_the_servers_are_known_and_then_it_is_looked_at_once() -> None:
    harness = Harness()
    harness.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
    harness.watch = harness.watching()
    await harness.watch.refresh()
    assert (harness.asked, harness.snapshot().bypassing) == ([], None)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(harness.watch.run())
        await advance(2 * FIRST_S)
        assert harness.asked == []
        harness.store.set_found_servers((OLLAMA,))
        await advance(FIRST_S)
        assert [one.name for one in harness.snapshot().bypassing or ()] == ["rag"]
        running.cancel()


async def test_the_panels_own_addresses_are_no_servers_and_its_workers_are() -> None:
    harness = Harness()
    harness.store.set_second_proxy(ProxyRecord(True, "http://127.0.0.1:11434", port=11434))
    harness.store.set_proxy(ProxyRecord(True, "http://127.0.0.1:11435", port=11435))
    url = "http://127.0.0.1:11500"
    harness.store.put_instance(
        InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, url, Phase.READY)
    )
    await harness.watch.refresh()
    assert harness.asked[0][0] == [11500]


async def test_without_a_server_nothing_is_asked_and_nobody_goes_past_it() -> None:
    harness = Harness()
    harness.store.set_found_servers(())
    await harness.watch.refresh()
    assert (harness.asked, harness.snapshot().bypassing) == ([], ())


async def test_another_machine_is_told_by_its_address() -> None:
    harness = Harness()
    away = connection(("192.168.1.7", 50_000), ("192.168.1.2", 11434), name="", pid=0, program="")
    harness.found = Found((away,))
    await harness.watch.refresh()
    (one,) = harness.snapshot().bypassing or ()
    assert (one.address, one.origin, one.pid) == ("192.168.1.7", Origin.NETWORK, None)


async def test_a_record_that_has_not_changed_is_the_identical_object() -> None:
    harness = Harness()
    harness.found = Found()
    await harness.watch.refresh()
    first = harness.snapshot().bypassing
    await advance(LEAST_S)
    await harness.watch.refresh()
    assert harness.snapshot().bypassing is first


@pytest.mark.parametrize(("used", "requests"), [(None, 2), (InstanceId("adopted-11434"), 1)])
async def test_the_log_of_a_server_tells_of_short_requests(
    tmp_path: Path, used: InstanceId | None, requests: int
) -> None:
    """Of one that the panel uses, only those from elsewhere: the others may be the panel's."""
    harness = Harness()
    harness.found = Found()
    log = tmp_path / "server.log"
    log.write_text(ANSWERED.format("127.0.0.1"))
    source = LogSource(LogKind.FILE, str(log))
    harness.store.set_found_servers((msgspec.structs.replace(OLLAMA, log=source, instance=used),))
    await harness.watch.refresh()
    assert harness.snapshot().bypassing == ()
    with log.open("a") as file:
        file.write(ANSWERED.format("127.0.0.1") + ANSWERED.format("192.168.1.7"))
    await advance(LEAST_S)
    await harness.watch.refresh()
    (one,) = harness.snapshot().bypassing or ()
    assert (one.origin, one.requests, one.instance) == (Origin.LOG, requests, used)


async def test_who_asks_often_gets_the_last_answer() -> None:
    harness = Harness()
    await asyncio.gather(*(harness.watch.refresh() for _ in range(20)))
    assert len(harness.asked) == 1


@pytest.mark.parametrize(("watched", "every_s"), [(True, WATCHED_S), (False, IDLE_S)])
async def test_it_is_looked_more_often_while_somebody_watches(*, watched: bool, every_s: float) -> None:
    harness = Harness()
    harness.watched = watched
    async with asyncio.TaskGroup() as group:
        task = group.create_task(harness.watch.run())
        await advance(WATCHED_S)
        before = len(harness.asked)
        for _ in range(round(5 * every_s / WATCHED_S)):
            await advance(WATCHED_S)
        task.cancel()
    assert len(harness.asked) - before == 5


async def test_the_metrics_count_the_connections_past_the_panel_once_they_are_known() -> None:
    harness = Harness()
    name = b"ollama_panel_bypassing_connections"
    assert name not in exposition(harness.snapshot(), RequestStatistics())
    await harness.watch.refresh()
    assert name + b" 1.0\n" in exposition(harness.snapshot(), RequestStatistics())
