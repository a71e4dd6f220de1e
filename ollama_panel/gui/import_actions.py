"""Imports configuration sources, and takes that back, and announces what came of it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from ollama_panel.core.importing.record import Imported, ImportRequest
from ollama_panel.core.notices import Notice
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.toasts import Toast

_NAMED = 3
"""How many changes a toast names."""


async def apply_import(client: EngineClient, request: ImportRequest) -> Imported:
    """Put an import into force as it was previewed; Undo takes it back, and leaves what was changed since."""
    done = await client.imports.apply(request)
    words = _ImportWords()
    undo = partial(undo_import, client) if done.plan.changes else None
    client.announce(Toast(words.imported(done.plan.changes), words.wrong(len(done.plan.wrong)), undo))
    return done


async def undo_import(client: EngineClient) -> None:
    """Take back the last import."""
    await client.imports.undo()
    client.announce(Toast(_ImportWords().undone()))


class _ImportWords(QObject):
    """The words; an object, because Qt's tool finds plural forms only where an object translates them."""

    def imported(self, changes: Sequence[Notice]) -> str:
        if not changes:
            return self.tr("Nothing has changed")
        named = [*map(notice_text, changes[:_NAMED]), *["…"] * (len(changes) > _NAMED)]
        return self.tr("Imported: {changes}").format(changes=joined_list(named))

    def wrong(self, mistakes: int) -> str:
        return self.tr("%n mistake(s) in the sources", "", mistakes) if mistakes else ""

    def undone(self) -> str:
        return self.tr("The import is taken back")
