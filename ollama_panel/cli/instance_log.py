"""`ollama-panel logs INSTANCE`: what an Ollama server of the running panel wrote, and what it writes."""

import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from ollama_panel.cli import instances, panel_client, parsers
from ollama_panel.cli.panel_client import Panel, Query
from ollama_panel.cli.parsers import Commands
from ollama_panel.core.panel_api import Log

_LAST_LINES = 200
"""The panel sends no more unless it is told after which line."""
_EXAMPLES = """\
ollama-panel logs chat-1
ollama-panel logs -f -n 20 chat-1"""


def register(commands: Commands) -> None:
    """Add the command."""
    parser = parsers.add(
        commands,
        "logs",
        "print the log of an instance",
        lambda one: show(one.state_dir, one.name, one.lines, follow=one.follow),
        _EXAMPLES,
    )
    parser.add_argument("name", metavar="INSTANCE", help="for example chat-1")
    parser.add_argument("-f", "--follow", action="store_true", help="go on with the lines that come, until Ctrl-C")
    parser.add_argument(
        "-n", "--lines", type=parsers.whole, default=_LAST_LINES, metavar="LINES", help="the last LINES lines (200)"
    )


def show(state_dir: Path | None, name: str, lines: int, *, follow: bool) -> int:
    """Print the last lines of a log, and with `follow` those that come, until the panel or the instance ends."""
    panel = panel_client.connect(state_dir)
    path = f"{instances.PATH}/{quote(name, safe='')}/logs"
    log = _last(panel, path, lines)
    _print(log.lines)
    if follow:
        with panel.stream("GET", path, query={"after": log.last, "follow": "true"}) as answer:
            for line in panel.lines(answer):
                _print([line.decode(errors="replace")])
    return 0


def _last(panel: Panel, path: str, lines: int) -> Log:
    """Return the last lines; the panel keeps some thousand, fewer than any number of theirs before it is asked."""
    log = panel.get(path, Log)
    if lines > len(log.lines) == _LAST_LINES:
        query: Query = {"after": max(0, log.last - lines)}
        log = panel.get(path, Log, query=query)
    return Log(log.last, log.lines[-lines:] if lines else ())


def _print(lines: Iterable[str]) -> None:
    """Print lines; on a terminal without what would command it: a log may repeat what anybody sent."""
    for line in lines:
        print(_harmless(line) if sys.stdout.isatty() else line, flush=True)


def _harmless(line: str) -> str:
    return "".join(letter for letter in line if letter.isprintable() or letter == "\t")
