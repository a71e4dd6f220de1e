import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ollama_panel.core.applying.files import Found, back_of, change_of, found_of, look, placed, to_write
from ollama_panel.core.applying.record import FileState
from tests.core.applying.samples import change, export_of

POSIX = pytest.mark.skipif(os.name != "posix", reason="the script is for sh")


def test_a_place_in_the_home_gets_the_home_of_that_machine() -> None:
    export = export_of("systemd-units", "~/.config/systemd/user/a.service", "/etc/b", "")
    assert [path for _, path in placed(export, "/home/ann")] == ["/home/ann/.config/systemd/user/a.service", "/etc/b"]


@pytest.mark.parametrize(
    ("before", "after", "state", "lines"),
    [
        ("a\n", "a\n", FileState.SAME, 0),
        (None, "a\n", FileState.NEW, 4),
        ("", "a\n", FileState.CHANGED, 4),
        ("a\nb\n", "a\nc\n", FileState.CHANGED, 6),
    ],
)
def test_how_a_file_differs(before: str | None, after: str, state: FileState, lines: int) -> None:
    found = change_of(Found("/etc/a", before), after, root=False)
    assert (found.state, len(found.difference), found.before) == (state, lines, before or "")


def test_what_is_removed_is_shown_line_by_line() -> None:
    assert back_of(Found("/etc/a", "x\n"), None, root=True).difference[-1] == "-x"


@pytest.mark.parametrize("problem", ["link", "other", "unreadable"])
def test_what_cannot_be_compared_says_why(problem: str) -> None:
    found = change_of(Found("/etc/a", problem=problem), "new", root=True)
    assert (found.state, found.difference) == (FileState.UNREADABLE, ())
    assert found.problem is not None


def test_only_what_differs_is_written() -> None:
    files = (change("/a", "new\n"), change("/b", "old\n"), change("/c"))
    assert [one.path for one in to_write(files)] == ["/b", "/c"]


def _looked(path: Path) -> Found:
    done = subprocess.run(["sh", "-c", look(str(path))], capture_output=True, check=True)
    return found_of(done.stdout.decode())


@POSIX
def test_the_script_tells_what_is_at_a_path(tmp_path: Path) -> None:
    file, link = tmp_path / "with a 'space'", tmp_path / "link"
    assert _looked(file) == Found(str(file))
    file.write_text("no line end")
    assert _looked(file) == Found(str(file), "no line end")
    link.symlink_to(file)
    assert _looked(link) == Found(str(file), "no line end"), "what a link leads to is written, not the link"
    assert _looked(tmp_path / "none/of/these").text is None
    assert _looked(tmp_path).problem == "other"
    for number, nowhere in enumerate(("none/of/these", "nowhere-1")):
        lost = tmp_path / f"nowhere-{number}"
        lost.symlink_to(nowhere)
        assert _looked(lost).problem == "link"


@POSIX
@settings(max_examples=20, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))
def test_every_text_is_read_as_it_is(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("file") / "a"
    file.write_bytes(text.encode())
    assert _looked(file).text == text
