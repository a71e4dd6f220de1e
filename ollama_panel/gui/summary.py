"""The most important fact about the panel's state, in one sentence: for the Overview, the sidebar and the tray."""

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QObject

from ollama_panel.core.alerts import Health, failing
from ollama_panel.core.bypass import still_going_past
from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.gui.format import number
from ollama_panel.gui.notices import notice_text

_KINDS = {
    f"waiting.{code}": kind
    for kind, codes in {
        "slot": ("slot", "slots", "no_memory", "limited", "kept_for_chats"),
        "urgent": ("urgent_first",),
        "client": ("client_limit",),
        "loading": ("loading",),
        "loading_other": ("loading_other",),
        "memory": ("memory",),
        "context": ("context", "context_fixed", "own_context", "own_context_fixed"),
        "starting": ("starting", "all_starting", "restarting", "all_restarting", "no_instance"),
        "stopped": ("stopped", "all_stopped"),
        "failed": ("silent", "all_silent", "broken", "all_broken", "retry"),
        "left_out": ("pool_left_out",),
        "paused": ("paused",),
        "given": ("given", "given_memory", "given_program", "given_program_memory", "given_busy", "given_busy_memory"),
    }.items()
    for code in codes
}
"""What the reasons of `core.scheduling.waiting` have in common, by their codes."""


def health_tone(health: Health) -> str:
    """Return the colour token for the health of the panel."""
    return {Health.STARTING: "muted", Health.WELL: "ok", Health.IMPAIRED: "warn", Health.DOWN: "danger"}[health]


def summary(snapshot: Snapshot) -> str:
    """Return the sentence."""
    return _Summary().text(snapshot)


class _Summary(QObject):
    """Makes the sentence; an object, because Qt's tool finds plural forms only where an object translates them."""

    def text(self, snapshot: Snapshot) -> str:
        """Return the sentence."""
        if snapshot.fatal is not None:
            return self.tr("The engine has stopped")
        if snapshot.proxy.problem is not None:
            return notice_text(snapshot.proxy.problem)
        if snapshot.starting:
            return self.tr("Starting…")
        found = next(self._sentences(snapshot), "")
        if not found and not _asked(snapshot):
            return self.tr("No request has come yet: the page Connect says how programs are set up")
        return found or self.tr("Everything is running normally")

    def _sentences(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield what is not as it should be, the most important first."""
        phases = [one.phase for one in snapshot.instances]
        if failed := sum(map(failing, snapshot.instances)):
            yield self.tr("%n instance(s) cannot run", "", failed)
        if stalled := sum(one.phase is Phase.READY and bool(one.silent) for one in snapshot.instances):
            yield self.tr("Requests stand still at %n instance(s)", "", stalled)
        yield from self._of_gpu(snapshot)
        if not snapshot.proxy.on:
            yield self.tr("The proxy is off: clients are not answered")
        stopped = phases.count(Phase.STOPPED)
        if stopped and stopped == len(phases):
            yield self.tr("All instances are stopped; requests wait until one is started")
        if Phase.READY not in phases:
            yield self.tr("No instance runs yet; requests wait until one does")
        if snapshot.paused:
            waiting = sum(pool.queued for pool in snapshot.pools)
            yield self.tr("The queue is paused: %n request(s) wait", "", waiting)
        if told := self._of_requests(snapshot):
            yield told
        yield from self._of_stores(snapshot)
        if past := len(still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)):
            yield self.tr("%n program(s) go past the queue, straight to Ollama", "", past)
        if stopped:
            yield self.tr("%n instance(s) are stopped", "", stopped)

    def _of_gpu(self, snapshot: Snapshot) -> Iterator[str]:
        away = snapshot.gpu_yield
        if away.state is not YieldState.SERVING and away.told is not None:
            yield notice_text(away.told)

    def _of_stores(self, snapshot: Snapshot) -> Iterator[str]:
        told = {one.code for one in snapshot.notices}
        if "stores.shut" in told or "stores.shut_served" in told:
            yield self.tr("Some workers cannot read the folder of their models")
        if "stores.none_here" in told:
            yield self.tr("The pools cannot serve: their workers have no models")
        if "stores.some_elsewhere" in told:
            yield self.tr("Some models are with another server alone")

    def _of_requests(self, snapshot: Snapshot) -> str:
        """Return for what requests wait, in the queue and at instances that load a model; "" if none does."""
        waiting = sum(pool.queued for pool in snapshot.pools)
        loading = sum(one.state is RequestState.LOADING for one in snapshot.requests)
        parts = []
        if waiting:
            parts.append(self._waiting(snapshot, waiting))
        if loading:
            parts.append(self.tr("a model is being loaded for %n request(s)", "", loading))
        told = self.tr("; ").join(parts)
        return told[:1].upper() + told[1:]

    def _waiting(self, snapshot: Snapshot, waiting: int) -> str:
        """Return how many requests wait, and for what, as far as the snapshot has their records."""
        records = [one for one in snapshot.requests if one.state is RequestState.WAITING]
        kinds = Counter(_KINDS.get(one.why.code if one.why is not None else "", "") for one in records)
        told = self.tr("%n request(s) wait", "", waiting)
        if not kinds or "" in kinds:
            return told
        kind, most = kinds.most_common(1)[0]
        if most == len(records):
            return self.tr("{requests} {reason}").format(requests=told, reason=self._reason(kind))
        if len(records) < waiting:
            text = self.tr("{requests}, most of them {reason}")
            return text.format(requests=told, reason=self._reason(kind))
        part = self.tr("{number} {reason}")
        each = (part.format(number=number(count), reason=self._reason(one)) for one, count in kinds.most_common())
        text = self.tr("{requests}: {parts}")
        return text.format(requests=told, parts=self.tr(", ").join(each))

    def _reason(self, kind: str) -> str:
        """Return for what requests wait."""
        return {
            "slot": self.tr("for a free slot"),
            "urgent": self.tr("for more urgent ones"),
            "client": self.tr("for others of the same client"),
            "loading": self.tr("until their model is loaded"),
            "loading_other": self.tr("until another model is loaded"),
            "memory": self.tr("for room in memory"),
            "context": self.tr("for a reload with another context"),
            "starting": self.tr("for an instance to start"),
            "stopped": self.tr("for an instance that is stopped"),
            "failed": self.tr("for an instance that has failed"),
            "left_out": self.tr("until the settings file is corrected"),
            "paused": self.tr("while the queue is paused"),
            "given": self.tr("while other programs come first"),
        }[kind]


def _asked(snapshot: Snapshot) -> bool:
    """Return whether any request has come since the panel was started."""
    return bool(snapshot.served or snapshot.failed or snapshot.refused or snapshot.requests or snapshot.finished)
