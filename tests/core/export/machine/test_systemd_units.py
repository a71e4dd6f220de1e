"""The units of the workers: systemd accepts them and reads the very values back, in both managers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import INSTALLED, Export, Site, Words
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from ollama_panel.core.stores import Service
from tests.core.export.samples import TRICKY, exported, instances, nasty, pools
from tests.core.export.unit_reader import (
    as_systemd_reads_them,
    needs_analyze,
    needs_manager,
    variables,
    verified,
    words,
)

USER = Site(of_user=True)
posix = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A path with a space, a percent sign and a dollar, where systemd finds a program."""
    path = tmp_path / "my 100% $ollama"
    path.symlink_to(shutil.which("true") or "/bin/true")
    return str(path)


def units(export: Export) -> dict[str, str]:
    """Return the text of each unit of its own by its name."""
    return {file.name: file.text for file in export.files if file.name.endswith(".service")}


def installed(
    folder: Path, settings: Settings, program: str, words: Words = render, site: Site | None = None
) -> list[Path]:
    """Save the export, add the installer's unit, and return all units."""
    for file in exported("systemd-units", settings, [program], words, site=site).files:
        path = folder / "units" / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
    if site is None:
        there = f"[Service]\nExecStart={shutil.which('true')} serve\n"
        (folder / "units" / "ollama.service").write_text(there, encoding="utf-8")
    return sorted((folder / "units").glob("*.service"))


@needs_analyze
@pytest.mark.parametrize("words", [render, nasty])
def test_systemd_accepts_the_unit_of_every_worker(tmp_path: Path, program: str, words: Words) -> None:
    there = installed(tmp_path, pools(TRICKY), program, words)
    assert [unit.name for unit in there] == ["ollama-chat-2.service", "ollama-embed-1.service", "ollama.service"]
    assert verified(there) == (0, "")


@needs_analyze
@pytest.mark.parametrize("words", [render, nasty])
def test_the_manager_of_a_user_accepts_them_too(tmp_path: Path, program: str, words: Words) -> None:
    there = installed(tmp_path, pools(TRICKY), program, words, USER)
    names = ["ollama-chat-1.service", "ollama-chat-2.service", "ollama-embed-1.service"]
    assert [unit.name for unit in there] == names
    assert verified(there, user=True) == (0, "")


@needs_manager
def test_systemd_reads_the_values_as_they_were_meant(tmp_path: Path, program: str) -> None:
    settings = pools(TRICKY)
    (unit, *_) = installed(tmp_path, settings, program)
    (_, second, _) = instances(settings)
    assert as_systemd_reads_them(unit) == second.environment


@pytest.mark.parametrize("site", [Site(), USER])
def test_every_worker_gets_its_own_variables(site: Site) -> None:
    texts = units(exported("systemd-units", pools(TRICKY), site=site))
    planned = {f"ollama-{one.id}.service": one.environment for one in instances(pools(TRICKY))}
    assert {name: variables(text) for name, text in texts.items()} == {name: planned[name] for name in texts}


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (Site(), ["Description", "After", "ExecStart", "User", "Group", "Restart", "RestartSec", "WantedBy"]),
        (USER, ["Description", "ExecStart", "Restart", "RestartSec", "WantedBy"]),
    ],
)
def test_words_of_any_language_stay_in_their_line(site: Site, expected: list[str]) -> None:
    (text, *_) = units(exported("systemd-units", pools(TRICKY), words=nasty, site=site)).values()
    lines = text.splitlines()
    fields = [line.partition("=")[0] for line in lines if line and not line.startswith(("#", "[", "Environment="))]
    assert fields == expected
    description = next(line for line in lines if line.startswith("Description="))
    assert "50%% " in description
    assert "\\" not in description


def test_the_command_starts_the_very_program(program: str) -> None:
    (text, *_) = units(exported("systemd-units", pools(), [program, "--flag=$HOME"])).values()
    (line,) = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert words(line.removeprefix("ExecStart=")) == (program, "--flag=$$HOME", "serve")


def test_each_file_has_its_place_and_the_steps_put_it_there() -> None:
    export = exported("systemd-units", pools())
    folder = "/etc/systemd/system"
    assert [file.place for file in export.files] == [
        f"{folder}/ollama.service.d/zz-ollama-panel.conf",
        f"{folder}/ollama-chat-2.service",
        f"{folder}/ollama-embed-1.service",
        "",
    ]
    assert [step.command for step in export.steps] == [
        "sudo sh install-ollama-units.sh",
        "sudo systemctl list-units 'ollama*'",
        "sudo journalctl --unit ollama.service --unit ollama-chat-2.service --unit ollama-embed-1.service "
        "--grep 'server config' --lines 3 --no-pager",
    ]


def run(folder: Path, export: Export, systemctl: str) -> subprocess.CompletedProcess[str]:
    """Run the script of an export from another folder, with stand-ins that write down what they are called with."""
    saved, programs = folder / "my units", folder / "bin"
    for file in export.files:
        path = saved / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
    programs.mkdir()
    for name, text in (("systemctl", systemctl), ("install", "exit 0\n")):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/called"\n{text}', encoding="utf-8")
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["sh", str(saved / "install-ollama-units.sh")],
        env={"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
    )


