"""`/panel/v1/imports`: configuration sources as settings of the panel, previewed, put into force and undone.

Who may preview reads files that the panel's user may read, so it takes the same key as a change.
"""

import msgspec

from ollama_panel.core.importing.record import ImportRequest
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class WaitForImport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to change the settings; `wait`: answer when all instances run with them."""

    wait: bool = False


async def show(call: Call) -> Response:
    """Answer with the last import that can be undone."""
    return await call.answer(await call.panel.imports.last())


async def plan(call: Call) -> Response:
    """Answer with what an import would do."""
    return await call.answer(await call.panel.imports.plan(await call.body(ImportRequest)))


async def apply(call: Call) -> Response:
    """Put an import into force."""
    query, request = call.query(WaitForImport), await call.body(ImportRequest)
    return await call.answer(await call.panel.imports.apply(request, wait=query.wait))


async def undo(call: Call) -> Response:
    """Take back the last import."""
    changed = await call.panel.imports.undo(wait=call.query(WaitForImport).wait)
    return await call.answer(changed, tag=changed.settings)
