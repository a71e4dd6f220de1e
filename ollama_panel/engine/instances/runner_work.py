"""Whether the runners of an instance do anything: their processor time, their waits for a disk, the use of cards."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

import msgspec
import psutil

from ollama_panel.core.telemetry import Telemetry
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.instances import probe
from ollama_panel.engine.instances.probe import RunnerProcess

_WORK_S = 0.05
"""Processor time between two looks, five seconds apart, that counts: systems count in hundredths or in sixtieths."""
_GPU_PERCENT = 5.0
_FRESH_S = 10.0
"""Older readings of cards say nothing."""


class Work(msgspec.Struct, frozen=True):
    """What is seen of a runner. `works` is None if it cannot be read, or was not read before.

    `runner` is llama-server's process with its port, None for runners that are not known by one.
    """

    works: bool | None = None
    stopped: bool = False
    runner: RunnerProcess | None = None


class RunnerWork:
    """Reads the processes of one server; what they did is told from one reading to the next."""

    def __init__(self) -> None:
        self._seconds: dict[psutil.Process, float] = {}

    def read(self, pid: int) -> dict[str, Work]:
        """Return what was done since the last reading, by the path of the model. Blocks for some milliseconds.

        The key "" has what the server's other children have done, for runners that are not known by their port; where
        there are none at all, what the server itself has done.
        """
        tree = probe.read_processes(pid)
        before, self._seconds = self._seconds, dict(_seconds(tree.processes))
        known = {one.process for one in tree.listening}
        found = {
            one.blob: msgspec.structs.replace(self._of([one.process], before), runner=one) for one in tree.listening
        }
        others = [one for one in tree.processes[1:] if one not in known]
        return found | {"": self._of(others, before)} if others else found

    def _of(self, processes: list[psutil.Process], before: Mapping[psutil.Process, float]) -> Work:
        states = list[str]()
        for one in processes:
            with suppress(*UNREADABLE):
                states.append(one.status())
        stopped = bool(states) and all(one == psutil.STATUS_STOPPED for one in states)
        if psutil.STATUS_DISK_SLEEP in states:
            return Work(True)
        deltas = [self._seconds[one] - before[one] for one in processes if one in self._seconds and one in before]
        if len(deltas) < len(processes):
            return Work(None, stopped)
        return Work(sum(deltas) >= _WORK_S, stopped)


def _seconds(processes: Iterable[psutil.Process]) -> Iterable[tuple[psutil.Process, float]]:
    for one in processes:
        with suppress(*UNREADABLE):
            times = one.cpu_times()
            yield one, float(times.user + times.system)


def with_cards(works: bool | None, telemetry: Telemetry | None, now: float, *, on_gpu: bool) -> bool | None:
    """Return whether a runner works, given that its processes do or not: one that waits for its card does.

    Where nobody knows how much the cards are used it is unknown of a runner that rests.
    """
    if works is not False or not on_gpu:
        return works
    fresh = telemetry is not None and now - telemetry.at <= _FRESH_S
    used = (
        [one.utilization_percent for one in telemetry.gpus if not one.lost] if fresh and telemetry is not None else []
    )
    if any(one is not None and one >= _GPU_PERCENT for one in used):
        return True
    return None if not used or None in used else False
