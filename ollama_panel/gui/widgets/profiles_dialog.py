"""The list of the profiles: to be applied to a pool, saved, exchanged with other machines, and forgotten."""

from typing import Protocol, cast, runtime_checkable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ollama_panel.core.ids import PoolName
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.profiles import applied
from ollama_panel.gui import preview, profile_actions, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import button, label
from ollama_panel.gui.widgets.inputs import ComboBox
from ollama_panel.gui.widgets.layout import scrolled
from ollama_panel.gui.widgets.memory_question import fits_or_is_wanted
from ollama_panel.gui.widgets.profile_row import ProfileRow

_SIZE = (720, 560)
_LONGEST = 60
"""Letters of a name."""


@runtime_checkable
class ShowsExports(Protocol):
    """The window, as this dialog knows it."""

    def show_export_of(self, profile: str) -> None:
        """Show the exports of the settings with a profile."""


class ProfilesDialog(QDialog):
    """Does not block the window: the pages show what an applied profile changes."""

    def __init__(self, client: EngineClient, parent: QWidget, pool: PoolName | None = None) -> None:
        """`pool` is the one that is chosen first, None = the first one."""
        super().__init__(parent)
        self.setObjectName("profiles")
        self.setWindowTitle(self.tr("Profiles"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._client = client
        self.rows: list[ProfileRow] = []
        self.pools = ComboBox()
        self.pools.setAccessibleName(self.tr("Pool"))
        self.pools.setToolTip(self.tr("The pool that profiles are applied to, and whose settings are saved"))
        self.pools.currentIndexChanged.connect(self._pool_chosen)
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.name.setAccessibleName(self.tr("Name of the profile"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.textChanged.connect(self._let_save)
        self.name.returnPressed.connect(self._save)
        self.save = button(self.tr("Save"), self.tr("Keeps the settings that this pool has now"), primary=True)
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self._save)
        self.hint = label("", "caption")
        self.take = button(self.tr("Import…"), self.tr("Takes a profile from a file that another panel has written"))
        self.take.clicked.connect(lambda: client.spawn(profile_actions.take(client, self)))
        self.close_button = button(self.tr("Close"))
        self.close_button.clicked.connect(self.close)
        self._empty = label(
            self.tr("No profile yet. Save the settings of a pool here, or the result of a tuning on its page."),
            "muted",
            wrap=True,
        )
        self._lay_out()
        client.snapshot_changed.connect(self.show_snapshot)
        self.show_snapshot(client.snapshot)
        self.choose(pool)

    def choose(self, pool: PoolName | None) -> None:
        """Choose a pool, None = leave the one that is chosen."""
        if pool is not None and (place := self.pools.findData(pool)) >= 0:
            self.pools.setCurrentIndex(place)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the profiles, and what they would do to the pool that is chosen."""
        self._show_pools(snapshot)
        self._show_profiles(snapshot)
        self._let_save()

    @property
    def pool(self) -> PoolName | None:
        """The pool that is chosen."""
        chosen: PoolName | None = self.pools.currentData()
        return chosen

    def _show_pools(self, snapshot: Snapshot) -> None:
        names = [pool.name for pool in snapshot.settings.pools]
        if names == [self.pools.itemData(place) for place in range(self.pools.count())]:
            return
        chosen = self.pool
        blocked = self.pools.blockSignals(True)
        self.pools.clear()
        for name in names:
            self.pools.addItem(name, name)
        self.pools.blockSignals(blocked)
        self.choose(chosen)

    def _show_profiles(self, snapshot: Snapshot) -> None:
        while len(self.rows) > len(snapshot.profiles):
            gone = self.rows.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(snapshot.profiles):
            self._add_row()
        pool = preview.pool_of(snapshot.settings, self.pool) if self.pool is not None else None
        for row, profile in zip(self.rows, snapshot.profiles, strict=True):
            row.show_profile(profile, pool, snapshot)
        self._empty.setVisible(not self.rows)

    def _add_row(self) -> None:
        row, client = ProfileRow(), self._client
        row.apply.connect(lambda name: client.spawn(self._apply(name)))
        row.export.connect(lambda name: client.spawn(profile_actions.export(client, name, self)))
        row.elsewhere.connect(self._show_elsewhere)
        row.forget.connect(lambda name: client.spawn(profile_actions.forget(client, name)))
        self.rows.append(row)
        self._list.insertWidget(self._list.count() - 1, row)

    @Slot(str)
    def _show_elsewhere(self, name: str) -> None:
        """Show a profile on the page of the exports, in place of this dialog."""
        window = cast("object", self.parent())
        if isinstance(window, ShowsExports):
            self.close()
            window.show_export_of(name)

    async def _apply(self, name: str) -> None:
        """Apply a profile to the pool that is chosen, after a question if that does not fit into the memory."""
        snapshot, chosen = self._client.snapshot, self.pool
        profile = next((one for one in snapshot.profiles if one.name == name), None)
        pool = preview.pool_of(snapshot.settings, chosen) if chosen is not None else None
        if profile is None or pool is None:
            return
        if await fits_or_is_wanted(self, snapshot, applied(profile, pool)):
            await results.apply_profile(self._client, name, chosen)

    @Slot()
    def _pool_chosen(self) -> None:
        self.show_snapshot(self._client.snapshot)

    @Slot()
    def _save(self) -> None:
        name = self.name.text().strip()
        if name and self.pool is not None:
            self.name.clear()
            self._client.spawn(profile_actions.save(self._client, name, self.pool))

    @Slot()
    def _let_save(self) -> None:
        name, snapshot = self.name.text().strip(), self._client.snapshot
        self.save.setEnabled(bool(name) and self.pool is not None and not snapshot.fatal)
        replaces = any(one.name == name for one in snapshot.profiles)
        self.hint.setText(self.tr("It replaces the profile of this name.") if replaces else " ")

    def _lay_out(self) -> None:
        content = QWidget()
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, SM, 0)
        self._list.setSpacing(MD)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        area = scrolled(content, self)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        top = QHBoxLayout()
        top.setSpacing(SM)
        top.addWidget(label(self.tr("Pool"), of=self.pools))
        top.addWidget(self.pools)
        top.addSpacing(MD)
        top.addWidget(label(self.tr("Save its settings as"), of=self.name))
        top.addWidget(self.name, 1)
        top.addWidget(self.save)
        bottom = QHBoxLayout()
        bottom.setSpacing(SM)
        bottom.addWidget(self.take)
        bottom.addStretch(1)
        bottom.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(SM)
        whole.addLayout(top)
        whole.addWidget(self.hint)
        whole.addWidget(area, 1)
        whole.addLayout(bottom)


def show_profiles(client: EngineClient, parent: QWidget, pool: PoolName | None = None) -> ProfilesDialog:
    """Show the dialog, one in each window at most, and return it."""
    window = parent.window()
    known = next(iter(window.findChildren(ProfilesDialog)), None)
    shown = known or ProfilesDialog(client, window, pool)
    shown.choose(pool)
    shown.show()
    shown.raise_()
    shown.activateWindow()
    return shown
