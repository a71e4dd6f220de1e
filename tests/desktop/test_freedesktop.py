"""The files of Linux desktops: their checkers accept them, and GLib, which starts programs for GNOME, reads them."""

import configparser
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.desktop import freedesktop

needs_gio = pytest.mark.skipif(not shutil.which("gio"), reason="gio is not installed")
needs_validator = pytest.mark.skipif(
    not shutil.which("desktop-file-validate"), reason="desktop-file-validate is not installed"
)
needs_appstream = pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstreamcli is not installed")

TRICKY = (
    "plain",
    "with space",
    "100% %f %%",
    'say "hi"',
    "it's",
    "$HOME `id`",
    "A=1",
    "back\\slash",
    "tab\there",
    "two\nlines",
    "中文 Ö",
    "a;b&c|d(e)#*?~<>",
)


def values(entry: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(delimiters="=", comment_prefixes="#")
    parser.optionxform = str  # type: ignore[assignment,method-assign] # as its documentation says
    parser.read_string(entry)
    return dict(parser["Desktop Entry"])


def test_an_entry_opens_the_window_by_the_programs_path() -> None:
    entry = values(freedesktop.menu_entry(["/opt/my panel/ollama-panel"]))
    assert entry["Exec"] == '"/opt/my panel/ollama-panel"'
    assert entry["TryExec"] == "/opt/my panel/ollama-panel"
    assert entry["Icon"] == "ollama-panel"
    assert entry["Terminal"] == "false"


def test_quotes_are_those_of_the_specification() -> None:
    """Inside quotes, four characters get a backslash; then every backslash is doubled, as in all strings."""
    entry = values(freedesktop.menu_entry(["/a $b\\c/p", "100%"]))
    assert entry["Exec"] == '"/a \\\\$b\\\\\\\\c/p" 100%%'
    assert entry["TryExec"] == "/a $b\\\\c/p"


@needs_gio
@pytest.mark.parametrize("name", TRICKY)
def test_the_desktop_starts_the_program_whatever_its_path(tmp_path: Path, name: str) -> None:
    folder, pipe = tmp_path / name, tmp_path / "pipe"
    folder.mkdir()
    os.mkfifo(pipe)
    program = folder / "ollama-panel"
    program.write_text(f"#!/bin/sh\nprintf '%s|' \"$0\" \"$@\" > '{pipe}'\n")
    program.chmod(0o755)
    entry = tmp_path / freedesktop.DESKTOP_FILE
    entry.write_text(freedesktop.login_entry([str(program), "--minimized", name]), encoding="utf-8")
    subprocess.run(["gio", "launch", str(entry)], check=True, timeout=60)
    told = subprocess.run(["cat", str(pipe)], stdout=subprocess.PIPE, check=True, timeout=60).stdout
    assert told.decode() == f"{program}|--minimized|{name}|"


@needs_validator
@pytest.mark.parametrize("name", TRICKY)
@pytest.mark.parametrize("make", [freedesktop.menu_entry, freedesktop.login_entry])
def test_the_entries_are_valid(tmp_path: Path, name: str, make: Callable[[list[str]], str]) -> None:
    path = tmp_path / freedesktop.DESKTOP_FILE
    path.write_text(make([f"/home/{name}/ollama-panel", "--minimized"]), encoding="utf-8")
    checked = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


@needs_appstream
def test_the_metainfo_is_valid(tmp_path: Path) -> None:
    path = tmp_path / freedesktop.METAINFO_FILE
    path.write_text(freedesktop.metainfo(), encoding="utf-8")
    command = ["appstreamcli", "validate", "--no-net", str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_metainfo_names_the_entry_and_the_icon_of_the_program() -> None:
    component = ElementTree.fromstring(freedesktop.metainfo())
    assert component.findtext("launchable") == freedesktop.DESKTOP_FILE
    assert component.findtext("icon") == freedesktop.NAME
    assert component.findtext("id") == freedesktop.COMPONENT_ID


def test_the_icons_are_in_the_folders_of_their_sizes() -> None:
    files = dict(freedesktop.icons())
    assert files["hicolor/scalable/apps/ollama-panel.svg"].startswith(b"<svg")
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        png = files[f"hicolor/{size}x{size}/apps/ollama-panel.png"]
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(png[16:20], "big") == size
    assert len(files) == 10
