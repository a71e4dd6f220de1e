"""One request with many inputs beside real processes: divided over the workers, and complete whatever dies."""

import asyncio
import os
import signal
from typing import Any

import pytest

from tests.fakes.panel_process import PanelProcess

EMBEDDING = "nomic-embed-text"
HELD = f"{EMBEDDING}:latest"
SLOW = {"OLLAMA_SIM_SPEED": "2"}
TEXTS = [f"chunk {number}: " + "some words of a chapter " * (number % 5) for number in range(256)]


def settings(workers: int, **scheduling: object) -> dict[str, object]:
    return {
        "version": 1,
        "ollama": {"adopt": False},
        "scheduling": scheduling,
        "pools": [{"name": "embedding", "role": "embedding", "workers": workers, "parallel": 1}],
    }


@pytest.fixture
async def panel(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(2), environment=SLOW) as panel:
        await panel.ready()
        yield panel


async def embed(panel: PanelProcess, texts: list[str], url: str = "", path: str = "/api/embed") -> Any:
    reply = await panel.client.post(url + path, json={"model": EMBEDDING, "input": texts})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def warm(panel: PanelProcess) -> None:
    for instance in await panel.instances("embedding"):
        await embed(panel, ["warm"], instance["url"])
    await panel.until(lambda status: all(one["models"] for one in status["instances"]))


async def test_two_workers_do_half_of_it_each_and_the_answer_is_that_of_one(panel):
    await warm(panel)
    before = [one["models"][HELD]["prompt_tokens"] for one in await panel.stats("embedding")]
    answer = await embed(panel, TEXTS)
    after = [one["models"][HELD]["prompt_tokens"] for one in await panel.stats("embedding")]
    done = [now - then for now, then in zip(after, before, strict=True)]
    assert sum(done) == answer["prompt_eval_count"]
    assert min(done) / sum(done) > 0.4, done
    alone = await embed(panel, TEXTS, (await panel.instances("embedding"))[0]["url"])
    same = ("model", "embeddings", "prompt_eval_count")
    assert [answer[name] for name in same] == [alone[name] for name in same]


async def test_it_is_one_request_to_the_user(panel):
    await warm(panel)
    answer = await embed(panel, TEXTS, path="/v1/embeddings")
    assert [one["index"] for one in answer["data"]] == list(range(len(TEXTS)))
    status = await panel.until(lambda status: status["finished"])
    [record] = status["finished"]
    assert (record["state"], record["prompt_tokens"]) == ("done", answer["usage"]["prompt_tokens"])
    assert sum(one["in_flight"] for one in status["instances"]) == 0
    assert sum(one["served"] for one in status["instances"]) == 1


async def test_a_worker_killed_half_way_costs_nothing_of_the_answer(panel):
    await warm(panel)
    alone = await embed(panel, TEXTS, (await panel.instances("embedding"))[0]["url"])
    request = asyncio.ensure_future(embed(panel, TEXTS))  # noqa: TID251 the test awaits it below
    await panel.until(lambda status: all(one["in_flight"] for one in status["instances"]))
    os.kill((await panel.instances("embedding"))[1]["pid"], signal.SIGKILL)
    answer = await request
    assert answer["embeddings"] == alone["embeddings"]
    assert answer["prompt_eval_count"] == alone["prompt_eval_count"]
    status = await panel.until(lambda status: len(status["finished"]) == 1)
    assert status["finished"][0]["state"] == "done"


async def test_a_short_one_goes_between_the_parts_of_a_long_one_at_one_worker(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(1), environment=SLOW) as panel:
        await panel.ready()
        await warm(panel)
        ended = list[str]()

        async def ask(name: str, texts: list[str]) -> None:
            await embed(panel, texts)
            ended.append(name)

        async with asyncio.TaskGroup() as group:
            group.create_task(ask("bulk", TEXTS))
            await panel.until(lambda status: any(one["in_flight"] for one in status["instances"]))
            group.create_task(ask("search", ["what is a chapter?"]))
        assert ended == ["search", "bulk"]


async def test_it_stays_whole_if_the_user_wants_it(tmp_path):
    wanted = settings(2, split_embeddings=False)
    async with PanelProcess(tmp_path / "state", wanted, environment=SLOW) as panel:
        await panel.ready()
        await warm(panel)
        before = [one["models"][HELD]["served"] for one in await panel.stats("embedding")]
        await embed(panel, TEXTS)
        after = [one["models"][HELD]["served"] for one in await panel.stats("embedding")]
        assert sum(after) - sum(before) == 1
