"""The question before settings are applied that ask for more memory than models may use."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs, preview
from ollama_panel.gui import format as fmt


async def fits_or_is_wanted(parent: QWidget, snapshot: Snapshot, draft: PoolSettings) -> bool:
    """Return whether a draft of a pool may be applied: it fits, its need is unknown, or the user wants it all the same.

    Raises CancelledError if `parent` is deleted before the user answers.
    """
    fit = preview.fit(snapshot, draft)
    if not fit.excess or fit.total is None:
        return True
    translate = QCoreApplication.translate
    needs = translate(
        "memory", "All pools and programs then need {needed}, but {total} can be used: {excess} too much."
    )
    happens = (
        translate(
            "memory",
            "Ollama unloads other models whenever it loads one, and what of a model has no room, it computes on the "
            "CPU, which is much slower.",
        )
        if snapshot.gpu
        else translate(
            "memory", "Ollama then refuses to load models, or the computer moves memory to disk, which is much slower."
        )
    )
    numbers = {
        "needed": fmt.size(fit.total + fit.excess),
        "total": fmt.size(fit.total),
        "excess": fmt.size(fit.excess),
    }
    text = translate("memory", "Apply settings that do not fit into memory?")
    choices = (translate("memory", "Apply anyway"), translate("memory", "Do not apply"))
    return await dialogs.choose(parent, text, f"{needs.format(**numbers)}\n{happens}", choices, loses=(0,)) == 0
