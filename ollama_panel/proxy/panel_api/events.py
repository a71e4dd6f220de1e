"""`/panel/v1/events`: what changes, as server-sent events that are derived from the engine's snapshots.

A stream begins with the present state. Nothing is queued for a reader: one that is slow gets the newest state of what
has changed since its last piece, and misses what was in between.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

import msgspec

from ollama_panel.core.panel_api import (
    InstanceRemoved,
    Notices,
    Pool,
    PoolRemoved,
    SettingsAnswer,
    pools_of,
    requests_of,
)
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord, Sample, Snapshot
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.panel_api.encoding import encode
from ollama_panel.proxy.panel_api.stream import EVENTS_TYPE, Stream
from ollama_panel.proxy.response import Response


class EventType(Enum):
    """What an event is about."""

    SETTINGS = "settings"
    POOL = "pool"
    INSTANCE = "instance"
    REQUEST = "request"
    NOTICE = "notice"
    SAMPLE = "sample"
    TUNING = "tuning"


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which types of events are wanted; none = all."""

    types: tuple[EventType, ...] = ()


async def stream(call: Call) -> Response:
    """Stream events until the reader leaves or the panel stops."""
    wanted = call.query(EventsQuery).types or tuple(EventType)
    async with call.panel.follow() as feed, Stream(call, EVENTS_TYPE) as answer:
        changes = Changes(wanted)
        snapshot: Snapshot | None = await call.panel.snapshot()
        while not answer.over:
            if snapshot is not None:
                await answer.send([_event(kind, record) for kind, record in changes.after(snapshot)])
            snapshot = await answer.wait(feed.next(), beat=b":\n\n")
    return call.exchange.response


def _event(kind: EventType, record: msgspec.Struct) -> bytes:
    shown = _brief(record) if isinstance(record, InstanceRecord) else record
    return b"event: %b\ndata: %b\n\n" % (kind.value.encode(), encode(shown))


def _brief(record: InstanceRecord) -> InstanceRecord:
    """Return an instance without what is in force for its models: that changes seldom, its counts with every token.

    With three models it is nine tenths of the record.
    """
    models = tuple(msgspec.structs.replace(model, values=()) for model in record.models)
    return msgspec.structs.replace(record, models=models)


_Parts = dict[Any, msgspec.Struct]
"""The records of one type by their names: one that has not changed is the identical, or an equal, object."""


class Changes:
    """What has changed from one snapshot to the next, as far as it is wanted; at first everything."""

    def __init__(self, wanted: tuple[EventType, ...]) -> None:
        self._shown: dict[EventType, _Parts] = {kind: {} for kind in EventType if kind in wanted}

    def after(self, snapshot: Snapshot) -> Iterator[tuple[EventType, msgspec.Struct]]:
        """Yield what is to be told after another snapshot."""
        for kind, before in self._shown.items():
            now = _PARTS[kind](snapshot)
            self._shown[kind] = now
            if kind in _GONE:
                yield from ((kind, _GONE[kind](name)) for name in before.keys() - now.keys())
            for name, record in now.items():
                shown = before.get(name)
                if record is not shown and record != shown:
                    yield kind, record


def _requests(snapshot: Snapshot) -> _Parts:
    """Return the requests, the oldest first; ids may be used again."""
    return {(one.id, one.arrived): one for one in reversed(requests_of(snapshot))}


_PARTS: Mapping[EventType, Callable[[Snapshot], _Parts]] = {
    EventType.SETTINGS: lambda one: {"": SettingsAnswer(one.settings)},
    EventType.POOL: lambda one: {pool.name: pool for pool in pools_of(one)},
    EventType.INSTANCE: lambda one: {record.id: record for record in one.instances},
    EventType.REQUEST: _requests,
    EventType.NOTICE: lambda one: {"": Notices(one.problems, one.notices, one.machine_alerts)},
    EventType.SAMPLE: lambda one: {"": one.sample} if one.sample is not None else {},
    EventType.TUNING: lambda one: {"": one.tuning} if one.tuning is not None else {},
}
_GONE: Mapping[EventType, Callable[[Any], msgspec.Struct]] = {
    EventType.POOL: PoolRemoved,
    EventType.INSTANCE: InstanceRemoved,
}
DATA: Mapping[EventType, tuple[type[msgspec.Struct], ...]] = {
    EventType.SETTINGS: (SettingsAnswer,),
    EventType.POOL: (Pool, PoolRemoved),
    EventType.INSTANCE: (InstanceRecord, InstanceRemoved),
    EventType.REQUEST: (RequestRecord,),
    EventType.NOTICE: (Notices,),
    EventType.SAMPLE: (Sample,),
    EventType.TUNING: (TuningRecord,),
}
"""The records of the data of each type, for the OpenAPI document."""
