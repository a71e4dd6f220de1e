"""A panel that is killed in the middle of a tuning."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from ollama_panel.core.tuning.record import TuningState
from tests.fakes import killed_tuning
from tests.fakes.live_engine import answers
from tests.fakes.panel_process import PanelProcess, runs_with
from tests.fakes.tuned_machine import tuned_machine, tuning
from tests.fakes.waiting import deadline, until_ended

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]

SETTINGS = {
    "version": 2,
    "ollama": {"adopt": False},
    "pools": [{"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": 32_768}],
}
TRIAL = 5
LONG_S = 400.0
"""Five trials take some seconds on an idle machine."""


def is_measuring(status: Any) -> bool:
    """Return whether a tuning measures a trial; which one, a slow machine decides."""
    return status["tuning"]["state"] == "measuring" and status["tuning"]["current"] is not None


def slots_of(trial: Any) -> set[int]:
    """Return with how many slots the workers of a trial run, whichever of its candidates they measure now."""
    sides = filter(None, (trial["candidate"], trial["against"]))
    return {max(trial["load_parallel"], side["parallel"]) for side in sides}


async def test_its_workers_end_and_those_of_the_settings_come_back(tmp_path: Path) -> None:
    """With real processes: what has measured is not the settings' own worker any more."""
    slow = {"OLLAMA_SIM_SPEED": "1"}
    async with PanelProcess(tmp_path / "state", SETTINGS, environment=slow) as panel:
        await panel.ready()
        await panel.until(lambda status: status["models"])
        before = (panel.state_dir / "settings.json").read_bytes()
        code, said = await panel.command("tune", "--goal", "throughput", "--detach")
        assert code == 0, said
        measuring = await panel.until(is_measuring)
        workers = [psutil.Process(one["pid"]) for one in measuring["instances"]]
        slots = {one["parallel"] for one in measuring["instances"] if one["draining"]}
        assert slots
        assert slots <= slots_of(measuring["tuning"]["current"])
        panel.process.kill()
        await panel.process.wait()
    async with PanelProcess(tmp_path / "state", environment=slow) as panel:
        await panel.ready()
        status = await panel.until(runs_with("chat", 2))
        assert (panel.state_dir / "settings.json").read_bytes() == before
        assert [one["id"] for one in status["instances"]] == ["chat-1"]
        assert (status["tuning"]["state"], status["tuning"]["reason"]["code"]) == ("paused", "tuning.panel_ended")
        await until_ended(workers)


async def test_it_goes_on_with_the_trial_that_was_killed_to_its_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await killed_in(TRIAL, tmp_path)
    before = (tmp_path / "settings.json").read_bytes()
    async with tuned_machine(tmp_path, monkeypatch, *killed_tuning.MACHINE, used=True) as machine:
        snapshot = await machine.panel.until(lambda one: one.tuning)
        found = tuning(snapshot)
        assert (tmp_path / "settings.json").read_bytes() == before
        assert all(answers(one) and one.parallel == 1 for one in snapshot.instances)
        assert (found.state, found.reason and found.reason.code, len(found.outcomes)) == (
            TuningState.PAUSED,
            "tuning.panel_ended",
            TRIAL - 1,
        )
        assert (await machine.tune(**killed_tuning.TASK)).id == found.id
        record = await machine.ended()
        assert (record.state, record.verdict is not None) == (TuningState.DONE, True)
        assert record.outcomes[: TRIAL - 1] == found.outcomes
        assert len(record.outcomes) >= TRIAL
        assert (tmp_path / "settings.json").read_bytes() == before


async def killed_in(trial: int, folder: Path) -> None:
    """Return when a panel on a folder has been killed while it measured a trial."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", killed_tuning.__name__, str(folder), str(trial)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with deadline("the trial to be measured", LONG_S):
            assert await process.stdout.readline() == b"measures\n"
    finally:
        process.kill()
        await process.wait()
        transport: Any = getattr(process, "_transport", None)
        transport.close()
