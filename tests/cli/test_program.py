"""`python -m ollama_panel` as a program of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths

ROOT = Path(__file__).parents[2]
QT = ["PySide6", "shiboken6", "qasync", "pyqtgraph"]
WITHOUT_DISPLAY = {
    key: os.environ[key] for key in os.environ if key not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
}


def run(code: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def run_without_home(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the program as a user id that has no account, without the variables that name folders."""
    code = (
        "import pwd, sys; pwd.getpwuid = lambda uid: {}[uid]; "
        f"sys.argv[1:] = {command!r}; "
        "from ollama_panel.__main__ import main; sys.exit(main())"
    )
    homeless = {name: value for name, value in os.environ.items() if name != "HOME" and not name.startswith("XDG_")}
    return run(["-c", code], {**homeless, "QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [({}, "there is no display"), ({"DISPLAY": ":4711"}, "the display :4711 does not answer")],
)
def test_without_a_display_the_window_is_refused_with_a_reason(
    environment: dict[str, str], reason: str, tmp_path: Path
) -> None:
    child = run(["-m", "ollama_panel", "gui", "--state-dir", str(tmp_path)], WITHOUT_DISPLAY | environment)
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr.startswith(f"The window cannot be opened: {reason}")
    assert child.stderr.endswith("ollama-panel serve\n")
    assert len(child.stderr.splitlines()) == 1
    assert reason in (tmp_path / "logs" / "panel.log").read_text(encoding="utf-8")


def test_without_qt_the_window_is_refused_with_a_reason(tmp_path: Path) -> None:
    poison = (
        f"import sys; sys.modules.update(dict.fromkeys({QT})); "
        f"sys.argv[1:] = ['gui', '--state-dir', {str(tmp_path)!r}]; "
        "from ollama_panel.__main__ import main; sys.exit(main())"
    )
    child = run(["-c", poison], {**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr.startswith("The window cannot be opened: Qt cannot be loaded")
    assert len(child.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems know a home without the variable HOME")
@pytest.mark.parametrize("command", [["gui"], ["serve"], ["status"], ["settings", "get"]])
def test_a_user_without_a_home_is_told_what_to_set(command: list[str]) -> None:
    child = run_without_home(command)
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr.startswith("There is no home folder for the panel's files: set the variable HOME")
    assert len(child.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems know a home without the variable HOME")
def test_a_user_without_a_home_can_name_a_folder_instead(tmp_path: Path) -> None:
    folder = ["--state-dir", str(tmp_path)]
    assert "OLLAMA_NUM_PARALLEL" in run_without_home(["export", "shell", *folder]).stdout
    # an address that is not this machine's ends the start, after the locks of the folder
    child = run_without_home(["serve", "--demo", "--listen", "192.0.2.1:0", *folder])
    assert (child.returncode, "192.0.2.1" in child.stderr, "Traceback" in child.stderr) == (1, True, False)


def test_a_closed_output_is_no_error(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "ollama_panel", "settings", "get", "--state-dir", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("command", [["settings", "get"], ["export", "json"], ["keys", "add", "laptop"]])
def test_an_output_without_room_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        child = subprocess.run(
            [sys.executable, "-m", "ollama_panel", *command, "--state-dir", str(tmp_path)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert child.returncode == 1
    assert child.stderr.splitlines()[-1] == (
        "What the command found or did cannot be printed (No space left on device)."
    )
    assert "Traceback" not in child.stderr


def test_what_the_terminal_has_no_letters_for_is_printed_all_the_same(tmp_path: Path) -> None:
    folder, plain = ["--state-dir", str(tmp_path)], os.environ | {"PYTHONIOENCODING": "ascii"}
    run(["-m", "ollama_panel", "keys", "add", "Büro 模", *folder], plain)
    listed = run(["-m", "ollama_panel", "keys", "list", *folder], plain)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.splitlines()[1].startswith("B\\xfcro \\u6a21 ")


def test_signs_that_the_terminal_lacks_are_printed_as_plain_ones(tmp_path: Path) -> None:
    code = (
        "import sys; from ollama_panel.cli import output; output.lose_nothing(); "
        "print('— 1…2 ± 3 µs → “4” °C 模'); print('5 → 6', file=sys.stderr)"
    )
    child = run(["-c", code], os.environ | {"PYTHONIOENCODING": "ascii"})
    assert child.stdout.strip() == '- 1...2 +/- 3 us -> "4" degC \\u6a21'
    assert child.stderr.strip() == "5 -> 6"


def test_what_programs_read_is_in_utf_8_whatever_the_terminal_has(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ollama_panel", "export", "json", "--state-dir", str(tmp_path)]
    configfile.write(Paths.of(tmp_path).settings, codec.set(Settings(), "pools.chat.models", "模型"))
    child = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False
    )
    assert child.returncode == 0
    assert "模型" in child.stdout.decode("utf-8")


def test_commands_import_neither_qt_nor_the_front_ends() -> None:
    code = (
        "import sys; from ollama_panel.__main__ import main; sys.argv[1:] = ['export']; main(); "
        f"print([name for name in sys.modules if name in {[*QT, 'ollama_panel.headless', 'ollama_panel.app']}])"
    )
    assert run(["-c", code], dict(os.environ)).stdout.splitlines()[-1] == "[]"
