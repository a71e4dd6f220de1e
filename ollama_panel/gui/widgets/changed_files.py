"""The files that an export or a fix writes on a machine, each with its difference."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.export.deployment import Syntax
from ollama_panel.core.export.difference import rows
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.difference_view import DifferenceView
from ollama_panel.gui.widgets.inputs import ComboBox


class ChangedFiles(QWidget):
    """A choice of the file, with what becomes of it, and its difference below."""

    def __init__(self, theme: Theme, titles: tuple[str, str] | None = None, parent: QWidget | None = None) -> None:
        """`titles` are those of the texts before and after; see `DifferenceView`."""
        super().__init__(parent)
        self._changes: tuple[FileChange, ...] = ()
        self._syntaxes: tuple[Syntax, ...] = ()
        self.file = ComboBox()
        self.file.setAccessibleName(self.tr("File that is written"))
        self.file.setToolTip(self.tr("Which of the files is shown"))
        room = self.file.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.file.setSizePolicy(room)
        self._nothing = ""
        self.view = DifferenceView(theme, titles)
        self.file.currentIndexChanged.connect(lambda: self._show())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SM)
        whole.addWidget(self.file)
        whole.addWidget(self.view, 1)
        self._show()

    def show_changes(self, changes: Sequence[FileChange], syntaxes: Sequence[Syntax], nothing: str) -> None:
        """Show what becomes of files, each in its grammar; `nothing` is said while that is not known."""
        if tuple(changes) == self._changes and nothing == self._nothing:
            return
        self._nothing = nothing
        self._changes = tuple(changes)
        self._syntaxes = tuple(syntaxes) if len(syntaxes) == len(changes) else (Syntax.TEXT,) * len(changes)
        chosen, states = self.file.currentIndex(), self._states()
        self.file.blockSignals(True)
        self.file.clear()
        self.file.addItems([f"{one.path} ({states[one.state]})" for one in changes])
        self.file.setCurrentIndex(chosen if 0 <= chosen < len(changes) else min(0, len(changes) - 1))
        self.file.blockSignals(False)
        self._show()

    def _states(self) -> dict[FileState, str]:
        return {
            FileState.SAME: self.tr("the same"),
            FileState.NEW: self.tr("new"),
            FileState.CHANGED: self.tr("changed"),
            FileState.UNREADABLE: self.tr("cannot be read"),
        }

    def _show(self) -> None:
        place = self.file.currentIndex()
        self.file.setVisible(bool(self._changes))
        if not 0 <= place < len(self._changes):
            self.view.tell(self._nothing)
            return
        change = self._changes[place]
        if change.state is FileState.UNREADABLE:
            self.view.tell(notice_text(change.problem))
        elif change.state is FileState.SAME:
            self.view.tell(self.tr("What is installed is the same."))
        else:
            self.view.show_rows(rows(change.before, change.after, self._syntaxes[place]), self._syntaxes[place])
