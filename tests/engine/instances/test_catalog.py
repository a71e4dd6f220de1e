"""The catalog of models and their stores; loading and unloading."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.messages import Event, Unloaded
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.stores import MANAGED
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.model_unloader import ModelUnloader
from ollama_panel.engine.store import Store

CHAT, EMBED = ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")
STUCK = ModelName("stuck:latest")
OTHER = InstanceId("adopted-11434")


class Servers:
    """Ollama servers by port, as far as their lists of models go; `asked` is every request."""

    def __init__(self) -> None:
        self.models: dict[int, dict[str, list[str]]] = {}
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.digests: dict[tuple[int | None, str], str] = {}
        self.held, self.go, self._hold = asyncio.Event(), asyncio.Event(), False

    def hold(self) -> None:
        """Hold the next answer, as it is now, until `go` is set; `held` says that there is one."""
        self._hold = True

    async def answer_later(self, request: httpx.Request) -> httpx.Response:
        answer = self.answer(request)
        if self._hold:
            self._hold = False
            self.held.set()
            await self.go.wait()
        return answer

    def answer(self, request: httpx.Request) -> httpx.Response:
        models = self.models.get(request.url.port or 80)
        if models is None:
            raise httpx.ConnectError("refused")
        body = json.loads(request.content) if request.content else {}
        self.asked.append((request.url.path, body))
        if request.url.path == "/api/tags":
            digests = {name: self.digests.get((request.url.port, name), name) for name in models}
            entries = [{"name": name, "model": name, "digest": digests[name], "size": 1} for name in models]
            return httpx.Response(200, json={"models": entries})
        if request.url.path == "/api/generate" and body["model"] not in models:
            return httpx.Response(500 if body["model"] == STUCK else 404, json={"error": "no"})
        if request.url.path == "/api/show":
            return httpx.Response(200, json={"capabilities": models[body["model"]], "details": {}, "model_info": {}})
        return httpx.Response(200, json={"done": True})


@pytest.fixture
def servers() -> Servers:
    servers = Servers()
    servers.models[1] = {CHAT: ["completion"], EMBED: ["embedding"]}
    return servers


@pytest.fixture
async def client(servers: Servers) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(servers.answer_later)) as client:
        yield client


class CatalogHarness:
    """A catalog, its sources, and what it passed to `on_change`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.sources = {MANAGED: "http://127.0.0.1:1"}
        self.told: list[list[str]] = []
        self.changed = asyncio.Event()
        self.catalog = Catalog(client, lambda: self.sources, self._changed)

    def _changed(self, models: tuple[ModelFacts, ...]) -> None:
        self.changed.set()
        self.told.append([str(facts.name) for facts in models])


@pytest.fixture
def harness(client: httpx.AsyncClient) -> CatalogHarness:
    return CatalogHarness(client)


async def test_models_are_told_once_until_they_change(harness: CatalogHarness, servers: Servers) -> None:
    await harness.catalog.read()
    await harness.catalog.read()
    assert harness.told == [[CHAT, EMBED]]
    assert [path for path, _ in servers.asked].count("/api/show") == 2
    servers.models[1] = {EMBED: ["embedding"]}
    await harness.catalog.read()
    assert harness.told[1:] == [[EMBED]]


async def test_a_server_that_does_not_answer_keeps_what_it_had(harness: CatalogHarness, servers: Servers) -> None:
    await harness.catalog.read()
    del servers.models[1]
    await harness.catalog.read()
    assert harness.told == [[CHAT, EMBED]]
    assert harness.catalog.facts(CHAT) is not None


async def test_an_embedding_model_asks_for_its_pool_and_a_pools_list_wins(harness: CatalogHarness) -> None:
    await harness.catalog.read()
    assert harness.catalog.roles() == {EMBED: Role.EMBEDDING}
    code = PoolSettings(PoolName("code"), Role.CODE, models=("LLAMA3.1:8b", "nomic-embed-text"))
    harness.catalog.set_pools((code,))
    assert harness.catalog.roles() == {CHAT: Role.CODE, EMBED: Role.CODE}


