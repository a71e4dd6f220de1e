"""Which command is recorded, for each way in which the program can be installed."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop.program import command

Installed = Callable[..., Path]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Lay out an environment as pip does, with scripts that its RECORD names; returns the folder of the scripts."""

    def made(environment: str, *scripts: str, missing: str = "") -> Path:
        root = tmp_path / environment
        libraries, folder = root / "lib" / "python3.13" / "site-packages", root / "bin"
        about = libraries / "ollama_panel-9.dist-info"
        about.mkdir(parents=True)
        folder.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: ollama-panel\nVersion: 9\n")
        (about / "RECORD").write_text("".join(f"../../../bin/{name},,\n" for name in scripts))
        for name in scripts:
            if name != missing:
                (folder / name).write_text("")
        (root / "pyvenv.cfg").write_text("")
        monkeypatch.syspath_prepend(str(libraries))
        return folder

    return made


def test_it_is_the_script_without_a_console(installed: Installed) -> None:
    folder = installed("pipx/venvs/ollama-panel", "ollama-panel", "ollama-panel-gui")
    assert command() == (str(folder / "ollama-panel-gui"),)


def test_windows_scripts_end_in_exe(installed: Installed) -> None:
    folder = installed("my venv", "ollama-panel.exe", "ollama-panel-gui.exe")
    assert command() == (str(folder / "ollama-panel-gui.exe"),)


def test_an_installation_from_before_the_window_had_its_own_script(installed: Installed) -> None:
    folder = installed("venv", "ollama-panel")
    assert command() == (str(folder / "ollama-panel"),)


def test_a_script_that_is_gone_does_not_count(installed: Installed) -> None:
    folder = installed("venv", "ollama-panel", "ollama-panel-gui", missing="ollama-panel-gui")
    assert command() == (str(folder / "ollama-panel"),)


def test_without_a_script_it_says_what_to_do(installed: Installed) -> None:
    installed("venv")
    with pytest.raises(PanelError, match=r"No installed program belongs to .*: install Ollama Panel first"):
        command()


def test_a_script_in_a_cache_is_refused(installed: Installed, tmp_path: Path) -> None:
    """`uvx` and `pipx run` make environments that disappear."""
    folder = installed("uv/archive/x", "ollama-panel-gui")
    (tmp_path / "uv" / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55")
    with pytest.raises(PanelError, match="is in a cache") as caught:
        command()
    assert str(folder / "ollama-panel-gui") in str(caught.value)


def test_an_environment_that_backups_skip_is_no_cache(installed: Installed, tmp_path: Path) -> None:
    folder = installed("project/.venv", "ollama-panel-gui")
    (tmp_path / "project/.venv/CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55")
    assert command() == (str(folder / "ollama-panel-gui"),)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> str:
    program = "/opt/ollama panel/ollama-panel"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", program)
    return program


def test_a_frozen_program_is_its_own_command(frozen: str) -> None:
    assert command() == (frozen,)


def test_of_an_app_image_the_file_is_recorded_not_where_it_is_mounted(
    frozen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPIMAGE", "/home/me/Ollama Panel.AppImage")
    monkeypatch.setenv("APPDIR", "/tmp/.mount_abc")
    assert command() == (frozen,), "a terminal from another AppImage hands its variables on"
    monkeypatch.setattr(sys, "executable", "/tmp/.mount_abc/usr/bin/ollama-panel")
    assert command() == ("/home/me/Ollama Panel.AppImage",)
