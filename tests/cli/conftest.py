"""The command line in this process: arguments in, exit status and output out."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ollama_panel import cli
from ollama_panel.cli.parsers import FrontEnds, PanelArguments


class Outcome(NamedTuple):
    """The exit status and the output of a command."""

    status: int
    out: str
    err: str


class Started(NamedTuple):
    """A front end that was started, and its arguments."""

    front_end: str
    arguments: PanelArguments


@pytest.fixture
def started() -> list[Started]:
    return []


@pytest.fixture
def panel(capsys: pytest.CaptureFixture[str], started: list[Started]) -> Callable[..., Outcome]:
    def front_end(name: str) -> Callable[[PanelArguments], int]:
        def start(arguments: PanelArguments) -> int:
            started.append(Started(name, arguments))
            return 0

        return start

    def run(*argv: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            status = cli.main([str(word) for word in argv], FrontEnds(front_end("window"), front_end("headless")))
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run
