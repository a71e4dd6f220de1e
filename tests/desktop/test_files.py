"""Files are written whole, and only where something must change."""

from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop.files import File, Outcome, remove, write


def test_a_file_that_is_as_it_should_be_is_not_touched(tmp_path: Path) -> None:
    file = File(tmp_path / "a" / "b", b"text")
    assert [change.outcome for change in write([file])] == [Outcome.WRITTEN]
    before = file.path.stat()
    assert [change.outcome for change in write([file])] == [Outcome.UNCHANGED]
    assert file.path.stat() == before


def test_a_program_that_lost_its_rights_gets_them_back(tmp_path: Path) -> None:
    file = File(tmp_path / "run", b"#!/bin/sh\n", executable=True)
    write([file])
    file.path.chmod(0o644)
    assert [change.outcome for change in write([file])] == [Outcome.WRITTEN]
    assert file.path.stat().st_mode & 0o777 == 0o755


def test_a_link_is_replaced_and_what_it_led_to_stays(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "link").symlink_to("theirs")
    write([File(tmp_path / "link", b"ours")])
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert (tmp_path / "link").read_text() == "ours"


def test_a_folder_in_the_way_is_told_and_nothing_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "entry" / "inside").mkdir(parents=True)
    for act in (lambda: write([File(tmp_path / "entry", b"")]), lambda: remove([tmp_path / "entry"], tmp_path)):
        with pytest.raises(PanelError, match=r"entry cannot be (written|removed) \(Is a directory\)"):
            act()
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]


def test_removing_takes_the_folders_that_it_empties_with_it(tmp_path: Path) -> None:
    write([File(tmp_path / "data/icons/16/ours", b""), File(tmp_path / "data/icons/32/ours", b"")])
    (tmp_path / "data/icons/32/theirs").write_text("")
    remove([tmp_path / "data/icons/16/ours", tmp_path / "data/icons/32/ours", tmp_path / "data/x"], tmp_path / "data")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "data",
        "data/icons",
        "data/icons/32",
        "data/icons/32/theirs",
    ]
