import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ollama_panel.engine.host.chosen_programs import SETTLED_LOOKS, ChosenPrograms


class Listed(psutil.Process):
    """A process of the test, as one that the panel has not started."""

    reads = 0

    def name(self) -> str:
        self.reads += 1
        return super().name()

    def parents(self) -> list[psutil.Process]:
        return []


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Listed]:
    path = tmp_path / "some-game"
    shutil.copy(shutil.which("sleep") or sys.executable, path)
    with subprocess.Popen([str(path), "600"]) as process:
        yield Listed(process.pid)
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sleep")
def test_a_program_is_found_by_its_name_while_it_runs(game: Listed) -> None:
    listed = [game]
    programs = ChosenPrograms(lambda: listed)
    assert programs.read(("blender", "Some-Game.exe")) == ("Some-Game.exe",)
    assert programs.read(("blender",)) == ()
    assert programs.read((str(game.exe()),)) == (game.exe(),)
    listed.clear()
    assert programs.read((str(game.exe()),)) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sleep")
def test_what_is_known_of_a_process_is_not_read_again(game: Listed) -> None:
    programs = ChosenPrograms(lambda: [game])
    for _ in range(SETTLED_LOOKS + 5):
        programs.read(("some-game",))
    assert game.reads == SETTLED_LOOKS


def test_the_panel_and_what_it_has_started_are_not_meant() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        own = [psutil.Process(os.getpid()), psutil.Process(child.pid)]
        names = {psutil.Process(child.pid).name(), own[0].name()}
        assert ChosenPrograms(lambda: own).read(tuple(names)) == ()
        child.kill()


def test_a_process_that_has_ended_is_none(game: Listed) -> None:
    programs = ChosenPrograms(lambda: [game])
    game.kill()
    game.wait()
    assert programs.read(("some-game",)) == ()
