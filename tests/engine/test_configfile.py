"""The settings file on disk: no settings of the user are ever lost."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.lock_file import LockFile, exclusive


def merge(path: Path, settings: Settings, base: Settings) -> configfile.Changed:
    """Write settings as the window's Apply does, which were made from `base`."""
    return configfile.revise(path, lambda theirs: merged(base, settings, theirs), base)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_no_file_is_the_defaults_without_a_word(path: Path) -> None:
    assert configfile.read(path) == configfile.Loaded(Settings(), (), None)


def test_what_was_written_is_read_and_the_one_before_is_kept(path: Path) -> None:
    first, second = (codec.set(Settings(), "proxy.port", port) for port in ("1001", "1002"))
    configfile.write(path, first)
    stamp = configfile.write(path, second)
    assert configfile.read(path) == configfile.Loaded(second, (), stamp)
    assert codec.load((path.parent / "settings.json.bak").read_bytes())[0] == first


def test_nothing_else_is_left_in_the_folder(path: Path) -> None:
    configfile.write(path, Settings())
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_an_unreadable_file_is_moved_aside_under_a_new_name_each_time(path: Path) -> None:
    for number in (1, 2):
        path.write_bytes(b"{ not json")
        loaded = configfile.read(path)
        assert loaded.settings == Settings()
        assert f"It is kept as settings.json.broken-{number}; the defaults are used." in render(
            loaded.problems[0].notice
        )
        assert (path.parent / f"settings.json.broken-{number}").read_bytes() == b"{ not json"
        assert not path.exists()


def test_a_file_with_one_bad_field_stays_where_it_is(path: Path) -> None:
    path.write_bytes(b'{"proxy": {"port": "x"}}')
    loaded = configfile.read(path)
    assert [problem.where for problem in loaded.problems] == ["proxy.port"]
    assert path.exists()


def test_a_folder_in_the_way_is_one_sentence(path: Path) -> None:
    path.mkdir()
    assert "cannot be read" in render(configfile.read(path).problems[0].notice)
    with pytest.raises(PanelError, match="cannot be backed up"):
        configfile.write(path, Settings())


def port(path: Path) -> int:
    return configfile.look(path).settings.proxy.port


def set_port(number: int) -> Settings:
    return codec.set(Settings(), "proxy.port", str(number))


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_looking_at_an_unreadable_file_moves_nothing(path: Path) -> None:
    path.write_bytes(b"{ not json")
    loaded = configfile.look(path)
    assert loaded.settings == Settings()
    assert render(loaded.problems[0].notice).endswith("All settings have their defaults.")
    assert names(path.parent) == ["settings.json"]


def test_a_change_is_made_of_what_is_in_the_file(path: Path) -> None:
    configfile.write(path, set_port(1001))
    changed = configfile.change(path, lambda now: codec.set(now, "proxy.heartbeat", "off"))
    assert (changed.before, changed.settings.proxy.port, changed.settings.proxy.heartbeat) == (
        set_port(1001),
        1001,
        False,
    )
    assert configfile.look(path) == configfile.Loaded(changed.settings, (), changed.stamp)


