"""A real Ollama keeps models as long as their pool says, also for a dialect that cannot, and has pinned ones again."""

import os
import signal
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled
from tests.real.conftest import CHAT, EMBEDDING, LONG

pytestmark = pytest.mark.timeout(600)


FOR_EVER = 52_596_000.0
"""A hundred years in minutes; Ollama says 292."""


def settings(store: dict[str, str], **pool: object) -> dict[str, Any]:
    chat = {"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": 512, **pool}
    ollama = {"adopt": False, "models_dir": store["OLLAMA_MODELS"], "first_port": free_port()}
    return {"version": 3, "ollama": ollama, "pools": [chat]}


def panel_of(tmp_path, ollama, store, **pool: object) -> PanelProcess:
    environment = {"HOME": store["HOME"]}
    return PanelProcess(tmp_path / "state", settings(store, **pool), ("--ollama", str(ollama)), environment)


async def stays(panel: PanelProcess, model: str, minutes: float) -> None:
    """Wait until a model is in memory and will leave after so long."""
    left = -1.0

    async def look() -> bool:
        nonlocal left
        (worker,) = await panel.instances("chat")
        answer = await panel.client.get(worker["url"] + "/api/ps")
        ends = [one["expires_at"] for one in answer.json()["models"] if one["name"] == model]
        if ends:
            left = (datetime.fromisoformat(ends[0]) - datetime.now(UTC)).total_seconds() / 60
        return minutes * 0.8 < left <= minutes * 1.01 or left > minutes == FOR_EVER

    await polled(look, lambda: f"{model} to stay for {minutes} minutes, but it stays for {left}")


async def test_the_openai_dialect_keeps_a_model_as_long_as_its_pool_says(tmp_path, ollama, store):
    async with panel_of(tmp_path, ollama, store, keep_alive="30m") as panel:
        await panel.ready()
        (worker,) = await panel.instances("chat")
        body = {"model": CHAT, "messages": [{"role": "user", "content": "Why?"}], "max_tokens": 2}
        (await panel.client.post("/v1/chat/completions", json=body)).raise_for_status()
        await stays(panel, CHAT, 30)
        for setting, minutes in (("2h", 120), ("", 5)):
            assert (await panel.command("settings", "set", "pools.chat.keep_alive", setting))[0] == 0
            await stays(panel, CHAT, minutes)
        (worker_after,) = await panel.instances("chat")
        assert worker_after["pid"] == worker["pid"]
        native = {"model": CHAT, "prompt": "Why?", "stream": False, "options": {"num_predict": 2}}
        (await panel.client.post("/api/generate", json=native)).raise_for_status()
        await stays(panel, CHAT, 5)  # the worker was started with 30 minutes


async def test_pinned_models_stay_for_ever_and_are_loaded_again_after_a_kill(tmp_path, ollama, store):
    async with panel_of(tmp_path, ollama, store, preload=[LONG, EMBEDDING]) as panel:
        await panel.ready()
        for model in (LONG, EMBEDDING):
            await stays(panel, model, FOR_EVER)
        stop = await panel.client.post("/api/generate", json={"model": LONG, "keep_alive": 0})
        assert stop.json()["done_reason"] == "unload"
        body = {"model": LONG, "prompt": "Why?", "stream": False, "keep_alive": 0, "options": {"num_predict": 2}}
        (await panel.client.post("/api/generate", json=body)).raise_for_status()
        await stays(panel, LONG, FOR_EVER)
        (worker,) = await panel.instances("chat")
        os.kill(worker["pid"], signal.SIGKILL)
        await panel.until(lambda status: status["instances"][0]["pid"] not in (None, worker["pid"]))
        await panel.ready()  # a process that has just begun does not listen yet
        for model in (LONG, EMBEDDING):
            await stays(panel, model, FOR_EVER)
