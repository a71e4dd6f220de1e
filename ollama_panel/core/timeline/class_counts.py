"""How each class of requests fares: how many wait and run, how long they wait, what they get done. Times are seconds.

What is added up is noted once a second, so that an event costs the same however long the time that is asked for.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from ollama_panel.core.figures import ClassFigures, SpanFigures
from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.scheduling.ticket import PRIORITY_ORDER
from ollama_panel.core.series import percentile
from ollama_panel.core.snapshot import RequestState

KEPT_S = 300.0
"""For how long figures are kept: five minutes before a change are compared with those after it."""
LAST_S = 60.0
"""The time of the figures of a class."""
VALUES_KEPT = 2000
"""Waits and first tokens of a class, the last ones: their 95th percentile needs no more."""
LEAST_STREAMS = 5
LEAST_REQUESTS = 3
LEAST_S = 10.0
"""Of fewer streams, of fewer requests, or of a shorter time no figure is told."""
_NOTE_S = 1.0


@dataclass(frozen=True, slots=True)
class _Totals:
    """Sums since the start: tokens and answered requests by class, failed requests, and seconds of waiting of all."""

    at: float = 0.0
    tokens: tuple[float, ...] = (0.0, 0.0, 0.0)
    done: tuple[int, ...] = (0, 0, 0)
    failed: int = 0
    waited_s: float = 0.0


class ClassCounts:
    """The counts by class; the timeline alone counts. It adds up `tokens` itself: nothing else happens so often."""

    __slots__ = (
        "_began",
        "_done",
        "_failed",
        "_first_tokens",
        "_in_flight",
        "_noted",
        "_noted_at",
        "_queued",
        "_waited_s",
        "_waiting",
        "_waiting_since",
        "_waits",
        "tokens",
    )

    def __init__(self) -> None:
        self._queued = dict.fromkeys(PRIORITY_ORDER, 0)
        self._in_flight = dict.fromkeys(PRIORITY_ORDER, 0)
        self._waits = {one: deque[tuple[float, float]](maxlen=VALUES_KEPT) for one in PRIORITY_ORDER}
        self._first_tokens = {one: deque[tuple[float, float]](maxlen=VALUES_KEPT) for one in PRIORITY_ORDER}
        self.tokens = dict.fromkeys(PRIORITY_ORDER, 0.0)
        self._done = dict.fromkeys(PRIORITY_ORDER, 0)
        self._failed = 0
        self._waited_s = 0.0
        self._waiting, self._waiting_since = 0, 0.0
        self._noted = deque[_Totals]()
        self._noted_at = -inf
        self._began: float | None = None

    # What the snapshot reads

    def figures(self, now: float) -> tuple[ClassFigures, ...]:
        """Return the figures of the last minute, the most urgent class first."""
        self._note(now)
        then, total = self._at(now - LAST_S), self._now(now)
        return tuple(
            ClassFigures(
                one,
                self._queued[one],
                self._in_flight[one],
                _p95(self._waits[one], now - LAST_S, now),
                _p95(self._first_tokens[one], now - LAST_S, now),
                round((total.tokens[place] - then.tokens[place]) / LAST_S, 1),
                round((total.done[place] - then.done[place]) * 60 / LAST_S, 1),
            )
            for place, one in enumerate(PRIORITY_ORDER)
        )

    def span(self, since: float, until: float, now: float) -> SpanFigures:
        """Return how it went from `since` to `until`, for `KEPT_S` at most; what is too little to tell is None."""
        since = max(since, until - KEPT_S, until if self._began is None else self._began)
        seconds = until - since
        if seconds < LEAST_S:
            return SpanFigures(max(0.0, seconds))
        then, total = self._at(since), self._now(now) if until >= now else self._at(until)
        batch, chat = PRIORITY_ORDER.index(RequestClass.BATCH), RequestClass.INTERACTIVE
        tokens, done = (
            sum(now_) - sum(before) for now_, before in ((total.tokens, then.tokens), (total.done, then.done))
        )
        batch_done = total.done[batch] - then.done[batch]
        streams = sum(since < at <= until for at, _ in self._first_tokens[chat])
        return SpanFigures(
            seconds,
            _p95(self._first_tokens[chat], since, until) if streams >= LEAST_STREAMS else None,
            (total.tokens[batch] - then.tokens[batch]) / seconds if batch_done >= LEAST_REQUESTS else None,
            batch_done * 60 / seconds if batch_done >= LEAST_REQUESTS else None,
            tokens / seconds if done >= LEAST_REQUESTS else None,
            (total.waited_s - then.waited_s) / seconds,
            total.failed - then.failed,
        )

    def failed(self) -> int:
        """Return how many requests have failed."""
        return self._failed

    # Only the timeline counts

    def arrived(self, job: Job, now: float) -> None:
        """Count a request that waits."""
        if now - self._noted_at >= _NOTE_S:
            self._note(now)
        self._queued[job.request_class] += 1
        self._wait(1, now)

    def dispatched(self, job: Job, waited_s: float, now: float) -> None:
        """Count a request that waited so long as running."""
        self._queued[job.request_class] -= 1
        self._in_flight[job.request_class] += 1
        self._waits[job.request_class].append((now, waited_s))
        self._wait(-1, now)

    def requeued(self, job: Job, now: float) -> None:
        """Count a request that ran as one that waits."""
        self._in_flight[job.request_class] -= 1
        self._queued[job.request_class] += 1
        self._wait(1, now)

    def reclassed(self, job: Job, request_class: RequestClass, *, in_flight: bool) -> None:
        """Count a request for another class."""
        counts = self._in_flight if in_flight else self._queued
        counts[job.request_class] -= 1
        counts[request_class] += 1

    def answered(self, job: Job, after_s: float, now: float) -> None:
        """Count the first byte of a stream, so long after its arrival."""
        self._first_tokens[job.request_class].append((now, after_s))

    def gone(self, job: Job, state: RequestState, now: float, *, in_flight: bool) -> None:
        """Count the end of a request."""
        if now - self._noted_at >= _NOTE_S:
            self._note(now)
        (self._in_flight if in_flight else self._queued)[job.request_class] -= 1
        if not in_flight:
            self._wait(-1, now)
        if state is RequestState.DONE:
            self._done[job.request_class] += 1
        elif state is RequestState.FAILED:
            self._failed += 1

    def _wait(self, more: int, now: float) -> None:
        self._waited_s += self._waiting * (now - self._waiting_since)
        self._waiting += more
        self._waiting_since = now

    def _note(self, now: float) -> None:
        """Note the totals once a second, before what happens now."""
        noted = self._noted
        if now - self._noted_at < _NOTE_S:
            return
        self._noted_at = now
        if self._began is None:
            self._began = now
        noted.append(self._now(now))
        while noted[0].at < now - KEPT_S - _NOTE_S:
            noted.popleft()

    def _now(self, now: float) -> _Totals:
        waited = self._waited_s + self._waiting * (now - self._waiting_since)
        return _Totals(now, tuple(self.tokens.values()), tuple(self._done.values()), self._failed, waited)

    def _at(self, at: float) -> _Totals:
        """Return the totals of a time, by the first note since then; without one nothing has happened since."""
        return next((one for one in self._noted if one.at >= at), None) or self._now(max(at, self._waiting_since))


def _p95(values: Iterable[tuple[float, float]], since: float, until: float) -> float | None:
    return percentile([value for at, value in values if since < at <= until], 0.95)
