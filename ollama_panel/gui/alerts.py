"""The alerts of the window: those of the snapshot and of failed commands, without those that the user has closed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QDateTime, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from ollama_panel.core.alerts import Alert, AlertTimes, Topic, about, alerts, by_gravity, moved
from ollama_panel.core.findings import DoctorRecord, Finding, Remedy, UseRemedy
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import Notice, Offer
from ollama_panel.core.offers import accepted
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import gpu_results, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.format import time_of
from ollama_panel.gui.offers import DOWNLOAD


@dataclass(frozen=True, slots=True)
class Memory:
    """What commands told, what the user has closed and accepted, and when each alert began."""

    of_commands: tuple[Alert, ...]
    closed: frozenset[Topic]
    accepted: frozenset[Notice]
    times: AlertTimes
    began: dict[frozenset[Topic], QDateTime]


class Alerts(QObject):
    """The alerts, and what their buttons do.

    `all` are the most serious first, `open` those of them that are not closed. A closed alert stays closed as long as
    it is about the same; one that ended and returns is open again. `changed` is emitted when the alerts or what can be
    done about them have changed, `arrived` with each one that opens, `page_wanted` with the name of the page that a
    button opens, `finding_wanted` with the id of what the doctor has found.
    """

    changed = Signal()
    arrived = Signal(object)
    page_wanted = Signal(str)
    finding_wanted = Signal(str)

    def __init__(self, client: EngineClient, open_log: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._open_log = open_log
        self._of_commands: tuple[Alert, ...] = ()
        self._closed: set[Topic] = set()
        self._accepted: set[Notice] = set()
        self._times = AlertTimes()
        self._began: dict[frozenset[Topic], QDateTime] = {}
        self._under_way: set[tuple[frozenset[Topic], Remedy | Offer]] = set()
        self.all: tuple[Alert, ...] = ()
        self.open: tuple[Alert, ...] = ()

    def is_closed(self, alert: Alert) -> bool:
        """Return whether the user has closed an alert, or its offer was accepted."""
        return alert.topics <= self._closed or alert.told in self._accepted

    def is_answer(self, alert: Alert) -> bool:
        """Return whether an alert tells what came of a command of the user."""
        return alert in self._of_commands

    def is_under_way(self, alert: Alert, remedy: Remedy | Offer) -> bool:
        """Return whether a button was pressed and what it does is not done yet."""
        return (alert.topics, remedy) in self._under_way

    def began(self, alert: Alert) -> QDateTime | None:
        """Return when an alert began, None for one that tells what came of a command."""
        return self._began.get(alert.topics)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the alerts of a snapshot."""
        of_state = self._times.of(alerts(snapshot), snapshot.at)
        self._began = {one.topics: self._began.get(one.topics) or _began(one, snapshot.at) for one in of_state}
        self._closed &= {topic for one in (*of_state, *self._of_commands) for topic in one.topics}
        self._accepted &= {one.told for one in of_state}
        said = {_sentence(one.told) for one in of_state if not self.is_closed(one)}
        self._of_commands = tuple(one for one in self._of_commands if one.told not in said)
        found = by_gravity((*self._of_commands, *of_state))
        waiting = tuple(one for one in found if not self.is_closed(one))
        if (found, waiting) == (self.all, self.open):
            return
        before = {topic for one in self.open for topic in one.topics}
        self.all, self.open = found, waiting
        self.changed.emit()
        for one in waiting:
            if not one.topics <= before:
                self.arrived.emit(one)

    def report(self, failure: Notice) -> None:
        """Tell why a command failed, until the user closes it; the newest replaces the one before."""
        self._tell(Alert(failure, frozenset({("failure", *about(failure))})), "failure")

    def copy(self, command: str) -> None:
        """Copy a command that an alert tells."""
        results.copy(self._client, command)

    def finding_of(self, alert: Alert) -> str:
        """Return the id of what the doctor has found about an alert, "" if there is nothing."""
        return finding_of(alert, self._client.snapshot.doctor)

    def mend(self, finding: Finding) -> None:
        """Do what the fix of a finding says, if it is a button that alerts have."""
        if isinstance(fix := finding.fix, UseRemedy):
            instances = tuple(map(InstanceId, fix.instances))
            self.run(Alert(finding.told, frozenset({("finding", finding.id)}), (), instances), fix.remedy)

    def close(self, alert: Alert) -> None:
        """Close an alert."""
        self._of_commands = tuple(one for one in self._of_commands if one.topics != alert.topics)
        self._closed |= alert.topics
        self.show_snapshot(self._client.snapshot)

    @property
    def memory(self) -> Memory:
        """What the window that replaces this one needs."""
        closed, accepted = frozenset(self._closed), frozenset(self._accepted)
        return Memory(self._of_commands, closed, accepted, self._times, self._began)

    def remember(self, memory: Memory) -> None:
        """Go on where the window that this one replaces ended."""
        self._of_commands = memory.of_commands
        self._closed, self._accepted = set(memory.closed), set(memory.accepted)
        self._times, self._began = memory.times, memory.began
        self.show_snapshot(self._client.snapshot)

    def run(self, alert: Alert, remedy: Remedy | Offer) -> None:
        """Do what a button of an alert says, once at a time."""
        if not self.is_under_way(alert, remedy):
            self._under_way.add((alert.topics, remedy))
            self.changed.emit()
            self._client.spawn(self._run(alert, remedy))

    async def _run(self, alert: Alert, remedy: Remedy | Offer) -> None:
        try:
            if isinstance(remedy, Remedy):
                await self._remedy(alert, remedy)
            else:
                self._accepted.add(alert.told)
                self.show_snapshot(self._client.snapshot)
                await results.apply(self._client, accepted(self._client.snapshot.settings, remedy))
        except BaseException:
            self._accepted.discard(alert.told)
            raise
        finally:
            self._under_way.discard((alert.topics, remedy))
            self.changed.emit()

    async def _remedy(self, alert: Alert, remedy: Remedy) -> None:
        client = self._client
        match remedy:
            case Remedy.OPEN_LOG:
                self._open_log()
            case Remedy.RESTART_ENGINE:
                client.restart_engine()
            case Remedy.CONNECT:
                self.page_wanted.emit("connect")
            case Remedy.INSTALL:
                QDesktopServices.openUrl(QUrl(DOWNLOAD))
            case Remedy.USE_NEXT_PORT:
                told = moved(await client.use_next_port())
                self._tell(Alert(told, frozenset({("moved",)})), "moved")
            case Remedy.START | Remedy.RESTART:
                act = results.start if remedy is Remedy.START else results.restart
                await act(client, alert.instances)
            case _:
                await _COMMANDS[remedy](client)

    def _tell(self, alert: Alert, kind: str) -> None:
        """Add an alert of a command in place of the one of this kind."""
        others = tuple(one for one in self._of_commands if not any(topic[0] == kind for topic in one.topics))
        self._of_commands = (alert, *others)
        self._closed -= alert.topics
        self.show_snapshot(self._client.snapshot)


