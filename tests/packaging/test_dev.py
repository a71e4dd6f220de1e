"""The two commands of `dev.py`: their arguments and their exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev
from dev_steps import StepError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "display", "expected"),
    [
        ([], True, ["gui"]),
        ([], False, ["serve"]),
        (["--demo"], True, ["gui", "--demo"]),
        (["--demo"], False, ["serve", "--demo"]),
        (["status", "--json"], True, ["status", "--json"]),
        (["gui"], False, ["gui"]),
        (["--help"], False, ["--help"]),
    ],
)
def test_the_front_end_depends_on_the_display_unless_it_is_named(
    arguments: list[str], display: bool, expected: list[str]
) -> None:
    assert dev.panel_arguments(arguments, display=display) == expected


def test_an_unknown_command_shows_both_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["nonsense"]) == 2
    assert "dev.py run" in capsys.readouterr().out


def test_all_packages_that_need_root_are_requested_at_once_with_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(packages: list[str]) -> None:
        raise StepError(f"Type this: install {' '.join(packages)}")

    monkeypatch.setattr(dev, "missing_qt_packages", lambda *, on_screen: ["libegl1"])
    monkeypatch.setattr(dev, "missing_venv_packages", lambda _venv: ["python3.11-venv"])
    monkeypatch.setattr(dev, "install", stop)
    assert dev.main(["test"]) == 2
    assert capsys.readouterr().err == "Type this: install libegl1 python3.11-venv\n"


@pytest.mark.parametrize(("lint", "tests", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (0, 5, 5)])
def test_any_failure_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], lint: int, tests: int, expected: int
) -> None:
    monkeypatch.setattr(dev, "_prepare", lambda extras, *, qt, on_screen: None)
    monkeypatch.setattr(dev, "CHECKS", (("lint", ("python", "-c", f"raise SystemExit({lint})")),))
    monkeypatch.setattr(dev, "TESTS", ("python", "-c", f"print('3 passed'); raise SystemExit({tests})"))
    monkeypatch.setattr(dev, "venv_program", lambda _venv, _name: sys.executable)
    assert dev.main(["test"]) == expected
    assert capfd.readouterr().out.splitlines()[-1].startswith("6 passed in ")
    assert dev.main(["test", "tests/core"]) == expected
    assert capfd.readouterr().out.splitlines()[-1] == "3 passed"


def test_the_ci_script_is_the_same_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'python3 packaging/dev.py test "$@"' in script
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
