"""A server that ran before the panel, beside its workers: no model is loaded in both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.engine.instances.supervisor import Adopted
from tests.fakes.live_engine import CHAT, LiveEngine, answers, chat_pool, live, settings
from tests.sim.serving import question, server

pytestmark = pytest.mark.usefixtures("fast")
ADOPTED = InstanceId("adopted-11434")


@asynccontextmanager
async def beside(folder: Path, **environment: str) -> AsyncIterator[LiveEngine]:
    """Run a panel with two workers of four slots and an adopted server, which has loaded a model for somebody else."""
    async with (
        server(OLLAMA_NUM_PARALLEL="1", **environment) as url,
        live(folder, settings(pools=chat_pool(workers=2, parallel=4))) as panel,
    ):
        await panel.ready()
        assert (await panel.client.post(url + "/api/chat", json=question())).status_code == 200
        assert panel.composition is not None
        panel.composition.fleet.add(Adopted(ADOPTED, int(url.rpartition(":")[2]), url))
        await panel.until(lambda one: len(one.instances) == 3 and all(map(answers, one.instances)))
        await panel.until(lambda one: ADOPTED in holders(panel))
        yield panel


def holders(panel: LiveEngine) -> list[InstanceId]:
    """Return where the model is in memory."""
    return [one.id for one in panel.snapshot.instances for model in one.models if model.name == CHAT]


async def test_the_copy_that_is_loaded_already_is_used(tmp_path: Path) -> None:
    async with beside(tmp_path) as panel:
        for _ in range(5):
            assert (await panel.chat()).status_code == 200
        await panel.later(3)
        assert holders(panel) == [ADOPTED]


async def test_under_load_the_home_moves_to_the_workers_and_nothing_is_lost(tmp_path: Path) -> None:
    async with beside(tmp_path) as panel:
        await panel.later(10)
        async with asyncio.TaskGroup() as group:
            chats = group.create_task(panel.chats(200, tokens=200))
            await panel.until(lambda one: holders(panel) == ["chat-1", "chat-2"])
        assert chats.result() == [200] * 200
        stats = (await panel.client.get(panel.instance(ADOPTED).url + "/sim/stats")).json()
        assert stats["models"][CHAT]["loads"] == 1, "by the other program, before"
