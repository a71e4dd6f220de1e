"""The bar at the bottom of a page that edits a draft: what Apply will do, how much has changed, Revert and Apply."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ollama_panel.gui.tokens import MD, SM, XL
from ollama_panel.gui.widgets.card import button, label, set_tone
from ollama_panel.gui.widgets.plan_text import PlanText

_PLAN_LINES = 3
"""The lines of the plan that show at once, beside the buttons."""
_COUNT_WIDTH = 120


class ApplyBar(QFrame):
    """Its owner connects `revert` and `apply`; Ctrl+S presses Apply while the bar can be seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("footer")
        self._count = label("", "value")
        set_tone(self._count, "warn")
        self._count.setMinimumWidth(_COUNT_WIDTH)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.plan = PlanText(self.tr("Effects of Apply"), _PLAN_LINES)
        self.revert = button(self.tr("Revert"), self.tr("Resets the forms to the settings in force"))
        tip = self.tr("Applies the forms, as described on the left ({keys})")
        keys = QKeySequence(QKeySequence.StandardKey.Save)
        text = keys.toString(QKeySequence.SequenceFormat.NativeText)
        self.apply = button(self.tr("Apply"), tip.format(keys=text), primary=True)
        shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.apply.click)
        row = QHBoxLayout(self)
        row.setContentsMargins(XL, SM, XL, SM)
        row.setSpacing(MD)
        row.addWidget(self.plan, 1)
        row.addWidget(self._count)
        row.addWidget(self.revert)
        row.addWidget(self.apply)

    def show_count(self, changed: int) -> None:
        """Show how many settings differ from those in force."""
        self._count.setText(self.tr("%n setting(s) changed", "", changed) if changed else "")

    def show_plan(self, text: str, tone: str = "") -> None:
        """Show what Apply does, or why it cannot."""
        self.plan.show_text(text, tone)
