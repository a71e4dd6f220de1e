"""`/panel/v1/settings`: all settings, and changes of some by their keys, all or none."""

from collections.abc import Mapping

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsAnswer
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response


class ChangeQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to change settings: `dry_run` checks and plans only; `wait` answers when all instances run with them."""

    dry_run: bool = False
    wait: bool = False


async def show(call: Call) -> Response:
    """Answer with the settings."""
    settings = await call.panel.settings()
    return await call.answer(SettingsAnswer(settings), tag=settings)


async def change(call: Call) -> Response:
    """Change settings by their keys."""
    query, values = call.query(ChangeQuery), await call.object()

    def edit(settings: Settings) -> Settings:
        call.require_unchanged(settings)
        return changed(settings, values)

    answer = await call.panel.change(edit, wait=query.wait, dry_run=query.dry_run)
    return await call.answer(answer, tag=answer.settings)


async def undo(call: Call) -> Response:
    """Take the last change back."""
    answer = await call.panel.undo_last_change()
    return await call.answer(answer, tag=answer.settings)


def changed(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return settings with values by their keys. Raises `PanelError` if one is not valid.

    So does one that is shown instead of a secret: it would replace it.
    """
    return require_real(settings, codec.change(settings, values))


def require_real(before: Settings, after: Settings) -> Settings:
    """Return `after` if it has no new value that is shown instead of a secret; else raise `PanelError`."""
    known = {(pool.name, *entry) for pool in before.pools for entry in pool.environment.items()}
    for pool in after.pools:
        for name, value in pool.environment.items():
            if redact.HIDDEN in value and (pool.name, name, value) not in known:
                raise PanelError(notice("setting.hidden", name=name, key=f"pools.{pool.name}.environment.{name}"))
    return after
