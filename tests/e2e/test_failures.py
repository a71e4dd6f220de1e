"""Failures on real machines: each is reported in one sentence, without a traceback, and nothing is lost."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths
from tests.fakes.panel_process import PanelProcess

DEAD = {"OLLAMA_SIM_FAULTS": "die-at-once"}


def panel(*arguments: str, state_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, as in a shell."""
    return subprocess.run(
        [sys.executable, "-m", "ollama_panel", *arguments, "--state-dir", str(state_dir)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ,
    )


def only_sentence(stderr: str) -> str:
    """Assert that people get a sentence and no traceback; return it."""
    assert "Traceback" not in stderr
    lines = stderr.strip().splitlines()
    assert lines
    assert lines[-1].endswith(".")
    return stderr


async def test_an_unreadable_settings_file_is_kept_aside_and_said(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (state / "settings.json").write_text("{ this is not JSON")
    async with PanelProcess(state) as running:
        status = await running.status()
        assert "settings.json" in only_sentence(running.errors)
    assert any("settings.json" in one["notice"]["text"] for one in status["problems"])
    assert [one.read_text() for one in state.glob("settings.json.broken*")] == ["{ this is not JSON"]


async def test_one_bad_value_falls_back_alone_and_is_said(tmp_path):
    settings = {"version": 1, "proxy": {"queue_limit": -5}, "pools": [{"name": "chat", "parallel": 3}]}
    async with PanelProcess(tmp_path / "state", settings) as running:
        status = await running.status()
    assert any("queue_limit" in one["where"] for one in status["problems"])
    assert status["settings"]["pools"][0]["parallel"] == 3
    assert json.loads((tmp_path / "state" / "settings.json").read_text())["proxy"]["queue_limit"] == -5


def test_a_taken_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = panel("serve", "--demo", "--listen", f"127.0.0.1:{port}", state_dir=tmp_path / "state")
    assert ended.returncode == 1
    assert str(port) in only_sentence(ended.stderr)


def test_a_missing_binary_is_named(tmp_path):
    ended = panel("serve", "--ollama", "/nowhere/ollama", "--listen", "127.0.0.1:0", state_dir=tmp_path / "state")
    assert ended.returncode == 1
    assert "/nowhere/ollama" in only_sentence(ended.stderr)


async def test_a_worker_that_dies_at_once_is_given_up_with_its_last_words(tmp_path):
    async with PanelProcess(tmp_path / "state", environment=DEAD) as running:
        status = await running.until(lambda status: any(one["restarts"] > 0 for one in status["instances"]))
    assert any(one["detail"] for one in status["instances"])


async def test_a_second_panel_on_the_same_folder_says_who_is_first(tmp_path):
    async with PanelProcess(tmp_path / "state") as running:
        second = panel("serve", "--demo", "--listen", "127.0.0.1:0", state_dir=running.state_dir)
    assert second.returncode == 1
    assert str(running.process.pid) in only_sentence(second.stderr)


def test_status_without_a_panel_says_how_to_start_one(tmp_path):
    ended = panel("status", state_dir=tmp_path / "state")
    assert ended.returncode == 1
    assert "ollama-panel" in only_sentence(ended.stderr)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("proxy.port", "99999", "65535"),
        ("pools.chat.parallel", "many", "pools.chat.parallel"),
        ("pools.nobody.parallel", "2", "nobody"),
        ("no.such.key", "1", "no.such.key"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence_and_changes_nothing(tmp_path, key, value, said):
    state = tmp_path / "state"
    configfile.write(Paths(state).settings, codec.set(Settings(), "proxy.port", "11999"))
    before = (state / "settings.json").read_bytes()
    ended = panel("settings", "set", key, value, state_dir=state)
    assert ended.returncode == 1
    assert said in only_sentence(ended.stderr)
    assert (state / "settings.json").read_bytes() == before
