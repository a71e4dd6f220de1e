"""`/panel/v1/clients`: who sends requests, and who goes past the panel."""

import msgspec

from ollama_panel.core.panel_api import Clients
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class ClientsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to look; `refresh`: look now who goes past the panel, and not only now and then."""

    refresh: bool = False


async def show(call: Call) -> Response:
    """Answer with the clients."""
    if call.query(ClientsQuery).refresh:
        await call.panel.refresh_bypassing()
    return await call.answer(Clients.of(await call.panel.snapshot()))
