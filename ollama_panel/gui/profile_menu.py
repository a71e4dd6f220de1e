"""The menu of the profiles: of one pool on its card, of all pools in the tray."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from ollama_panel.core.ids import PoolName
from ollama_panel.core.provenance import problem_of_profile
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.profiles import in_force
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text


class ProfileMenu(QMenu):
    """Applies a profile to the pool that it was made for. `all_wanted` asks for the list of all, with what they give.

    `pool` is the one whose profiles are offered, None = those of all pools.
    """

    all_wanted = Signal()

    def __init__(
        self, client: EngineClient, title: str, pool: PoolName | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._client, self._pool = client, pool
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        self.clear()
        snapshot = self._client.snapshot
        offered = tuple(self._offered(snapshot))
        for profile in offered:
            self._add(profile, snapshot)
        if not offered:
            self.addAction(self.tr("No profile yet")).setEnabled(False)
        self.addSeparator()
        self.addAction(self.tr("Profiles…"), self.all_wanted.emit)

    def _offered(self, snapshot: Snapshot) -> Iterator[ProfileRecord]:
        """Yield the profiles whose pool there is."""
        for profile in snapshot.profiles:
            name = profile.settings.name
            if self._pool in (None, name) and preview.pool_of(snapshot.settings, name) is not None:
                yield profile

    def _add(self, profile: ProfileRecord, snapshot: Snapshot) -> None:
        pool = preview.pool_of(snapshot.settings, profile.settings.name)
        problem = problem_of_profile(snapshot, profile)
        shown = profile.name if self._pool is not None else f"{profile.name} ({profile.settings.name})"
        stale = problem is not None and profile.measured is not None
        beside = self.tr("tune again") if stale else self._gives(profile)
        action = self.addAction(f"{shown.replace('&', '&&')}\t{beside}")
        action.setCheckable(True)
        action.setChecked(pool is not None and in_force(profile, pool))
        action.setToolTip(notice_text(problem) or self.tr("Gives the pool these settings"))
        action.setEnabled(not snapshot.fatal)
        action.triggered.connect(partial(self._apply, profile.name))

    def _gives(self, profile: ProfileRecord) -> str:
        """Return what was measured with a profile, or else how many requests run at once with it."""
        if profile.measured is not None:
            return self.tr("{rate} tokens/s").format(rate=fmt.rate(profile.measured.tokens_per_s.mean))
        return self.tr("%n slot(s)", "", profile.settings.workers * profile.settings.parallel)

    def _apply(self, name: str, _: bool = True) -> None:
        self._client.spawn(results.apply_profile(self._client, name))
