"""`/panel/v1/keys`: the API keys. A key is shown once; the settings keep only its digest."""

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import CreatedKey, Done, Key, Keys, NewKey
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import ApiKey, Label, Settings
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


async def show_all(call: Call) -> Response:
    """Answer with what the keys are for."""
    return await call.answer(Keys(tuple(map(Key.of, (await call.panel.settings()).proxy.api_keys))))


async def create(call: Call) -> Response:
    """Make a key."""
    wanted = await call.body(NewKey)
    if forms.problem(Label, wanted.name):
        raise PanelError(notice("keys.no_name"))
    key, entry = new_key(wanted.name)
    entry = msgspec.structs.replace(entry, request_class=wanted.request_class, scopes=wanted.scopes)

    def edit(settings: Settings) -> Settings:
        if any(one.name == entry.name for one in settings.proxy.api_keys):
            raise PanelError(notice("keys.exists", name=entry.name))
        return _with(settings, (*settings.proxy.api_keys, entry))

    await call.panel.change(edit, wait=False, dry_run=False)
    return await call.answer(CreatedKey(entry.name, entry.request_class, entry.scopes, key), 201)


async def remove(call: Call) -> Response:
    """Revoke a key."""
    name = call.names[0]

    def edit(settings: Settings) -> Settings:
        known = tuple(one.name for one in settings.proxy.api_keys)
        if name not in known:
            shown = forms.quoted(name)
            raise PanelError(
                notice("keys.unknown", name=shown, known=known) if known else notice("keys.none", name=shown)
            )
        return _with(settings, tuple(one for one in settings.proxy.api_keys if one.name != name))

    await call.panel.change(edit, wait=False, dry_run=False)
    return await call.answer(Done("removed"))


def _with(settings: Settings, keys: tuple[ApiKey, ...]) -> Settings:
    return msgspec.structs.replace(settings, proxy=msgspec.structs.replace(settings.proxy, api_keys=keys))
