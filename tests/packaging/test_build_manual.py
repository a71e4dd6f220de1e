"""The manual pages follow the parser of the command line."""

import argparse
import shutil
import subprocess

import pytest

from build_manual import escaped, manual
from ollama_panel.cli import arguments

PAGES = dict(manual(arguments.parser(), "0.1.0", "2026-11-29"))


def commands() -> list[str]:
    (action,) = (one for one in arguments.parser()._actions if isinstance(one, argparse._SubParsersAction))
    return [*action.choices]


def test_there_is_a_page_of_the_program_and_of_each_command() -> None:
    assert [*PAGES] == ["ollama-panel", *(f"ollama-panel-{name}" for name in commands())]


def test_the_program_page_lists_each_command() -> None:
    listed = [line for line in PAGES["ollama-panel"].splitlines() if line.startswith(".BR ")]
    assert listed == [f".BR {escaped(f'ollama-panel-{name}')} (1)" for name in commands()]


def test_a_page_has_the_options_the_actions_and_the_examples_of_its_command() -> None:
    page = PAGES["ollama-panel-pools"]
    assert "\\fB\\-\\-dry\\-run\\fR" in page
    assert [line for line in page.splitlines() if line.startswith(".SH ")] == [
        f".SH {title}"
        for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "LIST", "ADD", "SET", "REMOVE", "EXAMPLES", "SEE ALSO")
    ]
    assert "ollama\\-panel pools remove code" in page.partition(".SH EXAMPLES")[2]


def test_text_is_printed_as_it_is() -> None:
    assert escaped(".env and C:\\x\n'quoted' --dry-run") == "\\&.env and C:\\ex\n\\&'quoted' \\-\\-dry\\-run"


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
@pytest.mark.parametrize("name", PAGES)
def test_groff_has_nothing_to_object_to(name: str) -> None:
    command = ["groff", "-man", "-Tutf8", "-ww", "-rCHECKSTYLE=3", "-z"]
    done = subprocess.run(command, input=PAGES[name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
