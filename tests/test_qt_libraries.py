"""The one list of the system's libraries that Qt loads."""

import subprocess
import sys
from pathlib import Path

import pytest

from ollama_panel.qt_libraries import (
    OFFSCREEN,
    ON_WAYLAND,
    ON_X11,
    PACKAGE_TOOLS,
    Library,
    line_to_type,
    loads,
    missing,
    package_tool,
    packages,
)

ALL = OFFSCREEN + ON_X11 + ON_WAYLAND
ROOT = Path(__file__).parents[1]


def test_only_libraries_that_do_not_load_are_missing() -> None:
    assert missing(OFFSCREEN, lambda soname: soname != "libEGL.so.1") == [OFFSCREEN[1]]


def test_a_library_that_is_nowhere_does_not_load() -> None:
    assert not loads("libthere-is-no-such-thing.so.0")


def test_each_library_is_listed_once_with_a_package_for_each_manager() -> None:
    assert len({library.soname for library in ALL}) == len(ALL) == 15
    assert all(all(library) for library in ALL)
    assert {manager.field for manager in PACKAGE_TOOLS} == {*Library._fields} - {"soname"}


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("apt-get", "sudo apt-get install -y --no-install-recommends libxcb-cursor0 libxcb-shape0 libxcb-xkb1"),
        ("dnf", "sudo dnf install xcb-util-cursor libxcb"),
        ("pacman", "sudo pacman -S --needed xcb-util-cursor libxcb"),
        ("zypper", "sudo zypper install libxcb-cursor0 libxcb-shape0 libxcb-xkb1"),
    ],
)
def test_the_line_to_type_is_that_of_the_systems_package_manager(program: str, line: str) -> None:
    lacking = [library for library in ALL if library.soname.startswith(("libxcb-cursor", "libxcb-shape", "libxcb-xkb"))]
    manager = package_tool(lambda name: name if name == program else None)
    assert manager is not None
    assert line_to_type(packages(lacking, manager), manager) == line


def test_a_system_with_another_manager_has_none_that_is_known() -> None:
    assert package_tool(lambda _name: None) is None


def test_the_list_is_read_without_any_package_installed() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ollama_panel import qt_libraries; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert not {"msgspec", "PySide6", "asyncio"} & set(done.stdout.split())
