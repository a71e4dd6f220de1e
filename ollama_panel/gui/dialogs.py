"""Dialogs that are awaited without a nested event loop."""

import asyncio
from collections.abc import Callable, Container
from pathlib import Path
from typing import TypeVar

from PySide6.QtGui import QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from ollama_panel.gui import resources
from ollama_panel.gui.tokens import LG

Shown = TypeVar("Shown", bound=QDialog)
_ICON = 28
"""Pixels."""
_open: dict[asyncio.Future[int], QDialog] = {}


def shown_alone(
    parent: QWidget, kind: type[Shown], make: Callable[[QWidget], Shown], fits: Callable[[Shown], bool] = lambda _: True
) -> Shown:
    """Show a dialog that does not block, one of its kind in each window, and return it.

    One that is open already and `fits` is brought to the front; others make room for the one that `make` returns.
    """
    window = parent.window()
    open_ones = window.findChildren(kind)
    known = next(filter(fits, open_ones), None)
    for other in open_ones:
        if other is not known:
            other.close()
    shown = known or make(window)
    shown.show()
    shown.raise_()
    shown.activateWindow()
    return shown


def any_open() -> bool:
    """Return whether a dialog waits for its answer."""
    return bool(_open)


async def all_closed() -> None:
    """Wait until no dialog is open, and what asked has gone on."""
    while _open:
        await asyncio.wait(_open)


async def ask(dialog: QDialog) -> int:
    """Open `dialog` and return its result code. Qt deletes the dialog at the next await of the caller.

    Raises CancelledError if the dialog is deleted without an answer, as with the widget that it belongs to, and if its
    parent has asked by such a dialog already: further clicks of a busy window arrive before the dialog takes them.
    """
    if any(type(other) is type(dialog) and other.parent() is dialog.parent() for other in _open.values()):
        dialog.deleteLater()
        raise asyncio.CancelledError
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[int] = loop.create_future()

    def finish(result: int) -> None:
        if not answer.done():
            answer.set_result(result)

    def give_up() -> None:
        if not loop.is_closed():  # as when the program has ended
            answer.cancel()

    dialog.finished.connect(finish)
    dialog.destroyed.connect(give_up)
    _open[answer] = dialog
    dialog.open()
    try:
        result = await answer
    finally:
        del _open[answer]
    dialog.deleteLater()
    return result


async def choose(
    parent: QWidget | None, text: str, detail: str, choices: tuple[str, ...], *, loses: Container[int] = ()
) -> int:
    """Ask a question; return the index of the chosen answer.

    The last choice is the one that changes nothing: Enter and Esc choose it. `loses` are those by which something is
    lost; they are written in the colour of danger.
    """
    box = QMessageBox(parent)
    box.setIconPixmap(_icon(box, "info", QPalette.ColorRole.Link))
    box.setText(text)
    box.setInformativeText(detail)
    roles = [QMessageBox.ButtonRole.AcceptRole] * (len(choices) - 1) + [QMessageBox.ButtonRole.RejectRole]
    buttons = [box.addButton(choice, role) for choice, role in zip(choices, roles, strict=True)]
    for number, made in enumerate(buttons):
        made.setProperty("danger", number in loses)
        made.style().polish(made)  # the box has styled it already
    box.setDefaultButton(buttons[-1])
    box.setEscapeButton(buttons[-1])
    _give_room(box)
    await ask(box)
    clicked = box.clickedButton()
    return buttons.index(clicked) if clicked in buttons else len(choices) - 1


async def tell(parent: QWidget | None, text: str, detail: str = "") -> None:
    """Show a warning until the user closes it."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Ollama Panel", text, QMessageBox.StandardButton.Ok, parent)
    box.setIconPixmap(_icon(box, "warning", QPalette.ColorRole.BrightText))
    box.setInformativeText(detail)
    _give_room(box)
    await ask(box)


def _give_room(box: QMessageBox) -> None:
    """Give a box the margins of the product's dialogs."""
    if (layout := box.layout()) is not None:
        layout.setContentsMargins(LG, LG, LG, LG)


def _icon(box: QMessageBox, name: str, role: QPalette.ColorRole) -> QPixmap:
    """Return one of the product's icons in a colour of the theme, in place of the desktop's."""
    return resources.pixmap(name, box.palette().color(role).name(), _ICON, box.devicePixelRatioF())


async def save_as(parent: QWidget, title: str, name: str) -> Path | None:
    """Ask where to save a file; return None if the user cancels."""
    return await _file(parent, title, name, QFileDialog.AcceptMode.AcceptSave, QFileDialog.FileMode.AnyFile)


async def pick(parent: QWidget, title: str, directory: bool) -> Path | None:
    """Ask for an existing file or folder; return None if the user cancels."""
    mode = QFileDialog.FileMode.Directory if directory else QFileDialog.FileMode.ExistingFile
    return await _file(parent, title, "", QFileDialog.AcceptMode.AcceptOpen, mode)


async def _file(
    parent: QWidget, title: str, name: str, accept: QFileDialog.AcceptMode, mode: QFileDialog.FileMode
) -> Path | None:
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(accept)
    dialog.setFileMode(mode)
    if name:
        dialog.selectFile(name)
    accepted = await ask(dialog)
    chosen = dialog.selectedFiles()
    return Path(chosen[0]) if accepted and chosen else None
