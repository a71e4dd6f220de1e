"""`/panel/v1/keys`: the API keys. A key is shown once; the settings keep only its digest."""

from ollama_panel.core.panel_api import CreatedKey, Done, Key, Keys, NewKey
from ollama_panel.core.settings import edits
from ollama_panel.proxy.credentials import made_key
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show_all(call: Call) -> Response:
    """Answer with what the keys are for."""
    return await call.answer(Keys(tuple(map(Key.of, (await call.panel.settings()).proxy.api_keys))))


async def create(call: Call) -> Response:
    """Make a key."""
    key, entry = made_key(await call.body(NewKey))
    await call.panel.change(lambda settings: edits.with_key(settings, entry), wait=False, dry_run=False)
    return await call.answer(CreatedKey(entry.name, entry.request_class, entry.scopes, key), 201)


async def remove(call: Call) -> Response:
    """Revoke a key."""
    name = call.names[0]
    await call.panel.change(lambda settings: edits.without_key(settings, name), wait=False, dry_run=False)
    return await call.answer(Done("removed"))
