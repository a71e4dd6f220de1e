"""The checks of requests: who goes past the queue, what fails, and who gives up before the answer."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

import msgspec

from ollama_panel.core.bypass import BypassRecord, still_going_past
from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.panel_alerts import PANEL, alert_check, of_alerts
from ollama_panel.core.doctor.quantities import number, seconds
from ollama_panel.core.findings import Area, ChangeSettings, Evidence, Finding, Fix
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot

FEWEST = 5
SHARE = 0.05
"""So many, and such a share, of the requests have failed: one or two fail now and then."""
ALIKE = 0.05
"""How far the times after which a client gives up may lie from their median to be those of a time-out of its own."""
SHORTEST_S = 5.0
"""People who stop an answer themselves do so within seconds; no program's time-out is shorter."""

_TOO_LONG = "attempt.timeout"
_QUEUE_FULL = ("queue.full", "queue.dropped")


def _past(facts: Facts) -> Iterator[Finding]:
    """Tell who goes past the queue, each with its connections."""
    snapshot = facts.snapshot
    seen = () if snapshot is None else still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)
    shown = tuple(map(_of_program, seen))
    for found in of_alerts(facts, "requests.past", Area.REQUESTS):
        yield msgspec.structs.replace(found, evidence=shown or found.evidence)


def _of_program(one: BypassRecord) -> Evidence:
    parts = (
        f"connections={one.connections}" if one.connections else "",
        f"requests={one.requests}" if one.requests else "",
        f"pid={one.pid}" if one.pid else "",
        f"from={one.address}" if one.address else "",
        f"to={one.url}",
    )
    return Evidence(" ".join(filter(None, parts)), one.name or one.origin.value)


def _failed(facts: Facts) -> Iterator[Finding]:
    """Tell that many of the last requests have failed, and their most frequent reason."""
    snapshot = facts.snapshot
    if snapshot is None:
        return
    last = [one for one in snapshot.finished if one.state is RequestState.FAILED and not _ended_by_limit(one)]
    failed, ended = len(last), len(last) + sum(one.state is RequestState.DONE for one in snapshot.finished)
    if failed < FEWEST or failed < SHARE * ended:
        return
    whys = [one.why for one in last if one.why is not None]
    counted = Counter(map(_cause, whys)).most_common(1)
    cause = next((why for why in reversed(whys) if _cause(why) == counted[0][0]), None)
    yield Finding(
        "requests.failed",
        "requests.failed",
        Area.REQUESTS,
        notice("doctor.requests_failed", failed=failed, ended=ended),
        None if cause is None else notice("doctor.requests_failed_why", times=counted[0][1], cause=cause),
        (
            Evidence(f"failed={failed} served={ended - failed}", "requests"),
            Evidence(f"since_start: failed={snapshot.failed} served={snapshot.served}", "requests"),
            *(() if cause is None else (Evidence(render(cause), "requests"),)),
        ),
    )


def _ended_by_limit(one: RequestRecord) -> bool:
    """Return whether a limit of the settings has ended a request, which is told of that limit."""
    return one.why is not None and _cause(one.why) == _TOO_LONG


def _cause(why: Notice) -> str:
    inner = why.values.get("cause")
    return inner.code if isinstance(inner, Notice) else why.code


def _refused(facts: Facts) -> Iterator[Finding]:
    snapshot = facts.snapshot
    if snapshot is None:
        return
    full = [
        one
        for one in snapshot.finished
        if one.state is RequestState.REFUSED and one.why is not None and one.why.code.startswith(_QUEUE_FULL)
    ]
    if len(full) < FEWEST:
        return
    clients = Counter(one.client for one in full).most_common()
    yield Finding(
        "requests.refused",
        "requests.refused",
        Area.REQUESTS,
        notice("doctor.queue_full", refused=len(full), limit=snapshot.settings.proxy.queue_limit),
        notice("doctor.queue_full_why", client=clients[0][0], times=clients[0][1]),
        tuple(Evidence(f"refused={times}", client) for client, times in clients),
    )


