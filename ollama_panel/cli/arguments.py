"""The arguments that `ollama-panel` understands: the commands, each told by its own module."""

import argparse
from collections.abc import Sequence

from ollama_panel import __version__
from ollama_panel.cli import (
    bench,
    export,
    front_ends,
    instance_log,
    instances,
    keys,
    models,
    parsers,
    pools,
    requests,
    settings,
    status,
)
from ollama_panel.cli.parsers import PanelArguments

COMMANDS = (front_ends, status, pools, instances, instance_log, models, requests, settings, keys, export, bench)
"""The modules that have commands, in the order of the help."""

_LISTS = ("pools", "requests")
"""The commands that list without an action."""


def parse(argv: Sequence[str]) -> PanelArguments:
    """Return the parsed arguments; no command means the window. Exits with status 2 if an argument is unknown."""
    return _parser().parse_args(_completed(argv), namespace=PanelArguments())


def _completed(argv: Sequence[str]) -> list[str]:
    """Return the arguments with the command or the action that they leave out."""
    if not argv or _is_option(argv[0], "--version"):
        return ["gui", *argv]
    if argv[0] in _LISTS and (len(argv) == 1 or _is_option(argv[1])):
        return [argv[0], "list", *argv[1:]]
    return list(argv)


def _is_option(word: str, *others: str) -> bool:
    """Return whether it is an option of what is left out: it is neither help nor one of `others`."""
    return word.startswith("-") and word not in ("-h", "--help", *others)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ollama-panel", description="Makes local Ollama models serve many clients at once."
    )
    parser.add_argument("--version", action="version", version=f"Ollama Panel {__version__}")
    commands: parsers.Commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.register(commands)
    return parser
