"""The wheel contains everything that an installed panel needs."""

import configparser
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from ollama_panel.desktop.program import SCRIPTS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Build the wheel and open it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return ZipFile(path)


@pytest.fixture(scope="module")
def wheel(archive: ZipFile) -> set[str]:
    """Return the names of the files in the wheel."""
    return set(archive.namelist())


def test_it_has_a_program_with_a_console_and_one_without(archive: ZipFile, wheel: set[str]) -> None:
    (name,) = (name for name in wheel if name.endswith(".dist-info/entry_points.txt"))
    scripts = configparser.ConfigParser()
    scripts.read_string(archive.read(name).decode())
    assert dict(scripts["console_scripts"]) == {"ollama-panel": "ollama_panel.__main__:main"}
    assert dict(scripts["gui_scripts"]) == {"ollama-panel-gui": "ollama_panel.__main__:open_window"}
    assert set(SCRIPTS) == {*scripts["console_scripts"], *scripts["gui_scripts"]}


def test_every_module_is_in_the_wheel(wheel: set[str]) -> None:
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "ollama_panel").rglob("*.py")} <= wheel


def test_every_resource_is_where_the_program_looks_for_it(wheel: set[str]) -> None:
    resources = [path.relative_to(ROOT / "resources") for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert resources
    assert {f"ollama_panel/_resources/{path.as_posix()}" for path in resources} <= wheel


def test_the_licence_is_in_the_wheel_and_the_tests_are_not(wheel: set[str]) -> None:
    assert any(name.endswith("/licenses/LICENSE") for name in wheel)
    assert not [name for name in wheel if name.startswith(("tests", "packaging"))]
