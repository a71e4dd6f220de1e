"""`export`: the text on stdout, the instructions on stderr."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel import __version__
from ollama_panel.core.export import targets
from tests.cli.conftest import Outcome

Panel = Callable[..., Outcome]


def test_without_a_target_all_are_listed(panel: Panel, tmp_path: Path) -> None:
    listed = panel("export", "--state-dir", tmp_path).out.splitlines()
    assert [line.split()[0] for line in listed] == [target.id for target in targets()]


@pytest.mark.parametrize("target", [target.id for target in targets()])
def test_every_target_prints_its_text_and_how_to_use_it(panel: Panel, tmp_path: Path, target: str) -> None:
    panel("settings", "set", "pools.chat.parallel", "3", "--state-dir", tmp_path)
    outcome = panel("export", target, "--state-dir", tmp_path)
    assert outcome.status == 0
    assert f"Made by Ollama Panel {__version__} on 2" in outcome.out
    assert "parallel 3" in outcome.out
    assert len(outcome.err.splitlines()) == 1


def test_a_file_gets_the_same_text(panel: Panel, tmp_path: Path) -> None:
    printed = panel("export", "shell", "--state-dir", tmp_path).out
    outcome = panel("export", "shell", "--state-dir", tmp_path, "--out", tmp_path / "start.sh")
    assert outcome.out == ""
    assert (tmp_path / "start.sh").read_text(encoding="utf-8") == printed
    assert f"Written to {tmp_path / 'start.sh'}." in outcome.err


def test_the_named_program_is_the_one_that_is_started(panel: Panel, tmp_path: Path) -> None:
    out = panel("export", "systemd-units", "--state-dir", tmp_path, "--ollama", "/usr/bin/ollama").out
    assert "ExecStart=/usr/bin/ollama serve\n" in out


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [(["docker"], 'no export target "docker"'), (["json", "--out", "no/such/folder/file"], "cannot be written")],
)
def test_what_cannot_be_exported_is_reported_in_one_sentence(
    panel: Panel, tmp_path: Path, argv: list[str], sentence: str
) -> None:
    outcome = panel("export", *argv, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_an_export_has_whole_paths_and_what_the_workers_inherit(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("OLLAMA_KEEP_ALIVE", "2h")
    monkeypatch.setenv("OLLAMA_MAX_WORKERS", "4")
    panel("settings", "set", "ollama.models_dir", "~/models", "--state-dir", tmp_path)
    out = panel("export", "json", "--state-dir", tmp_path, "--ollama", "~/bin/ollama").out
    (first, *_) = json.loads(out)["instances"]
    assert first["environment"]["OLLAMA_MODELS"] == str(tmp_path / "home") + "/models"
    assert first["environment"]["OLLAMA_KEEP_ALIVE"] == "2h"
    assert "OLLAMA_MAX_WORKERS" not in first["environment"]
    assert json.dumps(str(tmp_path / "home" / "bin" / "ollama")) in out
