"""The command `build.py`: its targets, and what it says is missing."""

from collections.abc import Sequence

import pytest

import build
from dev_steps import StepError


def test_an_unknown_target_shows_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["rpm"]) == 2
    said = capsys.readouterr().out
    assert all(f"build.py {target}" in said for target in build.TARGETS)


@pytest.mark.parametrize(
    ("arguments", "status"), [(["deb", "wheel"], 2), (["wheel", "--into"], 2), (["deb", "--help"], 0)]
)
def test_a_target_takes_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    monkeypatch.setattr(build, "TARGETS", dict.fromkeys(build.TARGETS, lambda *_: pytest.fail("it was built")))
    assert build.main(arguments) == status
    assert "build.py deb" in capsys.readouterr().out


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--help"]) == 0
    assert "dist/ollama-panel_" in capsys.readouterr().out


def test_all_that_is_missing_is_asked_for_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(packages: Sequence[str]) -> None:
        raise StepError(f"Type this: install {' '.join(packages)}")

    monkeypatch.setattr(build, "has_apt", lambda: True)
    monkeypatch.setattr("shutil.which", lambda name: None if name == "objdump" else name)
    monkeypatch.setattr(build, "missing_packages", lambda _libraries: ["libegl1"])
    monkeypatch.setattr(build, "loads", lambda soname: soname != "libwayland-egl.so.1")
    monkeypatch.setattr(build, "missing_python_library", lambda: ["libpython3.11"])
    monkeypatch.setattr(build, "missing_venv_packages", lambda _venv, _first: ["python3.11-venv"])
    monkeypatch.setattr(build, "install", stop)
    assert build.main(["deb"]) == 2
    wanted = "binutils libegl1 libwayland-egl1 libpython3.11 python3.11-venv"
    assert capsys.readouterr().err == f"Type this: install {wanted}\n"


def test_without_apt_a_deb_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "has_apt", lambda: False)
    assert build.main(["deb"]) == 2
    assert "can be built on Debian" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "packages"),
    [
        ("/usr/lib/nowhere libpython3.11.so.1.0", ["libpython3.11"]),
        ("/opt/python/lib libpython3.13.so.1.0", []),
        (None, []),
    ],
)
def test_the_shared_library_of_debians_python_is_a_package_of_its_own(
    monkeypatch: pytest.MonkeyPatch, told: str | None, packages: list[str]
) -> None:
    monkeypatch.setattr(build, "choose_python", lambda _first, _version: "python3")
    monkeypatch.setattr(build, "answer", lambda _command: told)
    assert build.missing_python_library() == packages
