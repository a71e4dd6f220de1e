"""The waiting requests that the queue page lists: those of the snapshot, or of all, for which the engine is asked."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot
from ollama_panel.gui import tasks
from ollama_panel.gui.client import EngineClient

_AGAIN_S, _LONG_AGAIN_S = 1.0, 2.0
"""So long after an answer the engine is asked again, also after a long one."""
_LONG = 1000
"""A list from which on it is made anew only from an answer, not from each snapshot: that costs milliseconds."""


class WaitingSearch(QObject):
    """A snapshot has only the first requests that wait; `found` is emitted when the engine has told of the others."""

    found = Signal()

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._wanted: RequestFilter | None = None
        self._answer: tuple[RequestRecord, ...] | None = None
        self._answered_at = 0.0
        self._asking = False
        self._listed: Sequence[RequestRecord] = ()
        self._fresh = False

    @property
    def looking(self) -> bool:
        """Whether what is listed are only those of the snapshot, because the first answer is on its way."""
        return self._wanted is not None and self._answer is None

    def records(self, snapshot: Snapshot, wanted: RequestFilter, everything: bool) -> Sequence[RequestRecord]:
        """Return the wanted requests that wait: all that the engine knows if `everything` is to be looked through.

        The identical sequence says that nothing in it has changed.
        """
        waiting = [record for record in snapshot.requests if record.state is RequestState.WAITING]
        missed = len(waiting) < sum(pool.queued for pool in snapshot.pools)
        if not (missed and everything and wanted.waits()):
            self._wanted = self._answer = None
            return wanted.among(waiting)
        if wanted != self._wanted:
            self._wanted, self._answer = wanted, None
        self._ask(snapshot.at)
        if self._answer is None:
            self._listed = wanted.among(waiting)
        elif self._fresh or len(self._answer) < _LONG:
            self._listed = self._united(snapshot, self._answer)
        self._fresh = False
        return self._listed

    def _ask(self, now: float) -> None:
        pause = _LONG_AGAIN_S if self._answer is not None and len(self._answer) >= _LONG else _AGAIN_S
        if not self._asking and (self._answer is None or now - self._answered_at >= pause):
            self._asking = True
            self._client.spawn(self._look())

    async def _look(self) -> None:
        wanted = self._wanted
        try:
            answer = await self._client.find_waiting(wanted) if wanted is not None else ()
        finally:
            if tasks.exists(self):
                self._asking = False
        if tasks.exists(self) and wanted is not None and wanted == self._wanted:
            self._answer, self._answered_at, self._fresh = answer, self._client.snapshot.at, True
            self.found.emit()

    def _united(self, snapshot: Snapshot, answer: Sequence[RequestRecord]) -> list[RequestRecord]:
        """Return the answer with what the snapshot knows better: a newer record, or that a request waits no more."""
        newer = {(record.id, record.arrived): record for record in (*snapshot.finished, *snapshot.requests)}
        ids = {record.id for record in newer.values()}  # to look up a key for each of ten thousand takes longer
        united = (newer.get((record.id, record.arrived), record) if record.id in ids else record for record in answer)
        return [record for record in united if record.state is RequestState.WAITING]
