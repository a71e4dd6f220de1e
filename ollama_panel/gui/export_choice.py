"""The export of what the user has chosen, in the user's language."""

import msgspec
from PySide6.QtCore import QDate, Qt

from ollama_panel import __version__
from ollama_panel.core import snapshot_export
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Accelerator, Export
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.snapshot_export import ExportChoice, site_of
from ollama_panel.gui.notices import notice_text


def possible(snapshot: Snapshot, choice: ExportChoice) -> ExportChoice:
    """Return a choice without the pools that there are no longer."""
    there = {pool.name for pool in snapshot.settings.pools}
    return msgspec.structs.replace(choice, pools=tuple(name for name in choice.pools if name in there))


def made(snapshot: Snapshot, target: str, choice: ExportChoice) -> Export:
    """Return the export for a target. Raises PanelError, with what to set, if there can be none."""
    today = QDate.currentDate().toString(Qt.DateFormat.ISODate)
    wanted = possible(snapshot, choice)
    return snapshot_export.made(snapshot, target, wanted, version=__version__, date=today, words=notice_text)


def matters(snapshot: Snapshot, target: str, choice: ExportChoice) -> tuple[bool, bool]:
    """Return whether it makes a difference what computes there, and whose services they are."""
    site = site_of(snapshot, choice)
    card = Accelerator.CPU if site.accelerator is not Accelerator.CPU else Accelerator.NVIDIA
    others = (
        msgspec.structs.replace(choice, accelerator=card),
        msgspec.structs.replace(choice, of_user=not site.of_user),
    )
    now = _outcome(snapshot, target, choice)
    computing, serving = (_outcome(snapshot, target, other) != now for other in others)
    return computing, serving


def _outcome(snapshot: Snapshot, target: str, choice: ExportChoice) -> object:
    try:
        found = made(snapshot, target, choice)
    except PanelError as error:
        return error.notice
    return found.files, found.steps
