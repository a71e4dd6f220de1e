"""The Python environment: which Python it uses, and when it is installed into."""

import ast
import sys
from pathlib import Path

import pytest

import dev_python
from dev_python import (
    TELL_VERSION,
    Stamp,
    choose_python,
    is_new_enough,
    make_stamp,
    missing_venv_packages,
    read_stamp,
    venv_package,
)
from dev_steps import StepError

PACKAGING = Path(__file__).parents[2] / "packaging"
SCRIPTS = [*sorted(PACKAGING.glob("dev*.py")), PACKAGING / "build.py"]
PROJECT = b'[project]\nname = "ollama-panel"\n'


def stamp(*, declaration: bytes = PROJECT, root: str = "clone", python: str = "3.11.7", extras: str = "dev") -> Stamp:
    return make_stamp(declaration, Path(root), python, extras)


def test_nothing_is_installed_twice() -> None:
    assert stamp().covers(stamp())


def test_the_installation_for_tests_also_runs_the_panel() -> None:
    assert stamp(extras="dev").covers(stamp(extras=""))


def test_the_plain_installation_does_not_run_the_tests() -> None:
    assert not stamp(extras="").covers(stamp(extras="dev"))


@pytest.mark.parametrize(
    "change",
    [stamp(declaration=PROJECT + b"dependencies = []\n"), stamp(python="3.12.1"), stamp(root="moved")],
    ids=["dependencies", "python", "folder"],
)
def test_a_change_of_what_was_declared_where_or_for_which_python_installs_again(change: Stamp) -> None:
    assert not stamp().covers(change)


def test_a_stamp_is_read_back_from_its_file(tmp_path: Path) -> None:
    dev_python.write_stamp(tmp_path, stamp())
    assert read_stamp(tmp_path) == stamp()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"declaration": 1, "more": 2}', b"null"])
def test_an_unreadable_stamp_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / dev_python.STAMP).write_bytes(content)
    assert read_stamp(tmp_path) is None


@pytest.mark.parametrize(("version", "fits"), [("3.11.0", True), ("3.13.0", True), ("3.10.13", False), (None, False)])
def test_pythons_from_3_11_on_are_new_enough(version: str | None, fits: bool) -> None:
    assert is_new_enough(version) is fits


def test_the_running_python_is_preferred() -> None:
    assert choose_python("mine", {"mine": "3.11.2", "python3.13": "3.13.0"}.get) == "mine"


def test_an_old_python_finds_a_newer_one_on_the_path() -> None:
    assert choose_python("mine", {"mine": "3.9.6", "python3.13": None, "python3.12": "3.12.1"}.get) == "python3.12"


def test_a_missing_python_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev_python, "answer", lambda _command: "3.9.6")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(StepError, match=r"needs Python 3\.11 or newer.*install one of them") as stopped:
        dev_python.ensure_installed(tmp_path / "venv", "")
    assert stopped.value.code == 2


def debian(monkeypatch: pytest.MonkeyPatch, *, modules: set[str], root: bool) -> None:
    """A Debian whose Python has only some modules, before `.venv` is made."""

    def answer(command: list[str]) -> str | None:
        if command[0] != sys.executable:
            return None
        wanted = command[2] if command[1] == "-m" else {TELL_VERSION: ""}.get(command[2], "ensurepip")
        return "3.11.2" if wanted in {"", *modules} else None

    monkeypatch.setattr(dev_python, "answer", answer)
    monkeypatch.setattr(dev_python, "venv_program", lambda _venv, _name: "not yet made")
    monkeypatch.setattr(dev_python, "has_apt", lambda: True)
    monkeypatch.setattr(dev_python, "can_install", lambda: root)
    monkeypatch.setattr("shutil.which", lambda _name: None)


@pytest.mark.parametrize(
    ("modules", "root", "packages"),
    [
        (set(), True, ["python3.11-venv"]),
        (set(), False, ["python3.11-venv"]),
        ({"pip"}, True, ["python3.11-venv"]),
        ({"pip"}, False, []),
        ({"virtualenv"}, True, []),
        ({"ensurepip"}, False, []),
    ],
)
def test_debians_venv_package_is_requested_only_without_an_alternative(
    monkeypatch: pytest.MonkeyPatch, modules: set[str], root: bool, packages: list[str]
) -> None:
    debian(monkeypatch, modules=modules, root=root)
    assert missing_venv_packages(dev_python.VENV) == packages


def test_debians_package_of_the_venv_module_has_the_minor_version() -> None:
    assert venv_package("3.11.2") == "python3.11-venv"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_old_python_can_read_the_scripts_and_say_that_it_is_too_old(script: Path) -> None:
    ast.parse(script.read_text(encoding="utf-8"), feature_version=(3, 8))
