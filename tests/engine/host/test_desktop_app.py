"""How workers are called, and what is told of the app."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ollama_panel.core.notices.render import render, ways
from ollama_panel.engine.host.desktop_app import app_conflict, worker_argv


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (program := tmp_path / "bin" / "ollama").write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_worker_is_started_by_a_link_of_another_name(tmp_path: Path, program: Path) -> None:
    link, *arguments = worker_argv((str(program), "serve"), tmp_path / "state")
    assert (Path(link).name, arguments) == ("ollama-worker", ["serve"])
    assert Path(link).resolve() == program
    assert worker_argv((str(program), "serve"), tmp_path / "state")[0] == link


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_two_programs_have_two_links(tmp_path: Path, program: Path) -> None:
    (tmp_path / "other").mkdir()
    (other := tmp_path / "other" / "ollama").symlink_to(program)
    links = {worker_argv((str(one), "serve"), tmp_path)[0] for one in (program, other)}
    assert len(links) == 2
    other.unlink()
    assert worker_argv((str(other), "serve"), tmp_path) == (str(other), "serve"), "it is missing, which is told as ever"


def test_without_a_link_a_worker_starts_all_the_same(tmp_path: Path, program: Path) -> None:
    (tmp_path / "workers").write_text("a file in the way")
    assert worker_argv((str(program), "serve"), tmp_path) == (str(program), "serve")


@pytest.mark.parametrize(
    "argv",
    [
        ("/snap/bin/ollama", "serve"),  # its name tells snap what to run
        (sys.executable, "-m", "ollama_panel.sim"),
        ("ollama-0.9.6", "serve"),  # which the app does not take for one
    ],
)
def test_other_programs_keep_their_names(tmp_path: Path, argv: Sequence[str]) -> None:
    assert worker_argv(argv, tmp_path) == argv


def test_the_conflict_says_every_way_out() -> None:
    told = app_conflict({11434}, app_runs=True)
    assert told is not None
    assert "wants port 11434" in render(told)
    assert [line for line in ways(told) if line.startswith("    ")] == [
        "    launchctl setenv OLLAMA_HOST 127.0.0.1:11436 # then start the app anew; until you log in again",
        "    ollama-panel settings set proxy.port 11435 # moves the panel",
    ]
