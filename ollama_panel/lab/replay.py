"""Replay of a recorded log: what happened to the requests, and whether the scheduler would decide the same today."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ollama_panel.core.checkpoint import restored
from ollama_panel.core.columns import aligned
from ollama_panel.core.errors import not_read
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.event_log import Step, read, unpacked
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.core.timeline.timeline import MAX_OPEN, Timeline
from ollama_panel.lab.statistics import percentile

_COLUMNS = (
    "arrived",
    "waited",
    "first byte",
    "took",
    "state",
    "instance",
    "tries",
    "prompt",
    "output",
    "model",
    "client",
    "request",
    "why",
)


class Replay:
    """The scheduler of today, and the timeline of what was recorded.

    A recording that begins in the middle of a run brings the state of both, which a panel of another version has
    perhaps written; ValueError then. `began` and `now` are the times of the first and the last step in microseconds.
    """

    def __init__(self) -> None:
        self.scheduler = Dispatcher(Policy())
        self.timeline = Timeline()
        self.began: int | None = None
        self.now = 0

    def take(self, steps: Iterable[Step]) -> Iterator[tuple[Step, list[say.Action]]]:
        """Yield every step with the actions that the scheduler returns now; they should be the recorded ones."""
        for step in steps:
            if step.policy is not None:
                self._begin(step, step.policy)
            elif step.event is not None:
                self.began, self.now = step.at if self.began is None else self.began, step.at
                self.timeline.fold(step.event, step.actions, step.at)
                yield step, self.scheduler.step(step.event, step.at)

    def _begin(self, step: Step, policy: Policy) -> None:
        if not step.checkpoint:
            self.scheduler = Dispatcher(policy)
            return
        try:
            self.scheduler, self.timeline = restored(unpacked(step.checkpoint))
        except ValueError as error:
            raise ValueError(f"its beginning was written by version {step.version}: {error}") from error

    def records(self) -> tuple[RequestRecord, ...]:
        """Return the records that the last snapshot of the run showed: finished requests, then open ones."""
        return (*self.timeline.finished_records(), *self.timeline.open_records(self.scheduler.waiting(MAX_OPEN)))


@dataclass
class Attempts:
    """The attempts of a log, which records have only of the last one, and its waiting times in microseconds."""

    counts: Counter[str] = field(default_factory=Counter)
    arrived: dict[str, int] = field(default_factory=dict)
    waits: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Count one step."""
        match step.event:
            case say.Arrived(job=job):
                self.arrived[job.id] = step.at
            case say.FirstByte(id=id) if id in self.arrived:
                self.first.append(step.at - self.arrived[id])
            case say.Failed():
                self.counts["failed attempts"] += 1
            case _:
                pass
        for action in step.actions:
            if isinstance(action, say.Dispatch) and action.id in self.arrived:
                self.waits.append(step.at - self.arrived[action.id])
            elif isinstance(action, say.Preempt):
                self.counts["preempted"] += 1

    def spreads(self) -> Iterator[str]:
        """Yield a line for each kind of waiting time."""
        for name, values in (("waited for a slot", self.waits), ("first byte after arrival", self.first)):
            if values:
                spread = ", ".join(f"p{p} {percentile(values, p) / 1e6:.3f} s" for p in (50, 95, 99))
                yield f"{name}: {spread}"


def _summary(replay: Replay, attempts: Attempts) -> Iterator[str]:
    """Yield what the window counted, and the spread of the waiting times."""
    counts, now = replay.timeline.counts, replay.now / 1e6
    ended = {state.value: number for state, number in counts.ended.items()}
    still = {"waiting at the end": counts.queued(), "running at the end": counts.in_flight()}
    arrived = sum(ended.values()) + sum(still.values())
    for name, number in {"arrived": arrived, **ended, **still, **attempts.counts}.items():
        if number:
            yield f"{number:8d} {name}"
    for instance in sorted({*counts.served_by, *counts.failed_by}):
        yield f"{instance}: {counts.served_by[instance]} done, {counts.failed_by[instance]} failed"
    for cuts in replay.timeline.cuts.by_model.values():
        yield f"{cuts.model}: {cuts.times} prompts cut"
    yield from attempts.spreads()
    first = counts.first_token_p95_s(now)
    at_end = f"{counts.tokens_per_s(now):.1f} tokens/s, first token p95 {_seconds(first, digits=3)}"
    yield f"at the end: {at_end}"


def _table(replay: Replay, most: int) -> Iterator[str]:
    """Return the last requests as the window showed them, one in each line.

    Times are seconds; `arrived` counts from the first step.
    """
    began = (replay.began or 0) / 1e6
    return aligned([_COLUMNS, *(tuple(map(_one_line, _row(one, began))) for one in replay.records()[-most:])])


def _row(record: RequestRecord, began: float) -> tuple[str, ...]:
    prompt = _number(record.prompt_tokens)
    return (
        _seconds(record.arrived - began),
        _seconds(_after(record.dispatched, record.arrived)),
        _seconds(_after(record.first_byte, record.arrived)),
        _seconds(_after(record.finished, record.arrived)),
        record.state.value,
        record.instance or "—",
        str(record.attempts),
        f"{prompt} (cut)" if record.cut is not None else prompt,
        _number(record.output_tokens),
        record.model,
        record.client,
        record.id,
        render(record.why) if record.why else "",
    )


def _one_line(text: str) -> str:
    """Return text as the terminal shows it, on one line: clients choose the names of models."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _after(time: float | None, start: float) -> float | None:
    return None if time is None else time - start


def _seconds(value: float | None, digits: int = 2) -> str:
    return "—" if value is None else f"{value:.{digits}f} s"


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


def bench_replay(tell: Callable[[str], None], path: Path, requests: int = 0) -> int:
    """Replay a log; print a summary and the last `requests`.

    Return 0 if every decision is as recorded, 1 if not, 2 if it is not a log. The last line may be incomplete: the
    panel was killed, or the disk was full.
    """
    try:
        lines, _, incomplete = path.read_bytes().rpartition(b"\n")
        steps = list(read(lines.splitlines()))
    except OSError as error:
        tell(render(not_read(str(path), error)))
        return 2
    except msgspec.MsgspecError as error:
        tell(f"{path} is not a log of events: {error}")
        return 2
    if not steps or steps[0].policy is None:
        tell(f"{path} is not a log of events: it does not begin with a policy")
        return 2
    replay, attempts, different = Replay(), Attempts(), 0
    try:
        for step, actions in replay.take(steps):
            attempts.take(step)
            different += tuple(actions) != step.actions
    except ValueError as error:
        tell(f"{path} cannot be replayed: {error}")
        return 2
    for line in (*_summary(replay, attempts), *(_table(replay, requests) if requests else ())):
        tell(line)
    if incomplete:
        tell("The last line is incomplete; it was left out.")
    tell(f"{len(steps)} steps replayed, {different} decided differently.")
    return 1 if different else 0
