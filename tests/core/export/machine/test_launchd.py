"""The agents of launchd: plist readers take them, a program sees the very values, and the app's script really runs."""

import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import ExportFile, Words
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

PLISTUTIL = shutil.which("plistutil") or shutil.which("plutil")
needs_plistutil = pytest.mark.skipif(not PLISTUTIL, reason="plistutil (libplist) is not installed")

xml_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n", exclude_characters="\ufffe\uffff"),
    max_size=40,
)


def read(file: ExportFile) -> dict[str, Any]:
    """Return a property list as Python's own reader has it."""
    return dict(plistlib.loads(file.text.encode()))


def converted(file: ExportFile, folder: Path) -> dict[str, Any]:
    """Return a property list as libplist has it."""
    place = folder / file.name
    place.write_text(file.text, encoding="utf-8", newline="\n")
    done = subprocess.run(
        [str(PLISTUTIL), "-i", str(place), "-o", str(folder / "binary"), "-f", "bin"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return dict(plistlib.loads((folder / "binary").read_bytes()))


def test_every_worker_has_an_agent_that_is_named_by_its_label() -> None:
    files = exported("launchd", pools()).files
    for file in files:
        assert file.name == f"{read(file)['Label']}.plist"
        assert file.place == f"~/Library/LaunchAgents/{file.name}"
    assert [file.name for file in files] == [
        "local.ollamapanel.worker.chat-1.plist",
        "local.ollamapanel.worker.chat-2.plist",
        "local.ollamapanel.worker.embed-1.plist",
    ]


def test_an_agent_starts_at_login_and_again_when_it_ends() -> None:
    (first, *_) = exported("launchd", pools()).files
    agent = read(first)
    assert (agent["RunAtLoad"], agent["KeepAlive"]) == (True, True)
    assert agent["EnvironmentVariables"]["OLLAMA_HOST"] == "127.0.0.1:11500"


@pytest.mark.parametrize("words", [render, nasty])
def test_an_agent_has_exactly_the_environment_of_its_worker(words: Words) -> None:
    settings = pools(TRICKY)
    files = exported("launchd", settings, words=words).files
    environments = [read(file)["EnvironmentVariables"] for file in files]
    assert environments == [instance.environment for instance in instances(settings)]


@needs_plistutil
@pytest.mark.parametrize("words", [render, nasty])
@pytest.mark.parametrize("target", ["launchd", "launchd-app"])
def test_libplist_reads_the_same(target: str, words: Words, tmp_path: Path) -> None:
    for file in exported(target, pools(TRICKY | {"LINES": "two\nlines", "LONG": "x" * 10_240}), words=words).files:
        assert converted(file, tmp_path) == read(file)


@given(st.dictionaries(names, printable.filter(lambda text: not re.search("[\ufffe\uffff]", text)) | xml_text))
def test_any_text_of_xml_survives(environment: dict[str, str]) -> None:
    (first, *_) = exported("launchd", pools(environment)).files
    seen = read(first)["EnvironmentVariables"]
    assert {name: seen[name] for name in environment} == environment


@pytest.mark.parametrize("value", ["nul\0", "back\rto start", "bell\a", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="which a property list cannot hold"):
        exported("launchd", pools({"MOTD": value}))


def test_a_comment_with_hyphens_ends_where_it_should() -> None:
    (first, *_) = exported("launchd", pools(), words=lambda told: f"a --> b ---- c -\ufffe {render(told)}--").files
    assert read(first)["RunAtLoad"] is True
    assert "--" not in re.sub(r"<!--|-->", "", first.text)


@pytest.mark.parametrize("program", ["ollama", "./ollama", "/usr/bin/olla\rma"])
def test_an_agent_needs_the_full_path_of_the_program(program: str) -> None:
    with pytest.raises(PanelError, match="full path of Ollama"):
        exported("launchd", pools(), [program])


def test_what_a_worker_prints_is_in_the_folder_of_the_logs(tmp_path: Path) -> None:
    """Run as launchd does: the words of the agent, with its variables and the user's home."""
    program = tmp_path / "my 100% $ollama"
    program.write_text('#!/bin/sh\necho "$OLLAMA_HOST $1"\nprintf %s "$DOLLAR" >&2\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "Library" / "Logs").mkdir(parents=True)
    agent = read(exported("launchd", pools(TRICKY), [str(program)]).files[0])
    environment = {**agent["EnvironmentVariables"], "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run(agent["ProgramArguments"], env=environment, check=True)
    log = (tmp_path / "Library" / "Logs" / "ollama-chat-1.log").read_text(encoding="utf-8")
    assert log == f"127.0.0.1:11500 serve\n{TRICKY['DOLLAR']}"


STUBS = {
    "launchctl": """\
case $1 in
getenv) cat "$STATE/$2" 2>/dev/null; echo ;;
setenv) printf %s "$3" >"$STATE/$2" ;;
esac""",
    "pgrep": '[ -e "$STATE/app runs" ]',
    "pkill": 'rm "$STATE/app runs"; echo quit >>"$STATE/log"',
    "open": 'echo "$@" >>"$STATE/log"; : >"$STATE/app runs"',
}


@pytest.fixture
def mac(tmp_path: Path) -> Path:
    """A folder with stand-ins for the programs of macOS, and one with the state of launchd and of the app."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "state").mkdir()
    for name, body in STUBS.items():
        stub = tmp_path / "bin" / name
        stub.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        stub.chmod(0o755)
    return tmp_path


def log_in(mac: Path, arguments: list[str]) -> str:
    """Run the agent for the app as at a login, and return what has happened to the app."""
    (mac / "state" / "log").write_text("")
    path = f"{mac / 'bin'}:{os.environ['PATH']}"
    subprocess.run(arguments, env={"PATH": path, "STATE": str(mac / "state")}, check=True)
    return (mac / "state" / "log").read_text()


def test_the_app_gets_the_variables_of_the_first_worker_at_login(mac: Path) -> None:
    settings = pools(TRICKY)
    (agent,) = exported("launchd-app", settings).files
    log_in(mac, read(agent)["ProgramArguments"])
    wanted = {name: value for name, value in instances(settings)[0].environment.items() if name != "OLLAMA_HOST"}
    kept = {name: (mac / "state" / name) for name in wanted if wanted[name]}
    assert {name: path.read_text(encoding="utf-8") for name, path in kept.items()} == {
        name: wanted[name] for name in kept
    }
    assert not (mac / "state" / "OLLAMA_HOST").exists()


def test_an_app_that_was_there_before_its_variables_is_started_again_once(mac: Path) -> None:
    (agent,) = exported("launchd-app", pools()).files
    arguments = read(agent)["ProgramArguments"]
    (mac / "state" / "app runs").write_text("")
    assert log_in(mac, arguments) == "quit\n-g -j -a Ollama\n"
    assert log_in(mac, arguments) == ""


def test_an_app_that_does_not_run_is_not_started(mac: Path) -> None:
    (agent,) = exported("launchd-app", pools()).files
    assert log_in(mac, read(agent)["ProgramArguments"]) == ""


def test_the_commands_of_the_steps_are_those_of_a_shell(tmp_path: Path) -> None:
    for target in ("launchd", "launchd-app"):
        for step in exported(target, pools()).steps:
            checked = subprocess.run(["sh", "-n", "-c", step.command], capture_output=True, text=True, check=False)
            assert (checked.returncode, checked.stderr) == (0, "")


def test_the_app_alone_needs_no_word_about_other_workers() -> None:
    one = render(exported("launchd-app", pools(workers=0)).instructions)
    assert "other workers" not in one
    assert "see launchd" in render(exported("launchd-app", pools()).instructions)
