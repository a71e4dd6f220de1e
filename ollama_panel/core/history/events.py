"""What has happened from one snapshot to the next: to instances, to the settings, and to the alerts."""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from ollama_panel.core.alerts import Alert, Topic, alerts, failing
from ollama_panel.core.gpu_yield import YieldRecord
from ollama_panel.core.gpu_yield_told import back
from ollama_panel.core.history.records import EventKind
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.settings.differences import changed_keys
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot

_KEYS = 10
"""How many settings an event names."""

Told: TypeAlias = tuple[EventKind, str, Notice]
"""What an event is about, the instance, "" if it is about no single one, and the words."""


class Changes:
    """Compares each snapshot with the one before; what is there in the first one has happened earlier."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._instances: dict[InstanceId, InstanceRecord] = {}
        self._alerts: dict[frozenset[Topic], Notice] = {}
        self._gpu: YieldRecord | None = None
        self._seen: object = None

    def after(self, snapshot: Snapshot) -> Iterator[Told]:
        """Yield what has happened until another snapshot."""
        yield from self._of_settings(snapshot.settings)
        yield from self._of_instances(snapshot.instances)
        yield from self._of_gpu(snapshot)
        yield from self._of_alerts(snapshot)

    def _of_settings(self, settings: Settings) -> Iterator[Told]:
        before, self._settings = self._settings, settings
        if before is None or before == settings:
            return
        if changed := changed_keys(before, settings):
            named = (*changed[:_KEYS], *["…"] * (len(changed) > _KEYS))
            yield EventKind.SETTINGS, "", notice("history.settings", keys=named)

    def _of_instances(self, instances: tuple[InstanceRecord, ...]) -> Iterator[Told]:
        before, self._instances = self._instances, {one.id: one for one in instances}
        for one in instances:
            old = before.get(one.id)
            if old is not None and one.watchdog.restarts > old.watchdog.restarts:
                yield EventKind.INSTANCE, one.id, notice("history.hung", instance=one.id)
            if old is None or old.phase is one.phase:
                continue
            if one.phase is Phase.READY:
                yield EventKind.INSTANCE, one.id, notice("history.ready", instance=one.id)
            elif failing(one) and not failing(old):
                why = one.detail or notice("instance.down")
                yield EventKind.INSTANCE, one.id, notice("history.died", instance=one.id, why=why)
            elif one.phase is Phase.STOPPED:
                yield EventKind.INSTANCE, one.id, notice("history.stopped", instance=one.id)
        for gone in before.keys() - self._instances.keys():
            if before[gone].phase is not Phase.STOPPED:
                yield EventKind.INSTANCE, gone, notice("history.stopped", instance=gone)

    def _of_gpu(self, snapshot: Snapshot) -> Iterator[Told]:
        """Yield that the GPU was given to others, why, and that it came back."""
        before, now = self._gpu, snapshot.gpu_yield
        self._gpu = now
        if before is None or (before.state, before.cause, before.program) == (now.state, now.cause, now.program):
            return
        if now.told is not None:
            yield EventKind.PANEL, "", now.told
        elif before.told is not None:
            yield EventKind.PANEL, "", back(gpu=snapshot.gpu)

    def _of_alerts(self, snapshot: Snapshot) -> Iterator[Told]:
        """Yield what is kept of the alerts that have come or gone, but for those of instances, told by themselves.

        They are looked for only if they may have changed.
        """
        phases = tuple((one.id, one.phase, one.detail, one.silent, one.watchdog.told) for one in snapshot.instances)
        parts = (snapshot.problems, snapshot.notices, snapshot.machine_alerts)
        seen = (*parts, snapshot.proxy, snapshot.paused, snapshot.fatal, phases)
        if seen == self._seen:
            return
        self._seen = seen
        before = self._alerts
        serious = (one for one in alerts(snapshot) if _is_kept(one) and not _is_instance(one))
        self._alerts = {one.topics: one.told for one in serious}
        for topics, told in self._alerts.items():
            if topics not in before:
                yield EventKind.ALERT, "", _like(notice("history.alert", told=told), told)
        for topics, told in before.items():
            if topics not in self._alerts:
                yield EventKind.ALERT, "", notice("history.alert_over", told=told)


def _is_kept(alert: Alert) -> bool:
    """Return whether it is a warning or an error, or a change that the panel proposes, or has made by itself."""
    return alert.told.level is not Level.INFO or alert.kind == "adjust"


def _is_instance(alert: Alert) -> bool:
    return any(topic[0] == "instance" for topic in alert.topics)


def _like(shown: Notice, told: Notice) -> Notice:
    return msgspec.structs.replace(shown, level=told.level)
