"""The arguments that `ollama-panel` understands."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ollama_panel import __version__
from ollama_panel.cli import bench, export, keys, settings, status
from ollama_panel.core.records import RequestClass


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
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (_add_gui, _add_serve, _add_demo, _add_status, _add_settings, _add_keys, _add_export, _add_bench):
        add(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 it has no public name


def _add_gui(commands: _Commands) -> None:
    parser = _command(commands, "gui", "open the window (the default command)", _open_window)
    _add_ollama(parser)
    _add_demo_option(parser)
    parser.add_argument("--minimized", action="store_true", help="start in the tray, without showing the window")


def _add_serve(commands: _Commands) -> None:
    parser = _command(commands, "serve", "run the panel without a window", _serve)
    parser.add_argument("--listen", metavar="HOST:PORT", help="where clients find the panel (port 0: any free one)")
    _add_ollama(parser)
    _add_demo_option(parser)


def _add_demo(commands: _Commands) -> None:
    parser = _command(commands, "demo", "open the window on a simulated Ollama", _open_window)
    parser.set_defaults(demo=True)


def _add_status(commands: _Commands) -> None:
    parser = _command(commands, "status", "show what the running panel does", _show_status)
    parser.add_argument("--json", action="store_true", help="everything, for programs")


def _add_settings(commands: _Commands) -> None:
    parser = commands.add_parser("settings", help="read or change the settings; a running panel follows")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    get = _command(actions, "get", "print a setting, or all of them", _get_setting)
    get.add_argument("key", metavar="KEY", nargs="?", help="for example pools.chat.parallel")
    get.add_argument("--explain", action="store_true", help="with what it does, what it accepts, and its default")
    put = _command(actions, "set", "change a setting", _set_setting)
    put.add_argument("key", metavar="KEY", help="for example pools.chat.parallel")
    put.add_argument("value", metavar="VALUE", help="lists with commas, groups as JSON")


def _add_keys(commands: _Commands) -> None:
    parser = commands.add_parser("keys", help="make and remove API keys; a running panel follows")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _command(actions, "list", "list the names of the keys", _list_keys)
    add = _command(actions, "add", "make a key and show it once", _add_key)
    add.add_argument("name", metavar="NAME", help="for whom or what the key is")
    classes = [request_class.value for request_class in RequestClass]
    add.add_argument("--class", dest="request_class", choices=classes, help="the class of all its requests")
    remove = _command(actions, "remove", "revoke a key", _remove_key)
    remove.add_argument("name", metavar="NAME", help="whose key")


def _add_export(commands: _Commands) -> None:
    parser = _command(commands, "export", "print the settings for where Ollama runs without the panel", _export)
    parser.add_argument("target", metavar="TARGET", nargs="?", help="none: list the targets")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write a file instead of printing")
    _add_ollama(parser)


def _add_bench(commands: _Commands) -> None:
    parser = commands.add_parser("bench", help="measure the panel, or simulate its scheduler")
    purposes = "; ".join(f"{name}: {measurement.purpose}" for name, measurement in bench.MEASUREMENTS.items())
    parser.add_argument("name", metavar="NAME", choices=bench.MEASUREMENTS, help=purposes)
    parser.add_argument("rest", metavar="...", nargs=argparse.REMAINDER, help="its own arguments; --help lists them")
    parser.set_defaults(command=_bench)


def _command(commands: _Commands, name: str, purpose: str, command: Command) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
    parser.add_argument("--state-dir", metavar="DIR", type=Path, help="the folder for everything the panel writes")
    parser.set_defaults(command=command)
    return parser


def _add_ollama(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ollama", metavar="PATH", help="the ollama program, for this time only")


def _add_demo_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="use a simulated Ollama")


def _open_window(chosen: PanelArguments, front_ends: FrontEnds) -> int:
    return front_ends.window(chosen)


def _serve(chosen: PanelArguments, front_ends: FrontEnds) -> int:
    return front_ends.headless(chosen)


def _show_status(chosen: PanelArguments, _: FrontEnds) -> int:
    return status.show(chosen.state_dir, as_json=chosen.json)


def _get_setting(chosen: PanelArguments, _: FrontEnds) -> int:
    command = settings.explain if chosen.explain else settings.show
    return command(chosen.state_dir, chosen.key)


def _set_setting(chosen: PanelArguments, _: FrontEnds) -> int:
    return settings.change(chosen.state_dir, str(chosen.key), chosen.value)


def _list_keys(chosen: PanelArguments, _: FrontEnds) -> int:
    return keys.show(chosen.state_dir)


def _add_key(chosen: PanelArguments, _: FrontEnds) -> int:
    request_class = None if chosen.request_class is None else RequestClass(chosen.request_class)
    return keys.add(chosen.state_dir, chosen.name, request_class)


def _remove_key(chosen: PanelArguments, _: FrontEnds) -> int:
    return keys.remove(chosen.state_dir, chosen.name)


def _export(chosen: PanelArguments, _: FrontEnds) -> int:
    return export.write(chosen.state_dir, chosen.target, chosen.out, chosen.ollama)


def _bench(chosen: PanelArguments, _: FrontEnds) -> int:
    return bench.run(chosen.name, chosen.rest)
