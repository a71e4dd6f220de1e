"""The stream of events and a followed log of a running engine."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from tests.fakes.api_client import ApiClient, live_api
from tests.fakes.live_engine import chat_pool, settings
from tests.fakes.waiting import deadline


async def until(lines: Any, kind: str, **wanted: Any) -> Any:
    """Return the first record of a type with these values."""
    async with deadline(f"an event {kind} with {wanted}"):
        async for line in lines:
            if line == f"event: {kind}":
                record = json.loads((await anext(lines)).removeprefix("data: "))
                if wanted.items() <= record.items():
                    return record
    raise AssertionError("the stream has ended")


def opened(api: ApiClient, path: str) -> Any:
    url = f"{api.panel.snapshot.proxy.url}/panel/v1{path}"
    return api.panel.client.stream("GET", url, headers=api.shown())


async def test_what_happens_is_told_while_somebody_listens_and_samples_come_as_for_a_window(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool())) as api:
        composition = api.panel.composition
        assert composition is not None
        async with opened(api, "/events") as stream:
            lines = stream.aiter_lines()
            await until(lines, "instance", id="chat-1", phase="ready")
            assert composition.pace.watched
            assert composition.timeline.counts.open() == 0
            assert (await api.panel.chat(tokens=60)).status_code == 200
            assert (await until(lines, "request", state="done"))["output_tokens"] == 60
            await api("PATCH /pools/chat", {"parallel": 3})
            assert (await until(lines, "pool", parallel=3))["name"] == "chat"
            await until(lines, "instance", parallel=3, phase="ready")
        async with deadline("nobody to listen"):
            while composition.pace.watched:  # noqa: ASYNC110 - the connection's end has no event here
                await asyncio.sleep(0)


async def test_open_streams_do_not_hold_up_the_end(tmp_path: Path) -> None:
    log = "/instances/chat-1/logs?follow=true"
    async with live_api(tmp_path) as api, opened(api, "/events") as events, opened(api, log) as lines:
        assert all([await anext(one.aiter_lines()) for one in (events, lines)])
        api.panel.engine.end()
        async with deadline("the engine to end"):
            await api.panel.task


async def test_a_followed_log_goes_on_over_a_restart(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api, opened(api, "/instances/chat-1/logs?follow=true") as log:
        lines = log.aiter_lines()
        known = (await api.get("/instances/chat-1/logs"))["lines"]
        assert [await anext(lines) for _ in known] == known
        assert (await api("POST /instances/chat-1/restart?wait=true")).json()["phase"] == "ready"
        async with deadline("the first line of the new process"):
            while "Listening on" not in await anext(lines):
                pass


async def test_a_slow_command_holds_no_other_call(tmp_path: Path) -> None:
    async with live_api(tmp_path, settings(pools=chat_pool())) as api, asyncio.TaskGroup() as group:
        chat = group.create_task(api.panel.chat(tokens=60))
        await api.panel.until(lambda one: one.pools[0].in_flight)
        stopping = group.create_task(api("POST /instances/chat-1/stop?wait=true"))
        await api.panel.until(lambda one: one.instances[0].draining)
        assert isinstance(await api("GET /settings"), httpx.Response)
        assert not stopping.done()
        assert (await chat).status_code == 200
        assert (await stopping).json()["phase"] == "stopped"
