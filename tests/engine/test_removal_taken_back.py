"""A worker that is wanted again while it is being removed, as when somebody takes a change of the settings back."""

import asyncio
from pathlib import Path

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from tests.fakes.live_engine import answers, chat_pool, live, settings
from tests.fakes.waiting import deadline

TWO = InstanceId("chat-2")
TURNS = 10
"""More turns of the loop than a removal takes once the worker's process has ended."""


@pytest.mark.usefixtures("fast")
async def test_a_worker_runs_again_wherever_its_removal_is_broken_off(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=2))) as panel:
        await panel.ready()
        assert panel.composition is not None
        fleet = panel.composition.fleet
        for turns in range(TURNS):
            spec = fleet.specs()[TWO]
            async with asyncio.TaskGroup() as group, deadline("the worker to stop"):
                removing = group.create_task(fleet.remove(TWO))
                while TWO in fleet and fleet.status(TWO).phase is not Phase.STOPPED:  # noqa: ASYNC110 - its turns count
                    await asyncio.sleep(0)
                for _ in range(turns):
                    await asyncio.sleep(0)
                removing.cancel()
            if TWO in fleet:
                fleet.keep(TWO)
            else:
                fleet.add(spec)
            await panel.until(lambda one: len(one.instances) == 2 and all(map(answers, one.instances)))
