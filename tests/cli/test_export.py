"""`export`: the text on stdout, the instructions on stderr."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel import __version__
from ollama_panel.cli import exported
from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Accelerator
from ollama_panel.core.telemetry import GpuReading, GpuVendor
from ollama_panel.engine import judging
from ollama_panel.engine.host.gpu import Cards, Sensors
from tests.cli.conftest import Outcome

Panel = Callable[..., Outcome]


def test_without_a_target_all_are_listed_by_where_they_are_for(panel: Panel, tmp_path: Path) -> None:
    listed = panel("export", "--state-dir", tmp_path).out.splitlines()
    assert listed[0] == "This machine:"
    groups = [line for line in listed if not line.startswith("  ")]
    assert len(groups) == len({target.group for target in targets()})
    assert [line.split()[0] for line in listed if line not in groups] == [target.id for target in targets()]


@pytest.mark.parametrize("target", [target.id for target in targets()])
def test_every_target_prints_its_text_and_how_to_use_it(panel: Panel, tmp_path: Path, target: str) -> None:
    panel("settings", "set", "pools.chat.parallel", "3", "--state-dir", tmp_path)
    panel("settings", "set", "pools.chat.models", "llama3.1:8b", "--state-dir", tmp_path)  # for that of a model
    outcome = panel("export", target, "--state-dir", tmp_path)
    assert outcome.status == 0
    assert f"Made by Ollama Panel {__version__} on 2" in outcome.out
    assert "parallel 3" in outcome.out
    assert outcome.err.splitlines()


def test_a_file_gets_the_same_text(panel: Panel, tmp_path: Path) -> None:
    printed = panel("export", "shell", "--state-dir", tmp_path).out
    outcome = panel("export", "shell", "--state-dir", tmp_path, "--out", tmp_path / "start.sh")
    assert outcome.out == ""
    assert (tmp_path / "start.sh").read_text(encoding="utf-8") == printed
    assert f"Written to {tmp_path / 'start.sh'}." in outcome.err


def test_a_folder_gets_the_file_under_its_name(panel: Panel, tmp_path: Path) -> None:
    place = tmp_path / "new" / "folder"
    outcome = panel("export", "shell", "--state-dir", tmp_path, "--out", f"{place}/")
    script = place / "start-ollama.sh"
    assert f"Written to {script}." in outcome.err
    assert os.access(script, os.X_OK)


def test_several_files_are_printed_under_their_names_and_saved_as_a_folder(panel: Panel, tmp_path: Path) -> None:
    panel("settings", "set", "pools.chat.workers", "2", "--state-dir", tmp_path)
    printed = panel("export", "launchd", "--state-dir", tmp_path).out
    panel("export", "launchd", "--state-dir", tmp_path, "--out", tmp_path / "agents")
    saved = sorted(path for path in (tmp_path / "agents").rglob("*") if path.is_file())
    assert len(saved) == 3
    for path in saved:
        text = path.read_text(encoding="utf-8")
        assert f"==> {path.relative_to(tmp_path / 'agents').as_posix()} <==\n{text}" in printed


def workers(out: str) -> dict[str, str]:
    return {one["id"]: one["url"] for one in json.loads(out)["instances"]}


def test_a_worker_keeps_its_port_when_only_its_pool_is_exported(panel: Panel, tmp_path: Path) -> None:
    every = workers(panel("export", "json", "--state-dir", tmp_path).out)
    out = panel("export", "json", "--pool", "embedding", "--state-dir", tmp_path).out
    assert workers(out) == {"embedding-1": every["embedding-1"]}
    assert "pool chat" not in out


def test_a_pool_is_exported_with_the_settings_of_a_profile_which_stays_as_it_is(panel: Panel, tmp_path: Path) -> None:
    panel("settings", "set", "pools.chat.parallel", "8", "--state-dir", tmp_path)
    panel("profiles", "save", "night", "--pool", "chat", "--state-dir", tmp_path)
    panel("settings", "set", "pools.chat.parallel", "2", "--state-dir", tmp_path)
    assert "pool chat (chat): 1 worker, parallel 2" in panel("export", "shell", "--state-dir", tmp_path).out
    out = panel("export", "shell", "--profile", "night", "--state-dir", tmp_path).out
    assert "pool chat (chat): 1 worker, parallel 8" in out


def test_services_may_be_those_of_the_user_and_the_card_another(panel: Panel, tmp_path: Path) -> None:
    options = exported.Options(accelerator=Accelerator.ROCM, of_user=True)
    made = exported.exported(tmp_path, "systemd-units", options)
    assert (made.site.of_user, made.site.accelerator) == (True, Accelerator.ROCM)


def test_the_header_has_the_cards_the_driver_and_ollama(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = GpuReading("0000:01:00.0", "RTX 4090", GpuVendor.NVIDIA, memory_total=24 * 1024**3, driver="570.86")
    found = Cards(None, Cards.find().memory, Sensors([lambda: (card,)]))
    monkeypatch.setattr(Cards, "find", lambda: found)
    ollama = tmp_path / "ollama"
    ollama.write_text("#!/bin/sh\necho ollama version is 0.32.15\n")
    ollama.chmod(0o755)
    out = panel("export", "shell", "--state-dir", tmp_path, "--ollama", ollama).out
    assert "# RTX 4090 24 GiB, driver 570.86, Ollama 0.32.15\n" in out


@pytest.fixture
def jq(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only tool of the machine; it accepts everything."""
    program = tmp_path / "tools" / "jq"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(judging, "_MORE_PLACES", ())
    return program


