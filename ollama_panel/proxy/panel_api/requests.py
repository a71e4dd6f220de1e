"""`/panel/v1/requests`: the open requests and the last finished ones, the end of one, and who is next."""

from typing import Annotated

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import Requests, requests_of
from ollama_panel.core.settings import forms
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class RequestsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests: those in one of the states, none = in any, and `limit` of them at most."""

    state: tuple[RequestState, ...] = ()
    limit: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 1000


async def show_all(call: Call) -> Response:
    """Answer with the requests."""
    query, snapshot = call.query(RequestsQuery), await call.panel.snapshot()
    found = [one for one in requests_of(snapshot) if not query.state or one.state in query.state]
    return await call.answer(Requests(snapshot.at, tuple(found[: query.limit])))


async def show(call: Call) -> Response:
    """Answer with one request."""
    return await call.answer(await _find(call))


async def cancel(call: Call) -> Response:
    """Cancel a request, waiting or running."""
    record = await _find(call)
    if record.finished is not None:
        raise PanelError(notice("request.ended", request=forms.quoted(record.id), state=record.state.value))
    await call.panel.cancel_request(record.id)
    return await call.answer(await _find(call))


async def move_to_front(call: Call) -> Response:
    """Let a waiting request be the next."""
    await call.panel.move_to_front(RequestId(call.names[0]))
    return await call.answer(await _find(call))


async def move_back(call: Call) -> Response:
    """Put a request that was moved to the front back at its former place."""
    await call.panel.move_back(RequestId(call.names[0]))
    return await call.answer(await _find(call))


async def _find(call: Call) -> RequestRecord:
    """Return the record of a request. Raises `PanelError` if there is none such."""
    record = await call.panel.request(RequestId(call.names[0]))
    if record is None:
        raise PanelError(notice("request.unknown", request=forms.quoted(call.names[0])))
    return record
