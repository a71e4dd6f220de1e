"""The system libraries: which are missing, and who may install them."""

from collections.abc import Collection, Mapping, Sequence

import pytest

import dev_system
from dev_steps import StepError
from dev_system import install, install_command, missing_qt_packages
from ollama_panel.qt_libraries import PACKAGE_TOOLS


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
    monkeypatch.setattr(dev_system, "as_root", lambda: prefix)
    monkeypatch.setattr(dev_system, "loads", lambda soname: soname not in lacks)
    monkeypatch.setattr(dev_system, "has_apt", lambda: True)
    monkeypatch.setattr(dev_system, "succeeds", shell or CommandRecorder())
    monkeypatch.setattr("sys.platform", "linux")


def test_the_packages_of_what_is_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libEGL.so.1", "libGL.so.1"})
    assert missing_qt_packages(on_screen=False) == ["libegl1", "libgl1"]


@pytest.mark.parametrize(("display", "packages"), [(":0", ["libxcb-cursor0"]), ("", [])])
def test_x11_libraries_matter_only_where_there_is_an_x11_display(
    monkeypatch: pytest.MonkeyPatch, display: str, packages: list[str]
) -> None:
    as_user(monkeypatch, lacks={"libxcb-cursor.so.0", "libwayland-client.so.0"})
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert missing_qt_packages(on_screen=True) == packages


def test_systems_with_their_own_libraries_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libEGL.so.1"})
    monkeypatch.setattr("sys.platform", "darwin")
    assert missing_qt_packages(on_screen=True) == []


def test_without_apt_the_libraries_themselves_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libdbus-1.so.3"})
    monkeypatch.setattr(dev_system, "has_apt", lambda: False)
    monkeypatch.setattr(dev_system, "package_tool", lambda: None)
    with pytest.raises(StepError, match=r"libdbus-1\.so\.3"):
        missing_qt_packages(on_screen=False)


def test_other_package_managers_have_a_line_to_type_too(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, lacks={"libdbus-1.so.3", "libEGL.so.1"})
    monkeypatch.setattr(dev_system, "has_apt", lambda: False)
    monkeypatch.setattr(dev_system, "package_tool", lambda: PACKAGE_TOOLS[1])
    with pytest.raises(StepError, match="sudo dnf install libglvnd-egl dbus-libs\n"):
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
