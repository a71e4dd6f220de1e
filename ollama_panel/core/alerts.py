"""What people should see now and can do something about, the most serious first, and the health of the whole panel."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.bypass import of_bypassing, still_going_past
from ollama_panel.core.findings import Remedy
from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import FollowUpdates, Notice, Offer, Value, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, Snapshot
from ollama_panel.core.takeover import TakeoverStage, of_takeover
from ollama_panel.core.watchdog_record import WatchdogState

PORT_TAKEN = "proxy.port_taken"
"""The code of the notice that another server listens on the proxy's port."""

GPU_YIELD = "gpu_yield"
"""The kind of the alert that others have the GPU."""

Topic: TypeAlias = tuple[Value | None, ...]
"""What an alert is about: one with the same topic, whatever numbers it names, says the same."""

_GRAVITY = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


class Health(Enum):
    """The state of the panel as a whole.

    STARTING: nothing is known yet. IMPAIRED: it serves, but not as it should, or not now because the user wants it so.
    DOWN: something does not work.
    """

    STARTING = "starting"
    WELL = "well"
    IMPAIRED = "impaired"
    DOWN = "down"


class Alert(msgspec.Struct, frozen=True):
    """One alert: what it says, what can be done about it, and at which `instances`. `topics`: what it is about.

    `since` is in seconds of the engine's clock, None = not known; `times` is how often it was said.
    """

    told: Notice
    topics: frozenset[Topic]
    remedies: tuple[Remedy | Offer, ...] = ()
    instances: tuple[InstanceId, ...] = ()
    closable: bool = True
    kind: str = ""
    model: str = ""
    since: float | None = None
    times: int = 1

    @property
    def code(self) -> str:
        """The name of its kind, for programs: that of the notice inside, unless its numbers decide on the notice."""
        what = self.told.values.get("what")
        return self.kind or (what.code if self.told.code == "problem" and isinstance(what, Notice) else self.told.code)


class AlertTimes:
    """Since when alerts are there: those that do not know it themselves, since they were first seen."""

    def __init__(self) -> None:
        self._since: dict[Topic, float] = {}

    def of(self, found: Sequence[Alert], now: float) -> tuple[Alert, ...]:
        """Return the alerts of now with their times; one that is about several matters began with the first."""
        before = self._since
        self._since = {topic: before.get(topic, now) for one in found for topic in one.topics}
        return tuple(one if one.since is not None else self._with_time(one, now) for one in found)

    def _with_time(self, alert: Alert, now: float) -> Alert:
        return msgspec.structs.replace(alert, since=min((self._since[topic] for topic in alert.topics), default=now))


def alerts(snapshot: Snapshot) -> tuple[Alert, ...]:
    """Return all alerts of a snapshot, the most serious first."""
    of_others = (*_of_takeover(snapshot), *_of_machine(snapshot), *_of_bypassing(snapshot))
    found = (*_of_state(snapshot), *of_others, *_of_problems(snapshot))
    return by_gravity((*found, *map(_of_notice, snapshot.notices), *_of_demo(snapshot)))


def by_gravity(found: Sequence[Alert]) -> tuple[Alert, ...]:
    """Return alerts with the most serious first; those that are equally serious keep their order."""
    return tuple(sorted(found, key=lambda one: _GRAVITY[one.told.level]))


def health(snapshot: Snapshot) -> Health:
    """Return the health of the panel; what is only to be mended or to be known, such as a setting, does not count."""
    levels = {alert.told.level for alert in _of_state(snapshot)}
    if Level.ERROR in levels:
        return Health.DOWN
    if snapshot.starting:
        return Health.STARTING
    serves = any(one.phase is Phase.READY for one in snapshot.instances)
    impaired = bool(levels) or any(one.impairs for one in snapshot.machine_alerts)
    return Health.WELL if serves and not impaired else Health.IMPAIRED


def moved(url: str) -> Notice:
    """Return the notice that the panel listens on another address now, with what clients must change."""
    ways = (
        notice("proxy.way_ollama").by(notice("proxy.step_export", command=f"export OLLAMA_HOST={url}")),
        notice("proxy.way_openai").by(notice("proxy.step_export", command=f"export OPENAI_BASE_URL={url}/v1")),
    )
    return notice("proxy.moved", url=url).by(*ways)


def about(told: Notice) -> Topic:
    """Return the topic of a notice: its code and its words, without its numbers."""
    return (told.code, *(part for value in told.values.values() for part in _words(value)))


def failing(record: InstanceRecord) -> bool:
    """Return whether an instance has died, be it that it is tried again just now."""
    again = record.managed and record.phase is Phase.STARTING and record.detail is not None
    return again or record.phase in (Phase.BACKOFF, Phase.FAILED)