def test_a_check_says_what_the_tools_think(panel: Panel, tmp_path: Path, jq: Path) -> None:
    outcome = panel("export", "json", "--check", "--state-dir", tmp_path)
    assert (outcome.status, outcome.err.splitlines()[-1]) == (0, "jq: accepted")
    jq.write_text("#!/bin/sh\necho line 2 is wrong\nexit 1\n")
    outcome = panel("export", "json", "--check", "--state-dir", tmp_path)
    assert (outcome.status, outcome.err.splitlines()[-2:]) == (1, ["jq: refused", "   line 2 is wrong"])
    assert json.loads(outcome.out), "the text is there all the same"


def test_a_check_names_the_tools_that_are_missing_with_their_packages(panel: Panel, tmp_path: Path, jq: Path) -> None:
    outcome = panel("export", "shell", "--check", "--state-dir", tmp_path)
    assert outcome.status == 0
    assert "Not checked: shellcheck is not installed" in outcome.err
    assert "   Debian and Ubuntu have shellcheck in the package shellcheck." in outcome.err


def test_all_targets_are_checked_at_once(panel: Panel, tmp_path: Path, jq: Path) -> None:
    outcome = panel("export", "--check", "--state-dir", tmp_path)
    title, *lines = outcome.out.splitlines()
    assert title.split() == ["TARGET", "TOOLS"]
    assert [line.split()[0] for line in lines] == [target.id for target in targets()]
    assert lines[-1].endswith("jq: accepted")
    jq.write_text("#!/bin/sh\necho bad\nexit 1\n")
    outcome = panel("export", "--check", "--state-dir", tmp_path)
    assert (outcome.status, outcome.err.splitlines()[-1]) == (1, "json: jq: bad")


def test_the_named_program_is_the_one_that_is_started(panel: Panel, tmp_path: Path) -> None:
    out = panel("export", "systemd-units", "--state-dir", tmp_path, "--ollama", "/usr/bin/ollama").out
    assert "ExecStart=/usr/bin/ollama serve\n" in out


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["xml"], 'no export target "xml"'),
        (["json", "--out", "no/such/folder/file"], "cannot be written"),
        (["json", "--pool", "nobody"], "There is no pool nobody"),
        (["json", "--profile", "nobody"], "no profile"),
    ],
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
