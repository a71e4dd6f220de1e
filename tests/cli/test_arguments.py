"""Which arguments start which front end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel import __version__
from tests.cli.conftest import Outcome, Started

Panel = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("argv", "front_end", "demo"),
    [
        ([], "window", False),
        (["--demo"], "window", True),
        (["gui"], "window", False),
        (["gui", "--demo"], "window", True),
        (["demo"], "window", True),
        (["serve"], "headless", False),
        (["serve", "--demo"], "headless", True),
    ],
)
def test_the_window_opens_unless_another_command_is_given(
    panel: Panel, started: list[Started], argv: list[str], front_end: str, demo: bool
) -> None:
    assert panel(*argv) == (0, "", "")
    (only,) = started
    assert (only.front_end, only.arguments.demo) == (front_end, demo)


def test_serve_passes_its_options_on(panel: Panel, started: list[Started], tmp_path: Path) -> None:
    panel("serve", "--listen", "127.0.0.1:0", "--state-dir", tmp_path, "--ollama", "/opt/ollama")
    (only,) = started
    told = only.arguments
    assert (told.listen, told.state_dir, told.ollama, told.demo) == ("127.0.0.1:0", tmp_path, "/opt/ollama", False)


def test_absent_options_are_left_to_the_settings(panel: Panel, started: list[Started]) -> None:
    panel("serve")
    told = started[0].arguments
    assert (told.listen, told.state_dir, told.ollama) == (None, None, None)


@pytest.mark.parametrize("argv", [["bogus"], ["serve", "--bogus"], ["settings"], ["settings", "set", "a"]])
def test_unknown_arguments_are_usage_errors_with_status_2(panel: Panel, argv: list[str]) -> None:
    outcome = panel(*argv)
    assert outcome.status == 2
    assert outcome.err.startswith("usage: ollama-panel")


def test_the_version_is_printed(panel: Panel) -> None:
    assert panel("--version").out == f"Ollama Panel {__version__}\n"


COMMANDS = ["gui", "serve", "demo", "status", "pools", "start", "stop", "restart", "logs", "load", "unload", "pull"]
COMMANDS += ["machine", "advise", "instances", "requests", "clients", "history", "settings", "keys", "export", "bench"]
COMMANDS += ["profiles"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_help_and_has_its_own(panel: Panel, command: str) -> None:
    assert command in panel("--help").out
    assert panel(command, "--help").out.startswith(f"usage: ollama-panel {command}")
