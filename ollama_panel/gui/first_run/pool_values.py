"""The dialog for the numbers of an advised pool: its workers, how many requests each takes at once, the context."""

import msgspec
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.gui import setting_texts
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.inputs import SpinBox

_RANGES = {"workers": (0, 16), "parallel": (1, 64), "context_length": (256, 1_048_576)}
"""The limits of the settings (`core.settings.tree.PoolSettings`)."""


class PoolValues(QDialog):
    """Three numbers; `pool` returns the pool with them."""

    def __init__(self, pool: PoolSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("{name} pool").format(name=pool.name))
        self.setMinimumWidth(360)
        self._before = pool
        self.fields = {name: SpinBox() for name in _RANGES}
        form = QFormLayout()
        form.setHorizontalSpacing(LG)
        form.setVerticalSpacing(MD)
        for name, field in self.fields.items():
            key = f"pools.{pool.name}.{name}"
            field.setRange(*_RANGES[name])
            field.setGroupSeparatorShown(True)
            field.setValue(getattr(pool, name))
            field.setAccessibleName(setting_texts.title(key))
            field.setToolTip(setting_texts.meaning(key))
            form.addRow(field.accessibleName(), field)
        self.fields["context_length"].setSingleStep(1024)
        cancel = button(self.tr("Cancel"), self.tr("Leaves the values as they are advised"))
        tip = self.tr("Takes these values; nothing is changed before you click Start")
        keep = button(self.tr("OK"), tip, primary=True)
        keep.setDefault(True)
        cancel.clicked.connect(self.reject)
        keep.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LG, LG, LG, LG)
        layout.setSpacing(LG)
        layout.addLayout(form)
        layout.addLayout(row)

    def pool(self) -> PoolSettings:
        """Return the pool with the numbers of the fields."""
        return msgspec.structs.replace(self._before, **{name: field.value() for name, field in self.fields.items()})
