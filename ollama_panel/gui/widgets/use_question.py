"""What models are used for, and by how many people: the two inputs from which advice is made."""

from PySide6.QtWidgets import QWidget

from ollama_panel.core.advice.uses import Use
from ollama_panel.gui.widgets.inputs import ComboBox, SpinBox

_MOST_PEOPLE = 10_000


class UseChoice(ComboBox):
    """The choice of a use; its data are `Use`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for use, name in (
            (Use.CHAT, self.tr("Chat")),
            (Use.RAG, self.tr("RAG: answers from documents")),
            (Use.AGENT, self.tr("Coding agents")),
            (Use.BATCH, self.tr("Batch work")),
        ):
            self.addItem(name, use)
        self.setAccessibleName(self.tr("What models are used for"))


class PeopleBox(SpinBox):
    """The number of people."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(1, _MOST_PEOPLE)
        self.setAccessibleName(self.tr("How many people use them"))
