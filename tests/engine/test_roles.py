"""Chats while no worker may serve them, on the whole engine with simulated servers."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.snapshot import Snapshot
from tests.fakes.live_engine import EMBEDDING, live, settings

pytestmark = pytest.mark.usefixtures("fast")
CHAT_1 = InstanceId("chat-1")


def reasons(snapshot: Snapshot) -> list[str]:
    return [render(one.why) for one in snapshot.requests if one.why]


async def test_a_chat_waits_for_a_stopped_worker_in_the_queue_of_its_pool(tmp_path: Path) -> None:
    async with live(tmp_path) as panel, asyncio.TaskGroup() as group:
        await panel.ready()
        await panel.engine.ensure_stopped(CHAT_1)
        chat = group.create_task(panel.chat())
        await panel.until(lambda one: reasons(one) == ["chat-1 is stopped: this request waits until you start it."])
        assert {pool.name: pool.queued for pool in panel.snapshot.pools} == {"chat": 1, "embedding": 0}
        await panel.later(120)
        assert not chat.done()
        await panel.engine.ensure_running(CHAT_1)
        assert (await chat).status_code == 200


async def test_a_chat_is_refused_at_once_if_the_settings_have_no_worker_for_it(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.workers", "0"))
        answer = await panel.chat()
        assert (answer.status_code, answer.json()["code"]) == (503, "request.no_worker")
        embedded = await panel.client.post(
            panel.snapshot.proxy.url + "/api/embed", json={"model": EMBEDDING, "input": "why"}
        )
        assert embedded.status_code == 200


async def test_what_waits_for_the_last_worker_is_refused_when_the_settings_take_it_away(tmp_path: Path) -> None:
    async with live(tmp_path) as panel, asyncio.TaskGroup() as group:
        await panel.ready()
        await panel.engine.ensure_stopped(CHAT_1)
        chat = group.create_task(panel.chat())
        await panel.until(lambda one: one.pools[0].queued == 1)
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.workers", "0"))
        assert (await chat).json()["code"] == "request.no_worker"


async def test_a_worker_that_was_taken_away_and_given_back_serves_again(tmp_path: Path) -> None:
    wanted = settings()
    async with live(tmp_path, wanted) as panel:
        await panel.ready()
        await panel.engine.ensure_stopped(CHAT_1)
        await panel.engine.apply(codec.set(wanted, "pools.chat.workers", "0"))
        await panel.engine.apply(wanted)
        assert (await panel.chat()).status_code == 200


async def test_a_mistake_in_the_settings_file_takes_no_worker_away(tmp_path: Path) -> None:
    async with live(tmp_path) as panel:
        await panel.ready()
        pid = panel.instance(CHAT_1).pid
        text = panel.paths.settings.read_text(encoding="utf-8")
        panel.paths.settings.write_text(text.replace('"name": "chat"', '"name": "Chat!"'), encoding="utf-8")
        await panel.until(lambda one: "setting.left_out" in [problem.notice.code for problem in one.problems])
        assert (await panel.chat()).status_code == 200
        assert panel.instance(CHAT_1).pid == pid
        panel.paths.settings.write_text(text, encoding="utf-8")
        await panel.until(lambda one: not one.problems)
        assert panel.instance(CHAT_1).pid == pid


async def test_embeddings_are_served_by_chat_workers_where_there_are_no_others(tmp_path: Path) -> None:
    async with live(tmp_path, codec.set(settings(), "pools.embedding.workers", "0")) as panel:
        await panel.ready()
        embedded = await panel.client.post(
            panel.snapshot.proxy.url + "/api/embed", json={"model": EMBEDDING, "input": "why"}
        )
        assert embedded.status_code == 200