async def test_one_store_needs_no_telling_where_a_model_is(harness: CatalogHarness) -> None:
    await harness.catalog.read()
    assert harness.catalog.store(InstanceId("chat-1"), managed=True) is None


async def test_two_stores_are_told_apart_and_listed_as_one(harness: CatalogHarness, servers: Servers) -> None:
    servers.models[2] = {"gemma3:4b": ["completion"], CHAT: ["completion"]}
    harness.sources[OTHER] = "http://127.0.0.1:2"
    await harness.catalog.read()
    assert harness.told == [[CHAT, EMBED, "gemma3:4b"]]
    assert harness.catalog.store(InstanceId("chat-1"), managed=True) == (CHAT, EMBED)
    assert harness.catalog.store(OTHER, managed=False) == ("gemma3:4b", CHAT)
    del harness.sources[OTHER]
    await harness.catalog.read()
    assert harness.told[-1] == [CHAT, EMBED]


async def test_a_model_of_the_same_name_that_is_not_the_workers_is_another(
    harness: CatalogHarness, servers: Servers
) -> None:
    servers.models[2] = {CHAT: ["completion"], EMBED: ["embedding"]}
    servers.digests[2, CHAT] = "older"
    harness.sources[OTHER] = "http://127.0.0.1:2"
    await harness.catalog.read()
    assert harness.catalog.store(OTHER, managed=False) == (EMBED,)
    assert harness.catalog.store(InstanceId("chat-1"), managed=True) == (CHAT, EMBED)
    assert harness.catalog.in_store(OTHER) == (CHAT, EMBED), "it is told"


async def test_two_servers_with_the_same_folder_have_one_store(harness: CatalogHarness, servers: Servers) -> None:
    servers.models[2] = servers.models[1]
    harness.sources[OTHER] = "http://127.0.0.1:2"
    await harness.catalog.read()
    assert harness.catalog.store_id(OTHER, managed=False) == OTHER
    harness.catalog.share({InstanceId("chat-1"): MANAGED, OTHER: MANAGED})
    assert harness.catalog.store_id(OTHER, managed=False) == MANAGED
    assert harness.catalog.store(OTHER, managed=False) is None, "there is only one"
    assert harness.catalog.in_store(MANAGED) == (CHAT, EMBED)


async def test_a_store_that_its_workers_cannot_read_has_no_models_for_them(
    harness: CatalogHarness, servers: Servers
) -> None:
    servers.models[2] = servers.models[1]
    worker, shared = InstanceId("chat-1"), {InstanceId("chat-1"): MANAGED, OTHER: MANAGED}
    harness.catalog.share(shared)
    await harness.catalog.read()
    harness.sources[OTHER] = "http://127.0.0.1:2"
    harness.catalog.share({worker: MANAGED, OTHER: OTHER}, {MANAGED})
    for _ in range(2):
        assert harness.catalog.store(worker, managed=True) == ()
        assert harness.catalog.store(OTHER, managed=False) == (CHAT, EMBED)
        await harness.catalog.read()
        await harness.catalog.refresh(MANAGED, "http://127.0.0.1:1")
    assert harness.told == [[], *[[CHAT, EMBED]] * (len(harness.told) - 1)], "another server has them still"
    del harness.sources[MANAGED]
    await harness.catalog.read()
    assert harness.catalog.in_store(MANAGED) == (), "a worker that is restarted cannot read it either"
    harness.catalog.share(shared)
    assert harness.catalog.in_store(MANAGED) == (CHAT, EMBED)


async def test_a_changed_store_is_read_alone_and_at_once(harness: CatalogHarness, servers: Servers) -> None:
    servers.models[2] = {"gemma3:4b": ["completion"]}
    harness.sources[OTHER] = "http://127.0.0.1:2"
    await harness.catalog.read()
    servers.models[2]["gemma3:4b-copy"] = ["completion"]
    servers.asked.clear()
    await harness.catalog.refresh(OTHER, "http://127.0.0.1:2")
    assert harness.catalog.store(OTHER, managed=False) == ("gemma3:4b", "gemma3:4b-copy")
    assert harness.told[-1] == [CHAT, EMBED, "gemma3:4b", "gemma3:4b-copy"]
    assert [path for path, _ in servers.asked] == ["/api/tags", "/api/show"]


