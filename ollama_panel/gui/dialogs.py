"""Dialogs that are awaited without a nested event loop."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget


async def ask(dialog: QDialog) -> int:
    """Open `dialog` and return its result code."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not answer.done():
            answer.set_result(result)

    dialog.finished.connect(finish)
    dialog.open()
    return await answer


async def choose(
    parent: QWidget | None, text: str, detail: str, choices: tuple[str, ...], dangerous: bool = False
) -> int:
    """Ask a question; return the index of the chosen answer, which is the last one for Esc."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning if dangerous else QMessageBox.Icon.Question)
    box.setText(text)
    box.setInformativeText(detail)
    roles = [QMessageBox.ButtonRole.AcceptRole] * (len(choices) - 1) + [QMessageBox.ButtonRole.RejectRole]
    buttons = [box.addButton(choice, role) for choice, role in zip(choices, roles, strict=True)]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    await ask(box)
    clicked = box.clickedButton()
    box.deleteLater()
    return buttons.index(clicked) if clicked in buttons else len(choices) - 1


async def tell(parent: QWidget | None, text: str, detail: str = "") -> None:
    """Show a warning until the user closes it."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Ollama Panel", text, QMessageBox.StandardButton.Ok, parent)
    box.setInformativeText(detail)
    await ask(box)
    box.deleteLater()


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
    dialog.deleteLater()
    return Path(chosen[0]) if accepted and chosen else None
