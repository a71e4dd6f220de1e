"""The owner of a panel that wants keys: commands on its own state folder need none."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

LOCKED = {"version": 2, "ollama": {"adopt": False}, "proxy": {"require_key": "always"}, "pools": [{"name": "chat"}]}


def note_of(panel: PanelProcess) -> dict[str, str]:
    note: dict[str, str] = json.loads((panel.state_dir / "panel.json").read_text())
    return note


async def listens(panel: PanelProcess) -> dict[str, str]:
    """Return the content of `panel.json` once it has the address."""
    async with deadline("the panel to write its address"):
        while not note_of(panel)["url"]:  # noqa: ASYNC110 - another process can only be polled
            await asyncio.sleep(0.02)
    return note_of(panel)


async def test_the_owner_reads_the_status_and_nobody_else_does(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", LOCKED) as panel:
        note = await listens(panel)
        code, told = await panel.command("status", "--json")
        assert (code, json.loads(told)["settings"]["proxy"]["require_key"]) == (0, "always")
        assert (await panel.client.get("/panel/status")).status_code == 401
        wrong = {"Authorization": f"Bearer {note['secret'][::-1]}"}
        assert (await panel.client.get("/panel/status", headers=wrong)).status_code == 401
        right = {"Authorization": f"Bearer {note['secret']}"}
        assert (await panel.client.get("/api/tags", headers=right)).status_code == 401
        _, tables = await panel.command("status")
        _, settings = await panel.command("settings", "get")
        _, exported = await panel.command("export", "json")
    log = (panel.state_dir / "logs" / "panel.log").read_text()
    assert all((tables, settings, exported))
    assert note["secret"] not in told + tables + settings + exported + log + panel.errors


async def test_the_secret_of_a_killed_panel_opens_nothing(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", LOCKED) as panel:
        stale = (await listens(panel))["secret"]
        panel.process.kill()
        await panel.process.wait()
        async with PanelProcess(panel.state_dir, LOCKED) as second:
            assert (await listens(second))["secret"] != stale
            headers = {"Authorization": f"Bearer {stale}"}
            assert (await second.client.get("/panel/status", headers=headers)).status_code == 401
            assert (await second.command("status"))[0] == 0


@pytest.mark.parametrize("content", ["{", '{"pid": 1, "url": "http://127.0.0.1:1", "secret": 7}', None])
async def test_a_note_that_cannot_be_read_is_a_sentence(tmp_path: Path, content: str | None) -> None:
    async with PanelProcess(tmp_path / "state", LOCKED) as panel:
        await listens(panel)
        note = panel.state_dir / "panel.json"
        note.unlink()
        note.mkdir() if content is None else note.write_text(content)
        code, printed = await panel.command("status")
        assert (code, printed) == (1, "")
        said = panel.errors.splitlines()[-1]
        assert "panel.json cannot be read" in said
        assert said.endswith(".")


async def test_a_note_of_another_panel_is_a_sentence(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", LOCKED) as panel:
        note = await listens(panel)
        (panel.state_dir / "panel.json").write_text(json.dumps(note | {"secret": "another"}))
        assert await panel.command("status") == (1, "")
        assert f"The panel at {panel.url} is not the one of this folder" in panel.errors
