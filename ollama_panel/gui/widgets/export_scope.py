"""Which settings are exported: those in force or with a profile, of all pools or of one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.inputs import ComboBox

_WIDTHS = (208, 124)
"""Pixels: of the profiles and of the pools, so that a long name moves nothing."""


class ExportScope(QWidget):
    """Two choices in the heading of the page. `changed`: the user has chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self.profile = _choice(self.tr("Settings to export"), self.tr("The settings in force, or those of a profile"))
        self.pools = _choice(self.tr("Pools to export"), self.tr("All pools, or one of them"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MD)
        for part, width in zip((self.profile, self.pools), _WIDTHS, strict=True):
            part.setFixedWidth(width)
            part.activated.connect(lambda: self.changed.emit())
            row.addWidget(part)

    @property
    def profile_name(self) -> str:
        """The name of the chosen profile, "" = the settings in force."""
        return str(self.profile.currentData() or "")

    @property
    def pool_names(self) -> tuple[PoolName, ...]:
        """The chosen pools, none = all."""
        chosen = self.pools.currentData()
        return (PoolName(chosen),) if chosen else ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the profiles and the pools that there are; what is chosen stays, while it is there."""
        shown = snapshot.profiles, tuple(pool.name for pool in snapshot.settings.pools)
        if shown == self._shown:
            return
        self._shown = shown
        _fill(self.profile, [("", self.tr("Settings in force")), *map(self._profile, snapshot.profiles)])
        _fill(self.pools, [("", self._all(snapshot.settings.pools)), *((name, str(name)) for name in shown[1])])

    def choose(self, profile: str, pools: Sequence[PoolName]) -> None:
        """Choose as on a page that this one replaces."""
        self.profile.setCurrentIndex(max(0, self.profile.findData(profile)))
        self.pools.setCurrentIndex(max(0, self.pools.findData(pools[0] if pools else "")))

    def _profile(self, profile: ProfileRecord) -> tuple[str, str]:
        slots = profile.settings.workers * profile.settings.parallel
        text = self.tr("Profile: {name}, %n slot(s)", "", slots)
        return profile.name, text.format(name=profile.name)

    def _all(self, pools: Sequence[PoolSettings]) -> str:
        return self.tr("Both pools") if len(pools) == 2 else self.tr("All pools")


def _choice(name: str, tip: str) -> ComboBox:
    made = ComboBox()
    made.setAccessibleName(name)
    made.setToolTip(tip)
    return made


def _fill(box: ComboBox, rows: Sequence[tuple[str, str]]) -> None:
    """Show other rows, each a value with its text; the chosen value stays chosen if it is among them."""
    chosen = box.currentData()
    box.clear()
    for value, text in rows:
        box.addItem(text, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
