"""How each class of requests fares."""

from ollama_panel.core.figures import ClassFigures, SpanFigures
from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.class_counts import KEPT_S, VALUES_KEPT, ClassCounts
from tests.fakes.timelines import job

CHAT, BATCH = RequestClass.INTERACTIVE, RequestClass.BATCH


def of(request_class: RequestClass) -> Job:
    made = job("a")
    return Job(made.id, made.client, request_class, made.role, made.model, made.path, made.stream)


class Harness(ClassCounts):
    def run(self, request_class: RequestClass, at: float, *, wait_s: float = 1.0, tokens: int = 60) -> None:
        """Let a request arrive, wait, answer for a second, and end."""
        one = of(request_class)
        self.arrived(one, at)
        self.dispatched(one, wait_s, at + wait_s)
        self.answered(one, wait_s + 0.5, at + wait_s + 0.5)
        self.tokens[request_class] += tokens
        self.gone(one, RequestState.DONE, at + wait_s + 1, in_flight=True)

    def of_class(self, request_class: RequestClass, now: float) -> ClassFigures:
        return next(one for one in self.figures(now) if one.request_class is request_class)


def test_the_figures_of_a_class_are_those_of_the_last_minute() -> None:
    counts = Harness()
    for at in range(0, 200, 2):
        counts.run(BATCH, float(at), wait_s=0.25 if at > 138 else 0.75)
    figures = counts.of_class(BATCH, 200.0)
    assert 29 <= figures.requests_per_min <= 31
    assert figures.wait_p95_s == 0.25
    assert counts.of_class(CHAT, 200.0) == ClassFigures(CHAT)
    assert counts.of_class(BATCH, 1000.0) == ClassFigures(BATCH)


def test_tokens_and_requests_are_counted_by_their_time() -> None:
    counts = Harness()
    for at in (10.0, 20.0, 30.0):
        counts.run(BATCH, at)
    figures = counts.of_class(BATCH, 60.0)
    assert (figures.tokens_per_s, figures.requests_per_min) == (3.0, 3.0)
    assert (figures.wait_p95_s, figures.first_token_p95_s) == (1.0, 1.5)
    assert counts.of_class(BATCH, 85.0).requests_per_min == 1.0


def test_what_waits_and_runs_is_counted_by_class_though_it_changes() -> None:
    counts = Harness()
    counts.arrived(of(CHAT), 0.0)
    counts.arrived(of(CHAT), 0.0)
    counts.reclassed(of(CHAT), BATCH, in_flight=False)
    counts.dispatched(of(BATCH), 1.0, 1.0)
    counts.reclassed(of(BATCH), CHAT, in_flight=True)
    assert [(one.queued, one.in_flight) for one in counts.figures(2.0)] == [(1, 1), (0, 0), (0, 0)]
    counts.requeued(of(CHAT), 3.0)
    counts.gone(of(CHAT), RequestState.CANCELLED, 4.0, in_flight=False)
    assert [(one.queued, one.in_flight) for one in counts.figures(5.0)] == [(1, 0), (0, 0), (0, 0)]


def test_a_span_says_how_it_went() -> None:
    counts = Harness()
    for at in range(100):
        counts.run(CHAT, float(at), wait_s=2.0)
        counts.run(BATCH, float(at), wait_s=0.0, tokens=100)
    counts.arrived(of(CHAT), 101.0)
    counts.gone(of(CHAT), RequestState.FAILED, 102.0, in_flight=False)
    span = counts.span(50.0, 100.0, 103.0)
    assert span.seconds == 50.0
    assert span.first_token_p95_s == 2.5
    assert span.batch_tokens_per_s is not None
    assert 95 <= span.batch_tokens_per_s <= 105
    assert span.batch_requests_per_min is not None
    assert 57 <= span.batch_requests_per_min <= 63
    assert span.failed == 0
    assert counts.span(90.0, 103.0, 103.0).failed == 1


def test_the_queue_is_what_waited_on_average() -> None:
    counts = Harness()
    for _ in range(4):
        counts.arrived(of(CHAT), 10.0)
    counts.dispatched(of(CHAT), 10.0, 20.0)
    assert counts.span(10.0, 30.0, 30.0).queued == 3.5


def test_too_little_traffic_or_time_tells_nothing() -> None:
    counts = Harness()
    assert counts.span(0.0, 100.0, 100.0) == SpanFigures(0.0)
    counts.run(CHAT, 100.0)
    counts.run(BATCH, 100.0)
    span = counts.span(0.0, 200.0, 200.0)
    assert (span.seconds, span.first_token_p95_s, span.batch_tokens_per_s, span.tokens_per_s) == (
        100.0,
        None,
        None,
        None,
    )
    assert counts.span(195.0, 200.0, 200.0) == SpanFigures(5.0)


def test_little_is_kept_however_much_happens() -> None:
    counts = Harness()
    for at in range(10_000):
        counts.run(CHAT, at / 5)
    assert len(counts._noted) <= KEPT_S + 3
    assert len(counts._waits[CHAT]) == VALUES_KEPT