def _words(value: Value) -> Iterator[str]:
    if isinstance(value, Notice):
        yield from (str(part) for part in about(value))
    elif isinstance(value, tuple):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str):
        yield value


def _of_state(snapshot: Snapshot) -> tuple[Alert, ...]:
    """Return the alerts that decide the panel's health."""
    if snapshot.fatal is not None:
        remedies = (Remedy.RESTART_ENGINE, Remedy.OPEN_LOG)
        return (Alert(snapshot.fatal, frozenset({("fatal",)}), remedies, closable=False),)
    found = (*_of_proxy(snapshot), *_of_pause(snapshot), *_of_gpu(snapshot), *_of_failing(snapshot))
    return (*found, *_of_hung(snapshot), *_of_stalled(snapshot), *_of_stopped(snapshot))


def _of_proxy(snapshot: Snapshot) -> Iterator[Alert]:
    problem = snapshot.proxy.problem
    if problem is not None:
        taken = problem.code == PORT_TAKEN
        remedies = (Remedy.USE_NEXT_PORT, Remedy.LISTEN_AGAIN) if taken else (Remedy.LISTEN_AGAIN,)
        address = (problem.values.get("host"), problem.values.get("port"))
        yield Alert(problem, frozenset({("proxy", problem.code, *address)}), remedies)
    elif not snapshot.proxy.on and not snapshot.starting:
        yield Alert(notice("state.proxy_off"), frozenset({("proxy", "off")}), (Remedy.SWITCH_ON,))
    second = snapshot.second_proxy.problem
    if second is not None:
        address = (second.values.get("host"), second.values.get("port"))
        told = notice("proxy.second_closed", host=address[0] or "—", port=address[1] or "—", why=second)
        again = (Remedy.TAKE_OVER,) if snapshot.takeover is not None else ()
        yield Alert(told, frozenset({("proxy", "second", *address)}), (*again, Remedy.LISTEN_AGAIN))


