"""Several programs change the settings at once, and what stands at the place of a file is none: nothing is lost."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ollama_panel.engine import configfile
from ollama_panel.engine.lock_file import exclusive
from ollama_panel.proxy.credentials import find_key
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

NAMES = [f"client-{number}" for number in range(8)]
PIPES = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


async def command(*arguments: str, state_dir: Path) -> tuple[int, str, str]:
    """Run the program to its end; return its status and its output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ollama_panel", *arguments, "--state-dir", str(state_dir)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with deadline(lambda: f"{arguments} to end"):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, out.decode(), err.decode()


async def at_once(commands: Sequence[Sequence[str]], state_dir: Path) -> list[tuple[int, str, str]]:
    return await asyncio.gather(*(command(*words, state_dir=state_dir) for words in commands))


async def test_every_key_that_is_printed_is_kept(tmp_path: Path) -> None:
    added = await at_once([("keys", "add", name) for name in NAMES], tmp_path)
    assert [status for status, _, _ in added] == [0] * len(NAMES)
    kept = configfile.look(tmp_path / "settings.json").settings.proxy.api_keys
    assert {entry.name for entry in kept} == set(NAMES)
    assert all(find_key(key.strip(), kept) for _, key, _ in added)
    assert names(tmp_path) == ["settings.json", "settings.json.bak"]


async def test_commands_beside_a_running_panel_all_take_effect(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state") as running:
        changes = [
            ("keys", "add", "laptop"),
            ("keys", "add", "phone"),
            ("settings", "set", "proxy.queue_limit", "77"),
            ("settings", "set", "pools.chat.environment.OLLAMA_KEEP_ALIVE", "10m"),
        ]
        assert [status for status, _, _ in await at_once(changes, running.state_dir)] == [0] * len(changes)
        status = await running.until(
            lambda status: (
                status["settings"]["proxy"]["queue_limit"] == 77
                and len(status["settings"]["proxy"]["api_keys"]) == 2
                and status["settings"]["pools"][0]["environment"] == {"OLLAMA_KEEP_ALIVE": "10m"}
            )
        )
        assert status["problems"] == []


async def test_a_command_waits_for_the_one_that_changes_the_settings(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        with exclusive(tmp_path / "settings.json"):
            waiting = group.create_task(command("keys", "add", "laptop", state_dir=tmp_path))
            await command("keys", "list", state_dir=tmp_path)
            assert not waiting.done()
    assert waiting.result()[0] == 0


@PIPES
async def test_a_panel_serves_and_ends_where_its_files_are_none(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "logs").mkdir(parents=True)
    for name in ("settings.json", "children.json", "logs/panel.log"):
        os.mkfifo(state / name)
    for name in ("settings.json.bak", "panel.json"):
        (state / name).mkdir()
    async with PanelProcess(state) as running:
        await running.ready()
        status, _, said = await command("settings", "set", "proxy.port", "1001", state_dir=state)
        assert (status, said) == (
            1,
            f"{state}/settings.json cannot be backed up (settings.json is a pipe, a device or a folder, not a file); "
            "nothing was changed.\n",
        )
        status, _, said = await command("status", state_dir=state)
        assert status == 1
        assert "panel.json cannot be read" in said
        assert await running.stop() == 0
    assert "Traceback" not in running.errors
    for name in ("settings.json", "panel.log", "panel.json"):
        assert f"{name} is a pipe, a device or a folder, not a file" in running.errors


async def test_a_panel_starts_with_an_address_that_cannot_listen_in_its_file(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", {"proxy": {"host": "192.168..5"}}) as running:
        status = await running.status()
        assert [one["where"] for one in status["problems"]] == ["proxy.host"]
        settings = running.state_dir / "settings.json"
        settings.write_text('{"proxy": {"host": "' + "a" * 70 + '", "queue_limit": 7}}')
        status = await running.until(lambda status: status["settings"]["proxy"]["queue_limit"] == 7)
        assert status["proxy"]["on"]
    assert "Traceback" not in running.errors
