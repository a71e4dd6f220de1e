"""The environment files: a shell, systemd and Compose read the very values."""

import ctypes
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Site, Words
from ollama_panel.core.export.machine.env import assignment
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools

LIBRARY = next(
    (path for folder in ("/usr/lib", "/lib") for path in Path(folder).glob("**/libsystemd-shared-*.so")), None
)
COMPOSE = shutil.which("docker-compose")
values = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=40)
quoting = st.text(st.sampled_from("'\"\\$ #`n\n="), max_size=12)
HOSTILE = {
    **TRICKY,
    "BOTH": 'it\'s "so" $HOME ${X:-y} $(id) \\',
    "END": "'\\\\\\",
    "LINES": "two\nlines\n",
    "LONG": "x y\\\"'$%" * 1200,
}


def as_a_shell_reads(path: Path) -> dict[str, str]:
    script = f'set -a; . "{path}"; env -0'
    read = subprocess.run(["env", "-i", "/bin/sh", "-c", script], capture_output=True, check=True).stdout.decode()
    seen = dict(line.split("=", 1) for line in read.split("\0") if line)
    return {name: value for name, value in seen.items() if name != "PWD"}


def as_systemd_reads(path: Path) -> dict[str, str]:
    """Return the variables by the function of systemd that reads `EnvironmentFile=` (`src/basic/env-file.c`)."""
    library = ctypes.CDLL(str(LIBRARY))
    found = ctypes.POINTER(ctypes.c_char_p)()
    assert library.load_env_file(None, str(path).encode(), ctypes.byref(found)) >= 0
    read = dict[str, str]()
    at = 0
    while found and (line := found[at]) is not None:
        name, _, value = line.decode().partition("=")
        read[name] = value
        at += 1
    return read


def written(folder: Path, told: dict[str, str]) -> Path:
    lines = [assignment(name, value) for name, value in told.items()]
    path = folder / "values.env"
    path.write_text("".join(line for line in lines if line), encoding="utf-8", newline="\n")
    return path


needs_systemd = pytest.mark.skipif(LIBRARY is None, reason="systemd's library is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("env")


@given(told=st.dictionaries(names, values | quoting, max_size=5))
def test_a_shell_reads_any_value_that_is_not_refused(folder: Path, told: dict[str, str]) -> None:
    kept = {name: value for name, value in told.items() if assignment(name, value) is not None}
    assert as_a_shell_reads(written(folder, told)) == kept


@needs_systemd
@given(told=st.dictionaries(names, values | quoting, max_size=8))
def test_systemd_reads_any_value_that_is_not_refused(folder: Path, told: dict[str, str]) -> None:
    kept = {name: value for name, value in told.items() if assignment(name, value) is not None}
    assert as_systemd_reads(written(folder, told)) == kept


def as_compose_reads(folder: Path, file: Path) -> dict[str, str]:
    project = {"services": {"one": {"image": "scratch", "env_file": str(file)}}}
    (folder / "compose.json").write_text(json.dumps(project), encoding="utf-8")
    command = [str(COMPOSE), "--file", str(folder / "compose.json"), "config", "--format", "json"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    read: dict[str, str] = json.loads(shown.stdout)["services"]["one"]["environment"]
    return {name: value.replace("$$", "$") for name, value in read.items()}


@pytest.mark.skipif(not COMPOSE, reason="docker-compose is not installed")
def test_compose_reads_them_too(tmp_path: Path) -> None:
    version = subprocess.run([str(COMPOSE), "version", "--short"], capture_output=True, text=True, check=False)
    if version.stdout.startswith("1."):
        pytest.skip("docker-compose 1 reads such files by other rules")
    assert as_compose_reads(tmp_path, written(tmp_path, HOSTILE)) == HOSTILE


@pytest.mark.parametrize("words", [render, nasty])
def test_each_worker_has_a_file_with_its_very_variables(tmp_path: Path, words: Words) -> None:
    export = exported("env", pools(HOSTILE), words=words)
    for file, worker in zip(export.files, instances(pools(HOSTILE)), strict=True):
        assert file.name == f"ollama-{worker.id}.env"
        path = tmp_path / file.name
        path.write_text(file.text, encoding="utf-8", newline="\n")
        assert as_a_shell_reads(path) == worker.environment
        if LIBRARY is not None:
            assert as_systemd_reads(path) == worker.environment


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("8192", "A=8192\n"),
        ("", "A=\n"),
        ("100%", "A=100%\n"),
        ("a b", "A='a b'\n"),
        ("$HOME", "A='$HOME'\n"),
        ("it's $X", 'A="it\'s \\$X"\n'),
        ("end\\", 'A="end\\\\"\n'),
        ("end\\\\", "A='end\\\\'\n"),
    ],
)
def test_values_are_written_as_plainly_as_all_readers_allow(value: str, line: str) -> None:
    assert assignment("A", value) == line


@pytest.mark.parametrize("value", ["it's `id`", "`id`\\"])
def test_what_readers_would_not_agree_on_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="MOTD in the environment of pool chat has a backtick besides a single quote"):
        exported("env", pools({"MOTD": value}))


def test_a_control_character_is_refused() -> None:
    with pytest.raises(PanelError, match="which an environment file cannot hold"):
        exported("env", pools({"MOTD": "bell\a"}))


def test_the_files_go_where_only_services_look_for_them() -> None:
    assert exported("env", pools()).files[0].place == "/etc/ollama/ollama-chat-1.env"
    export = exported("env", pools(), site=Site(of_user=True))
    assert export.files[0].place == "~/.config/ollama/ollama-chat-1.env"
    assert "EnvironmentFile=%h/.config/ollama/ollama-chat-1.env" in render(export.instructions)
