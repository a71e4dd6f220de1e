"""`ollama-panel tune [start]|show|list|pause|resume|cancel|apply`: measures which settings of a pool are the best."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import msgspec

from ollama_panel.cli import output, panel_client, parsers, settings_file, tuning_text
from ollama_panel.cli.panel_client import Panel
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.cli.tuning_progress import OnTerminal, Plain
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.panel_api import V1, SettingsChanged, TuningAnswer, TuningPlan, Tunings
from ollama_panel.core.text import printable
from ollama_panel.core.tuning.record import ENDED, TuningRecord, TuningState
from ollama_panel.core.tuning.task import Goal, WorkloadKind

_PATH = f"{V1}/tuning"
_ALL = f"{V1}/tunings"
_DATA = b"data: "
"""What begins the record of an event (server-sent events, HTML standard, section 9.2)."""
_EXAMPLES = """\
ollama-panel tune                                  # measures, and says what is the best; changes no setting
ollama-panel tune --pool chat --goal throughput --apply
ollama-panel tune --first-token 2 --token-time 100 # the most tokens per second that keep these limits
ollama-panel tune --dry-run                        # says what it would do, and how long that takes
ollama-panel tune list
ollama-panel tune apply ID"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "measure which settings of a pool are the best, and apply them"
    actions = parsers.actions_of(parsers.group(commands, "tune", purpose, _EXAMPLES))
    _add_start(actions)
    shown = parsers.add(actions, "show", "show a tuning: how far it is, or what it has found", show)
    _add_id(shown)
    shown.add_argument("-f", "--follow", action="store_true", help="go on with its progress until it ends")
    parsers.add_json(shown)
    all_of_them = parsers.add(
        actions, "list", "list the tunings that have ended", lambda one: show_all(one.state_dir, as_json=one.json)
    )
    parsers.add_json(all_of_them)
    for name, what, told in (
        (
            "pause",
            "pause the tuning; the former settings are in force meanwhile",
            "Paused: {pool} has its former settings meanwhile.",
        ),
        ("resume", "go on with a tuning that is paused or waits", "Goes on: `ollama-panel tune show -f` follows it."),
        ("cancel", "end the tuning", "Cancelled: {pool} has its former settings."),
    ):
        parsers.add(actions, name, what, _commanding(name, told))
    _add_id(parsers.add(actions, "apply", "apply what a tuning has found", lambda one: apply(one.state_dir, one.name)))


def _add_start(actions: Commands) -> None:
    new = parsers.add(actions, "start", "measure, and say what is the best (the default action)", start)
    new.add_argument("--pool", metavar="POOL", help="the pool to tune; else the only one that fits")
    new.add_argument("--model", metavar="MODEL", help="the model to measure with; else the largest of the pool")
    new.add_argument("--goal", choices=_values(Goal), help="what is best: balanced, for embedding pools embedding")
    new.add_argument("--workload", choices=_values(WorkloadKind), help="like which requests; else by the pool's role")
    new.add_argument("--first-token", type=float, metavar="S", help="at most S seconds to the first token, at p95")
    new.add_argument("--token-time", type=float, metavar="MS", help="at most MS milliseconds a further token, at p95")
    new.add_argument("--less-quality", action="store_true", help="try a KV cache of 8 bits, too")
    new.add_argument("--trials", type=parsers.whole, metavar="N", help="at most N trials (1 to 64; 16)")
    new.add_argument("--minutes", type=float, metavar="N", help="measure for at most N minutes (1 to 240; 12)")
    new.add_argument(
        "--apply", action="store_true", help="apply the best settings if they are better than those of now"
    )
    new.add_argument("--json", dest="out", type=Path, metavar="FILE", help="write all that was measured to FILE")
    new.add_argument("--dry-run", action="store_true", help="only say what would be done, and how long it takes")
    new.add_argument("--detach", action="store_true", help="begin it and return; the panel goes on")


def _add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ID", nargs="?", default="", help="as the list shows it; else the newest")


def _values(kind: type[Enum]) -> list[str]:
    return [str(one.value) for one in kind]


def start(chosen: PanelArguments) -> int:
    """Tell what is to be done, tune, and tell what was found. Interrupted, it cancels the tuning."""
    if chosen.detach and (chosen.apply or chosen.out is not None):
        raise parsers.UsageError("--detach does not wait for the verdict, which --apply and --json need")
    panel = panel_client.connect(chosen.state_dir)
    wanted = _wanted(chosen)
    planned = panel.change("POST", _PATH, TuningPlan, wanted, {"dry_run": "true"})
    if planned.preview.problem is not None:
        raise PanelError(planned.preview.problem)
    _print(tuning_text.plan(planned))
    if chosen.dry_run:
        print("Nothing was done: without --dry-run it is.")
        return 0
    if chosen.out is not None:
        _write(chosen.out, b"", mode="ab")  # what cannot be written is told before minutes are spent
    begun = panel.change("POST", _PATH, TuningRecord, wanted)
    if chosen.detach:
        print(f"Begun: {begun.id}. `ollama-panel tune show -f` follows it.")
        return 0
    print()
    try:
        record = _follow(panel, begun)
    except KeyboardInterrupt:
        _cancel(panel, begun)
        raise
    return _end(panel, record, chosen)


