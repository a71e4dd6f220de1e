"""The commands beside a real panel, on simulated servers."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.engine import configfile
from tests.fakes.panel_process import PanelProcess, runs_with
from tests.fakes.waiting import deadline

CHAT, EMBEDDING = "llama3.1:8b", "nomic-embed-text"
SETTINGS = {
    "version": 2,
    "ollama": {"adopt": False},
    "pools": [
        {"name": "chat", "role": "chat", "workers": 2, "parallel": 1},
        {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1},
    ],
}


@pytest.fixture
async def panel(tmp_path: Path) -> AsyncIterator[PanelProcess]:
    async with PanelProcess(tmp_path / "state", SETTINGS, environment={"OLLAMA_SIM_SPEED": "20"}) as panel:
        await panel.ready()
        yield panel


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[PanelProcess]:
    """A panel whose one chat worker needs half a minute for an answer of 2,000 tokens."""
    pools = [{"name": "chat", "role": "chat", "parallel": 1}, {"name": "code", "role": "code", "workers": 0}]
    async with PanelProcess(tmp_path / "state", SETTINGS | {"pools": pools}) as panel:
        await panel.ready()
        yield panel


def phases(status: Any) -> dict[str, str]:
    return {one["id"]: one["phase"] for one in status["instances"]}


async def long_chat(panel: PanelProcess, tokens: int = 2000) -> Any:
    """Return the answer to a request that takes a while."""
    body = {"model": CHAT, "prompt": "a story", "stream": False, "options": {"num_predict": tokens}}
    return (await panel.client.post("/api/generate", json=body)).json()


async def begun(panel: PanelProcess) -> str:
    """Wait until an instance has a request, and return its id."""
    status = await panel.until(lambda status: [one for one in status["requests"] if one["instance"]])
    return str(status["requests"][0]["id"])


async def test_instances_stop_start_and_restart(panel: PanelProcess) -> None:
    assert await panel.command("stop", "chat") == (0, "chat-1 is stopped.\nchat-2 is stopped.\n")
    assert phases(await panel.status()) == {"chat-1": "stopped", "chat-2": "stopped", "embedding-1": "ready"}
    assert await panel.command("start", "chat-2") == (0, "chat-2 is ready.\n")
    before = {one["id"]: one["pid"] for one in (await panel.status())["instances"]}
    code, told = await panel.command("restart", "chat-2", "embedding")
    assert (code, told) == (0, "chat-2 is restarted.\nembedding-1 is restarted.\n")
    after = {one["id"]: one["pid"] for one in (await panel.status())["instances"]}
    assert {name for name, pid in after.items() if pid != before[name]} == {"chat-2", "embedding-1"}
    assert await panel.command("start", "--all", "--no-wait") == (
        0,
        "chat-1 starts.\nchat-2 starts.\nembedding-1 starts.\n",
    )
    await panel.ready()


async def test_a_model_is_pulled_loaded_where_it_belongs_and_unloaded(panel: PanelProcess) -> None:
    code, told = await panel.command("pull", CHAT)
    assert (code, told.splitlines()[0], told.splitlines()[-1]) == (0, "pulling manifest", f"{CHAT} is here.")
    code, chat = await panel.command("load", CHAT)
    assert (code, chat.split(" on ")[0]) == (0, f"{CHAT} is loaded")
    assert await panel.command("load", EMBEDDING) == (0, f"{EMBEDDING} is loaded on embedding-1.\n")
    holder = chat.split(" on ")[1].strip(".\n")
    assert await panel.command("unload", CHAT) == (
        0,
        f"{CHAT} is unloaded from {holder} as soon as no request uses it.\n",
    )
    await panel.until(lambda status: not any(one["models"] for one in status["instances"] if one["pool"] == "chat"))
    assert await panel.command("unload", CHAT) == (0, f"{CHAT} is not loaded.\n")


@pytest.mark.parametrize("command", ["load", "unload", "pull"])
async def test_a_model_that_there_is_not_is_one_sentence(panel: PanelProcess, command: str) -> None:
    assert (await panel.command(command, "no/such"))[0] == 1
    said = panel.errors.splitlines()[-1]
    assert said.startswith(f"no/such cannot be {command}ed: ")


async def follows(panel: PanelProcess) -> asyncio.subprocess.Process:
    """Return `logs -f -n 1 chat-1` when it has printed a line that came after it was started."""
    following = await panel._spawn("logs", "-f", "-n", "1", "chat-1")
    assert following.stdout is not None
    async with deadline("the last line, and those of the next start"):
        assert await following.stdout.readline()
        assert (await panel.command("restart", "chat-1"))[0] == 0
        while b"Listening on" not in await following.stdout.readline():
            pass
    return following


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process of a console is not sent there")
async def test_a_log_is_followed_until_ctrl_c(panel: PanelProcess) -> None:
    following = await follows(panel)
    following.send_signal(signal.SIGINT)
    async with deadline("the command to end"):
        await following.communicate()
    assert following.returncode == 130


async def test_the_end_of_the_panel_ends_a_log_that_is_followed(panel: PanelProcess) -> None:
    following = await follows(panel)
    await panel.stop()
    async with deadline("the command to end with the panel"):
        await following.communicate()
    assert following.returncode == 0


async def test_a_request_is_cancelled(slow: PanelProcess) -> None:
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(long_chat(slow))
        request = await begun(slow)
        code, listed = await slow.command("requests", "list", "--state", "loading,running")
        assert (code, listed.splitlines()[1].split()[0]) == (0, request)
        assert await slow.command("requests", "cancel", request) == (0, f"{request} is cancelled.\n")
    assert answer.result()["code"] == "request.cancelled"
    assert (await slow.command("requests", "cancel", request))[0] == 1
    assert request in slow.errors.splitlines()[-1]


async def test_a_pool_is_made_changed_and_removed(panel: PanelProcess) -> None:
    code, told = await panel.command("pools", "add", "code", "--role", "code", "--env", "OLLAMA_LOAD_TIMEOUT=1h")
    assert (code, told.splitlines()[-1]) == (0, "  code-1: started.")
    await panel.until(runs_with("code", 2))
    code, told = await panel.command("pools", "set", "code", "--parallel", "3", "--env", "OLLAMA_LOAD_TIMEOUT=")
    assert (code, told.splitlines()[2]) == (0, "The running panel follows:")
    assert "OLLAMA_LOAD_TIMEOUT 1h → —" in told
    await panel.until(runs_with("code", 3))
    code, told = await panel.command("pools", "list", "--json")
    (pool,) = [one for one in json.loads(told)["pools"] if one["name"] == "code"]
    assert (pool["slots"], pool["environment"]) == (3, {})
    assert await panel.command("pools", "remove", "code") == (
        0,
        "code is removed.\nThe running panel follows:\n  code-1: stopped when the running requests have ended.\n",
    )
    await panel.until(lambda status: not any(one["pool"] == "code" for one in status["instances"]))
    names = [one.name for one in configfile.read(panel.state_dir / "settings.json").settings.pools]
    assert names == ["chat", "embedding"]


async def test_the_requests_of_a_pool_that_is_removed_end_first(slow: PanelProcess) -> None:
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(long_chat(slow, tokens=500))
        await begun(slow)
        code, told = await slow.command("pools", "remove", "chat")
        assert (code, told.splitlines()[0]) == (0, "1 running request ends first.")
    assert answer.result()["eval_count"] == 500
    await slow.until(lambda status: status["instances"] == [])


async def test_a_key_that_is_made_opens_what_it_says(tmp_path: Path) -> None:
    locked = SETTINGS | {"proxy": {"require_key": "always"}}
    async with PanelProcess(tmp_path / "state", locked) as panel:
        made = {scope: await panel.command("keys", "add", scope, "--scope", scope) for scope in ("use", "see")}
        headers = {scope: {"Authorization": f"Bearer {key.strip()}"} for scope, (_, key) in made.items()}
        paths = ("/api/version", "/panel/v1/instances")
        found = {
            (scope, path): (await panel.client.get(path, headers=headers[scope])).status_code
            for scope in made
            for path in paths
        }
        assert found[("use", paths[0])] == found[("see", paths[1])] == 200
        assert found[("use", paths[1])] == found[("see", paths[0])] == 403
        assert await panel.command("keys", "remove", "see") == (0, "")
        assert (await panel.client.get(paths[1], headers=headers["see"])).status_code == 401


async def test_settings_are_changed_by_the_panel_with_its_own_checks(panel: PanelProcess) -> None:
    code, told = await panel.command("settings", "set", "pools.chat.environment.OLLAMA_LOAD_TIMEOUT", "1h")
    assert (code, told.splitlines()[:2]) == (
        0,
        ["pools.chat.environment.OLLAMA_LOAD_TIMEOUT = 1h", "The running panel follows:"],
    )
    code, told = await panel.command("settings", "reset", "pools.chat.environment.OLLAMA_LOAD_TIMEOUT")
    assert code == 0
    assert "OLLAMA_LOAD_TIMEOUT 1h → —" in told
    assert configfile.read(panel.state_dir / "settings.json").settings.pools[0].environment == {}


async def test_commands_at_once_all_take_effect(panel: PanelProcess) -> None:
    added = [panel.command("pools", "add", f"p{number}", "--role", "batch", "--workers", "0") for number in range(4)]
    variables = [panel.command("settings", "set", f"pools.embedding.environment.V{number}", "1") for number in range(4)]
    assert {code for code, _ in await asyncio.gather(*added, *variables)} == {0}
    pools = {pool.name: pool for pool in configfile.read(panel.state_dir / "settings.json").settings.pools}
    assert {"p0", "p1", "p2", "p3"} <= pools.keys()
    assert set(pools["embedding"].environment) == {"V0", "V1", "V2", "V3"}
