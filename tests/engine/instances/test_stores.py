"""Finds the stores of all instances and tells which models are where."""

import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.core.stores import MANAGED, Access, Denial, Found, Service
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.host import model_stores
from ollama_panel.engine.host.services import Server
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.stores import INTERVAL_S, PROBLEM_INTERVAL_S, Stores
from ollama_panel.engine.store import Store
from tests.fakes.ports import free_port
from tests.fakes.virtual import advance, virtual_loop
from tests.fakes.waiting import Changes

CHAT, SERVICE = InstanceId("chat-1"), InstanceId("adopted-11434")
MODEL = ModelName("tiny:latest")
PID, PORT = 4711, 11434
_CLOSED = Denial("/usr/share/ollama", "ollama", "ollama", 0o700, "x", 998)


class FakeFleet:
    """A fleet of one worker."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.known = dict[InstanceId, Mapping[str, str]]()
        self.started = list[InstanceId]()

    async def start(self, instance: InstanceId) -> None:
        self.started.append(instance)

    def know(self, instance: InstanceId, variables: Mapping[str, str]) -> None:
        self.known[instance] = variables

    def specs(self) -> Mapping[InstanceId, InstanceSpec]:
        variables = {"HOME": str(self.home)}
        spec = InstanceSpec(CHAT, 1, PoolName("chat"), Role.CHAT, ("ollama",), "127.0.0.1", 11435, variables)
        return {CHAT: spec}


class StoresHarness:
    """A worker and a service, each with a store; `servers` is what the system tells of processes."""

    def __init__(self, folder: Path, client: httpx.AsyncClient) -> None:
        self.own, self.theirs = folder / "alice", folder / "ollama"
        for home in (self.own, self.theirs):
            (home / ".ollama/models/manifests/registry.ollama.ai/library/tiny").mkdir(parents=True)
            (home / ".ollama/models/blobs").mkdir()
        (self.theirs / ".ollama/models/manifests/registry.ollama.ai/library/tiny/latest").touch()
        self.enabled = True
        self.asked, self.shared, self.elsewhere = list[int](), list[bool](), free_port()
        self.servers = {PID: Server(Service("ollama", "ollama"), home=str(self.theirs))}
        self.changes = Changes(lambda: repr(self.snapshot()))
        self.store = Store(Settings(), Timeline(), self.changes.notify, lambda _: 1)
        self.catalog = Catalog(client, dict, lambda _: self.stores.tell())
        self.fleet = FakeFleet(self.own)
        self.stores = Stores(
            self.fleet,  # type: ignore[arg-type] # a fake one
            self.store,
            self.catalog,
            {},
            enabled=lambda: self.enabled,
            elsewhere=(self.elsewhere,),
            own_ports=lambda: (),
            on_shared=lambda: self.shared.append(True),
            look=self._look,
        )
        for name, managed, pid in ((CHAT, True, 1), (SERVICE, False, PID)):
            self.put(name, managed, pid)

    def _look(self, port: int, pid: int | None) -> Server:
        assert port == PORT
        assert pid is not None
        self.asked.append(pid)
        return self.servers[pid]

    def put(self, name: InstanceId, managed: bool, pid: int | None) -> None:
        phase = Phase.BACKOFF if pid is None else Phase.READY
        self.store.put_instance(
            InstanceRecord(name, PoolName("chat"), Role.CHAT, managed, "", phase, pid=pid, port=PORT)
        )

    def snapshot(self) -> Snapshot:
        """Return what is told now."""
        return self.store.snapshot(0, ())

    def prunes(self) -> bool:
        """Return whether the worker would delete from its store at its start."""
        (spec,) = self.stores.guarded(FakeFleet(self.own).specs().values())
        return "OLLAMA_NOPRUNE" not in spec.environment

    def models(self, **stores: tuple[ModelName, ...]) -> None:
        names = {"own": MANAGED, "theirs": SERVICE}
        self.catalog._update(
            {names[key]: tuple(map(_facts, value)) for key, value in stores.items()}, names.values(), 1
        )


def _told(home: Path) -> Server:
    """Return a server whose unit tells that it has no folder but that in its home."""
    return Server(Service("ollama", "ollama"), {}, Found.UNIT, True, str(home))


def _facts(name: ModelName) -> ModelFacts:
    return ModelFacts(name, name)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[StoresHarness]:
    async with httpx.AsyncClient() as client:
        yield StoresHarness(tmp_path, client)


async def test_the_stores_are_told_with_their_models(harness: StoresHarness) -> None:
    await harness.stores.look()
    harness.models(own=(), theirs=(MODEL,))
    own, theirs = harness.snapshot().stores
    assert (own.instances, own.path, own.models) == ((CHAT,), str(harness.own / ".ollama/models"), ())
    assert (theirs.instances, theirs.path, theirs.models) == (
        (SERVICE,),
        str(harness.theirs / ".ollama/models"),
        (MODEL,),
    )
    assert theirs.found is Found.HOME
    assert theirs.service == Service("ollama", "ollama")
    assert theirs.readable


async def test_what_changes_while_a_problem_is_shown_is_told_within_seconds(harness: StoresHarness) -> None:
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(harness.stores.run())
        with virtual_loop().paused():
            await harness.changes.until(lambda: len(harness.snapshot().stores) == 2)
            harness.models(own=(), theirs=(MODEL,))
            assert [one.action for one in harness.snapshot().notices] != [None]
            shutil.rmtree(harness.theirs / ".ollama")
            await advance(PROBLEM_INTERVAL_S)
            await harness.changes.until(lambda: [one.action for one in harness.snapshot().notices] == [None])
        looking.cancel()


async def test_servers_with_the_same_folder_have_one_store(harness: StoresHarness) -> None:
    harness.servers[PID] = _told(harness.own)
    await harness.stores.look()
    harness.models(own=(MODEL,))
    (only,) = harness.snapshot().stores
    assert only.instances == (CHAT, SERVICE)
    assert harness.catalog.store_id(SERVICE, managed=False) == MANAGED


async def test_the_system_is_asked_once_a_minute_while_it_does_not_tell_all(harness: StoresHarness) -> None:
    await harness.stores.look()
    await harness.stores.look()
    assert harness.asked == [PID]
    await advance(INTERVAL_S)
    await harness.stores.look()
    assert harness.asked == [PID, PID]


async def test_a_server_that_was_restarted_is_asked_at_once_and_one_that_is_down_keeps_its_store(
    harness: StoresHarness,
) -> None:
    await harness.stores.look()
    harness.put(SERVICE, False, None)
    await harness.stores.look()
    assert harness.snapshot().stores[1].path
    harness.servers[PID + 1] = _told(harness.own)
    harness.put(SERVICE, False, PID + 1)
    await harness.stores.look()
    assert harness.asked == [PID, PID + 1]
    assert len(harness.snapshot().stores) == 1


async def test_a_worker_deletes_what_is_not_used_from_its_own_store_alone(harness: StoresHarness) -> None:
    await harness.stores.look()
    assert harness.prunes()
    harness.servers[PID + 1] = _told(harness.own)
    harness.put(SERVICE, False, PID + 1)
    harness.shared.clear()
    await harness.stores.look()
    assert harness.shared == [True]
    assert not harness.prunes(), "a server of somebody else has the same store"


async def test_a_server_whose_store_is_not_known_may_have_the_same(harness: StoresHarness) -> None:
    harness.servers[PID] = Server()
    await harness.stores.look()
    assert not harness.prunes()


async def test_neither_does_one_while_it_is_not_known_who_listens_where_servers_are_found(
    harness: StoresHarness,
) -> None:
    harness.store.drop_instance(SERVICE)
    assert harness.prunes()
    with socket.create_server(("127.0.0.1", harness.elsewhere)):
        assert not harness.prunes()


@pytest.mark.skipif(sys.platform == "win32", reason="users have no numbers")
async def test_nothing_is_deleted_from_a_store_of_another_user(
    harness: StoresHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.stores.look()
    monkeypatch.setattr("os.getuid", lambda: 1 + (harness.own / ".ollama/models").stat().st_uid)
    assert not harness.prunes()


async def test_a_store_that_may_only_be_read_is_not_changed_by_a_worker(
    harness: StoresHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_stores, "may_change", lambda *_: False)
    await harness.stores.look()
    assert not harness.stores.writable(CHAT)
    assert harness.stores.writable(SERVICE), "its owner's server"
    assert not harness.prunes()


async def test_workers_that_can_no_longer_read_their_store_are_told_until_they_can(
    harness: StoresHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.servers[PID] = _told(harness.own)
    await harness.stores.look()
    harness.models(own=(MODEL,))
    with monkeypatch.context() as patched:
        patched.setattr(model_stores, "access", lambda _: Access(readable=False, closed=True, denials=(_CLOSED,)))
        await harness.stores.look()
        own, theirs = harness.store.snapshot(0, ()).stores
        assert (own.models, theirs.models) == ((), (MODEL,))
        (told,) = harness.store.snapshot(0, ()).notices
        assert told.code == "stores.shut_served"
        assert harness.catalog.store(CHAT, managed=True) == ()
    await harness.stores.look()
    assert harness.store.snapshot(0, ()).notices == ()
    assert harness.catalog.in_store(MANAGED) == (MODEL,)


@pytest.mark.parametrize(("phase", "started"), [(Phase.FAILED, [CHAT]), (Phase.STOPPED, []), (Phase.READY, [])])
async def test_a_worker_that_failed_because_of_it_is_started_once_it_can(
    harness: StoresHarness, monkeypatch: pytest.MonkeyPatch, phase: Phase, started: list[InstanceId]
) -> None:
    record = harness.store.instance(CHAT)
    assert record is not None
    harness.store.put_instance(msgspec.structs.replace(record, phase=phase))
    with monkeypatch.context() as patched:
        patched.setattr(model_stores, "access", lambda _: Access(readable=False, closed=True, denials=(_CLOSED,)))
        await harness.stores.look()
    assert harness.fleet.started == []
    for _ in range(2):
        await harness.stores.look()
    assert harness.fleet.started == started


async def test_so_are_they_where_no_server_of_others_is_used(
    harness: StoresHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.enabled = False
    with monkeypatch.context() as patched:
        patched.setattr(model_stores, "access", lambda _: Access(readable=False, closed=True, denials=(_CLOSED,)))
        await harness.stores.look()
        assert [one.code for one in harness.store.snapshot(0, ()).notices] == ["stores.shut"]
    await harness.stores.look()
    snapshot = harness.store.snapshot(0, ())
    assert (snapshot.stores, snapshot.notices) == ((), ())


async def test_once_servers_of_others_are_not_used_any_more_nothing_is_said_of_them(harness: StoresHarness) -> None:
    await harness.stores.look()
    harness.models(own=(), theirs=(MODEL,))
    assert [one.code for one in harness.snapshot().notices] == ["stores.none_here"]
    harness.enabled = False
    await harness.stores.look()
    snapshot = harness.snapshot()
    assert (snapshot.stores, snapshot.notices) == ((), ())
