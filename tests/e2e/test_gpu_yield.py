"""The GPU is given to others and taken back, with real processes: no request is lost, and the memory is really free."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.clients import QUESTION, Burst
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

CHAT, EMBEDDING = "llama3.1:8b", "nomic-embed-text"
FAST, SLOW = {"OLLAMA_SIM_SPEED": "20"}, {"OLLAMA_SIM_SPEED": "2"}
REQUESTS = 40


def settings(**machine: object) -> dict[str, object]:
    return {
        "version": 2,
        "ollama": {"adopt": False},
        "pools": [
            {"name": "chat", "role": "chat", "workers": 2, "parallel": 2},
            {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1},
        ],
        "machine": machine,
    }


def has_given(status: Any) -> bool:
    return bool(status["gpu_yield"]["state"] == "yielded")


def serves(status: Any) -> bool:
    return bool(status["gpu_yield"]["state"] == "serving")


def is_free(status: Any) -> bool:
    """Return whether no model is loaded, and the simulated card is empty."""
    used = status["sample"]["memory_used"]
    return not used and not any(one["models"] for one in status["instances"])


async def gpu(panel: PanelProcess, *words: str) -> Any:
    code, printed = await panel.command("gpu", *words, "--json")
    assert code == 0, panel.errors
    return json.loads(printed)


async def chat(panel: PanelProcess, tokens: int) -> list[Any]:
    """Send a chat; return the lines of its stream, which is broken off after an error."""
    body = {"model": CHAT, "messages": QUESTION, "stream": True, "options": {"num_predict": tokens}}
    lines = list[str]()
    async with (
        httpx.AsyncClient(timeout=None, trust_env=False) as client,
        client.stream("POST", panel.url + "/api/chat", json=body) as answer,
    ):
        with suppress(httpx.RemoteProtocolError):
            async for line in answer.aiter_lines():
                lines.append(line)
    return [json.loads(line) for line in lines if line.strip()]


@asynccontextmanager
async def program(folder: Path, name: str) -> AsyncIterator[None]:
    """Run a program of this name until the block ends."""
    path = folder / name
    shutil.copy(shutil.which("sleep") or "", path)
    process = await asyncio.create_subprocess_exec(str(path), "600")
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def test_what_runs_ends_the_memory_is_freed_and_what_waits_is_answered_in_order(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", settings(), environment=SLOW) as panel:
        await panel.ready()
        crowd = Burst(panel.url, CHAT, EMBEDDING, tokens=100)
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.chats(REQUESTS - 5))
            group.create_task(crowd.embeddings(5))
            await crowd.passed(4)
            given = await _released(panel)
            assert (given["state"], given["cause"], given["running"]) == ("yielded", "user", 0)
            assert given["freed"] > 0
            status = await panel.until(is_free)
            ended = crowd.ended
            assert status["gpu_yield"]["waiting"] == REQUESTS - ended
            assert {one["why"]["code"] for one in status["requests"]} == {"waiting.given"}
            await _get_a_heartbeat(panel)
            assert crowd.ended == ended
            assert has_given(await panel.status())
            back = await gpu(panel, "resume")
            assert back["state"] == "serving"
        assert crowd.failures == []
        assert crowd.ended == REQUESTS
        finished = (await panel.status())["finished"]
        chats = sorted((one for one in finished if one["model"] == CHAT), key=lambda one: one["arrived"])
        dispatched = [one["dispatched"] for one in chats if one["state"] == "done"]
        assert len(dispatched) == REQUESTS - 5
        assert dispatched == sorted(dispatched)


async def _released(panel: PanelProcess) -> Any:
    """Give the GPU away by the API, which takes no time to start."""
    headers = {"Authorization": f"Bearer {panel.secret()}"}
    answer = await panel.client.post("/panel/v1/gpu/release", params={"wait": "true"}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _get_a_heartbeat(panel: PanelProcess) -> None:
    """Send a chat that must wait, and leave when the first heartbeat has come."""
    body = {"model": CHAT, "messages": QUESTION, "stream": True}
    url = panel.url + "/v1/chat/completions"
    async with deadline("a heartbeat"), panel.client.stream("POST", url, json=body) as answer:
        assert answer.status_code == 200
        beat = await anext(answer.aiter_lines())
    assert beat.startswith(": position ")
    assert "about" not in beat


async def test_a_cut_ends_begun_answers_with_the_reason_and_loses_no_other(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", settings(), environment=SLOW) as panel, asyncio.TaskGroup() as group:
        await panel.ready()
        long = [group.create_task(chat(panel, 20_000)) for _ in range(4)]
        await panel.until(lambda status: sum((one["output_tokens"] or 0) > 0 for one in status["requests"]) >= 4)
        short = [group.create_task(chat(panel, 2)) for _ in range(6)]
        await panel.until(lambda status: len(status["requests"]) == 10)
        given = await gpu(panel, "release", "--cut", "--wait")
        assert (given["state"], given["waiting"]) == ("yielded", 6)
        for one in await asyncio.gather(*long):
            assert one[0]["message"]["content"]
            assert one[-1]["error"] == "The answer was cut off, because the models made room for other programs."
        assert not any(one.done() for one in short)
        await panel.until(is_free)
        await gpu(panel, "resume")
        assert all(one[-1]["done"] for one in await asyncio.gather(*short))


async def test_it_gives_way_to_a_chosen_program_and_comes_back_after_it(tmp_path: Path) -> None:
    wanted = settings(yield_programs=["some-game.exe"], yield_resume_s=1.0)
    async with PanelProcess(tmp_path / "state", wanted, environment=FAST) as panel, asyncio.TaskGroup() as group:
        await panel.ready()
        await chat(panel, 2)
        async with program(tmp_path, "Some-Game"):
            status = await panel.until(lambda status: has_given(status) and is_free(status))
            assert status["gpu_yield"]["cause"] == "program"
            assert status["gpu_yield"]["told"]["text"] == (
                "The GPU is given to other programs (some-game.exe runs): "
                "requests wait until that has been over for 1 s."
            )
            waits = group.create_task(chat(panel, 2))
            await panel.until(lambda status: status["gpu_yield"]["waiting"] == 1)
        assert (await waits)[-1]["done"]
        assert serves(await panel.status())
        async with program(tmp_path, "Some-Game"):
            await panel.until(has_given)
            assert (await gpu(panel, "resume"))["refused"]
            assert (await chat(panel, 2))[-1]["done"]
            assert serves(await panel.status())


async def test_a_killed_panel_still_knows_that_the_user_has_given_it_away(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", settings(), environment=FAST) as panel:
        await panel.ready()
        await chat(panel, 2)
        await gpu(panel, "release", "--wait")
        panel.process.kill()
        await panel.process.wait()
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel, asyncio.TaskGroup() as group:
        status = await panel.until(has_given)
        assert status["gpu_yield"]["cause"] == "user"
        assert "gpu_yield" in [one["code"] for one in status["alerts"]]
        waits = group.create_task(chat(panel, 2))
        await panel.until(lambda status: status["gpu_yield"]["waiting"] == 1)
        await gpu(panel, "resume")
        assert (await waits)[-1]["done"]
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel:
        assert serves(await panel.status())
