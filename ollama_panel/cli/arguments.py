"""The arguments that `ollama-panel` understands: the commands, each told by its own module."""

import argparse
from collections.abc import Sequence

from ollama_panel import __version__
from ollama_panel.cli import bench, export, front_ends, keys, models, parsers, settings, status
from ollama_panel.cli.parsers import PanelArguments

COMMANDS = (front_ends, status, settings, models, keys, export, bench)
"""The modules that have commands, in the order of the help."""


def parse(argv: Sequence[str]) -> PanelArguments:
    """Return the parsed arguments; no command means the window. Exits with status 2 if an argument is unknown."""
    first = argv[0] if argv else "gui"
    implied = [] if not first.startswith("-") or first in ("-h", "--help", "--version") else ["gui"]
    return _parser().parse_args([*implied, *(argv or [first])], namespace=PanelArguments())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ollama-panel", description="Makes local Ollama models serve many clients at once."
    )
    parser.add_argument("--version", action="version", version=f"Ollama Panel {__version__}")
    commands: parsers.Commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.register(commands)
    return parser
