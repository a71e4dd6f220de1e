"""`ollama-panel drill`: kills, hangs and slows down a secondary instance on purpose, and scores what the panel does."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ollama_panel.cli import output, panel_client, parsers
from ollama_panel.cli.panel_client import Panel
from ollama_panel.cli.parsers import Commands
from ollama_panel.core.columns import aligned
from ollama_panel.core.drill import DrillAnswer, DrillFault, DrillRecord, DrillRequest, DrillState, DrillStep
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1

_PATH = f"{V1}/drill"
_LOOK_S = 0.5
_EXAMPLES = """\
ollama-panel drill                          # all faults, one after the other; Ctrl-C ends it
ollama-panel drill --fault kill --fault slow --model llama3.2:1b
ollama-panel drill --json                   # the record, for programs"""
_NAMES = {
    DrillFault.KILL: "server killed",
    DrillFault.HANG: "server hangs",
    DrillFault.RUNNER_HANG: "runner hangs",
    DrillFault.SLOW: "slow, not dead",
}


def register(commands: Commands) -> None:
    """Add the command."""
    parser = parsers.add(
        commands,
        "drill",
        "do harm to a secondary instance on purpose, and score what the panel does",
        lambda one: drill(one.state_dir, one.model or "", one.fault, as_json=one.json),
        _EXAMPLES,
    )
    parser.add_argument("--model", metavar="MODEL", help="the model to ask; else the smallest")
    parser.add_argument(
        "--fault",
        action="append",
        choices=[one.value for one in DrillFault],
        help="what to do: kill or hang the server, hang its runner, or slow it down; may come again; else all",
    )
    parsers.add_json(parser)


def drill(state_dir: Path | None, model: str, faults: list[str] | None, *, as_json: bool) -> int:
    """Carry out a drill and print what came of it; return 0 if every fault that was carried out is passed."""
    panel = panel_client.connect(state_dir)
    wanted = DrillRequest(tuple(map(DrillFault, faults or ())), model)
    record = panel.change("POST", _PATH, DrillRecord, wanted)
    print(f"At {record.instance}, with requests of its own. Ctrl-C ends it.", file=sys.stderr)
    try:
        record = _followed(panel, record)
    except KeyboardInterrupt:
        record = _cancelled(panel, record)
    if as_json:
        output.print_json(msgspec.json.encode(record))
    else:
        for line in _lines(record):
            print(line)
    return 0 if record.state is DrillState.DONE and all(one.passed is not False for one in record.steps) else 1


def _followed(panel: Panel, record: DrillRecord) -> DrillRecord:
    """Tell of each fault as it begins and ends, until the drill has ended."""
    told = set[str]()
    while True:
        for step in record.steps:
            for line in _news(step):
                if line not in told:
                    told.add(line)
                    print(line, file=sys.stderr, flush=True)
        if record.state is not DrillState.RUNNING:
            return record
        time.sleep(_LOOK_S)
        record = panel.get(_PATH, DrillAnswer).drill or record


def _cancelled(panel: Panel, record: DrillRecord) -> DrillRecord:
    try:
        return panel_client.decoded(panel.ask("DELETE", _PATH, patient=True), DrillRecord)
    except PanelError:  # it has just ended by itself
        return panel.get(_PATH, DrillAnswer).drill or record


def _news(step: DrillStep) -> Iterator[str]:
    if step.began is not None:
        yield f"{_NAMES[step.fault]}: begun"
    if step.detected_s is not None:
        yield f"{_NAMES[step.fault]}: noticed after {step.detected_s:.1f} s"
    if step.recovered_s is not None:
        yield f"{_NAMES[step.fault]}: serves again after {step.recovered_s:.1f} s"


def _lines(record: DrillRecord) -> Iterator[str]:
    """Yield a table of the faults, and the score."""
    rows: list[tuple[str, ...]] = [("fault", "noticed", "again", "sent", "lost", "broken", "")]
    rows += map(_row, record.steps)
    yield from aligned(rows)
    for step in record.steps:
        if step.told is not None:
            yield f"{_NAMES[step.fault]}: {render(step.told)}"
    if record.problem is not None:
        yield render(record.problem)
    if record.state is DrillState.CANCELLED:
        yield "Cancelled: the instance is as before."
    elif record.score is not None:
        yield f"Score: {record.score} of 100"


def _row(step: DrillStep) -> tuple[str, ...]:
    counts = map(str, (step.sent, step.lost, step.broken))
    return (_NAMES[step.fault], _seconds(step.detected_s), _seconds(step.recovered_s), *counts, _verdict(step))


def _verdict(step: DrillStep) -> str:
    if step.false_alarm:
        return "false alarm"
    return "not done" if step.passed is None else "passed" if step.passed else "failed"


def _seconds(value: float | None) -> str:
    return output.UNKNOWN if value is None else f"{value:.1f} s"