@pytest.mark.parametrize("content", [b"", b" \n"])
def test_an_empty_file_which_somebody_may_be_writing_is_not_replaced(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(PanelError, match=r"ends too early.* Nothing was changed"):
        configfile.change(path, lambda now: codec.set(now, "proxy.heartbeat", "off"))
    assert path.read_bytes() == content


def test_a_change_that_is_refused_leaves_everything_as_it_is(path: Path) -> None:
    configfile.write(path, set_port(1001))
    with pytest.raises(PanelError, match=r"proxy\.port must be"):
        configfile.change(path, lambda now: codec.set(now, "proxy.port", "x"))
    assert names(path.parent) == ["settings.json"]
    assert port(path) == 1001


def test_what_another_program_wrote_since_stays_when_a_draft_is_written(path: Path) -> None:
    base = set_port(1001)
    configfile.write(path, codec.set(base, "proxy.heartbeat", "off"))
    draft = codec.set(base, "pools.chat.parallel", "7")
    written = merge(path, draft, base).settings
    assert (written.proxy.port, written.proxy.heartbeat, written.pools[0].parallel) == (1001, False, 7)
    assert configfile.look(path).settings == written


def test_a_draft_and_a_change_that_do_not_fit_together_are_refused(path: Path) -> None:
    base = Settings()
    configfile.write(path, codec.set(base, "ollama.first_port", "65530"))
    with pytest.raises(PanelError, match="too few ports"):
        merge(path, codec.set(base, "pools.chat.workers", "9"), base)
    assert configfile.look(path).settings.ollama.first_port == 65530


@pytest.mark.parametrize("there", [None, b"", b"{ half"])
def test_a_draft_is_written_whole_where_no_settings_are(path: Path, there: bytes | None) -> None:
    if there is not None:
        path.write_bytes(there)
    assert merge(path, set_port(1001), Settings()).settings == set_port(1001)
    assert port(path) == 1001
    if there:
        assert (path.parent / "settings.json.broken-1").read_bytes() == there


def test_a_link_stays_a_link_and_its_target_is_replaced(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "panel.json"
    target.parent.mkdir()
    target.write_bytes(codec.dump(set_port(1001)))
    path.symlink_to(Path("dotfiles") / "panel.json")
    stamp = configfile.write(path, set_port(1002))
    assert path.is_symlink()
    assert codec.load(target.read_bytes())[0] == set_port(1002)
    assert configfile.read(path) == configfile.Loaded(set_port(1002), (), stamp)
    assert names(target.parent) == ["panel.json"]
    assert names(path.parent) == ["dotfiles", "settings.json", "settings.json.bak"]


def test_state_folders_that_link_to_one_file_share_its_lock(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "panel.json"
    configfile.write(target, Settings())
    path.symlink_to(target)

    def edit(now: Settings) -> Settings:
        with pytest.raises(PanelError, match=r"panel\.json"), exclusive(target, tries=1):
            pass
        return now

    configfile.change(path, edit)
    assert names(target.parent) == ["panel.json"]


def test_a_link_to_a_missing_file_is_said_and_the_file_is_made(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "there.json"
    path.symlink_to(target)
    (problem,) = configfile.read(path).problems
    assert render(problem.notice) == (
        f"{path} is a link to {target}, which does not exist. All settings have their defaults."
    )
    configfile.write(path, set_port(1002))
    assert path.is_symlink()
    assert codec.load(target.read_bytes())[0] == set_port(1002)


@pytest.mark.parametrize("change", ["write", "change", "merge"])
def test_a_link_into_a_missing_folder_is_one_sentence(path: Path, tmp_path: Path, change: str) -> None:
    path.symlink_to(tmp_path / "unmounted" / "settings.json")
    changes = {
        "write": lambda: configfile.write(path, Settings()),
        "change": lambda: configfile.change(path, lambda now: now),
        "merge": lambda: merge(path, Settings(), Settings()),
    }
    with pytest.raises(PanelError, match=r"is a link to .*unmounted/settings\.json, which does not exist"):
        changes[change]()
    assert names(tmp_path) == ["settings.json"]


def test_a_link_to_itself_is_one_sentence(path: Path) -> None:
    path.symlink_to(path)
    assert "cannot be read" in render(configfile.read(path).problems[0].notice)
    with pytest.raises(PanelError, match="cannot be backed up"):
        configfile.write(path, Settings())


def test_an_unreadable_file_behind_a_link_is_copied_when_it_is_replaced(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    target.write_bytes(b"{ half")
    path.symlink_to(target)
    assert configfile.read(path).settings == Settings()
    assert names(path.parent) == ["settings.json", "target.json"]
    merge(path, set_port(1001), Settings())
    assert path.is_symlink()
    assert (path.parent / "settings.json.broken-1").read_bytes() == b"{ half"
    assert port(path) == 1001


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("there", ["pipe", "device", "folder"])
def test_what_is_no_file_is_one_sentence_and_nobody_waits_for_it(path: Path, there: str) -> None:
    makers = {"pipe": lambda: os.mkfifo(path), "device": lambda: path.symlink_to("/dev/zero"), "folder": path.mkdir}
    makers[there]()
    for loaded in (configfile.read(path), configfile.look(path)):
        assert loaded.settings == Settings()
        assert "settings.json cannot be read (" in render(loaded.problems[0].notice)
    with pytest.raises(PanelError, match="cannot be read"):
        configfile.reread(path, Settings())
    with pytest.raises(PanelError, match="cannot be backed up"):
        configfile.write(path, Settings())
    with pytest.raises(PanelError, match="cannot be backed up"):
        configfile.change(path, lambda now: now)
    with pytest.raises(PanelError, match="cannot be backed up"):
        merge(path, Settings(), Settings())
    assert names(path.parent) == ["settings.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
@pytest.mark.parametrize("name", ["settings.json.bak", "settings.json.lock"])
def test_what_is_no_file_where_the_panel_writes_is_one_sentence(
    path: Path, name: str, make: Callable[[Path], None]
) -> None:
    configfile.write(path, Settings())
    make(path.with_name(name))
    with pytest.raises(PanelError, match=rf"cannot be written \({name} is a pipe, a device or a folder, not a file\)"):
        configfile.write(path, set_port(1001))
    assert port(path) == Settings().proxy.port


def test_a_lock_that_is_not_given_back_names_who_has_it(path: Path) -> None:
    lock = LockFile(path.with_name("settings.json.lock"))
    assert lock.take()
    with pytest.raises(PanelError) as caught, exclusive(path, tries=3):
        raise AssertionError("two have the lock")
    assert str(caught.value) == (f"{path} is being changed by process {os.getpid()}; nothing was changed. Try again.")
    lock.release()
    with exclusive(path):
        pass
    assert configfile.look(path) == configfile.Loaded(Settings(), (), None)


def test_a_file_that_windows_wrote_is_written_back_in_utf_8(path: Path) -> None:
    text = msgspec.json.encode({"ollama": {"models_dir": "D:/Modèles"}}).decode()
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    configfile.change(path, lambda now: codec.set(now, "proxy.port", "1001"))
    assert "D:/Modèles" in path.read_text(encoding="utf-8")
