"""Requests about models that are no chats, on the whole engine with simulated servers: stops, changes of the store."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.snapshot import Snapshot
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")


def copies(snapshot: Snapshot) -> int:
    return sum(model.name == CHAT for one in snapshot.instances for model in one.models)


async def stop(panel: LiveEngine) -> object:
    answer = await panel.client.post(panel.snapshot.proxy.url + "/api/generate", json={"model": CHAT, "keep_alive": 0})
    return answer.status_code, answer.json()["done_reason"]


async def test_a_stop_reaches_every_copy(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        await panel.chats(4, tokens=100)
        await panel.until(lambda one: copies(one) == 2)
        assert await stop(panel) == (200, "unload")
        await panel.until(lambda one: copies(one) == 0)
        assert await stop(panel) == (200, "unload")
        assert (await panel.chat()).status_code == 200


async def test_a_stop_waits_for_the_requests_of_its_model_but_its_client_does_not(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2, parallel=1))) as panel:
        await panel.ready()
        await panel.chats(6, tokens=200)
        await panel.until(lambda one: copies(one) == 2 and not one.pools[0].queued)  # not those of before
        async with asyncio.TaskGroup() as group:
            await panel.engine.set_paused(on=True)
            chats = group.create_task(panel.chats(6, tokens=200))
            await panel.until(lambda one: one.pools[0].queued == 6)
            await panel.engine.set_paused(on=False)
            assert await stop(panel) == (200, "unload")
            assert not chats.done()
        assert chats.result() == [200] * 6
        await panel.until(lambda one: copies(one) == 0)
        loads = [(await panel.client.get(one.url + "/sim/stats")).json() for one in panel.snapshot.instances]
        assert [one["models"][CHAT]["loads"] for one in loads] == [1, 1]


async def test_a_pool_whose_models_stay_for_ever_is_known_to_the_scheduler(tmp_path: Path) -> None:
    (pool,) = chat_pool()
    pool = msgspec.structs.replace(pool, environment={"OLLAMA_KEEP_ALIVE": "-1"})
    async with live(tmp_path, settings(pools=(pool,))) as panel:
        await panel.ready()
        assert panel.composition is not None
        fleet = panel.composition.dispatcher.state.fleet
        assert fleet.instances[InstanceId("chat-1")].facts.keep_alive_s == -1


async def test_what_the_workers_inherit_is_known_to_the_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", "2h")
    monkeypatch.setenv("OLLAMA_KV_CACHE_TYPE", "q8_0")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        assert panel.composition is not None
        facts = panel.composition.dispatcher.state.fleet.instances[InstanceId("chat-1")].facts
        assert (facts.keep_alive_s, facts.cache_type) == (7200, "q8_0")


async def test_a_copied_model_is_known_and_a_deleted_one_forgotten_when_the_client_hears_of_it(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        await panel.until(lambda one: one.models)
        assert panel.composition is not None
        url, catalog, copied = panel.snapshot.proxy.url, panel.composition.catalog, ModelName("copied:latest")
        answer = await panel.client.post(url + "/api/copy", json={"source": CHAT, "destination": "copied"})
        assert (answer.status_code, catalog.facts(copied) is None) == (200, False)
        answer = await panel.client.request("DELETE", url + "/api/delete", json={"model": "copied"})
        assert (answer.status_code, catalog.facts(copied) is None) == (200, True)
        answer = await panel.client.post(url + "/api/create", json={"model": "made", "from": CHAT})
        assert answer.text.endswith('{"status":"success"}\n')
        assert catalog.facts(ModelName("made:latest")) is not None
