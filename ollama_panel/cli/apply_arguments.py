"""The arguments that put an export into force, here or on another machine, and those that go back."""

import argparse

from ollama_panel.cli.parsers import PanelArguments, UsageError
from ollama_panel.core.applying.host import is_host


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that put an export into force or go back."""
    told = "put it into force: shows the difference, asks, restarts when idle, and proves it or goes back"
    parser.add_argument("--apply", action="store_true", help=told)
    parser.add_argument("--undo", action="store_true", help="bring back what was there before the last --apply")
    add_host(parser)
    parser.add_argument("--now", action="store_true", help="restart without waiting until no client is at work")
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")


def add_host(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names another machine."""
    parser.add_argument("--host", metavar="USER@MACHINE", default="", help="another machine, by the system's ssh")


def require(chosen: PanelArguments) -> None:
    """Raise UsageError if the arguments do not fit each other."""
    if chosen.apply and chosen.undo:
        raise UsageError("--apply and --undo exclude each other")
    acting = chosen.apply or chosen.undo
    if acting and chosen.target is None:
        raise UsageError("--apply and --undo need a TARGET")
    if acting and (chosen.place or chosen.check):
        raise UsageError("--apply writes where the target belongs: --out and --check exclude --apply and --undo")
    if not acting and (chosen.host or chosen.now or chosen.yes):
        raise UsageError("--host, --now and --yes belong to --apply or --undo")
    require_host(chosen)


def require_host(chosen: PanelArguments) -> None:
    """Raise UsageError if ssh would not take the name of the machine."""
    if chosen.host and not is_host(chosen.host):
        raise UsageError(f"{chosen.host!r} is no destination for ssh, such as user@machine")
