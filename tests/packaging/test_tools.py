"""The tools that judge exports: which are there, and how those that are missing come here."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import dev_system
import tools
from dev_steps import StepError
from ollama_panel.core.export import targets
from ollama_panel.core.export.judges import Judge, judges_of
from tests.core.export.samples import exported, pools
from tools import Tool

APT = Tool("checker", "files", "checker-package")
SERVICE = Tool("server", "files", "server-package", service="server.service")
GO = Tool("built", "files", module="example.org/built@v1")
LIBRARY = Tool("no_such_module", "files", library="no-such-library")
CHART = Tool("chart", "values", repository="https://example.org/chart", tag="v1")
UNPACKED = Tool("taken", "files", unpacked="package", inside="usr/libexec/taken")


class Steps:
    """Records the commands instead of running them; what a line contains of `failing` fails."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.lines = list[str]()

    def __call__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
        line = " ".join(command)
        self.lines.append(line)
        return not any(word in line for word in self.failing)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Steps:
    """A machine of root with apt and Go on which nothing is done."""
    recorder = Steps()
    for module in (tools, dev_system):
        monkeypatch.setattr(module, "succeeds", recorder)
        monkeypatch.setattr(module, "has_apt", lambda: True)
        monkeypatch.setattr(module, "as_root", list)
    monkeypatch.setattr(tools, "_download", recorder)
    monkeypatch.setattr(tools, "FOLDER", tmp_path)
    monkeypatch.setattr(tools, "BIN", tmp_path / "bin")
    monkeypatch.setattr(tools, "_APT", tmp_path / "apt")
    monkeypatch.setattr(tools, "search_path", lambda: str(tmp_path / "bin"))
    return recorder


def has_go(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    monkeypatch.setattr(tools.shutil, "which", lambda name, path="": "/usr/bin/go" if there and name == "go" else None)


def wanted(monkeypatch: pytest.MonkeyPatch, *some: Tool) -> None:
    monkeypatch.setattr(tools, "TOOLS", some)


def test_nothing_is_done_if_all_are_there(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wanted(monkeypatch, APT)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "checker").touch(mode=0o755)
    assert tools.install_missing() == 0
    assert steps.lines == []
    assert capsys.readouterr().out == "tools that judge exports: checker\n"
    assert tools.listed() == 0


def test_what_is_missing_comes_from_where_it_is_made(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted(monkeypatch, APT, GO, LIBRARY, CHART)
    has_go(monkeypatch, there=True)
    tools.install_missing()
    installed, library, built, cloned = steps.lines
    assert installed.endswith("checker-package")
    assert library.endswith("--quiet no-such-library")
    assert built == "go install example.org/built@v1"
    assert cloned == f"git clone --quiet --depth 1 --branch v1 https://example.org/chart {tools.FOLDER / 'chart'}"


def test_a_service_that_comes_with_a_tool_is_not_left_running(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted(monkeypatch, APT, SERVICE)
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) == "/run/systemd/system")
    tools.install_missing()
    assert steps.lines[-1] == "systemctl disable --now server.service"


def test_what_cannot_be_installed_is_told_and_holds_nothing_else_up(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted(monkeypatch, APT, GO, LIBRARY)
    has_go(monkeypatch, there=False)
    monkeypatch.setattr(tools, "has_apt", lambda: False)
    assert tools.install_missing() == 1
    printed = capsys.readouterr()
    assert "There is no apt here: install checker" in printed.err
    assert "built must be built with Go" in printed.err
    assert len(steps.lines) == 1, "the library of Python"
    assert "not here (python3 packaging/tools.py): checker, built, no_such_module" in printed.out


def test_a_program_of_a_newer_debian_is_taken_out_of_its_package(
    steps: Steps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = "http://deb.example.org/debian/"
    listed = f"{site}-security/ Debian main\n{site} Debian main\n"
    monkeypatch.setattr(tools, "answer", lambda command: listed.replace("debian/-sec", "debian-sec"))

    def unpack(command: Sequence[str], check: bool) -> None:
        path = Path(command[-1]) / "usr/libexec/taken"
        path.parent.mkdir(parents=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)

    monkeypatch.setattr(tools.subprocess, "run", unpack)
    (tmp_path / "package_1.0_amd64.deb").touch()
    seen = list[str]()
    monkeypatch.setattr(tools.shutil, "rmtree", lambda path: seen.append(path.name))
    tools._unpack([UNPACKED])
    assert (tmp_path / "bin" / "taken").stat().st_mode & 0o100
    assert f"] {site} {tools.NEXT_DEBIAN} main" in (tmp_path / "apt" / "sources.list").read_text()
    assert [line.split()[-1] for line in steps.lines] == ["update", "package"]
    assert seen == ["package", "apt"], "nothing else is left"


def test_on_another_system_than_debian_the_reason_is_told(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "answer", lambda command: None)
    with pytest.raises(StepError, match=r"Podman 4\.4 or newer"):
        tools._unpack([UNPACKED])


def judges() -> list[Judge]:
    return [judge for target in targets() for judge in judges_of(target.id, exported(target.id, pools()))]


EVERYWHERE = {"sh"}


def test_every_tool_that_judges_an_export_can_be_installed() -> None:
    known = {tool.program for tool in tools.TOOLS}
    without = {"PowerShell"}  # its makers' packages only; the tests read its grammar with a library
    for judge in judges():
        programs = {command.program for command in judge.commands}
        assert programs & (known | EVERYWHERE) or judge.commands[0].name in without


def test_the_package_that_users_are_told_is_one_that_is_installed_here() -> None:
    packages = {tool.program: tool.package or tool.unpacked for tool in tools.TOOLS if tool.package or tool.unpacked}
    for judge in judges():
        known = [packages[command.program] for command in judge.commands if command.program in packages]
        assert not known or any(judge.package == package.removesuffix("-light") for package in known)


def test_of_several_packages_the_first_that_the_release_has_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Tool("client", "files", "new-name|old-name")
    monkeypatch.setattr(tools, "answer", lambda command: "Package: new-name")
    assert tools._package(tool) == "new-name"
    monkeypatch.setattr(tools, "answer", lambda command: None)
    assert tools._package(tool) == "old-name"
