"""`ollama-panel take-over`: the panel at Ollama's own address, so that Ollama's clients need no change."""

from collections.abc import Iterator
from pathlib import Path

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1
from ollama_panel.core.takeover import StepState, Takeover, TakeoverAnswer
from ollama_panel.core.text import printable

_PATH = f"{V1}/take-over"
_EXAMPLES = """\
ollama-panel take-over --dry-run          # says what would be done, with the exact commands
ollama-panel take-over                    # does it, or goes on with it; waits for commands that need sudo
ollama-panel take-over 812                # from a server that listens elsewhere: `ollama-panel machine` lists them
ollama-panel take-over --undo"""
_MARKS = {
    StepState.OPEN: "[ ]",
    StepState.UNDER_WAY: "[…]",
    StepState.WAITING: "[ ]",
    StepState.DONE: "[x]",
    StepState.FAILED: "[!]",
}


def register(commands: Commands) -> None:
    """Add the command."""
    purpose = "listen at Ollama's own address and move Ollama elsewhere, so that its clients need no change"
    parser = parsers.add(commands, "take-over", purpose, _run, _EXAMPLES)
    parser.add_argument("name", metavar="SERVER", nargs="?", default="", help="the one at Ollama's own port 11434")
    parser.add_argument("--undo", action="store_true", help="let Ollama listen there again, as before")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parsers.add_json(parser)


def _run(chosen: PanelArguments) -> int:
    if chosen.undo and chosen.name:
        raise parsers.UsageError("--undo takes no SERVER: there is one take-over at most")
    return tell(chosen.state_dir, chosen.name, undo=chosen.undo, dry_run=chosen.dry_run, as_json=chosen.json)


def tell(state_dir: Path | None, server: str, *, undo: bool, dry_run: bool, as_json: bool) -> int:
    """Take over, undo that, or only say how, and print how far it is and what the user is to type."""
    panel = panel_client.connect(state_dir)
    query: panel_client.Query = {"dry_run": str(dry_run).lower()} | ({"server": server} if server else {})
    answer = panel.ask("POST", f"{_PATH}/undo" if undo else _PATH, query=query, patient=True)
    if as_json:
        output.print_json(answer.content)
        return 0
    told = panel_client.decoded(answer, TakeoverAnswer)
    print("\n".join(map(printable, _lines(told, dry_run=dry_run))))
    return 0


def _lines(answer: TakeoverAnswer, *, dry_run: bool) -> Iterator[str]:
    yield from map(render, answer.told)
    if answer.takeover is not None:
        yield ""
        yield from _steps(answer.takeover, dry_run=dry_run)
    if dry_run:
        yield ""
        yield "Nothing was done: without --dry-run it is."
    elif answer.todo:
        yield ""
        yield "Type:"
        yield from (f"  {command}" for command in answer.todo)


def _steps(takeover: Takeover, *, dry_run: bool) -> Iterator[str]:
    for number, step in enumerate(takeover.steps, 1):
        yield f"{f'{number}.' if dry_run else _MARKS[step.state]} {render(step.told)}"
        if dry_run:
            yield from (f"   {command}" for command in step.commands)
            yield f"   Proof: {render(step.verified)}"