def _of_takeover(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert if a take-over is neither done nor undone, and waits for somebody."""
    one = snapshot.takeover
    if one is None or one.stage is TakeoverStage.TAKEN:
        return
    if one.interrupted or one.problem is not None or one.todo:
        on, back = Remedy.TAKE_OVER, Remedy.UNDO_TAKE_OVER
        remedies = (back, on) if one.stage is TakeoverStage.RETURNING else (on, back)
        yield Alert(of_takeover(one), frozenset({("takeover", one.address)}), remedies)


def _of_pause(snapshot: Snapshot) -> Iterator[Alert]:
    if snapshot.paused:
        told = notice("state.paused", waiting=sum(pool.queued for pool in snapshot.pools))
        yield Alert(told, frozenset({("paused",)}), (Remedy.RESUME,))


def _of_gpu(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert while others have the GPU or are about to, and what is not as one might think meanwhile.

    One that is closed stays so until the GPU is back.
    """
    away = snapshot.gpu_yield
    if away.state is YieldState.SERVING or away.told is None:
        return
    yield Alert(away.told, frozenset({(GPU_YIELD,)}), (Remedy.TAKE_GPU_BACK,), kind=GPU_YIELD, since=away.since)
    managed = {one.id for one in snapshot.instances if one.managed}
    for note in away.notes:
        names = tuple(one for one in managed if one == note.values.get("instance"))
        remedies = (Remedy.RESTART,) if names and note.level is not Level.INFO else ()
        yield Alert(note, frozenset({(GPU_YIELD, *about(note))}), remedies, names, since=away.since)


def _of_failing(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert for each reason why instances do not run, without those that a failed rollout names."""
    told_elsewhere = {_stuck_at(problem) for problem in snapshot.problems}
    nobody = not any(one.phase is Phase.READY for one in snapshot.instances)
    groups = dict[tuple[bool, bool, Notice], list[InstanceRecord]]()
    for one in snapshot.instances:
        if failing(one) and one.id not in told_elsewhere:
            groups.setdefault((one.managed, one.phase is Phase.FAILED, _reason(one)), []).append(one)
    for (managed, gave_up, why), records in groups.items():
        names = tuple(one.id for one in records)
        what = why if len(records) > 1 else records[0].detail or why
        level = Level.ERROR if gave_up or nobody else Level.WARNING
        told = msgspec.structs.replace(notice("problem", where=names, what=what), level=level)
        topics = frozenset(("instance", name, gave_up, why.code) for name in names)
        yield Alert(told, topics, (Remedy.START,) if managed else (), names if managed else ())


def _reason(record: InstanceRecord) -> Notice:
    """Return why an instance has died, without what is done about it."""
    detail = record.detail or notice("instance.down")
    why = detail.values.get("why")
    return why if isinstance(why, Notice) else detail


def _of_stalled(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert for each instance whose runner is silent, unless the watchdog tells more about it."""
    told_elsewhere = {name for alert in _of_hung(snapshot) for name in alert.instances}
    for one in snapshot.instances:
        if one.id in told_elsewhere:
            continue
        if one.phase is Phase.READY and one.silent and one.detail is not None:
            remedies = (Remedy.RESTART,) if one.managed else ()
            yield Alert(Problem(one.id, one.detail).told, frozenset({("stalled", one.id)}), remedies, (one.id,))


def _of_hung(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert for each instance that the watchdog has found to hang; one that is only asked is in no trouble."""
    for one in snapshot.instances:
        told = one.watchdog.told
        if told is not None and one.watchdog.state in (WatchdogState.HUNG, WatchdogState.EXHAUSTED):
            remedies = (Remedy.RESTART,) if one.managed else ()
            yield Alert(told, frozenset({("hung", one.id)}), remedies, (one.id,))


def _of_stopped(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert if the user has stopped every instance, so that nobody serves."""
    phases = {one.phase for one in snapshot.instances}
    if phases == {Phase.STOPPED}:
        yield Alert(notice("state.all_stopped"), frozenset({("stopped",)}), (Remedy.START_ALL,))


def _of_problems(snapshot: Snapshot) -> Iterator[Alert]:
    down = {one.id for one in snapshot.instances if one.managed and one.phase is not Phase.READY}
    for problem in snapshot.problems:
        topics = frozenset({("problem", problem.where, *about(problem.notice))})
        instance = _stuck_at(problem)
        if instance in down:
            yield Alert(problem.told, topics, (Remedy.START,), (instance,))
        elif problem.notice.code == "rollout.successors_failed":
            yield Alert(problem.told, topics, (Remedy.ROLL_OUT,))
        else:
            yield Alert(problem.told, topics)


def _stuck_at(problem: Problem) -> InstanceId:
    """Return the instance at which a rollout has failed, "" if this is another problem."""
    failed = problem.notice.code == "rollout.failed"
    return InstanceId(str(problem.notice.values["instance"])) if failed else InstanceId("")


def _of_machine(snapshot: Snapshot) -> Iterator[Alert]:
    ours = frozenset(one.id for one in snapshot.instances if one.managed)
    for found in snapshot.machine_alerts:
        yield of_machine(found, ours)


def of_machine(found: MachineAlert, ours: frozenset[InstanceId] = frozenset()) -> Alert:
    """Return an alert as people see it; `ours` are the instances that the panel can restart."""
    restarts = found.restart and ours.issuperset(found.instances)
    return Alert(
        found.told,
        frozenset({(found.code, found.model, found.where)}),
        (*found.offers, *((Remedy.RESTART,) if restarts else ())),
        found.instances,
        kind=found.code,
        model=found.model,
        since=found.since,
        times=found.times,
    )


def _of_bypassing(snapshot: Snapshot) -> Iterator[Alert]:
    """Yield an alert if programs go past the panel; one that is closed comes again with another program."""
    found = still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)
    told = of_bypassing(found, snapshot.proxy.url)
    if told is not None:
        topics = frozenset(("bypass", one.url, one.name, one.address) for one in found)
        yield Alert(told, topics, (Remedy.CONNECT,), kind="bypass", since=min(one.first_seen for one in found))


def _of_notice(told: Notice) -> Alert:
    """Return the alert of a notice, which is about a model, the server at an address, a pool, or an instance.

    One with other numbers replaces it, and so does another one about the same from the same part of the panel, unless
    it names another folder of evidence.
    """
    values = told.values
    kind, model = told.code.partition(".")[0], values.get("model", "")
    topic = kind, model or values.get("url") or values.get("pool") or values.get("instance"), values.get("folder")
    actions = () if told.action is None else (told.action,)
    if isinstance(told.action, FollowUpdates):
        left = tuple(InstanceId(str(one)) for one in _several(told.values["instances"]))
        return Alert(told, frozenset({topic}), (Remedy.RESTART, *actions), left, kind=kind)
    return Alert(told, frozenset({topic}), actions, kind=kind, model=str(model))


def _several(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _of_demo(snapshot: Snapshot) -> Iterator[Alert]:
    if snapshot.demo and snapshot.demo_asked:
        yield Alert(notice("demo.asked"), frozenset({("demo", True)}))
    elif snapshot.demo:
        yield Alert(notice("demo"), frozenset({("demo", False)}), (Remedy.INSTALL,))
