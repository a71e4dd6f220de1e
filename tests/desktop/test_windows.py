"""The shortcut of the Start menu, read back by a parser of another author, and the Run key in a fake registry."""

import struct
from datetime import datetime, tzinfo
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import LnkParse3
import pylnk3
import pytest
from PySide6.QtGui import QImageReader

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop import resource_files
from ollama_panel.desktop.files import Outcome
from ollama_panel.desktop.windows import APPROVED, RUN, VALUE, WindowsDesktop, shortcut
from tests.desktop.conftest import tree
from tests.fakes.registry import FakeRegistry

PROGRAM = r"C:\Users\Zoë 中文\my tools & 100%\ollama-panel-gui.exe"
KEY = rf"HKEY_CURRENT_USER\{RUN}\{VALUE}"


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def desktop(home: Path, registry: FakeRegistry) -> WindowsDesktop:
    return WindowsDesktop(lambda: [PROGRAM], lambda: home / "Programs", registry, lambda: home)


class Link(NamedTuple):
    """What a shortcut says, read by LnkParse3; the path is from its list of items, whose long names LnkParse3 skips."""

    path: str
    kinds: list[int]
    strings: dict[str, str]
    flags: list[str]


def read(data: bytes) -> Link:
    parsed = LnkParse3.lnk_file(BytesIO(data)).get_json()
    (size,) = struct.unpack_from("<H", data, 0x4C)
    at, items = 0x4E, []
    while length := struct.unpack_from("<H", data, at)[0]:
        items.append(data[at + 2 : at + length])
        at += length
    assert at + 2 == 0x4E + size
    drive, *folders = items[1:]
    names = [drive[1:].split(b"\\")[0].decode(), *map(long_name, folders)]
    return Link("\\".join(names), [item[0] for item in folders], parsed["data"], parsed["header"]["link_flags"])


def long_name(item: bytes) -> str:
    """Return the name in an item's extension block 0xBEEF0004; the last two bytes of the item say where that begins."""
    start = struct.unpack("<H", item[-2:])[0] - 2
    size, version, signature = struct.unpack_from("<HHI", item, start)
    assert (start + size, version, signature) == (len(item), 3, 0xBEEF0004)
    text = item[start + 20 : -2].decode("utf-16-le")
    assert text.endswith("\0")
    return text[:-1]


@pytest.mark.parametrize("program", [PROGRAM, r"D:\ollama-panel-gui.exe", r"C:\🦙\p.exe", r"C:\Program Files\a\b.exe"])
def test_the_shortcut_leads_to_the_program(program: str) -> None:
    link = read(shortcut([program], r"C:\some icons\app.ico", r"C:\Users\Zoë 中文"))
    assert link.path == program
    assert link.kinds == [*[0x31] * (program.count("\\") - 1), 0x32], "folders, then a file"
    assert link.strings["icon_location"] == r"C:\some icons\app.ico"
    assert link.strings["working_directory"] == r"C:\Users\Zoë 中文"
    assert "command_line_arguments" not in link.strings
    assert {"HasTargetIDList", "IsUnicode"} <= set(link.flags)


class HalfPast(datetime):
    """A clock that stands half a minute past, where the library (0.4.3) writes a time that no reader takes."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "HalfPast":
        return cls(2026, 11, 30, 4, 59, 30, tzinfo=tz)


def test_a_shortcut_can_be_read_at_whatever_second_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pylnk3, "datetime", HalfPast)
    assert read(shortcut([PROGRAM], "", "")).path == PROGRAM


def test_arguments_are_quoted_as_windows_programs_read_them() -> None:
    link = read(shortcut([PROGRAM, "--state-dir", r"C:\my state"], "", ""))
    assert link.strings["command_line_arguments"] == r'--state-dir "C:\my state"'


def test_the_start_menu_gets_the_shortcut_with_the_icon(desktop: WindowsDesktop, home: Path) -> None:
    (change,) = desktop.install(login=False)
    assert change == (Outcome.WRITTEN, str(home / "Programs" / "Ollama Panel.lnk"))
    link = read(Path(change.where).read_bytes())
    assert link.path == PROGRAM
    assert link.strings["icon_location"] == str(resource_files.app_ico())
    assert link.strings["working_directory"] == str(home)


def test_the_icon_has_the_sizes_that_the_shell_shows() -> None:
    reader = QImageReader(str(resource_files.app_ico()))
    sizes = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        sizes.append(reader.read().width())
    assert sizes == [16, 24, 32, 48, 64, 128, 256]


def test_the_run_key_starts_it_hidden_at_login(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    assert not desktop.login()
    assert desktop.set_login(True) == [(Outcome.WRITTEN, KEY)]
    assert registry.values == {(RUN, VALUE): f'"{PROGRAM}" --minimized'}
    assert desktop.login()
    assert desktop.set_login(True) == [(Outcome.UNCHANGED, KEY)]
    assert desktop.set_login(False) == [(Outcome.REMOVED, KEY)]
    assert (registry.values, desktop.login(), desktop.set_login(False)) == ({}, False, [])


def test_what_the_task_manager_switched_off_is_off_until_it_is_wanted_again(
    desktop: WindowsDesktop, registry: FakeRegistry
) -> None:
    desktop.set_login(True)
    registry.values[APPROVED, VALUE] = bytes([3, *[0] * 11])
    assert not desktop.login()
    assert desktop.set_login(True) == [(Outcome.WRITTEN, KEY)]
    assert desktop.login()
    registry.values[APPROVED, VALUE] = bytes([2, *[0] * 11])
    assert desktop.login()


def test_uninstalling_leaves_what_others_wrote(desktop: WindowsDesktop, registry: FakeRegistry, home: Path) -> None:
    registry.values[RUN, "Other"] = "other.exe"
    before = tree(home)
    installed = desktop.install(login=True)
    removed = desktop.uninstall()
    assert {change.where for change in removed} == {change.where for change in installed}
    assert registry.values == {(RUN, "Other"): "other.exe"}
    assert {path: content for path, content in tree(home).items() if path != "Programs"} == before
    assert desktop.uninstall() == []


def test_another_installation_replaces_the_path_also_at_login(
    desktop: WindowsDesktop, registry: FakeRegistry, home: Path
) -> None:
    desktop.install(login=True)
    newer = r"C:\newer\ollama-panel-gui.exe"
    WindowsDesktop(lambda: [newer], lambda: home / "Programs", registry, lambda: home).install(login=False)
    assert read((home / "Programs" / "Ollama Panel.lnk").read_bytes()).path == newer
    assert registry.values[RUN, VALUE] == f"{newer} --minimized"


def test_a_registry_that_refuses_gives_one_sentence(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    registry.refused = True
    for act in (desktop.login, lambda: desktop.set_login(True), lambda: desktop.set_login(False)):
        with pytest.raises(PanelError) as caught:
            act()
        assert str(caught.value) == f"{KEY} in the registry cannot be changed (Access is denied)."
