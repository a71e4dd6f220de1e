"""`ollama-panel machine [show]`: this computer, and what runs on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from ollama_panel.cli import machine_readings, output, panel_client, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.panel_api import V1, Machine, ServerAnswer
from ollama_panel.core.replacements import Stage
from ollama_panel.core.replacing import of_replacement
from ollama_panel.core.server_notices import of_log, of_owner
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.text import printable

_PATH = f"{V1}/machine"
_EXAMPLES = """\
ollama-panel machine
ollama-panel machine --json
ollama-panel machine replace 812          # says what would be done
ollama-panel machine replace 812 --yes
ollama-panel machine give-back 812"""
_PURPOSES = {
    "use": "use a found server beside the workers",
    "leave": "leave a found server alone",
    "replace": "let the workers take the place of a found server; without --yes only say what would be done",
    "give-back": "undo that: stop what has its place, and start the server as it ran",
}


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    group = parsers.group(commands, "machine", "show this computer, and what runs on it", _EXAMPLES)
    actions = parsers.actions_of(group)
    shown = parsers.add(
        actions,
        "show",
        "show the machine (the default action)",
        lambda one: show(one.state_dir, as_json=one.json),
    )
    parsers.add_json(shown)
    for command, purpose in _PURPOSES.items():
        parser = parsers.add(actions, command, purpose, _commanding(command))
        parser.add_argument("name", metavar="SERVER", help="as `ollama-panel machine` names it")
        if command == "replace":
            parser.add_argument("--yes", action="store_true", help="do it")


def _commanding(command: str) -> Callable[[PanelArguments], int]:
    return lambda one: tell(one.state_dir, command, one.name, yes=command != "replace" or one.yes)


def tell(state_dir: Path | None, command: str, server: str, *, yes: bool) -> int:
    """Carry out a command for a found server, or say what it would do, and print what the user is to do then."""
    panel = panel_client.connect(state_dir)
    query: panel_client.Query = {} if command != "replace" else {"dry_run": str(not yes).lower()}
    path = f"{_PATH}/servers/{quote(server, safe='')}/{command}"
    answer = panel_client.decoded(panel.ask("POST", path, query=query, patient=True), ServerAnswer)
    for one in answer.told:
        print(printable(render(one)))
    if not yes:
        print("Nothing was done: --yes does it.")
        return 0
    print(*map(printable, answer.todo), sep="\n", end="\n" if answer.todo else "")
    return 0


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print what is known of the machine."""
    answer = panel_client.connect(state_dir).ask("GET", _PATH, query={"refresh": "true"})
    if as_json:
        output.print_json(answer.content)
        return 0
    print("\n".join(_lines(panel_client.decoded(answer, Machine))))
    return 0


def _lines(machine: Machine) -> Iterator[str]:
    yield from aligned(
        [
            ("Program:", machine.ollama_binary or output.UNKNOWN),
            ("Version:", machine.ollama_version or output.UNKNOWN),
            ("Cores:", str(machine.cores)),
            *machine_readings.system(machine.telemetry),
        ]
    )
    yield from machine_readings.tables(machine.telemetry)
    if machine.programs:
        yield ""
        yield from aligned([("PROGRAM", "VERSION", ""), *map(_program, machine.programs)])
    yield ""
    if machine.found_servers:
        yield from aligned([_HEAD, *map(_server, machine.found_servers)])
    else:
        yield "No Ollama server runs on this computer."
    for one in machine.replacements:
        yield ""
        yield render(of_replacement(one, machine.found_servers))
        yield from map(printable, one.todo)
        if one.stage is Stage.REPLACED:
            yield f"ollama-panel machine give-back {one.id} undoes it."


_HEAD = ("SERVER", "STARTED BY", "ADDRESS", "VERSION", "USER", "MEMORY", "MODELS IN", "LOG")


def _program(one: Program) -> tuple[str, ...]:
    told = render(one.problem) if one.problem is not None else "the panel runs it" if one.chosen else ""
    return printable(one.path), printable(one.version or output.UNKNOWN), printable(told)


def _server(one: FoundServer) -> tuple[str, ...]:
    log = of_log(one)
    return (
        one.id,
        printable(render(of_owner(one.owner))),
        printable(one.address or output.UNKNOWN),
        printable(one.version or output.UNKNOWN),
        printable(one.user or output.UNKNOWN),
        output.UNKNOWN if one.rss_bytes is None else ENGLISH.bytes(one.rss_bytes),
        printable(one.store or output.UNKNOWN),
        printable(output.UNKNOWN if log is None else render(log)),
    )