def _gave_up(facts: Facts) -> Iterator[Finding]:
    """Tell of clients that leave after the same time again and again: their time-out is too short for the queue."""
    if facts.snapshot is None:
        return
    by_client = dict[str, list[RequestRecord]]()
    for one in facts.snapshot.finished:
        if one.state is RequestState.CANCELLED and one.finished is not None:
            by_client.setdefault(one.client, []).append(one)
    for client, left in by_client.items():
        after = [(one.finished or 0.0) - one.arrived for one in left]
        middle = median(after)
        alike = [one for one in after if abs(one - middle) <= ALIKE * middle]
        if middle >= SHORTEST_S and len(alike) >= FEWEST and len(alike) * 2 > len(after):
            yield _of_time_out(facts.snapshot, client, left, alike)


def _of_time_out(snapshot: Snapshot, client: str, left: Sequence[RequestRecord], after: Sequence[float]) -> Finding:
    waiting = sum(one.dispatched is None for one in left)
    fix, why = _heartbeats(snapshot)
    return Finding(
        f"requests.time-outs:{client}",
        "requests.time-outs",
        Area.REQUESTS,
        notice("doctor.gave_up", client=client, seconds=median(after), times=len(after)),
        why,
        (Evidence(f"left={len(after)} after={seconds(min(after))}..{seconds(max(after))} waiting={waiting}", client),),
        fix,
        None if fix is None else notice("doctor.label.heartbeats"),
    )


def _heartbeats(snapshot: Snapshot) -> tuple[Fix | None, Notice]:
    proxy = snapshot.settings.proxy
    off = {"proxy.heartbeat": proxy.heartbeat, "proxy.heartbeat_plain": proxy.heartbeat_plain}
    settings = tuple((key, "true") for key, on in off.items() if not on)
    if settings:
        return ChangeSettings(settings=settings), notice("doctor.gave_up_heartbeats")
    return None, notice("doctor.gave_up_why")


def _too_long(facts: Facts) -> Iterator[Finding]:
    """Tell of requests that the panel's own limits have ended."""
    if facts.snapshot is None:
        return
    proxy = facts.snapshot.settings.proxy
    limits = {
        "queue.timeout": ("proxy.queue_timeout_s", proxy.queue_timeout_s),
        _TOO_LONG: ("proxy.request_timeout_s", proxy.request_timeout_s),
    }
    ended = Counter(_cause(one.why) for one in facts.snapshot.finished if one.why is not None)
    for code, (key, limit) in limits.items():
        if ended[code] >= FEWEST and limit:
            yield Finding(
                f"requests.limits:{key}",
                "requests.limits",
                Area.REQUESTS,
                notice("doctor.ended_by_limit", times=ended[code], key=key, limit=limit),
                notice("doctor.ended_by_limit_why"),
                (Evidence(f"{key}={number(limit)} ended={ended[code]}", "settings"),),
                ChangeSettings(settings=((key, "0"),)),
                notice("doctor.label.no_limit"),
            )


def _not_watched(facts: Facts) -> Notice | None:
    """Return why it is unknown who goes past the panel."""
    snapshot = facts.snapshot
    return snapshot.bypassing_unknown if snapshot is not None and snapshot.bypassing is None else None


CHECKS: tuple[Check, ...] = (
    Check("requests.past", Area.REQUESTS, notice("doctor.check.past"), _past, subjects.panel, _not_watched),
    Check("requests.failed", Area.REQUESTS, notice("doctor.check.failed"), _failed, subjects.requests),
    Check("requests.refused", Area.REQUESTS, notice("doctor.check.refused"), _refused, subjects.requests),
    Check("requests.time-outs", Area.REQUESTS, notice("doctor.check.time_outs"), _gave_up, subjects.requests),
    Check("requests.limits", Area.REQUESTS, notice("doctor.check.limits"), _too_long, subjects.requests),
    alert_check("requests.cut", Area.REQUESTS, notice("doctor.check.cut")),
    alert_check("requests.options", Area.REQUESTS, notice("doctor.check.options")),
    alert_check("requests.slo", Area.REQUESTS, notice("doctor.check.slo"), applies=subjects.requests),
    alert_check(PANEL, Area.SERVERS, notice("doctor.check.panel"), applies=subjects.panel),
)
