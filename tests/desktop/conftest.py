"""What the tests of all desktops share."""

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of a user, with a file and a name that formats must quote."""
    made = tmp_path / "it's Zoë $HOME 100% 中文"
    made.mkdir()
    (made / "notes.txt").write_text("mine")
    return made


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder, and of empty folders nothing, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }
