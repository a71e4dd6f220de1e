"""What happens during a tuning, as lines: on a terminal with one more at the end that is written anew."""

from collections.abc import Iterator

from ollama_panel.cli.tuning_text import duration, measured_rate, settings, what_was_tried
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.text import printable
from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Outcome

_ANEW = "\r\x1b[K"
"""Back to the begin of the line, and clear it."""
_QUIET = (TuningState.WAITING, TuningState.PAUSED)
_STATES = {
    TuningState.PREPARING: "prepares",
    TuningState.MEASURING: "measures",
    TuningState.WAITING: "waits",
    TuningState.PAUSED: "paused",
    TuningState.RESTORING: "brings the former settings back",
}


class Plain:
    """Progress for a file: a line for each thing that happens."""

    def __init__(self) -> None:
        self._before: TuningRecord | None = None

    def text(self, record: TuningRecord) -> str:
        """Return what to write for a record: what is new in it."""
        before, self._before = self._before, record
        return "".join(f"{printable(line)}\n" for line in dict.fromkeys(_news(record, before)))

    def end(self) -> str:
        """Return what to write at the end, or if it is broken off."""
        return ""


class OnTerminal:
    """The same for a terminal, with a last line of how far the trial under way is."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._plain = Plain()
        self._open = False

    def text(self, record: TuningRecord) -> str:
        """Return what to write for a record."""
        before = _ANEW if self._open else ""
        live = printable(_live(record))[: self._columns - 1]
        self._open = bool(live)
        return before + self._plain.text(record) + live

    def end(self) -> str:
        """Return what to write at the end, or if it is broken off."""
        return "\n" if self._open else ""


def _news(record: TuningRecord, before: TuningRecord | None) -> Iterator[str]:
    happened = len(before.happenings) if before is not None else 0
    ended = len(before.outcomes) if before is not None else 0
    disturbed = {one.code for one in before.conditions} if before is not None else set[str]()
    yield from (render(one.what) for one in record.happenings[happened:])
    yield from (
        _result(number, record.outcomes[number - 1], record.task.goal)
        for number in range(ended + 1, len(record.outcomes) + 1)
    )
    yield from (render(one) for one in record.conditions if one.code not in disturbed)
    if record.current is not None and (before is None or record.current != before.current):
        yield f"{_heading(record)}: {settings(record.current.candidate)}. {render(record.current.why)}"
    changed = before is None or (record.state, record.reason) != (before.state, before.reason)
    if changed and record.state in _QUIET and record.reason is not None:
        yield render(record.reason)


def _result(number: int, outcome: Outcome, goal: Goal) -> str:
    tried = what_was_tried(outcome)
    it = outcome.measurement
    if it is None:
        return f"{number}. {tried}: {render(outcome.problem) if outcome.problem is not None else 'not measured'}"
    token = f", {duration(it.token_p50_s)} per token (p95 {duration(it.token_p95_s)})"
    first = f", first token p95 {duration(it.first_token_p95_s)}"
    told = measured_rate(goal, it) + ("" if it.token_p50_s is None else token) + first
    if outcome.trial.against is not None and outcome.against is not None:
        told += f"; {settings(outcome.trial.against)} in turns with it: {measured_rate(goal, outcome.against)}"
    return f"{number}. {tried}: {told}"


def _heading(record: TuningRecord) -> str:
    number = len(record.outcomes) + 1
    planned = sum(max(1, len(one.candidates)) for one in record.outlook if one.skipped is None)
    total = f" of about {number + planned}" if planned else ""
    return f"Trial {number}{total}{_left(record)}"


def _left(record: TuningRecord) -> str:
    return "" if record.left_s is None else f", about {ENGLISH.seconds(round(record.left_s))} left"


def _live(record: TuningRecord) -> str:
    """Return how far a tuning is, "" when it has ended."""
    state = _STATES.get(record.state)
    if state is None:
        return ""
    if record.current is None or record.state is not TuningState.MEASURING:
        return f"{_heading(record)}: {state}"
    so_far = record.partial.measurement if record.partial is not None else None
    measured = "" if so_far is None else f", {measured_rate(record.task.goal, so_far)} so far"
    return f"{_heading(record)}: {settings(record.current.candidate)}, wave {record.wave}{measured}"
