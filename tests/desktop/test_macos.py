"""The application and the launch agent of macOS, read back by the parsers of their formats."""

import plistlib
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImageReader

from ollama_panel import __version__
from ollama_panel.core.errors import PanelError
from ollama_panel.desktop import resource_files
from ollama_panel.desktop.files import Outcome
from ollama_panel.desktop.freedesktop import COMPONENT_ID
from ollama_panel.desktop.macos import MacDesktop
from tests.desktop.conftest import tree
from tests.fakes.launchctl import FakeLaunchctl

APPLICATION = "Applications/Ollama Panel.app"
AGENT = f"Library/LaunchAgents/{COMPONENT_ID}.plist"


@pytest.fixture
def program(home: Path) -> Path:
    """A program whose path needs quotes, which prints its name and its arguments."""
    path = home / 'a "b" `c`' / "ollama-panel"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\nprintf \'%s|\' "$0" "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def launchctl() -> FakeLaunchctl:
    return FakeLaunchctl()


@pytest.fixture
def desktop(program: Path, home: Path, launchctl: FakeLaunchctl) -> MacDesktop:
    return MacDesktop(lambda: [str(program)], lambda: home, launchctl)


def test_the_application_has_what_the_finder_reads(desktop: MacDesktop, home: Path) -> None:
    desktop.install(login=False)
    contents = home / APPLICATION / "Contents"
    info = plistlib.loads((contents / "Info.plist").read_bytes())
    assert info["CFBundlePackageType"] == "APPL"
    assert info["CFBundleIdentifier"] == COMPONENT_ID
    assert info["CFBundleShortVersionString"] == __version__
    assert (contents / "MacOS" / info["CFBundleExecutable"]).stat().st_mode & 0o111 == 0o111
    assert (contents / "Resources" / info["CFBundleIconFile"]).read_bytes() == resource_files.app_icns()
    assert not (home / AGENT).exists()


def test_the_launcher_becomes_the_program_whatever_its_path(desktop: MacDesktop, home: Path, program: Path) -> None:
    desktop.install(login=False)
    launcher = str(home / APPLICATION / "Contents/MacOS/ollama-panel")
    for shell in filter(None, map(shutil.which, ("sh", "bash", "zsh"))):
        assert subprocess.run([shell, "-n", launcher], capture_output=True, check=False).stderr == b""
    done = subprocess.run([launcher, "--minimized", "a b"], stdout=subprocess.PIPE, check=True, timeout=60)
    assert done.stdout.decode() == f"{program}|--minimized|a b|"


def test_the_icon_has_a_picture_for_every_density() -> None:
    data = resource_files.app_icns()
    magic, length = struct.unpack_from(">4sI", data)
    assert (magic, length) == (b"icns", len(data))
    at, found = 8, {}
    while at < len(data):
        kind, size = struct.unpack_from(">4sI", data, at)
        picture = data[at + 8 : at + size]
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        found[kind] = struct.unpack_from(">II", picture, 16)
        at += size
    expected = {"ic07": 128, "ic08": 256, "ic09": 512, "ic10": 1024, "ic11": 32, "ic12": 64, "ic13": 256, "ic14": 512}
    assert found == {kind.encode(): (size, size) for kind, size in expected.items()}


def test_qt_reads_the_icon_too() -> None:
    reader = QImageReader(str(resource_files.folder() / "icons" / "app" / "app.icns"))
    assert reader.canRead(), reader.errorString()
    assert not reader.read().isNull()


def test_the_agent_starts_it_hidden_once_at_login(desktop: MacDesktop, home: Path, program: Path) -> None:
    assert not desktop.login()
    assert desktop.set_login(True) == [(Outcome.WRITTEN, str(home / AGENT))]
    agent = plistlib.loads((home / AGENT).read_bytes())
    assert agent["ProgramArguments"] == [str(program), "--minimized"]
    assert agent["RunAtLoad"] is True
    assert "KeepAlive" not in agent
    assert agent["Label"] == COMPONENT_ID
    assert desktop.login()
    assert desktop.set_login(False) == [(Outcome.REMOVED, str(home / AGENT))]
    assert not desktop.login()


def test_an_agent_that_the_user_disabled_is_off_until_it_is_wanted_again(
    desktop: MacDesktop, launchctl: FakeLaunchctl
) -> None:
    desktop.set_login(True)
    launchctl.disabled[COMPONENT_ID] = True
    assert not desktop.login()
    desktop.set_login(True)
    assert desktop.login()


def test_where_launchctl_fails_the_file_decides(desktop: MacDesktop, launchctl: FakeLaunchctl) -> None:
    launchctl.silent = True
    desktop.set_login(True)
    assert desktop.login()


def test_installing_twice_changes_nothing_and_uninstalling_leaves_the_rest(desktop: MacDesktop, home: Path) -> None:
    before = tree(home)
    installed = desktop.install(login=True)
    assert {change.outcome for change in desktop.install(login=True)} == {Outcome.UNCHANGED}
    assert {change.where for change in desktop.uninstall()} == {change.where for change in installed}
    assert {path for path in tree(home) if (home / path).is_file()} == {path for path in before if before[path]}
    assert not (home / APPLICATION).exists()
    assert desktop.uninstall() == []


def test_another_installation_replaces_the_path_also_at_login(desktop: MacDesktop, home: Path) -> None:
    desktop.install(login=True)
    MacDesktop(lambda: ["/new/ollama-panel"], lambda: home, FakeLaunchctl()).install(login=False)
    assert (home / APPLICATION / "Contents/MacOS/ollama-panel").read_text().endswith('exec /new/ollama-panel "$@"\n')
    assert plistlib.loads((home / AGENT).read_bytes())["ProgramArguments"] == ["/new/ollama-panel", "--minimized"]


def test_an_application_with_the_program_in_it_is_left_alone(home: Path) -> None:
    program = home / APPLICATION / "Contents/MacOS/ollama-panel"
    program.parent.mkdir(parents=True)
    program.write_bytes(b"\xcf\xfa\xed\xfe")
    (home / APPLICATION / "Contents/Info.plist").write_text("theirs")
    before = tree(home)
    desktop = MacDesktop(lambda: [str(program)], lambda: home, FakeLaunchctl())
    assert desktop.provided() == str(home / APPLICATION)
    assert [change.where for change in desktop.install(login=True)] == [str(home / AGENT)]
    desktop.uninstall()
    assert {path: content for path, content in tree(home).items() if not path.startswith("Library")} == before
    with pytest.raises(PanelError, match=r"Ollama Panel\.app is another application"):
        MacDesktop(lambda: ["/opt/ollama-panel"], lambda: home, FakeLaunchctl()).install(login=False)
