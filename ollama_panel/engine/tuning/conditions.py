"""Reads the machine while a trial is measured: heat, battery, power, and what else runs."""

import asyncio
from collections.abc import Awaitable, Callable

from ollama_panel.core.notices import Notice
from ollama_panel.core.snapshot import MemoryKind, Sample, Snapshot
from ollama_panel.core.tuning.conditions import Reading, before

_EVERY_S = 1.0
"""As often as the sensors are read while a window shows them (`engine.telemetry.WATCHED_S`)."""


class Conditions:
    """What may disturb measurements.

    `snapshot` returns what is known of the machine, and `read` ends when that is of this moment.
    """

    def __init__(self, snapshot: Callable[[], Snapshot], read: Callable[[], Awaitable[None]]) -> None:
        self._snapshot = snapshot
        self._read = read

    def now(self) -> tuple[Notice, ...]:
        """Return what would disturb a measurement that begins now."""
        snapshot = self._snapshot()
        idle = not any(one.in_flight for one in snapshot.instances)
        return before(_reading(snapshot), idle=idle)

    async def watch(self, readings: list[Reading]) -> None:
        """Add a reading every second until cancelled."""
        while True:
            await self._read()
            readings.append(_reading(self._snapshot()))
            await asyncio.sleep(_EVERY_S)


def _reading(snapshot: Snapshot) -> Reading:
    told, sample = snapshot.telemetry, snapshot.sample
    if told is None:
        return Reading(snapshot.at)
    servers = [one.cpu_percent for one in told.instances if one.cpu_percent is not None]
    known = len(servers) == len(told.instances)
    return Reading(
        told.at,
        told.gpus,
        _others(sample),
        told.system.cpu_percent,
        sum(servers) / snapshot.cores if known else None,
        told.system.on_battery,
    )


def _others(sample: Sample | None) -> int | None:
    """Return what other programs have of a card's memory; in main memory they come and go, and disturb nothing."""
    if sample is None or sample.budget is None or sample.memory_kind is not MemoryKind.GPU:
        return None
    return sample.budget.others
