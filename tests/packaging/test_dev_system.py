"""The system libraries: which are missing, and who may install them."""

from collections.abc import Collection, Mapping, Sequence

import pytest

import dev_system
from dev_steps import StepError
from dev_system import OFFSCREEN, ON_X11, Library, install, install_command, line_to_type, missing, missing_qt_packages

EGL = Library("libEGL.so.1", "libegl1")
CURSOR = Library("libxcb-cursor.so.0", "libxcb-cursor0")


class CommandRecorder:
    """Records the commands instead of running them; those that contain a word of `failing` fail."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.commands: list[str] = []

    def __call__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
        line = " ".join(command)
        self.commands.append(line)
        return not any(word in line for word in self.failing)


def as_user(
    monkeypatch: pytest.MonkeyPatch,
    *,
    prefix: list[str] | None = None,
    lacks: Collection[str] = (),
    shell: CommandRecorder | None = None,
) -> None:
    monkeypatch.setattr(dev_system, "_as_root", lambda: prefix)
    monkeypatch.setattr(dev_system, "loads", lambda soname: soname not in lacks)
    monkeypatch.setattr(dev_system, "has_apt", lambda: True)
    monkeypatch.setattr(dev_system, "succeeds", shell or CommandRecorder())
    monkeypatch.setattr("sys.platform", "linux")


def test_only_libraries_that_do_not_load_are_missing() -> None:
    assert missing([EGL, CURSOR], lambda soname: soname == "libEGL.so.1") == [CURSOR]


def test_each_library_is_listed_once_with_its_package() -> None:
    assert len({*OFFSCREEN, *ON_X11}) == len(OFFSCREEN) + len(ON_X11) == 12


def test_the_command_to_type_is_complete() -> None:
    line = "sudo apt-get install -y --no-install-recommends libegl1 libxcb-cursor0"
    assert line_to_type(["libegl1", "libxcb-cursor0"]) == line


def test_the_packages_of_what_is_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libEGL.so.1", "libGL.so.1"})
    assert missing_qt_packages(on_screen=False) == ["libegl1", "libgl1"]


@pytest.mark.parametrize(("display", "packages"), [(":0", ["libxcb-cursor0"]), ("", [])])
def test_x11_libraries_matter_only_where_there_is_an_x11_display(
    monkeypatch: pytest.MonkeyPatch, display: str, packages: list[str]
) -> None:
    as_user(monkeypatch, lacks={"libxcb-cursor.so.0"})
    monkeypatch.setenv("DISPLAY", display)
    assert missing_qt_packages(on_screen=True) == packages


def test_systems_with_their_own_libraries_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libEGL.so.1"})
    monkeypatch.setattr("sys.platform", "darwin")
    assert missing_qt_packages(on_screen=True) == []


def test_without_apt_the_libraries_themselves_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libdbus-1.so.3"})
    monkeypatch.setattr(dev_system, "has_apt", lambda: False)
    with pytest.raises(StepError, match=r"libdbus-1\.so\.3"):
        missing_qt_packages(on_screen=False)


@pytest.mark.parametrize("prefix", [[], ["sudo", "-n"]], ids=["root", "sudo"])
def test_root_and_sudo_without_a_password_install(monkeypatch: pytest.MonkeyPatch, prefix: list[str]) -> None:
    shell = CommandRecorder()
    as_user(monkeypatch, prefix=prefix, shell=shell)
    install(["libegl1"])
    expected = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *install_command(["libegl1"])]
    assert shell.commands == [" ".join(expected)]


def test_an_ordinary_user_gets_the_command_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = CommandRecorder()
    as_user(monkeypatch, prefix=None, shell=shell)
    with pytest.raises(StepError, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1\n") as stopped:
        install(["libegl1", "libgl1"])
    assert stopped.value.code == 2
    assert shell.commands == []


def test_old_package_lists_are_updated_once_before_giving_up(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = CommandRecorder("apt-get install")
    as_user(monkeypatch, prefix=[], shell=shell)
    with pytest.raises(StepError, match="sudo apt-get install"):
        install(["libegl1"])
    assert [line.split()[-1] for line in shell.commands] == ["libegl1", "update", "libegl1"]
