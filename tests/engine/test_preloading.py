"""Pinned models on the whole engine with simulated servers: loaded at every start, one at a time, and they stay."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.usefixtures("fast")

EMBED = "nomic-embed-text:latest"


def pinned(*models: str, workers: int = 1, **more: object) -> Settings:
    (pool,) = chat_pool(workers=workers)
    return settings(pools=(msgspec.structs.replace(pool, preload=models, **more),))


def held(snapshot: Snapshot, name: str = "chat-1") -> set[str]:
    return {model.name for one in snapshot.instances if one.id == name for model in one.models}


async def stats(panel: LiveEngine, name: str = "chat-1") -> dict[str, dict[str, int]]:
    answer = await panel.client.get(panel.instance(name).url + "/sim/stats")
    found: dict[str, dict[str, int]] = answer.json()["models"]
    return found


async def kept_for(panel: LiveEngine, minutes: float) -> None:
    """Wait until the model is in memory, idle, and will leave after so long."""
    async with deadline(lambda: f"{minutes} minutes, but the model stays for {left}"):
        left = -1.0
        while not minutes / 2 < left <= minutes * 1.01 and not (minutes > 1e5 < left):
            answer = await panel.client.get(panel.instance("chat-1").url + "/api/ps")
            ends = [datetime.fromisoformat(one["expires_at"]) for one in answer.json()["models"]]
            left = (ends[0] - datetime.now(UTC)).total_seconds() / 60 if ends else -1.0


async def ask_native(panel: LiveEngine, **more: object) -> dict[str, object]:
    body = {"model": CHAT, "prompt": "hello", "stream": False, "options": {"num_predict": 2}, **more}
    answer = await panel.client.post(panel.snapshot.proxy.url + "/api/generate", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_they_are_loaded_at_the_start_of_every_worker_one_after_the_other(tmp_path: Path) -> None:
    async with live(tmp_path, pinned(CHAT, EMBED, workers=2)) as panel:
        loading = list[tuple[str, ...]]()
        await panel.ready()

        def look(one: Snapshot) -> bool:
            loading.append(tuple(f"{record.id} {model}" for record in one.instances for model in record.loading[:1]))
            return held(one) == held(one, "chat-2") == {CHAT, EMBED}

        await panel.until(look)
        assert any(loading)
        for name in ("chat-1", "chat-2"):
            assert {model: one["loads"] for model, one in (await stats(panel, name)).items()} == {CHAT: 1, EMBED: 1}
        await panel.until(lambda one: not any(record.loading for record in one.instances))


async def test_they_are_loaded_again_after_a_crash_and_after_an_apply(tmp_path: Path) -> None:
    async with live(tmp_path, pinned(CHAT)) as panel:
        await panel.ready()
        await panel.until(lambda one: held(one) == {CHAT})
        panel.kill("chat-1")
        await panel.until(lambda one: held(one) == set())
        await panel.until(lambda one: held(one) == {CHAT})
        wanted = codec.set(panel.snapshot.settings, "pools.chat.parallel", "4")
        await panel.engine.apply(wanted)
        await panel.until(lambda one: held(one) == {CHAT} and one.instances[0].parallel == 4)
        assert (await stats(panel))[CHAT]["loads"] == 1


async def test_a_model_that_is_pinned_live_is_loaded_and_stays_for_ever(tmp_path: Path) -> None:
    async with live(tmp_path, pinned()) as panel:
        await panel.ready()
        await panel.until(lambda one: one.models)
        changed = await panel.engine.control.models.pin(InstanceId("chat-1"), ModelName(CHAT), on=True)
        assert changed.settings.pools[0].preload == (CHAT,)
        await panel.until(lambda one: held(one) == {CHAT})
        await kept_for(panel, 365 * 24 * 60)
        await panel.engine.control.models.pin(InstanceId("chat-1"), ModelName(CHAT), on=False)
        await kept_for(panel, 5)


async def test_they_stay_where_no_more_models_may_be_in_memory(tmp_path: Path) -> None:
    environment = {"OLLAMA_MAX_LOADED_MODELS": "1", "OLLAMA_SIM_CATALOG": f"{CHAT},llama3.2:3b"}
    async with live(tmp_path, pinned(CHAT, environment=environment)) as panel:
        await panel.until(lambda one: held(one) == {CHAT})
        answer = await panel.chat(model="llama3.2:3b")
        assert (answer.status_code, answer.json()["code"]) == (503, "models.no_place")
        assert (await panel.chat()).status_code == 200
        assert {model: one["loads"] for model, one in (await stats(panel)).items()} == {CHAT: 1}


async def test_clients_cannot_unload_them_and_get_the_answer_that_ollama_gives(tmp_path: Path) -> None:
    async with live(tmp_path, pinned(CHAT)) as panel:
        await panel.ready()
        await panel.until(lambda one: held(one) == {CHAT})
        url = panel.snapshot.proxy.url + "/api/generate"
        answer = await panel.client.post(url, json={"model": CHAT, "keep_alive": 0})
        assert (answer.status_code, answer.json()["done_reason"]) == (200, "unload")
        await ask_native(panel, keep_alive=0)
        await panel.later(60)
        assert (await stats(panel))[CHAT]["loads"] == 1
        assert held(panel.snapshot) == {CHAT}


async def test_an_unload_by_the_user_lasts_until_the_next_start(tmp_path: Path) -> None:
    async with live(tmp_path, pinned(CHAT)) as panel:
        await panel.ready()
        await panel.until(lambda one: held(one) == {CHAT})
        models = panel.engine.control.models
        record = await models.unload(InstanceId("chat-1"), ModelName(CHAT))
        assert record.models == ()
        await panel.later(5)
        assert held(panel.snapshot) == set()
        record = await models.load(InstanceId("chat-1"), ModelName(CHAT))
        assert [one.name for one in record.models] == [CHAT]
        await panel.engine.unload_all()
        await panel.until(lambda one: held(one) == set())
        await panel.later(5)
        assert held(panel.snapshot) == set()
        await panel.engine.restart(InstanceId("chat-1"))
        await panel.until(lambda one: held(one) == {CHAT})


async def test_nothing_is_loaded_while_the_queue_is_paused_and_whoever_asks_for_it_is_told(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.engine.set_paused(True)
        with pytest.raises(PanelError, match="The queue is paused, and nothing is loaded meanwhile: resume it first"):
            await panel.engine.control.models.load(InstanceId("chat-1"), ModelName(CHAT))
        await panel.engine.set_paused(False)
        await panel.engine.control.models.load(InstanceId("chat-1"), ModelName(CHAT))


async def test_one_that_is_missing_is_told_with_what_to_do_and_nothing_is_tried(tmp_path: Path) -> None:
    async with live(tmp_path, pinned("no-such:1b", CHAT)) as panel:
        await panel.ready()
        await panel.until(lambda one: held(one) == {CHAT} and one.problems)
        problem = panel.snapshot.problems[0]
        assert problem.where == "pools.chat.preload"
        assert "ollama-panel pull no-such:1b" in render(problem.notice)
        await panel.later(60)
        assert len(panel.snapshot.problems) == 1


async def test_embedding_models_are_pinned_too(tmp_path: Path) -> None:
    pool = PoolSettings(PoolName("embedding"), Role.EMBEDDING, 1, 1, 2048, preload=("nomic-embed-text",))
    async with live(tmp_path, settings(pools=(*chat_pool(), pool))) as panel:
        await panel.ready()
        await panel.until(lambda one: held(one, "embedding-1") == {EMBED})


async def test_the_pools_keep_alive_holds_for_all_three_dialects_and_live(tmp_path: Path) -> None:
    async with live(tmp_path, pinned(keep_alive="30m")) as panel:
        await panel.ready()
        messages = [{"role": "user", "content": "hello"}]
        openai = {"model": CHAT, "messages": messages, "max_tokens": 2}
        for path, body in (
            ("/api/chat", {"model": CHAT, "messages": messages, "stream": False, "keep_alive": "1s"}),
            ("/v1/chat/completions", openai),
            ("/v1/messages", openai),
        ):
            answer = await panel.client.post(panel.snapshot.proxy.url + path, json=body)
            assert answer.status_code == 200, answer.text
            await kept_for(panel, 30)
            await panel.engine.unload_all()
            await panel.until(lambda one: held(one) == set())
        pid = panel.instance("chat-1").pid
        await panel.client.post(panel.snapshot.proxy.url + "/v1/chat/completions", json=openai)
        await kept_for(panel, 30)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.keep_alive", "2h"))
        await kept_for(panel, 120)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.keep_alive", ""))
        await kept_for(panel, 5)
        await panel.engine.unload_all()
        await panel.until(lambda one: held(one) == set())
        await panel.client.post(panel.snapshot.proxy.url + "/v1/chat/completions", json=openai)
        await kept_for(panel, 5)
        assert panel.instance("chat-1").pid == pid
