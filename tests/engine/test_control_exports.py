from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.applying.record import Applying, ApplyStage, FileState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine.applying.journal import Entry, Journal
from ollama_panel.engine.control_exports import ExportCommands
from tests.core.applying.samples import export_of

POOLS = (PoolSettings(PoolName("chat"), workers=2), PoolSettings(PoolName("embed")))
STATE = Snapshot(at=0.0, settings=Settings(pools=POOLS), ollama_binary="/usr/bin/ollama")


def commands(folder: Path, state: Snapshot = STATE) -> ExportCommands:
    async def snapshot() -> Snapshot:
        return state

    async def to_its_end(work: Coroutine[Any, Any, Applying]) -> Applying:
        return await work

    return ExportCommands(folder, snapshot, to_its_end)


async def test_an_export_of_the_settings_in_force(tmp_path: Path) -> None:
    made = await commands(tmp_path).made("systemd-units", (PoolName("chat"),))
    assert (made.target, [one.id for one in made.workers]) == ("systemd-units", ["chat-1", "chat-2"])
    assert (await commands(tmp_path).made("systemd-units", of_user=True)).site.of_user
    with pytest.raises(PanelError, match="tomorrow"):
        await commands(tmp_path).made("of-tomorrow")


async def test_what_is_installed_is_compared(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    (found,) = await commands(tmp_path).installed(export_of("env", str(place)))
    assert (found.path, found.state) == (str(place), FileState.NEW)


async def test_a_simulated_ollama_is_put_into_force_nowhere(tmp_path: Path) -> None:
    demo = commands(tmp_path, Snapshot(at=0.0, settings=STATE.settings, demo=True))
    with pytest.raises(PanelError, match="simulated"):
        await demo.apply(export_of("systemd"))
    with pytest.raises(PanelError, match="simulated"):
        await demo.made("systemd")


async def test_what_cannot_be_put_into_force_says_why(tmp_path: Path) -> None:
    with pytest.raises(PanelError, match="EnvironmentFile"):
        await commands(tmp_path).plan(export_of("env", "/etc/ollama.env"))
    with pytest.raises(PanelError, match="nothing to undo"):
        await commands(tmp_path).undo()


async def test_what_an_earlier_panel_left_in_the_middle_is_shown(tmp_path: Path) -> None:
    assert commands(tmp_path).applying is None
    left = Applying("1", "systemd", "", ApplyStage.RESTARTING)
    Journal(tmp_path).write(Entry(1.0, left, export_of("systemd")))
    applying = commands(tmp_path).applying
    assert applying is not None
    assert applying.interrupted
