"""The settings file on disk: no settings of the user are ever lost."""

from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile


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
