"""A second start shows the window that is there."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.desktop.accessibility import window
from tests.e2e.desktop.user import User
from tests.e2e.desktop.window_process import WindowProcess

MAIN = window("Ollama Panel")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def other_installation(tmp_path: Path) -> Path:
    """A folder with a copy of the program."""
    for part in ("ollama_panel", "resources"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


async def test_a_second_start_brings_the_window_to_the_front(panel: WindowProcess, user: User) -> None:
    await user.active(MAIN)
    await user.minimise()
    assert await panel.command("gui", "--demo") == (0, "")
    await user.active(MAIN)


async def test_so_does_the_start_of_another_installation(
    panel: WindowProcess, user: User, other_installation: Path
) -> None:
    await user.active(MAIN)
    await user.minimise()
    assert await panel.command("gui", folder=other_installation) == (0, "")
    await user.active(MAIN)
