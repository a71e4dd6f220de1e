"""`import`, on the settings file of a state folder and through a panel."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.engine import configfile
from tests.cli.conftest import Outcome
from tests.cli.stand_in import standing_in
from tests.fakes.panel_imports import DROP_IN, PLAN

Panel = Callable[..., Outcome]
PLAN_JSON = msgspec.to_builtins(PLAN)
CHANGE = msgspec.to_builtins(notice("plan.nothing"))
COMPOSE = """\
services:
  ollama:
    image: ollama/ollama:0.32.15
    ports: ["11434:11434"]
    environment:
      - OLLAMA_NUM_PARALLEL=4
      - OLLAMA_KEEP_ALIVE=24h
      - OLLAMA_GPU_LAYERS=40
"""


@pytest.fixture
def compose(tmp_path: Path) -> Path:
    """A Compose file of one server."""
    path = tmp_path / "stack" / "docker-compose.yml"
    path.parent.mkdir()
    path.write_text(COMPOSE)
    return path


def settings(folder: Path) -> Settings:
    return configfile.look(folder / "settings.json").settings


def chat(folder: Path) -> PoolSettings:
    return settings(folder).pools[0]


def test_the_preview_names_every_line_and_changes_nothing(panel: Panel, tmp_path: Path, compose: Path) -> None:
    shown = panel("import", compose, "--dry-run", "--state-dir", tmp_path)
    assert (shown.status, shown.err) == (0, "")
    assert f"{compose}: 1 server" in shown.out
    assert f"{compose}:6: OLLAMA_NUM_PARALLEL=4 becomes Parallel of the pool chat." in shown.out
    assert f"{compose}:8: OLLAMA_GPU_LAYERS does not exist in Ollama" in shown.out
    assert "[ ] Listen for other machines, at 0.0.0.0: --accept network" in shown.out
    assert shown.out.splitlines()[-2:] == ["  chat: Parallel 2 → 4", "  chat: OLLAMA_KEEP_ALIVE — → 24h"]
    assert settings(tmp_path) == Settings()


def test_without_a_terminal_nothing_is_done_unless_yes_is_given(panel: Panel, tmp_path: Path, compose: Path) -> None:
    asked = panel("import", compose, "--state-dir", tmp_path)
    assert "--yes does it" in asked.err
    assert settings(tmp_path) == Settings()


def test_it_is_written_to_the_file_and_undo_leaves_what_was_changed_since(
    panel: Panel, tmp_path: Path, compose: Path
) -> None:
    done = panel("import", compose, "--yes", "--accept", "network", "--state-dir", tmp_path)
    assert (done.status, done.out.splitlines()[-1]) == (0, "`ollama-panel import --undo` takes it back.")
    assert (chat(tmp_path).parallel, chat(tmp_path).environment) == (4, {"OLLAMA_KEEP_ALIVE": "24h"})
    assert settings(tmp_path).proxy.host == "0.0.0.0"
    assert panel("settings", "set", "pools.chat.context_length", "8192", "--state-dir", tmp_path).status == 0

    assert panel("import", "--undo", "--state-dir", tmp_path).status == 0
    assert (chat(tmp_path).parallel, chat(tmp_path).environment, chat(tmp_path).context_length) == (2, {}, 8192)
    assert settings(tmp_path).proxy == Settings().proxy
    again = panel("import", "--undo", "--state-dir", tmp_path)
    assert (again.status, "There is no import to undo." in again.err) == (1, True)


def test_imports_are_undone_in_turn_and_each_time_it_is_said_which_is_next(
    panel: Panel, tmp_path: Path, compose: Path
) -> None:
    other = tmp_path / "ollama.env"
    other.write_text("OLLAMA_NUM_PARALLEL=7\n")
    for source in (compose, other):
        assert panel("import", source, "--yes", "--state-dir", tmp_path).status == 0
    assert chat(tmp_path).parallel == 7
    first = panel("import", "--undo", "--state-dir", tmp_path)
    assert (first.status, chat(tmp_path).parallel) == (0, 4)
    assert first.out.splitlines()[-1] == f"`ollama-panel import --undo` now takes back the one before it: {compose}."
    second = panel("import", "--undo", "--state-dir", tmp_path)
    assert (second.status, settings(tmp_path), "now takes back" in second.out) == (0, Settings(), False)


def test_what_is_in_force_already_is_not_asked_for(panel: Panel, tmp_path: Path, compose: Path) -> None:
    panel("import", compose, "--yes", "--state-dir", tmp_path)
    again = panel("import", compose, "--state-dir", tmp_path)
    assert (again.status, again.err) == (0, "")
    assert "The settings are so already: nothing would change." in again.out


def test_programs_get_the_preview_and_the_result(panel: Panel, tmp_path: Path, compose: Path) -> None:
    plan = json.loads(panel("import", compose, "--json", "--state-dir", tmp_path).out)
    assert settings(tmp_path) == Settings()
    assert plan["wrong"][0]["told"]["text"].startswith("OLLAMA_GPU_LAYERS does not exist")
    done = json.loads(panel("import", compose, "--json", "--yes", "--state-dir", tmp_path).out)
    assert done["plan"]["id"] == plan["id"]
    assert chat(tmp_path).parallel == 4


def test_a_source_that_is_not_there_and_one_that_says_nothing(panel: Panel, tmp_path: Path) -> None:
    gone = panel("import", tmp_path / "gone.yml", "--state-dir", tmp_path)
    assert (gone.status, "gone.yml" in gone.err) == (1, True)
    other = tmp_path / "docker-compose.yml"
    other.write_text("services:\n  web:\n    image: nginx\n")
    nothing = panel("import", other, "--yes", "--state-dir", tmp_path)
    assert (nothing.status, settings(tmp_path)) == (1, Settings())


def test_what_a_pipe_gives_is_imported(panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("nothing of Ollama\n"))
    unknown = panel("import", "-", "--state-dir", tmp_path)
    assert (unknown.status, "says nothing about Ollama" in unknown.err) == (1, True)


def test_an_offer_that_there_is_not_is_a_wrong_argument(panel: Panel, tmp_path: Path) -> None:
    assert "network, origins" in panel("import", "--accept", "all", "--state-dir", tmp_path).err


def test_a_running_panel_gets_the_sources_and_the_plan_that_was_seen(
    panel: Panel, tmp_path: Path, compose: Path
) -> None:
    with standing_in(tmp_path) as stand_in:
        stand_in.on("POST /panel/v1/imports/plan", {**PLAN_JSON, "changes": [CHANGE]})
        stand_in.on("POST /panel/v1/imports", {"at": 1.0, "plan": PLAN_JSON, "effects": [CHANGE]})
        done = panel("import", compose, "--yes", "--state-dir", tmp_path)
        assert done.status == 0, done.err
        assert f"{DROP_IN}:2: OLLAMA_NUM_PARALLEL=4 becomes Parallel of the pool chat." in done.out
        assert "The running panel follows:" in done.out
        (sent,) = stand_in.bodies("POST /panel/v1/imports")
    assert isinstance(sent, dict)
    assert (sent["plan"], sent["sources"][0]["files"][0]["text"]) == ("made-up", COMPOSE)
