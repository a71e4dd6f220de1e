"""Raises the context of pools whose clients reload a model again and again, if the user allows it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from ollama_panel.core.context_notices import of_conflict, raised
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import RaiseContext, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import ContextConflict
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_POLL_S = 5.0


async def raise_contexts(
    store: Store, conflicts: Callable[[], Iterable[ContextConflict]], apply: Callable[[Settings], Awaitable[None]]
) -> None:
    """Look at the conflicts from time to time, until cancelled. `apply` puts settings into force; raises PanelError."""
    while True:
        await asyncio.sleep(until_next(_POLL_S))
        if not store.settings.scheduling.raise_context:
            continue
        for told in map(of_conflict, conflicts()):
            if isinstance(told.action, RaiseContext):
                _LOG.warning(render(told))
                await _raise(store, told.action, apply)


async def _raise(store: Store, offer: RaiseContext, apply: Callable[[Settings], Awaitable[None]]) -> None:
    try:
        settings = raised(store.settings, offer)
        if settings != store.settings:
            await apply(settings)
    except PanelError as error:
        _LOG.warning(render(notice("context.not_raised", why=error.notice)))
