"""The history of a panel that is killed, or that has no room on its disk."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import polled

CHAT = {
    "model": "llama3.1:8b",
    "stream": False,
    "options": {"num_predict": 4},
    "messages": [{"role": "user", "content": "Hello"}],
}
SETTINGS = {"version": 2, "ollama": {"adopt": False}}


async def kept(panel: PanelProcess) -> list[Any]:
    """Return the requests that the command finds in the file."""
    code, printed = await panel.command("history", "--requests", "--json", "--limit", "1000")
    return json.loads(printed)["requests"] if code == 0 else []


async def test_a_panel_that_is_killed_while_it_writes_leaves_its_history_to_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    panel = PanelProcess(folder, SETTINGS)
    async with panel:
        await panel.ready()
        enough = asyncio.Event()

        async def ask() -> None:
            while not enough.is_set():
                assert (await panel.client.post("/api/chat", json=CHAT)).status_code == 200

        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(ask())
            before = await polled(lambda: kept(panel), lambda: f"a request in the file; {panel.errors}")
            enough.set()
        panel.process.kill()
        await panel.process.wait()
    assert (folder / "history.sqlite-wal").exists(), "it had no time to tidy up"
    after = await kept(panel)
    assert {one["id"] for one in before} <= {one["id"] for one in after}
    async with PanelProcess(folder) as again:
        await again.ready()
        status = await again.status()
        assert [one for one in status["problems"] if one["where"] == "history.sqlite"] == []
        assert {one["id"] for one in after} <= {one["id"] for one in await kept(again)}

        async def both_starts() -> bool:
            _, events = await again.command("history", "--events")
            return events.count("The panel started") == 2

        await polled(both_starts, "the events of both starts")


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of a file's size is POSIX's")
async def test_a_panel_whose_disk_takes_no_more_says_so_and_serves_on(tmp_path: Path) -> None:
    panel = PanelProcess(tmp_path / "state", SETTINGS)
    panel._limit = ("sh", "-c", 'ulimit -f 40; exec "$0" "$@"')
    async with panel:
        await panel.ready()
        told = await panel.until(lambda status: any(one["where"] == "history.sqlite" for one in status["problems"]))
        (problem,) = (one["notice"] for one in told["problems"] if one["where"] == "history.sqlite")
        assert problem["code"] == "history.not_written"
        assert (await panel.client.post("/api/chat", json=CHAT)).status_code == 200
        recent = await panel.client.get(
            "/panel/v1/history?since=-60&step=1", headers={"Authorization": f"Bearer {panel.secret()}"}
        )
        assert recent.json()["series"], "the last minutes are in memory"
