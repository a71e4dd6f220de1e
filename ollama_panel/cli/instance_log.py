"""`ollama-panel logs INSTANCE`: what an Ollama server of the panel wrote, and what it writes.

A running panel has the last lines in its memory. Older ones are in files, which are read where no panel runs, too.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from ollama_panel.cli import instances, panel_client, parsers
from ollama_panel.cli.panel_client import AbsentError, Panel, Query
from ollama_panel.cli.parsers import Commands
from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import Log
from ollama_panel.engine import instance_log_files
from ollama_panel.engine.paths import Paths

_LAST_LINES = 200
"""The panel sends no more unless it is told after which line."""
_ALIGNED = 3
"""So many lines in a row of the panel's memory are found in the file: one alone may come again."""
_EXAMPLES = """\
ollama-panel logs chat-1
ollama-panel logs -f -n 20 chat-1
ollama-panel logs -n 20000 chat-1            # older lines, too, from the files"""


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
    folder = Paths.of(state_dir).logs
    try:
        panel = panel_client.connect(state_dir)
    except AbsentError:
        if follow:
            raise
        _print(_of_files(folder, name, lines))
        return 0
    path = f"{instances.PATH}/{quote(name, safe='')}/logs"
    log = _last(panel, path, lines)
    _print(_older(folder, name, log.lines, lines))
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


def _of_files(folder: Path, name: str, lines: int) -> list[str]:
    """Return the last lines of the files. Raises PanelError if there are none, or if they cannot be read."""
    path = instance_log_files.path_of(folder, name)
    found = _read(folder, name, lines)
    if not found and not path.exists():
        known = tuple(instance_log_files.names(folder))
        none = notice("log.none", instance=name, folder=str(folder))
        raise PanelError(notice("log.none_but", **none.values, known=known) if known else none)
    print(render(notice("log.of_files", path=str(path))), file=sys.stderr)
    return found


def _older(folder: Path, name: str, kept: Sequence[str], lines: int) -> list[str]:
    """Return the lines of the files before those that the panel has in its memory, so that there are `lines` in all."""
    if len(kept) >= lines:
        return []
    written = _read(folder, name, lines + len(kept))
    first, places = kept[:_ALIGNED], [at for at, line in enumerate(written) if not instance_log_files.is_mark(line)]
    for number in range(len(places) - len(first), -1, -1):
        pairs = zip(places[number:], first, strict=False)
        if first and all(written[at].endswith(text) for at, text in pairs):
            written = written[: places[number]]
            break
    return written[max(0, len(written) - lines + len(kept)) :]


def _read(folder: Path, name: str, count: int) -> list[str]:
    try:
        return instance_log_files.last_lines(folder, name, count)
    except OSError as error:
        path = instance_log_files.path_of(folder, name)
        raise PanelError(not_read(str(path), error, notice("advice.other_user"))) from error


def _print(lines: Iterable[str]) -> None:
    """Print lines; on a terminal without what would command it: a log may repeat what anybody sent."""
    for line in lines:
        print(_harmless(line) if sys.stdout.isatty() else line, flush=True)


def _harmless(line: str) -> str:
    return "".join(letter for letter in line if letter.isprintable() or letter == "\t")
