"""`ollama-panel`, `serve` and `demo`: the panel itself, with a window or without."""

import argparse

from ollama_panel.cli import parsers
from ollama_panel.cli.parsers import Command, Commands, FrontEnds, PanelArguments


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = _add(commands, "gui", "open the window (the default command)", _open_window)
    parsers.add_ollama(parser)
    _add_demo_option(parser)
    parser.add_argument("--minimized", action="store_true", help="start in the tray, without showing the window")
    parser = _add(commands, "serve", "run the panel without a window", _serve)
    parser.add_argument("--listen", metavar="HOST:PORT", help="where clients find the panel (port 0: any free one)")
    parsers.add_ollama(parser)
    _add_demo_option(parser)
    parser = _add(commands, "demo", "open the window on a simulated Ollama", _open_window)
    parser.set_defaults(demo=True)


def _add(commands: Commands, name: str, purpose: str, command: Command) -> argparse.ArgumentParser:
    parser = parsers.group(commands, name, purpose)
    parsers.add_state_dir(parser)
    parser.set_defaults(command=command)
    return parser


def _add_demo_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="use a simulated Ollama")


def _open_window(chosen: PanelArguments, front_ends: FrontEnds) -> int:
    return front_ends.window(chosen)


def _serve(chosen: PanelArguments, front_ends: FrontEnds) -> int:
    return front_ends.headless(chosen)