@posix
def test_the_script_puts_the_files_in_their_places_and_starts_them(tmp_path: Path) -> None:
    assert run(tmp_path, exported("systemd-units", pools()), "exit 0\n").returncode == 0
    folder = "/etc/systemd/system"
    assert (tmp_path / "called").read_text(encoding="utf-8").splitlines() == [
        "systemctl cat ollama.service",
        f"install -D -m 644 -t {folder}/ollama.service.d ollama.service.d/zz-ollama-panel.conf",
        f"install -D -m 644 -t {folder} ollama-chat-2.service ollama-embed-1.service",
        "systemctl daemon-reload",
        "systemctl enable ollama-chat-2.service ollama-embed-1.service",
        "systemctl restart ollama.service ollama-chat-2.service ollama-embed-1.service",
    ]


@posix
def test_without_an_installed_service_the_script_changes_nothing(tmp_path: Path) -> None:
    child = run(tmp_path, exported("systemd-units", pools(), words=nasty), "exit 1\n")
    assert child.returncode == 1
    assert "There is no ollama.service on this machine" in child.stderr
    assert (tmp_path / "called").read_text(encoding="utf-8") == "systemctl cat ollama.service\n"


def test_without_further_workers_nothing_is_enabled() -> None:
    alone = Settings(pools=pools(workers=1).pools[:1])
    assert "enable" not in exported("systemd-units", alone).text


def test_in_the_manager_of_a_user_every_worker_is_a_service_of_its_own_and_nothing_needs_sudo() -> None:
    export = exported("systemd-units", pools(), site=Site(INSTALLED, "/srv/models", of_user=True))
    assert [file.place for file in export.files] == [
        *(f"~/.config/systemd/user/ollama-{worker}.service" for worker in ("chat-1", "chat-2", "embed-1")),
        "",
    ]
    typed = "\n".join(step.command for step in export.steps)
    assert "sudo" not in typed + export.text
    assert "loginctl enable-linger" in typed
    assert "journalctl --user-unit ollama-chat-1.service" in typed
    assert "User=" not in export.text
    assert "OLLAMA_MODELS" not in export.text, "the store of the system's service may be closed to the user"


def test_a_service_that_the_user_has_becomes_the_first_worker() -> None:
    theirs = Site(Service("me", unit="ollama.service", user_unit=True), "/home/me/models", of_user=True)
    export = exported("systemd-units", pools(), site=theirs)
    assert export.files[0].place == "~/.config/systemd/user/ollama.service.d/zz-ollama-panel.conf"
    assert export.text.count('Environment="OLLAMA_MODELS=/home/me/models"') == 2


def test_the_units_run_as_the_user_of_the_service_that_is_there_and_with_its_store() -> None:
    theirs = Service("llm", "models", unit="llm-server.service")
    export = exported("systemd-units", pools(), service=theirs, models="/srv/models")
    assert export.text.count("User=llm\nGroup=models\n") == 2
    assert export.text.count('Environment="OLLAMA_MODELS=/srv/models"') == 2, "the service itself knows its store"
    assert export.files[0].place == "/etc/systemd/system/llm-server.service.d/zz-ollama-panel.conf"
    typed = "\n".join(step.command for step in export.steps)
    assert "systemctl restart llm-server.service ollama-chat-2.service" in export.text
    assert "ollama.service" not in export.text + typed


def test_a_folder_that_the_settings_name_is_that_of_all_workers() -> None:
    named = msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir="/data"))
    text = exported("systemd-units", named, models="/srv/models").text
    assert text.count('Environment="OLLAMA_MODELS=/data"') == 3
    assert "/srv/models" not in text


def test_a_folder_that_no_worker_gets_is_not_set() -> None:
    (chat, *others) = pools().pools
    wrong = msgspec.structs.replace(chat, environment={"OLLAMA_MODELS": "~bob/models"})
    named = msgspec.structs.replace(pools(), pools=(wrong, *others))
    assert 'Environment="OLLAMA_MODELS="' not in exported("systemd-units", named, models="/srv/models").text


def test_further_workers_have_their_own_address_and_leave_the_store_alone() -> None:
    export = exported("systemd-units", pools())
    assert 'Environment="OLLAMA_HOST=127.0.0.1:11501"' in export.text
    assert export.text.count('Environment="OLLAMA_NOPRUNE=1"') == 2
    assert [render(note) for note in export.notes] == [
        "chat-2 answers on http://127.0.0.1:11501.",
        "embed-1 answers on http://127.0.0.1:11502.",
    ]


@pytest.mark.parametrize("program", ["ollama", "./ollama", "/usr/bin/olla\nma"])
def test_a_unit_needs_the_full_path_of_the_program(program: str) -> None:
    with pytest.raises(PanelError, match="full path of Ollama"):
        exported("systemd-units", pools(), [program])
