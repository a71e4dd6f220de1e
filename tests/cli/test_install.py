"""`ollama-panel install`: what it prints, and what it leaves in the folders of a user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ollama_panel.cli.install import install
from tests.desktop.conftest import tree
from tests.fakes import desktop
from tests.fakes.desktop import FakeDesktop

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the folders are those of Linux")

LOGIN = ".config/autostart/ollama-panel.desktop"


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    command = [sys.executable, "-m", "ollama_panel", "install", *arguments]
    return subprocess.run(
        command, env=environ | {"HOME": str(home)} | variables, capture_output=True, text=True, check=False, timeout=60
    )


def test_it_prints_each_file_and_what_comes_next(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    *files, in_menu, next_step = done.stdout.splitlines()
    assert {line.split(maxsplit=1)[0] for line in files} == {"written"}
    assert {line.split(maxsplit=1)[1] for line in files} == {
        str(tmp_path / path) for path in tree(tmp_path) if (tmp_path / path).is_file()
    }
    assert in_menu == "Ollama Panel is in the menu of applications now."
    assert next_step == "To start it at login, too: ollama-panel install --login"


def test_login_and_uninstall(tmp_path: Path) -> None:
    done = run(tmp_path, "--login")
    assert f"written   {tmp_path / LOGIN}\n" in done.stdout
    assert "It starts at login, hidden in the tray" in done.stdout
    assert run(tmp_path, "--uninstall", "--login").stdout == f"removed   {tmp_path / LOGIN}\n"
    done = run(tmp_path, "--uninstall")
    assert "removed   " in done.stdout
    assert done.stdout.splitlines()[-1] == f"Your settings stay in {tmp_path}/.local/share/ollama-panel."
    assert not [path for path in tree(tmp_path) if (tmp_path / path).is_file()]
    assert run(tmp_path, "--uninstall").stdout == "There was nothing to remove.\n"


def test_a_home_that_cannot_be_used_gives_one_sentence() -> None:
    done = run(Path("/proc/nowhere"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "/proc/nowhere/.local/share/applications/ollama-panel.desktop cannot be written" in done.stderr


def test_it_says_that_a_package_has_the_entry_already(capsys: pytest.CaptureFixture[str]) -> None:
    entry = "/usr/share/applications/ollama-panel.desktop"
    assert install(FakeDesktop(in_menu=entry), login=True, uninstall=False) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        f"written   {desktop.LOGIN}",
        f"The menu of applications had Ollama Panel already: {entry}",
    ]
