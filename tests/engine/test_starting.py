"""Requests that need no slot, while no instance is up: they wait for one that starts, and for no other."""

import asyncio
from pathlib import Path

from tests.fakes.live_engine import LiveEngine, chat_pool, live, settings
from tests.fakes.waiting import deadline


async def listening(running: LiveEngine) -> None:
    """Wait until clients are let in."""
    await running.until(lambda snapshot: snapshot.proxy.on)


async def test_lists_and_unknown_paths_wait_for_the_first_instance_at_the_start(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool()), processes=True) as running:
        await listening(running)
        for path in ("/api/tags", "/v1/models", "/api/version"):
            assert (await running.client.get(running.snapshot.proxy.url + path)).status_code == 200, path


async def test_they_wait_while_the_only_worker_restarts(tmp_path: Path) -> None:
    statuses = set()
    async with live(tmp_path, settings(pools=chat_pool())) as running, asyncio.TaskGroup() as group:
        await running.ready()
        applying = group.create_task(running.engine.apply(settings(pools=chat_pool(parallel=3))))
        async with deadline("the new settings to be in force"):
            while not applying.done():
                statuses.add((await running.client.get(running.snapshot.proxy.url + "/api/tags")).status_code)
    assert statuses == {200}


async def test_nobody_waits_where_no_instance_will_start(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool(workers=0))) as running:
        await listening(running)
        refused = await running.client.get(running.snapshot.proxy.url + "/api/tags")
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
