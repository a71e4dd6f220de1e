"""What the modules of the commands share to tell which arguments they take.

Each has a function `register` that adds its command; `arguments.COMMANDS` lists them.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias


class PanelArguments(argparse.Namespace):
    """The parsed arguments, with the defaults of those that are absent."""

    command: "Command"
    state_dir: Path | None = None
    demo: bool = False
    ollama: str | None = None
    listen: str | None = None
    minimized: bool = False
    json: bool = False
    key: str | None = None
    explain: bool = False
    value: str = ""
    target: str | None = None
    out: Path | None = None
    name: str = ""
    request_class: str | None = None
    rest: Sequence[str] = ()


class FrontEnds(NamedTuple):
    """The two ways to run the panel; each runs until it is stopped and returns the exit status."""

    window: Callable[[PanelArguments], int]
    headless: Callable[[PanelArguments], int]


Command = Callable[[PanelArguments, FrontEnds], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 it has no public name


def add(
    commands: Commands, name: str, purpose: str, run: Callable[[PanelArguments], int], examples: str = ""
) -> argparse.ArgumentParser:
    """Add a command, or an action of one, and return its parser; `examples` are lines below its help."""
    parser = group(commands, name, purpose, examples)
    add_state_dir(parser)
    parser.set_defaults(command=lambda chosen, _: run(chosen))
    return parser


def group(commands: Commands, name: str, purpose: str, examples: str = "") -> argparse.ArgumentParser:
    """Add a command that has actions of its own, or other arguments than those of `add`, and return its parser."""
    return commands.add_parser(
        name,
        help=purpose,
        description=purpose[0].upper() + purpose[1:] + ".",
        epilog="examples:\n" + "\n".join(f"  {line}" for line in examples.splitlines()) if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def actions_of(parser: argparse.ArgumentParser) -> Commands:
    """Return where the actions of a command are added."""
    return parser.add_subparsers(metavar="ACTION", required=True)


def add_state_dir(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the state folder."""
    parser.add_argument("--state-dir", metavar="DIR", type=Path, help="the folder for everything the panel writes")


def add_ollama(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the Ollama program."""
    parser.add_argument("--ollama", metavar="PATH", help="the ollama program, for this time only")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option that lets a list be printed for programs."""
    parser.add_argument("--json", action="store_true", help="everything, for programs")
