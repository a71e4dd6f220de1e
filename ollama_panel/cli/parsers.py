"""What the modules of the commands share to tell which arguments they take.

Each has a function `register` that adds its command; `arguments.py` lists them.
"""

import argparse
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import RequestState

if TYPE_CHECKING:
    from ollama_panel.core.importing.record import OfferId

E = TypeVar("E", bound=Enum)


class PanelArguments(argparse.Namespace):
    """The parsed arguments, with the defaults of those that are absent."""

    command: "Command"
    state_dir: Path | None = None
    demo: bool = False
    ollama: str | None = None
    listen: str | None = None
    minimized: bool = False
    login: bool = False
    uninstall: bool = False
    json: bool = False
    key: str | None = None
    explain: bool = False
    value: str = ""
    target: str | None = None
    out: Path | None = None
    name: str = ""
    request_class: str | None = None
    weight: float | None = None
    most: int | None = None
    back: bool = False
    rest: Sequence[str] = ()
    names: Sequence[str] = ()
    profiles: Sequence[str] | None = None
    accelerator: str | None = None
    of_user: bool = False
    check: bool = False
    place: str = ""
    all: bool = False
    wait: bool = False
    no_wait: bool = False
    follow: bool = False
    lines: int = 0
    limit: int = 0
    since: float = 0.0
    requests: bool = False
    events: bool = False
    csv: bool = False
    state: Sequence[RequestState] = ()
    dry_run: bool = False
    role: str | None = None
    workers: int | None = None
    parallel: int | None = None
    context: int | None = None
    slo_first_token: float | None = None
    slo_tokens: float | None = None
    models: Sequence[str] | None = None
    env: Sequence[tuple[str, str]] | None = None
    scope: Sequence[Scope] = ()
    version: str | None = None
    preset: str = ""
    use: str = ""
    what: str = ""
    accept: "Sequence[OfferId]" = ()
    family: str = ""
    people: int = 1
    memory: str = ""
    gpu: Sequence[str] | None = None
    cores: int | None = None
    table: bool = False
    yes: bool = False
    way: str = ""
    system: str | None = None
    elsewhere: bool = False
    container: bool = False
    undo: bool = False
    host: str = ""
    now: bool = False
    fix: str | None = None
    back_to: str | None = None
    ignore: str | None = None
    show_again: str | None = None
    bundle: str | None = None
    facts: Path | None = None
    preview: bool = False
    tuning: str | None = None
    file: Path = Path()
    model: str | None = None
    goal: str | None = None
    workload: str | None = None
    first_token: float | None = None
    token_time: float | None = None
    less_quality: bool = False
    trials: int | None = None
    minutes: float | None = None
    apply: bool = False
    detach: bool = False
    cut: bool = False


class UsageError(Exception):
    """Arguments that do not fit each other; `add` prints it with the usage of the command and ends with status 2."""


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

    def command(chosen: PanelArguments, _: FrontEnds) -> int:
        try:
            return run(chosen)
        except UsageError as error:
            parser.error(str(error))

    parser.set_defaults(command=command)
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


def whole(text: str) -> int:
    """Return a whole number from 0 up, the type of an argument."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"it must be a whole number, not {text!r}")
    return int(text)


def choices(kind: type[E]) -> Callable[[str], tuple[E, ...]]:
    """Return the type of an argument that lists members of an enumeration by their values, separated by commas."""

    def parsed(text: str) -> tuple[E, ...]:
        try:
            return tuple(dict.fromkeys(kind(part.strip()) for part in text.split(",")))
        except ValueError:
            known = ", ".join(str(member.value) for member in kind)
            raise argparse.ArgumentTypeError(f"it must be some of {known}, with commas, not {text!r}") from None

    return parsed
