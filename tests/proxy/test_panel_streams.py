"""Answers of the panel's own API without an end: events, and logs that are followed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, ValueName
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Problem, Scope
from ollama_panel.core.snapshot import RequestState, Sample
from ollama_panel.core.tuning.record import Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.panel_api.stream import BEAT_S
from tests.fakes.panel_source import INSTANCE, REQUEST
from tests.fakes.rawclient import RawClient
from tests.fakes.waiting import deadline
from tests.proxy.conftest import OWN_SECRET, ProxyHarness

OWNER = f"Authorization: Bearer {OWN_SECRET}"
LOG = "instances/chat-1/logs?follow=true"
SAMPLE = Sample(2.0, 0, 1, 2, 3.5, None, None, None)


@asynccontextmanager
async def streaming(harness: ProxyHarness, path: str, *headers: str) -> AsyncIterator[RawClient]:
    """Begin a stream; it has its head when this returns."""
    async with harness.client() as client:
        await client.send_request("GET", f"/panel/v1/{path}", None, *(headers or (OWNER,)))
        assert (await client.head()).status == 200
        yield client


async def events(client: RawClient) -> list[tuple[str, Any]]:
    """Return the events of the next piece."""
    piece = (await client.chunk()).decode()
    pairs = [event.split("\n", 1) for event in piece.split("\n\n") if event]
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in pairs]


async def test_a_stream_begins_with_the_present_state(harness: ProxyHarness) -> None:
    await harness.panel.show(sample=SAMPLE)
    async with streaming(harness, "events") as client:
        found = await events(client)
    assert [kind for kind, _ in found] == ["settings", "pool", "pool", "instance", "request", "notice", "sample"]
    told = dict(found)
    assert told["settings"]["settings"]["proxy"]["port"] == 11435
    assert (told["instance"]["id"], told["request"]["id"]) == ("chat-1", "r1")
    assert (told["notice"], told["sample"]["tokens_per_s"]) == (
        {"problems": [], "notices": [], "machine_alerts": []},
        3.5,
    )


async def test_a_tuning_is_told_as_it_goes_on_and_shows_no_secret(harness: ProxyHarness) -> None:
    pool = PoolSettings(PoolName("chat"), environment={"HF_TOKEN": "sesame-sesame"})
    record = TuningRecord("t1", TuningTask(pool.name, ModelName("tiny:latest")), pool, Provenance(0.0))
    await harness.panel.show(tuning=record)
    async with streaming(harness, "events?types=tuning") as client:
        told = await events(client)
        await harness.panel.show(tuning=msgspec.structs.replace(record, state=TuningState.MEASURING))
        told += await events(client)
    assert [(kind, one["state"]) for kind, one in told] == [("tuning", "preparing"), ("tuning", "measuring")]
    assert [one["settings"]["environment"] for _, one in told] == [{"HF_TOKEN": "(hidden)"}] * 2


async def test_only_what_has_changed_is_told(harness: ProxyHarness) -> None:
    async with streaming(harness, "events") as client:
        await events(client)
        slow = (notice("slow.down", seconds=4.0),)
        done = msgspec.structs.replace(REQUEST, state=RequestState.DONE, why=notice("preempted.chat"), slow=slow)
        await harness.panel.show(requests=(), finished=(done,))
        ((kind, record),) = await events(client)
        assert (kind, record["state"], record["why"]["text"]) == ("request", "done", "A chat goes first.")
        assert [one["text"] for one in record["slow"]] == [render(slow[0])]
        await harness.panel.show(problems=(Problem("proxy", notice("proxy.open_to_all")),))
        ((kind, record),) = await events(client)
        assert (kind, record["problems"][0]["notice"]["level"]) == ("notice", "warning")


async def test_an_instance_is_told_without_what_is_in_force_for_its_models(harness: ProxyHarness) -> None:
    value = EffectiveValue(ValueName.CONTEXT, Unit.TOKENS, effective=4096, source=Source.LOG)
    model = LoadedModel(ModelName("a:1"), 5, 5, 4096, 1, ParallelSource.LOG, (value,))
    await harness.panel.show(instances=(msgspec.structs.replace(INSTANCE, models=(model,)),))
    async with streaming(harness, "events?types=instance") as client:
        ((_, told),) = await events(client)
    assert [(one["name"], one["values"]) for one in told["models"]] == [("a:1", [])]
    whole = json.loads((await harness.ask("GET /panel/v1/instances/chat-1", OWNER)).body)
    assert [one["effective"] for one in whole["models"][0]["values"]] == [4096]


async def test_what_is_gone_is_told_by_its_name(harness: ProxyHarness) -> None:
    async with streaming(harness, "events?types=instance,pool") as client:
        await events(client)
        more = msgspec.structs.replace(INSTANCE, id=InstanceId("chat-2"))
        await harness.panel.show(instances=(more,))
        assert [(kind, one["id"], "removed" in one) for kind, one in await events(client)] == [
            ("instance", "chat-1", True),
            ("instance", "chat-2", False),
        ]
        settings = harness.panel.state.settings
        await harness.panel.show(settings=msgspec.structs.replace(settings, pools=settings.pools[:1]))
        assert await events(client) == [("pool", {"name": "embedding", "removed": True})]


async def test_an_id_that_is_used_again_is_another_request(harness: ProxyHarness) -> None:
    ended = msgspec.structs.replace(REQUEST, state=RequestState.DONE)
    again = msgspec.structs.replace(REQUEST, arrived=5.0)
    await harness.panel.show(requests=(again,), finished=(ended,))
    async with streaming(harness, "events?types=request") as client:
        assert [one["state"] for _, one in await events(client)] == ["done", "running"]
        await harness.panel.show(requests=(msgspec.structs.replace(again, output_tokens=3),))
        assert [one["output_tokens"] for _, one in await events(client)] == [3]


async def test_other_types_are_not_sent(harness: ProxyHarness) -> None:
    async with streaming(harness, "events?types=sample") as client:
        await harness.panel.until_followed(1)
        await harness.panel.show(requests=())
        await harness.panel.show(sample=SAMPLE)
        assert [kind for kind, _ in await events(client)] == ["sample"]


async def test_a_quiet_stream_says_that_it_lives(harness: ProxyHarness) -> None:
    async with streaming(harness, "events?types=sample") as client:
        await harness.panel.until_followed(1)
        for _ in range(2):
            await harness.later(BEAT_S + 1)
            assert await client.chunk() == b":\n\n"


async def test_nobody_follows_any_more_when_a_reader_has_left(harness: ProxyHarness) -> None:
    async with streaming(harness, "events"):
        await harness.panel.until_followed(1)
    async with deadline("the follower to leave"):
        await harness.panel.until_followed(0)


@pytest.mark.parametrize("path", ["events", LOG])
async def test_a_stream_ends_whole_when_the_server_stops(harness: ProxyHarness, path: str) -> None:
    async with streaming(harness, path) as client, asyncio.TaskGroup() as group:
        await client.chunk()
        async with deadline("the server to stop"):
            stopping = group.create_task(harness.server.stop(3600))
            while await client.chunk():
                pass
            await stopping


async def test_a_reader_that_takes_nothing_holds_neither_memory_nor_the_end(harness: ProxyHarness) -> None:
    """What is written to it stays below what one piece has, however much happens."""
    long = tuple(msgspec.structs.replace(REQUEST, id=RequestId(f"{number}" * 100)) for number in range(1, 500))
    async with streaming(harness, "events") as client:
        await client.chunk()
        client.reader._transport.pause_reading()  # type: ignore[attr-defined] # asyncio shows no other way
        for number in range(100):
            await harness.panel.show(requests=tuple(msgspec.structs.replace(one, output_tokens=number) for one in long))
            await harness.input_read()
        clients = harness.server._client_server
        assert clients is not None
        (transport,) = (one.transport for one in clients.connections if one.writing_paused)
        assert transport is not None
        assert 0 < transport.get_write_buffer_size() < 1_000_000
        async with deadline("the server to stop"):
            await harness.server.stop(3600)


@pytest.mark.parametrize("path", ["events", LOG])
async def test_a_stream_ends_when_its_key_is_revoked(harness: ProxyHarness, path: str) -> None:
    shown, kept = new_key("mine")
    harness.configure(api_keys=(ApiKey(kept.name, kept.digest, scopes=(Scope.SEE,)),))
    async with streaming(harness, path, f"X-API-Key: {shown}") as client:
        await client.chunk()
        harness.configure(api_keys=())
        await harness.panel.show(sample=SAMPLE)
        async with deadline("the stream to end"):
            while await client.chunk():
                pass


async def test_a_log_is_followed_as_lines(harness: ProxyHarness) -> None:
    async with streaming(harness, LOG) as client:
        assert await client.chunk() == b"one\ntwo\nthree\n"
        harness.panel.lines += ["four", "fünf"]
        assert await client.chunk() == "four\nfünf\n".encode()


async def test_a_log_is_followed_as_events_from_a_number(harness: ProxyHarness) -> None:
    async with streaming(harness, f"{LOG}&after=2", OWNER, "Accept: text/event-stream") as client:
        assert await client.chunk() == b"data: three\n\n"


async def test_a_log_ends_with_its_instance(harness: ProxyHarness) -> None:
    async with streaming(harness, LOG) as client:
        await client.chunk()
        await harness.panel.show(instances=())
        assert await client.chunk() == b""
