"""The menu and the start at login of Linux desktops, in the folders of a user."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop import freedesktop
from ollama_panel.desktop.files import Outcome
from ollama_panel.desktop.linux import LinuxDesktop
from tests.desktop.conftest import tree

MENU = ".local/share/applications/ollama-panel.desktop"
LOGIN = ".config/autostart/ollama-panel.desktop"

Make = Callable[..., LinuxDesktop]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "my programs" / "ollama-panel"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def make(home: Path, program: Path, tmp_path: Path) -> Make:
    def made(command: Path = program, **variables: str) -> LinuxDesktop:
        environ = {"XDG_DATA_DIRS": str(tmp_path / "usr" / "share")} | variables
        return LinuxDesktop(lambda: [str(command)], environ, lambda: home)

    return made


def entry(path: Path) -> dict[str, str]:
    return freedesktop.values(path.read_text(encoding="utf-8"))


def test_installing_writes_the_entry_the_metainfo_and_the_icons(make: Make, home: Path, program: Path) -> None:
    changes = make().install(login=False)
    assert entry(home / MENU)["TryExec"] == str(program)
    written = {path for path in tree(home) if (home / path).is_file()} - {"notes.txt"}
    assert {str(home / path) for path in written} == {change.where for change in changes}
    assert ".local/share/icons/hicolor/48x48/apps/ollama-panel.png" in written
    assert ".local/share/icons/hicolor/scalable/apps/ollama-panel.svg" in written
    assert LOGIN not in written
    assert {change.outcome for change in changes} == {Outcome.WRITTEN}


def test_installing_twice_changes_nothing(make: Make, home: Path) -> None:
    make().install(login=True)
    before = tree(home)
    assert {change.outcome for change in make().install(login=True)} == {Outcome.UNCHANGED}
    assert tree(home) == before


def test_another_installation_replaces_the_path_also_at_login(make: Make, home: Path, tmp_path: Path) -> None:
    make().install(login=True)
    newer = tmp_path / "newer"
    newer.write_text("")
    newer.chmod(0o755)
    make(newer).install(login=False)
    assert entry(home / MENU)["TryExec"] == str(newer)
    assert entry(home / LOGIN)["Exec"] == f"{newer} --minimized"


@pytest.mark.parametrize("login", [False, True])
def test_uninstalling_leaves_what_was_there_before(make: Make, home: Path, login: bool) -> None:
    settings = home / ".local/share/ollama-panel/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text("{}")
    other = home / ".local/share/icons/hicolor/48x48/apps/other.png"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"other")
    before = tree(home)
    installed = make().install(login)
    removed = make().uninstall()
    assert {change.where for change in removed} == {change.where for change in installed}
    assert {path: content for path, content in tree(home).items() if path != ".config"} == before
    assert make().uninstall() == []


def test_folders_are_those_of_the_variables(make: Make, home: Path, tmp_path: Path) -> None:
    make(XDG_DATA_HOME=str(tmp_path / "data"), XDG_CONFIG_HOME=str(tmp_path / "config")).install(login=True)
    assert (tmp_path / "data/applications/ollama-panel.desktop").is_file()
    assert (tmp_path / "config/autostart/ollama-panel.desktop").is_file()
    assert set(tree(home)) == {"notes.txt"}


def test_a_relative_path_in_a_variable_is_ignored(make: Make, home: Path) -> None:
    make(XDG_DATA_HOME="data", XDG_CONFIG_HOME="").install(login=True)
    assert (home / MENU).is_file()
    assert (home / LOGIN).is_file()


def test_the_file_decides_whether_it_starts_at_login(make: Make, home: Path, program: Path) -> None:
    desktop = make()
    assert not desktop.login()
    (change,) = desktop.set_login(True)
    assert change == (Outcome.WRITTEN, str(home / LOGIN))
    assert desktop.login()
    assert desktop.set_login(False) == [(Outcome.REMOVED, str(home / LOGIN))]
    assert not desktop.login()
    assert desktop.set_login(False) == []
    desktop.set_login(True)
    program.unlink()
    assert not desktop.login(), "TryExec names no program, so desktops ignore the entry"


@pytest.mark.parametrize(
    ("before", "after"),
    [("StartupNotify=false", "Hidden=true"), ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false")],
)
def test_an_entry_that_the_desktop_switched_off_is_off(make: Make, home: Path, before: str, after: str) -> None:
    desktop = make()
    desktop.set_login(True)
    path = home / LOGIN
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    assert not desktop.login()
    desktop.set_login(True)
    assert desktop.login()


def test_where_a_package_has_the_entry_only_the_login_is_written(
    make: Make, home: Path, program: Path, tmp_path: Path
) -> None:
    make().install(login=False)  # with pip, earlier: it would hide the package's
    link = tmp_path / "usr" / "bin" / "ollama-panel"
    link.parent.mkdir(parents=True)
    link.symlink_to(program)
    system = tmp_path / "usr" / "share" / MENU.removeprefix(".local/share/")
    system.parent.mkdir(parents=True)
    system.write_text(freedesktop.menu_entry([str(link)]), encoding="utf-8")
    assert make().provided() == str(system)
    changes = make().install(login=True)
    assert {change.outcome for change in changes if "autostart" not in change.where} == {Outcome.REMOVED}
    assert [path for path in tree(home) if (home / path).is_file()] == [LOGIN, "notes.txt"]


def test_the_entry_of_another_installation_does_not_count(make: Make, tmp_path: Path) -> None:
    other, system = tmp_path / "other", tmp_path / "usr" / "share" / "applications" / "ollama-panel.desktop"
    other.write_text("")
    other.chmod(0o755)
    system.parent.mkdir(parents=True)
    system.write_text(freedesktop.menu_entry([str(other)]), encoding="utf-8")
    assert make().provided() is None


def test_a_folder_that_cannot_be_written_gives_one_sentence(make: Make, home: Path) -> None:
    (home / ".local").write_text("a file in the way")
    with pytest.raises(PanelError) as caught:
        make().install(login=False)
    assert str(home / MENU) in str(caught.value)
    assert "cannot be written (Not a directory)" in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_gives_one_sentence(make: Make, home: Path) -> None:
    make().install(login=True)
    (home / LOGIN).parent.chmod(0o500)
    try:
        with pytest.raises(PanelError, match=r"cannot be removed \(Permission denied\)"):
            make().uninstall()
    finally:
        (home / LOGIN).parent.chmod(0o700)


def test_without_a_home_it_says_so(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(PanelError, match="There is no home folder to write to: set the variable HOME"):
        LinuxDesktop(lambda: [str(program)], {}).install(login=False)