def _wanted(chosen: PanelArguments) -> dict[str, object]:
    """Return what the arguments ask for, as JSON; what is left out the panel chooses."""
    token_s = None if chosen.token_time is None else chosen.token_time / 1000
    given: dict[str, object] = {
        "pool": chosen.pool,
        "model": chosen.model,
        "goal": chosen.goal,
        "workload": chosen.workload,
        "first_token_s": chosen.first_token,
        "token_s": token_s,
        "less_quality": chosen.less_quality or None,
        "most_trials": chosen.trials,
        "most_minutes": chosen.minutes,
    }
    return {name: value for name, value in given.items() if value is not None}


def _end(panel: Panel, record: TuningRecord, chosen: PanelArguments) -> int:
    """Print what came of a tuning, and do with it what is asked for."""
    if record.state not in ENDED:
        print("The panel has ended. When it runs again, the same command goes on with the tuning.", file=sys.stderr)
        return 1
    print()
    _print(tuning_text.verdict(record))
    if chosen.out is not None:
        content = panel.ask("GET", _path_of(record.id)).content
        _write(chosen.out, msgspec.json.format(content, indent=2) + b"\n")
    if record.state is not TuningState.DONE:
        return 1
    if not tuning_text.is_better(record):
        return 0
    print()
    if chosen.apply:
        return _apply(panel, record.id)
    print(f"Nothing was changed: `ollama-panel tune apply {record.id}` applies it.")
    return 0


def _follow(panel: Panel, begun: TuningRecord) -> TuningRecord:
    """Print the progress of a tuning until it or the panel ends, and return its last record."""
    last = begun
    progress = OnTerminal(shutil.get_terminal_size().columns) if sys.stdout.isatty() else Plain()
    try:
        for last in _records(panel, begun.id):
            print(progress.text(last), end="", flush=True)
            if last.state in ENDED:
                break
    finally:
        print(end=progress.end(), flush=True)
    return last


def _records(panel: Panel, tuning: str) -> Iterator[TuningRecord]:
    """Yield the records of a tuning as they change."""
    with panel.stream("GET", f"{V1}/events", query={"types": "tuning"}) as answer:
        for line in panel.lines(answer):
            if line.startswith(_DATA):
                record = msgspec.json.decode(line.removeprefix(_DATA), type=TuningRecord)
                if record.id == tuning:
                    yield record


def _cancel(panel: Panel, begun: TuningRecord) -> None:
    """Cancel a tuning for whoever has interrupted the command, and say that all is as before."""
    print("Cancels the tuning.", file=sys.stderr, flush=True)
    panel.ask("POST", f"{_PATH}/cancel", patient=True)
    print(f"Cancelled: {begun.task.pool} has its former settings.", file=sys.stderr)


def _commanding(name: str, told: str) -> Callable[[PanelArguments], int]:
    """Return what carries out a command for the tuning under way, and says what it has done."""

    def command(chosen: PanelArguments) -> int:
        answer = panel_client.connect(chosen.state_dir).ask("POST", f"{_PATH}/{name}", patient=True)
        record = panel_client.decoded(answer, TuningAnswer).tuning
        print(told.format(pool=output.UNKNOWN if record is None else record.task.pool))
        return 0

    return command


def show(chosen: PanelArguments) -> int:
    """Print a tuning, and with `follow` its progress until it ends."""
    panel = panel_client.connect(chosen.state_dir)
    record = _find(panel, chosen.name)
    if record is None:
        print("No tuning was made yet: `ollama-panel tune` makes one.", file=sys.stderr)
        return 1
    if chosen.follow and record.state not in ENDED:
        record = _follow(panel, record)
        print()
    if chosen.json:
        output.print_json(panel.ask("GET", _path_of(record.id)).content)
    else:
        _print(tuning_text.shown(record))
    return 0


def show_all(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the tunings that have ended."""
    answer = panel_client.connect(state_dir).ask("GET", _ALL)
    if as_json:
        output.print_json(answer.content)
        return 0
    records = panel_client.decoded(answer, Tunings).tunings
    _print(tuning_text.listed(records) if records else ["No tuning has ended yet."])
    return 0


def apply(state_dir: Path | None, name: str) -> int:
    """Apply what a tuning has found, by default the newest."""
    panel = panel_client.connect(state_dir)
    if name:
        return _apply(panel, name)
    ended = panel.get(_ALL, Tunings).tunings
    if not ended:
        print("No tuning has ended yet: `ollama-panel tune` makes one.", file=sys.stderr)
        return 1
    return _apply(panel, ended[0].id)


def _apply(panel: Panel, name: str) -> int:
    changed = panel.change("POST", f"{_path_of(name)}/apply", SettingsChanged)
    print("Applied. `ollama-panel tune list` has all tunings.")
    settings_file.tell(changed.effects)
    return 0


def _find(panel: Panel, name: str) -> TuningRecord | None:
    """Return a tuning, by default the one under way, else the newest; None if there is none."""
    if name:
        return panel.get(_path_of(name), TuningRecord)
    present = panel.get(_PATH, TuningAnswer).tuning
    return present or next(iter(panel.get(_ALL, Tunings).tunings), None)


def _path_of(name: str) -> str:
    return f"{_ALL}/{quote(name, safe='')}"


def _write(path: Path, content: bytes, mode: Literal["wb", "ab"] = "wb") -> None:
    try:
        with path.open(mode) as file:
            file.write(content)
    except OSError as error:
        raise PanelError(not_written(str(path), error)) from error


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))
