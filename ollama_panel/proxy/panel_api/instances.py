"""`/panel/v1/instances`: the Ollama servers, what they are told, and their logs."""

import asyncio
from collections.abc import Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import Instances, Log
from ollama_panel.core.settings import forms
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.proxy.panel_api.call import Call, Handler
from ollama_panel.proxy.panel_api.source import Command
from ollama_panel.proxy.panel_api.stream import EVENTS_TYPE, Stream
from ollama_panel.proxy.response import Response

LINES_TYPE = "text/plain; charset=utf-8"
LAST_LINES = 200
"""How many lines of a log are shown if nobody says after which."""
_LOOK_S = 0.2
"""How often to look whether a log that is followed has new lines."""


class WaitQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to command an instance; `wait`: answer when it is done."""

    wait: bool = False


class LogQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which lines of a log: those `after` a number, None = the last 200; with `follow` also those that come."""

    after: int | None = None
    follow: bool = False


async def show_all(call: Call) -> Response:
    """Answer with all instances."""
    snapshot = await call.panel.snapshot()
    return await call.answer(Instances(snapshot.at, snapshot.instances))


async def show(call: Call) -> Response:
    """Answer with one instance."""
    return await call.answer(_find(await call.panel.snapshot(), call.names[0]))


def telling(command: Command) -> Handler:
    """Return the handler that tells an instance something."""

    async def tell(call: Call) -> Response:
        wait = call.query(WaitQuery).wait
        record = await call.panel.act(InstanceId(call.names[0]), command, wait=wait)
        return await call.answer(record, 200 if wait else 202)

    return tell


async def log(call: Call) -> Response:
    """Answer with lines of an instance's log, and with those that come if that is wanted."""
    name, query = InstanceId(call.names[0]), call.query(LogQuery)
    last, lines = await call.panel.log_lines(name, max(0, query.after or 0))
    if query.after is None:
        lines = lines[-LAST_LINES:]
    if query.follow:
        return await _follow(call, name, last, lines)
    return await call.answer(Log(last, lines))


async def _follow(call: Call, name: InstanceId, last: int, lines: Sequence[str]) -> Response:
    """Stream lines until the instance is gone, or the stream ends."""
    sse = EVENTS_TYPE in call.exchange.request.headers.get("Accept", "")
    async with Stream(call, EVENTS_TYPE if sse else LINES_TYPE) as stream:
        while not stream.over:
            await stream.send([_line(text, sse=sse) for text in lines])
            await stream.wait(asyncio.sleep(_LOOK_S), beat=b":\n\n" if sse else b"")
            try:
                last, lines = await call.panel.log_lines(name, last)
            except PanelError:
                break
    return call.exchange.response


def _line(text: str, *, sse: bool) -> bytes:
    return b"data: %b\n\n" % text.encode() if sse else text.encode() + b"\n"


def _find(snapshot: Snapshot, name: str) -> InstanceRecord:
    """Return an instance's record. Raises `PanelError` if there is no such instance."""
    for record in snapshot.instances:
        if record.id == name:
            return record
    known = tuple(record.id for record in snapshot.instances)
    if not known:
        raise PanelError(notice("instance.none", instance=forms.quoted(name)))
    raise PanelError(notice("instance.unknown", instance=forms.quoted(name), known=known))
