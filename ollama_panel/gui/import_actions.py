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
    changes, mistakes = done.plan.changes, len(done.plan.wrong)
    if changes:
        told = Toast(words.imported(mistakes), words.changes(changes), partial(undo_import, client, done.at))
    else:
        told = Toast(words.nothing(), words.wrong(mistakes))
    client.announce(told)
    return done


async def undo_import(client: EngineClient, at: float) -> None:
    """Take back the import that was put into force at a Unix time, and leave what was changed since."""
    await client.imports.undo(at)
    client.announce(Toast(_ImportWords().undone()))


class _ImportWords(QObject):
    """The words; an object, because Qt's tool finds plural forms only where an object translates them."""

    def imported(self, mistakes: int) -> str:
        return self.tr("Imported, with %n mistake(s) in the sources", "", mistakes) if mistakes else self.tr("Imported")

    def nothing(self) -> str:
        return self.tr("Nothing has changed")

    def wrong(self, mistakes: int) -> str:
        return self.tr("%n mistake(s) in the sources", "", mistakes) if mistakes else ""

    def changes(self, changes: Sequence[Notice]) -> str:
        return joined_list([*map(notice_text, changes[:_NAMED]), *["…"] * (len(changes) > _NAMED)])

    def undone(self) -> str:
        return self.tr("The import is taken back")