_COMMANDS: dict[Remedy, Callable[[EngineClient], Awaitable[None]]] = {
    Remedy.LISTEN_AGAIN: partial(results.set_proxy, on=True),
    Remedy.SWITCH_ON: partial(results.set_proxy, on=True),
    Remedy.RESUME: partial(results.set_paused, on=False),
    Remedy.START_ALL: results.start_all,
    Remedy.TAKE_OVER: results.take_over,
    Remedy.UNDO_TAKE_OVER: results.undo_take_over,
    Remedy.TAKE_GPU_BACK: gpu_results.take_back,
    Remedy.ROLL_OUT: results.roll_out,
}


def finding_of(alert: Alert, record: DoctorRecord) -> str:
    """Return the id of the open finding about an alert, "" if there is none.

    A finding that stands for an alert has the id `alert.<code>`, and after a colon what it is about; what that is may
    have changed since the doctor has looked.
    """
    begin = f"alert.{alert.code}"
    found = [one.id for one in record.open if one.id == begin or one.id.startswith(f"{begin}:")]
    if not found:
        return ""
    from ollama_panel.core.doctor.panel_alerts import finding_id  # the doctor takes longer to import than the window

    same = finding_id(alert)
    return same if same in found else found[0]


def _began(alert: Alert, now: float) -> QDateTime:
    """Return when an alert began, in the time of this machine; `now` is that of the engine's clock."""
    return time_of(now if alert.since is None else alert.since, now)


def _sentence(told: Notice) -> Notice:
    """Return what is said of a place, without the place before it."""
    what = told.values.get("what") if told.code == "problem" else None
    return what if isinstance(what, Notice) else told
