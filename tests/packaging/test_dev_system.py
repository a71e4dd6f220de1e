"""The system's part: which libraries are missing, and who may install them."""

from collections.abc import Mapping, Sequence

import pytest

import dev_system
from dev_steps import StepError
from dev_system import (
    OFFSCREEN,
    ON_X11,
    Library,
    apt_install,
    ensure_qt_libraries,
    install_command,
    line_to_type,
    missing,
)

EGL = Library("libEGL.so.1", "libegl1")
CURSOR = Library("libxcb-cursor.so.0", "libxcb-cursor0")


class Shell:
    """Records the commands instead of running them; those whose words contain one of `failing` fail."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
        line = " ".join(command)
        self.commands.append(line)
        return not any(word in line for word in self.failing)


def as_user(monkeypatch: pytest.MonkeyPatch, *, prefix: list[str] | None, lacks: set[str], shell: Shell) -> None:
    monkeypatch.setattr(dev_system, "_as_root", lambda: prefix)
    monkeypatch.setattr(dev_system, "_loads", lambda soname: soname not in lacks)
    monkeypatch.setattr(dev_system, "has_apt", lambda: True)
    monkeypatch.setattr(dev_system, "succeeds", shell)
    monkeypatch.setattr("sys.platform", "linux")


def test_only_libraries_that_do_not_load_are_missing() -> None:
    assert missing([EGL, CURSOR], lambda soname: soname == "libEGL.so.1") == [CURSOR]


def test_each_library_is_listed_once_with_its_package() -> None:
    assert len({*OFFSCREEN, *ON_X11}) == len(OFFSCREEN) + len(ON_X11) == 12


def test_the_line_to_type_is_complete() -> None:
    line = "sudo apt-get install -y --no-install-recommends libegl1 libxcb-cursor0"
    assert line_to_type(["libegl1", "libxcb-cursor0"]) == line


def test_root_installs_exactly_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell()
    as_user(monkeypatch, prefix=[], lacks={"libEGL.so.1"}, shell=shell)
    ensure_qt_libraries(on_screen=False)
    assert shell.commands == [f"env DEBIAN_FRONTEND=noninteractive {' '.join(install_command(['libegl1']))}"]


def test_sudo_without_a_password_installs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell()
    as_user(monkeypatch, prefix=["sudo", "-n"], lacks=set(), shell=shell)
    apt_install(["libegl1"], "Qt")
    assert shell.commands[0].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install")


def test_an_ordinary_user_gets_the_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell()
    as_user(monkeypatch, prefix=None, lacks={"libEGL.so.1", "libGL.so.1"}, shell=shell)
    with pytest.raises(StepError, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1\n") as stopped:
        ensure_qt_libraries(on_screen=False)
    assert stopped.value.code == 2
    assert shell.commands == []


def test_old_package_lists_are_updated_once_before_giving_up(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell("apt-get install")
    as_user(monkeypatch, prefix=[], lacks=set(), shell=shell)
    with pytest.raises(StepError, match="sudo apt-get install"):
        apt_install(["libegl1"], "Qt")
    assert [line.split()[-1] for line in shell.commands] == ["libegl1", "update", "libegl1"]


def test_without_apt_the_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, prefix=[], lacks={"libdbus-1.so.3"}, shell=Shell())
    monkeypatch.setattr(dev_system, "has_apt", lambda: False)
    with pytest.raises(StepError, match=r"libdbus-1\.so\.3"):
        ensure_qt_libraries(on_screen=False)


@pytest.mark.parametrize(("display", "packages"), [(":0", ["libxcb-cursor0"]), ("", [])])
def test_x11_libraries_matter_only_where_there_is_an_x11_display(
    monkeypatch: pytest.MonkeyPatch, display: str, packages: list[str]
) -> None:
    shell = Shell()
    as_user(monkeypatch, prefix=[], lacks={"libxcb-cursor.so.0"}, shell=shell)
    monkeypatch.setenv("DISPLAY", display)
    ensure_qt_libraries(on_screen=True)
    assert [line.split()[-1] for line in shell.commands] == packages


def test_systems_that_bring_their_own_libraries_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell()
    as_user(monkeypatch, prefix=[], lacks={"libEGL.so.1"}, shell=shell)
    monkeypatch.setattr("sys.platform", "darwin")
    ensure_qt_libraries(on_screen=True)
    assert shell.commands == []
