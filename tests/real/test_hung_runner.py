"""A runner or a server of a real Ollama that stands still is found and restarted; no tiny answer loads a model."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.watchdog import Event
from ollama_panel.engine.instances import canary
from ollama_panel.engine.instances.canary import Slots
from ollama_panel.engine.instances.probe import RunnerProcess, new_client, read_processes
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline, polled
from tests.real.conftest import CHAT

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a process there"),
]
RUNNER_S, SERVER_S = 25.0, 90.0
"""Within so many seconds a request at a runner, or at a server, that was stopped is answered by its successor.

Of a runner: 6 s until its silence is certain, 5 s to the next look, 2 s to the restart. Of a server: 10 s until it is
given up, 30 s for it to come back by itself, and the start.
"""


@pytest.fixture
def workers() -> int:
    return 1


@pytest.fixture
async def panel(tmp_path, ollama, store, workers):
    chat = {"name": "chat", "role": "chat", "workers": workers, "parallel": 2, "context_length": 2048}
    ollama_settings = {"adopt": False, "models_dir": store["OLLAMA_MODELS"], "hung_after_s": 10}
    settings = {"version": 2, "ollama": ollama_settings, "pools": [chat]}
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings, arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


async def generate(panel: PanelProcess, tokens: int) -> int:
    body = {"model": CHAT, "prompt": "la la", "stream": False, "options": {"num_predict": tokens}}
    return (await panel.client.post(panel.url + "/api/generate", json=body, timeout=300)).status_code


async def server(panel: PanelProcess) -> Any:
    async with deadline("the loaded model in the status", 15):
        await panel.until(lambda status: any(one["models"] for one in status["instances"]))
    (found,) = await panel.instances("chat")
    return found


async def runner(panel: PanelProcess) -> RunnerProcess:
    (found,) = (await asyncio.to_thread(read_processes, (await server(panel))["pid"])).listening
    return found


def names_in(folder: str) -> set[str]:
    return {one.name for one in Path(folder).iterdir()}


async def test_a_stopped_runner_is_restarted_and_its_request_answered(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    before = await server(panel)
    os.kill((await runner(panel)).process.pid, signal.SIGSTOP)
    async with deadline("the answer of the successor", RUNNER_S):
        assert await generate(panel, 1) == 200
    after = await server(panel)
    assert after["pid"] != before["pid"]
    assert after["watchdog"]["restarts"] == 1
    found = names_in(after["watchdog"]["evidence"])
    assert {"instance.json", "log.txt", "processes.json", "ps.json", "watchdog.txt"} <= found
    assert any(name.endswith("-health.json") for name in found)


async def test_a_stopped_server_is_restarted_and_its_request_answered(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    before = await server(panel)
    os.kill(before["pid"], signal.SIGSTOP)
    async with deadline("the answer of the successor", SERVER_S):
        assert await generate(panel, 1) == 200
    after = await server(panel)
    assert after["pid"] != before["pid"]
    async with deadline("the restart in the status", 15):
        await panel.until(lambda status: status["instances"][0]["watchdog"]["restarts"] == 1)
    folder = Path((await server(panel))["watchdog"]["evidence"])
    assert folder.name.endswith("-chat-1-silent")
    assert {"instance.json", "log.txt", "processes.json"} <= names_in(str(folder))


async def test_a_runner_at_work_tells_of_its_slots_and_gives_a_tiny_answer(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    found, instance = await runner(panel), await server(panel)
    async with new_client() as client, asyncio.TaskGroup() as group:
        assert await canary.slots(client, found) is Slots.AT_REST
        busy = group.create_task(generate(panel, 400))
        await polled(lambda: works(client, found), lambda: "a slot at work")
        before = await panel.client.get(instance["url"] + "/api/ps")
        event = await asked(client, instance["url"])
        assert event is Event.ANSWERED
        assert await busy == 200
        after = await panel.client.get(instance["url"] + "/api/ps")
    assert [one["context_length"] for one in after.json()["models"]] == [
        one["context_length"] for one in before.json()["models"]
    ]
    assert (await runner(panel)).process.pid == found.process.pid, "the model was loaded anew"


async def test_a_model_that_is_not_loaded_is_never_asked(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    url = (await server(panel))["url"]
    await panel.client.post(url + "/api/generate", json={"model": CHAT, "keep_alive": 0})
    await polled(lambda: is_empty(panel, url), lambda: "the end of the model")
    loads = await starts(panel)
    async with new_client() as client:
        assert await asked(client, url) is Event.WITHDRAWN
    assert (await panel.client.get(url + "/api/ps")).json()["models"] == []
    assert await starts(panel) == loads


async def works(client: httpx.AsyncClient, found: RunnerProcess) -> bool:
    return await canary.slots(client, found) is Slots.AT_WORK


async def is_empty(panel: PanelProcess, url: str) -> bool:
    return not (await panel.client.get(url + "/api/ps")).json()["models"]


async def asked(client: httpx.AsyncClient, url: str) -> Event:
    options = LoadOptions()
    return await canary.tiny_answer(client, url, ModelName(CHAT), options, embeds=False, holding=lambda: None)


async def starts(panel: PanelProcess) -> int:
    """Return how often the log of the server says that it starts a runner."""
    _, log = await panel.command("logs", "chat-1")
    return log.count("starting llama-server")


async def test_a_stream_at_a_stopped_runner_ends_with_an_error_that_names_the_hang(panel: Any) -> None:
    assert await generate(panel, 1) == 200
    stopped = (await runner(panel)).process.pid
    body = {"model": CHAT, "prompt": "la la", "stream": True, "options": {"num_predict": 2000}}
    url, last = panel.url + "/api/generate", ""
    async with (
        deadline("the end of the stream", RUNNER_S),
        panel.client.stream("POST", url, json=body, timeout=300) as answer,
    ):
        lines = answer.aiter_lines()
        assert "response" in await anext(lines)
        os.kill(stopped, signal.SIGSTOP)
        with contextlib.suppress(httpx.RemoteProtocolError):  # it has no proper end: nobody takes it for whole
            async for line in lines:
                last = line
    assert f"{CHAT} at chat-1 hung in the middle of this answer" in last


@pytest.mark.parametrize("workers", [2])
@pytest.mark.parametrize("whose", ["runner", "server"])
async def test_no_request_is_lost_before_its_first_byte_while_another_worker_serves(panel: Any, whose: str) -> None:
    assert [await generate(panel, 1) for _ in range(2)] == [200, 200]
    async with deadline("the loaded model in the status", 15):
        await panel.until(lambda status: any(one["models"] for one in status["instances"]))
    victim = next(one for one in await panel.instances("chat") if one["models"])
    (found,) = (await asyncio.to_thread(read_processes, victim["pid"])).listening
    async with asyncio.TaskGroup() as group:
        answers = [group.create_task(generate(panel, 40)) for _ in range(24)]
        await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        os.kill(found.process.pid if whose == "runner" else victim["pid"], signal.SIGSTOP)
    assert [one.result() for one in answers] == [200] * 24
