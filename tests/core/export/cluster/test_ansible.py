"""The playbook: Ansible accepts it, and what it copies is what systemd gets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.export.deployment import Export, Site, Words
from ollama_panel.core.notices.render import render
from ollama_panel.core.stores import Service
from tests.core.export import unit_reader
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

PLAYBOOK = shutil.which("ansible-playbook")
needs_ansible = pytest.mark.skipif(not PLAYBOOK, reason="ansible-playbook is not installed")

THEIRS = Site(Service("me", "me", unit="ollama.service", user_unit=True), of_user=True)
ALONE = Site(of_user=True)
JINJA = {"JINJA": "{{ lookup('pipe', 'id') }} {% raw %} {# a #}"}


def play(export: Export) -> dict[str, Any]:
    """Return the play of a playbook."""
    ((found,),) = [yaml.safe_load(file.text) for file in export.files if file.name == "ollama.yml"]
    return dict(found)


def saved(export: Export, folder: Path) -> Path:
    """Save the files of an export, and return the playbook."""
    for file in export.files:
        place = folder / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.text, encoding="utf-8", newline="\n")
    return folder / "ollama.yml"


def run(playbook: Path, *options: str, **variables: str) -> str:
    """Let Ansible run a playbook on this machine, and return what it prints."""
    folder = playbook.parent
    (folder / "inventory.ini").write_text(
        f"[ollama]\nlocalhost ansible_connection=local ansible_python_interpreter={sys.executable}\n"
    )
    child = subprocess.run(
        [str(PLAYBOOK), "-i", "inventory.ini", playbook.name, *options],
        cwd=folder,
        env={**os.environ, "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stdout + child.stderr
    return child.stdout


def copies(export: Export) -> dict[str, str]:
    """Return where the playbook copies the files to, and their texts."""
    texts = {file.name: file.text for file in export.files}
    tasks = [task["ansible.builtin.copy"] for task in play(export)["tasks"] if "ansible.builtin.copy" in task]
    assert {f"{task['src']}" for task in tasks} == texts.keys() - {"ollama.yml"}
    return {task["dest"]: texts[task["src"]] for task in tasks}


def test_the_playbook_copies_the_services_to_where_systemd_finds_them() -> None:
    assert list(copies(exported("ansible", pools()))) == [
        "/etc/systemd/system/ollama.service.d/zz-ollama-panel.conf",
        "/etc/systemd/system/ollama-chat-2.service",
        "/etc/systemd/system/ollama-embed-1.service",
    ]


def test_what_changes_is_restarted_before_the_playbook_waits_for_answers() -> None:
    told = play(exported("ansible", pools()))
    kinds = [next(key.rpartition(".")[2] for key in task if key.startswith("ansible.")) for task in told["tasks"]]
    wait = ["uri", "uri"]
    assert kinds == ["command", "file", *["copy"] * 3, "meta", *["systemd_service"] * 2, *wait]
    assert [task["notify"] for task in told["tasks"] if "notify" in task] == [one["name"] for one in told["handlers"]]
    assert [task["ansible.builtin.uri"]["url"] for task in told["tasks"] if "ansible.builtin.uri" in task] == [
        "http://127.0.0.1:11501/api/version",
        "http://127.0.0.1:11502/api/version",
    ]


@pytest.mark.parametrize(("site", "first"), [(THEIRS, "ollama.service.d"), (ALONE, "ollama-chat-1.service")])
def test_services_of_a_user_need_no_root(site: Site, first: str) -> None:
    export = exported("ansible", pools(), site=site)
    told = play(export)
    assert told["become"] is False
    assert all(place.startswith("~/.config/systemd/user/") for place in copies(export))
    assert first in next(iter(copies(export)))
    assert {one["ansible.builtin.systemd_service"]["scope"] for one in told["handlers"]} == {"user"}


@given(st.dictionaries(names, printable | st.text("{%}# '\"\\", max_size=9), max_size=5))
def test_any_value_survives_outside_of_the_playbook(environment: dict[str, str]) -> None:
    settings = pools(environment)
    export = exported("ansible", settings)
    _, *units = copies(export).values()
    assert [unit_reader.variables(unit) for unit in units] == [one.environment for one in instances(settings)[1:]]
    assert play(export) == play(exported("ansible", pools()))


@pytest.mark.parametrize("words", [render, nasty])
def test_words_of_any_language_stay_texts(words: Words) -> None:
    assert play(exported("ansible", pools(TRICKY), words=words))["hosts"] == "ollama"


@needs_ansible
@pytest.mark.parametrize(("site", "words"), [(Site(), nasty), (THEIRS, render), (ALONE, render)])
def test_ansible_accepts_the_playbook(site: Site, words: Words, tmp_path: Path) -> None:
    playbook = saved(exported("ansible", pools(TRICKY | JINJA), words=words, site=site), tmp_path)
    assert "playbook: ollama.yml" in run(playbook, "--syntax-check")


SYSTEMCTL = """\
#!/bin/sh
echo "$*" >>"$STATE/commands"
case "$*" in *" show "*) echo LoadState=loaded; echo ActiveState=active ;; esac
"""


@needs_ansible
def test_ansible_installs_the_very_files(tmp_path: Path) -> None:
    """Run with a stand-in for systemd, and without the wait for servers, which are not there."""
    (tmp_path / "bin").mkdir()
    for name in ("systemctl", "loginctl"):
        (tmp_path / "bin" / name).write_text(SYSTEMCTL, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    export = exported("ansible", pools(TRICKY | JINJA), site=ALONE)
    playbook = saved(export, tmp_path)
    told = play(export)
    tasks = [task for task in told["tasks"] if "ansible.builtin.uri" not in task]
    here = yaml.safe_dump([{**told, "tasks": tasks}]).replace("~/.config", str(tmp_path / ".config"))
    playbook.write_text(here, encoding="utf-8")
    environment = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "STATE": str(tmp_path)}
    assert "failed=0" in run(playbook, **environment)
    units = tmp_path / ".config" / "systemd" / "user"
    found = {path.name: path.read_text(encoding="utf-8") for path in units.iterdir()}
    assert {f"~/.config/systemd/user/{name}": text for name, text in found.items()} == copies(export)
    commands = (tmp_path / "commands").read_text().splitlines()
    assert "enable-linger" in commands
    assert commands.count("--user daemon-reload") >= 1
    assert [line for line in commands if " restart " in line] == [f"--user restart {name}" for name in sorted(found)]
    assert " restart " not in again(playbook, environment, tmp_path / "commands")


def again(playbook: Path, environment: dict[str, str], commands: Path) -> str:
    """Run a playbook once more, and return what it has told systemd."""
    commands.write_text("")
    assert "changed=0" in run(playbook, **environment)
    return commands.read_text()
