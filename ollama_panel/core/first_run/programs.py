"""The programs that use Ollama now, past the panel or through it, and which of them crowds out the others."""

from collections.abc import Iterable

import msgspec

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.snapshot import Snapshot

NOW_S = 60.0
"""A program without a connection uses it "now" for so many seconds after it was last seen."""
CROWD = 4
"""Connections from which on a program may crowd out others: browsers and chat windows keep one or two for each user."""
_TIMES = 3
"""So many times the connections of the next program: below that nobody crowds anybody out."""


class Program(msgspec.Struct, frozen=True):
    """A program with all its processes.

    `name` is the one for which rules of clients hold, else its address, "" if neither is known. `pids` are its
    processes, `connections` those of the last look, `requests` those of the last ten minutes (None = unknown). `past`:
    it goes past the panel.
    """

    name: str
    origin: Origin
    pids: tuple[int, ...] = ()
    connections: int = 0
    requests: int | None = None
    past: bool = True


def programs(snapshot: Snapshot) -> tuple[Program, ...] | None:
    """Return the programs, those past the panel first, the one with the most connections before; None = unknown."""
    if snapshot.bypassing is None:
        return None
    by_name: dict[tuple[str, Origin], list[BypassRecord]] = {}
    for one in (one for one in snapshot.bypassing if one.connections or snapshot.at - one.last_seen < NOW_S):
        by_name.setdefault((one.name or one.address, one.origin), []).append(one)
    past = [_united(name, origin, records) for (name, origin), records in by_name.items()]
    through = [
        Program(one.name, Origin.PROGRAM, requests=one.requests, connections=one.running + one.waiting, past=False)
        for one in snapshot.clients
    ]
    return (*sorted(past, key=lambda one: -one.connections), *through)


def crowding(found: Iterable[Program]) -> Program | None:
    """Return the program that holds so many more connections than each other one that these wait behind it."""
    past = sorted((one for one in found if one.past), key=lambda one: -one.connections)
    if not past or past[0].connections < CROWD or not past[0].name:
        return None
    return past[0] if len(past) == 1 or past[0].connections >= _TIMES * past[1].connections else None


def _united(name: str, origin: Origin, records: Iterable[BypassRecord]) -> Program:
    pids = tuple(dict.fromkeys(one.pid for one in records if one.pid is not None))
    told = [one.requests for one in records if one.requests is not None]
    return Program(name, origin, pids, sum(one.connections for one in records), sum(told) if told else None)
