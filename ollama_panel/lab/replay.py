"""Replay of a recorded log: what happened to the requests, and whether the scheduler would decide the same today."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.event_log import Step, read
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.statistics import percentile


@dataclass
class Summary:
    """The counts and waiting times (in microseconds) of a log."""

    counts: Counter[str] = field(default_factory=Counter)
    arrived: dict[str, int] = field(default_factory=dict)
    waits: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Count one step."""
        match step.event:
            case say.Arrived(job=job):
                self.arrived[job.id] = step.at
                self.counts["arrived"] += 1
            case say.FirstByte(id=id) if id in self.arrived:
                self.first.append(step.at - self.arrived[id])
            case say.Finished():
                self.counts["finished"] += 1
            case say.Cancelled():
                self.counts["cancelled by their clients"] += 1
            case say.Failed():
                self.counts["failed attempts"] += 1
            case _:
                pass
        for action in step.actions:
            self._asked(action, step.at)

    def _asked(self, action: say.Action, at: int) -> None:
        match action:
            case say.Dispatch(id=id) if id in self.arrived:
                self.waits.append(at - self.arrived[id])
            case say.Reply():
                self.counts["refused or given up"] += 1
            case say.Preempt():
                self.counts["preempted"] += 1
            case _:
                pass

    def lines(self) -> Iterable[str]:
        """Return the lines to print."""
        yield from (f"{count:8d} {name}" for name, count in self.counts.items())
        for name, values in (("waited for a slot", self.waits), ("first byte after arrival", self.first)):
            if values:
                spread = ", ".join(f"p{p} {percentile(values, p) / 1e6:.3f} s" for p in (50, 95, 99))
                yield f"{name}: {spread}"


def replay(steps: Iterable[Step]) -> Iterator[tuple[Step, list[say.Action]]]:
    """Yield every step with the actions that the scheduler returns now; they should be the recorded ones."""
    scheduler = Dispatcher(Policy())
    for step in steps:
        if step.policy is not None:
            scheduler = Dispatcher(step.policy)
        elif step.event is not None:
            yield step, scheduler.step(step.event, step.at)


def bench_replay(tell: Callable[[str], None], path: Path) -> int:
    """Replay a log and print a summary; return 0 if every decision is as recorded, 1 if not, 2 if it is not a log."""
    try:
        steps = list(read(path.read_bytes().splitlines()))
    except (OSError, msgspec.MsgspecError) as error:
        tell(f"{path} is not a log of events: {error}")
        return 2
    summary, different = Summary(), 0
    for step, actions in replay(steps):
        summary.take(step)
        different += tuple(actions) != step.actions
    for line in summary.lines():
        tell(line)
    tell(f"{len(steps)} steps replayed, {different} decided differently.")
    return 1 if different else 0
