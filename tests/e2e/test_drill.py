"""Drills of a whole panel with simulated servers: real processes are killed, stopped and slowed down."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest

from ollama_panel.core.drill import DrillAnswer, DrillRecord, DrillState
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline, polled, until_ended

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a signal to one process of a console is not sent there"
)

FAST = {"OLLAMA_SIM_SPEED": "20"}
SETTINGS = {
    "version": 1,
    "ollama": {"adopt": False},
    "pools": [
        {"name": "chat", "role": "chat", "workers": 1, "parallel": 2},
        {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1},
    ],
}
PATH = "/panel/v1/drill"
LIMIT_S = 170.0
"""A server that hangs is killed after half a minute, and nobody hurries a busy machine."""


class Drilled:
    """The API of a panel about drills."""

    def __init__(self, panel: PanelProcess) -> None:
        self._panel = panel
        headers = {"Authorization": f"Bearer {panel.secret()}"}
        self._client = httpx.AsyncClient(base_url=panel.url, headers=headers, timeout=60)

    async def begin(self, *faults: str) -> None:
        """Begin a drill once the panel knows its models and its memory."""

        async def begun() -> bool:
            return (await self.post(PATH, {"faults": faults})).status_code == 202

        await polled(begun, "the begin of a drill")

    async def cancel(self) -> httpx.Response:
        return await self._client.delete(PATH)

    async def post(self, path: str, body: object) -> httpx.Response:
        return await self._client.post(path, json=body)

    async def record(self) -> DrillRecord:
        found = msgspec.json.decode((await self._client.get(PATH)).content, type=DrillAnswer).drill
        assert found is not None
        return found

    async def ended(self) -> DrillRecord:
        async def look() -> DrillRecord | None:
            record = await self.record()
            return None if record.state is DrillState.RUNNING else record

        return await polled(look, "the end of the drill", LIMIT_S)  # type: ignore[arg-type, return-value]

    async def process(self) -> psutil.Process:
        """Return the process of the secondary instance once a fault has begun."""

        async def begun() -> int | None:
            record = await self.record()
            pids = [one["pid"] for one in await self._panel.instances("chat") if one["id"] == record.instance]
            return pids[0] if pids and record.steps[0].began is not None else None

        return psutil.Process(await polled(begun, "the first fault", LIMIT_S))  # type: ignore[arg-type]

    async def close(self) -> None:
        await self._client.aclose()


@pytest.fixture
async def panel(tmp_path: Path) -> AsyncIterator[PanelProcess]:
    async with PanelProcess(tmp_path / "state", SETTINGS, environment=FAST) as panel:
        await panel.ready()
        yield panel


@pytest.fixture
async def drilled(panel: PanelProcess) -> AsyncIterator[Drilled]:
    made = Drilled(panel)
    yield made
    await made.close()


async def names(panel: PanelProcess) -> list[str]:
    return [one["id"] for one in (await panel.status())["instances"]]


@pytest.mark.timeout(240)
async def test_a_kill_is_noticed_without_a_loss_and_a_slow_worker_is_left_alone(
    panel: PanelProcess, drilled: Drilled
) -> None:
    before = await names(panel)
    await drilled.begin("kill", "slow")
    record = await drilled.ended()
    kill, slow = record.steps
    assert (record.state, record.instance, record.problem) == (DrillState.DONE, "chat-2", None)
    assert (kill.passed, kill.lost, slow.passed, slow.false_alarm) == (True, 0, True, False)
    assert kill.detected_s is not None
    assert kill.recovered_s is not None
    assert kill.sent > 0
    assert slow.sent > 0
    assert record.score is not None
    assert await names(panel) == before, "its instance is gone"
    assert "SIGKILL" not in panel.errors, "nobody is to look for who did it"


@pytest.mark.timeout(240)
async def test_a_server_that_hangs_is_replaced_without_a_loss(panel: PanelProcess, drilled: Drilled) -> None:
    await drilled.begin("hang", "runner_hang")
    record = await drilled.ended()
    hang, runner = record.steps
    assert (hang.passed, hang.lost) == (True, 0)
    assert (runner.passed, runner.told is not None and runner.told.code) == (None, "drill.no_runner")


@pytest.mark.timeout(240)
async def test_a_cancelled_drill_leaves_nothing_behind(panel: PanelProcess, drilled: Drilled) -> None:
    before = await names(panel)
    await drilled.begin("hang")
    process = await drilled.process()
    assert (await drilled.post(PATH, {})).json()["code"] == "drill.running"
    tuning = await drilled.post("/panel/v1/tuning", {"pool": "chat", "model": "llama3.1:8b"})
    assert (tuning.status_code, tuning.json()["code"]) == (409, "drill.running")
    body = {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "Hi"}], "options": {"num_predict": 4}}
    chats = await asyncio.gather(*(drilled.post("/api/chat", {**body, "stream": False}) for _ in range(10)))
    assert [one.status_code for one in chats] == [200] * 10, "the requests of others are served meanwhile"
    cancelled = await drilled.cancel()
    assert cancelled.json()["state"] in ("cancelled", "done"), "a request that reaches it ends the hang"
    await until_ended([process])
    assert await names(panel) == before
    assert (await drilled.cancel()).json()["code"] == "drill.none"


@pytest.mark.timeout(240)
async def test_after_the_end_of_the_panel_nothing_that_it_stopped_is_left(
    panel: PanelProcess, drilled: Drilled
) -> None:
    await drilled.begin("hang")
    process = await drilled.process()
    note = json.loads((panel.state_dir / "panel.json").read_text())
    psutil.Process(note["pid"]).kill()
    async with deadline("the end of the panel"):
        await panel.ended()
    async with PanelProcess(panel.state_dir, SETTINGS, environment=FAST) as following:
        await following.ready()
        await until_ended([process])