async def test_a_store_that_does_not_answer_after_a_change_keeps_what_it_had(
    harness: CatalogHarness, servers: Servers
) -> None:
    await harness.catalog.read()
    del servers.models[1]
    await harness.catalog.refresh(MANAGED, "http://127.0.0.1:1")
    assert harness.told == [[CHAT, EMBED]]


async def test_a_reading_from_before_a_change_does_not_undo_it(harness: CatalogHarness, servers: Servers) -> None:
    async with asyncio.TaskGroup() as group:
        servers.hold()
        group.create_task(harness.catalog.read())
        await servers.held.wait()
        servers.models[1][CHAT + "-copy"] = ["completion"]
        await harness.catalog.refresh(MANAGED, "http://127.0.0.1:1")
        assert harness.told == [[CHAT, EMBED, CHAT + "-copy"]]
        servers.go.set()
    assert harness.told == [[CHAT, EMBED, CHAT + "-copy"]]


async def test_a_change_whose_client_leaves_is_read_all_the_same(harness: CatalogHarness, servers: Servers) -> None:
    async with asyncio.TaskGroup() as group:
        servers.hold()
        task = group.create_task(harness.catalog.refresh(MANAGED, "http://127.0.0.1:1"))
        await servers.held.wait()
        task.cancel()
        servers.go.set()
        running = group.create_task(harness.catalog.run())
        await harness.changed.wait()
        running.cancel()
    assert harness.told == [[CHAT, EMBED]]


async def test_a_poke_is_enough_to_be_read(harness: CatalogHarness) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(harness.catalog.run())
        harness.catalog.read_soon()
        await harness.changed.wait()
        task.cancel()


class UnloaderHarness:
    """A model unloader of two instances, one of which does not answer, and the events that it caused."""

    def __init__(self, client: httpx.AsyncClient, group: asyncio.TaskGroup) -> None:
        self.events: list[Event] = []
        store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        one = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
        store.put_instance(one)
        store.put_instance(msgspec.structs.replace(one, id=InstanceId("chat-2"), url="http://127.0.0.1:9"))
        self.unloader = ModelUnloader(group, client, store, self.events.append)


async def test_unloading_is_an_empty_request_that_keeps_nothing_alive(
    servers: Servers, client: httpx.AsyncClient
) -> None:
    async with asyncio.TaskGroup() as group:
        handled = UnloaderHarness(client, group)
        handled.unloader.unload(InstanceId("chat-1"), CHAT)
    assert servers.asked[-1] == ("/api/generate", {"model": CHAT, "keep_alive": 0, "stream": False})
    assert handled.events == [Unloaded(InstanceId("chat-1"), CHAT)]


async def test_a_model_that_was_deleted_is_not_loaded_any_more(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.TaskGroup() as group:
        handled = UnloaderHarness(client, group)
        handled.unloader.unload(InstanceId("chat-1"), ModelName("deleted:latest"))
    assert handled.events == [Unloaded(InstanceId("chat-1"), ModelName("deleted:latest"))]
    assert caplog.messages == []


async def test_an_unload_that_is_refused_is_told_without_the_words_of_a_library(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.TaskGroup() as group:
        handled = UnloaderHarness(client, group)
        handled.unloader.unload(InstanceId("chat-1"), STUCK)
    assert handled.events == []
    assert caplog.messages == [f"{STUCK} could not be unloaded at chat-1: status 500"]


async def test_an_unload_that_fails_is_not_told_as_done(client: httpx.AsyncClient) -> None:
    async with asyncio.TaskGroup() as group:
        handled = UnloaderHarness(client, group)
        handled.unloader.unload(InstanceId("chat-2"), CHAT)
        handled.unloader.unload(InstanceId("chat-3"), CHAT)
    assert handled.events == []
