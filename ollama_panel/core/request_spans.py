"""How the time of a request is spent: the spans of its time line, measured and expected, in the order of time."""

from enum import Enum

import msgspec

from ollama_panel.core.snapshot import RequestRecord, RequestState


class Part(Enum):
    """What a span is about.

    INSIDE: in a queue of Ollama's own, because others use the same server. INSTANCE: at the instance, where nobody told
    how much of it was prompt and answer. PANEL: what Ollama does not account for, with the ways to and from it.
    """

    QUEUE = "queue"
    INSIDE = "inside"
    LOAD = "load"
    PROMPT = "prompt"
    INSTANCE = "instance"
    ANSWER = "answer"
    PANEL = "panel"


class Span(msgspec.Struct, frozen=True):
    """A part of a request's time, in seconds; `measured` is False for what is expected."""

    part: Part
    seconds: float
    measured: bool = True


def spans(record: RequestRecord, now: float, *, paused: bool = False) -> tuple[Span, ...]:
    """Return the spans of a request at the time `now`, without those that took no time.

    The measured ones add up to the time from its arrival to its end, or until now. In a paused queue nobody knows when
    a request begins, so that nothing is expected.
    """
    if record.finished is not None:
        found = _ended(record, record.finished)
    elif record.dispatched is None:
        found = [Span(Part.QUEUE, now - record.arrived)]
        if not paused and record.eta_s is not None:
            found += [Span(Part.QUEUE, record.eta_s, False), *_expected(record)]
    else:
        found = _at_work(record, record.dispatched, now)
    return tuple(span for span in found if span.seconds > 0)


def _expected(record: RequestRecord, prompt_done: float = 0.0, answer_done: float = 0.0) -> list[Span]:
    """Return what is expected of the prompt and of the answer, beyond what is done of each."""
    return [
        Span(part, expected - done, False)
        for part, expected, done in (
            (Part.PROMPT, record.expected_prompt_s, prompt_done),
            (Part.ANSWER, record.expected_answer_s, answer_done),
        )
        if expected is not None
    ]


def _at_work(record: RequestRecord, dispatched: float, now: float) -> list[Span]:
    queue, elapsed = Span(Part.QUEUE, dispatched - record.arrived), now - dispatched
    if record.first_byte is not None:
        wrote = now - record.first_byte
        before = _before(record, record.first_byte - dispatched)
        rest = [span for span in _expected(record, answer_done=wrote) if span.part is Part.ANSWER]
        return [queue, *before, Span(Part.ANSWER, wrote), *rest]
    if record.state is RequestState.LOADING:
        return [queue, Span(Part.LOAD, elapsed), *_expected(record)]
    load = min(record.load_s or 0.0, elapsed)
    loaded = [queue, Span(Part.LOAD, load)]
    if record.stream:
        return [*loaded, Span(Part.PROMPT, elapsed - load), *_expected(record, prompt_done=elapsed - load)]
    prompt = record.expected_prompt_s or 0.0
    rest = _expected(record, prompt_done=elapsed - load, answer_done=max(0.0, elapsed - load - prompt))
    return [*loaded, Span(Part.INSTANCE, elapsed - load), *rest]


def _before(record: RequestRecord, whole: float) -> list[Span]:
    """Return the time between the dispatch and the first token."""
    if record.load_s is None and record.prompt_s is None:
        return [Span(Part.INSTANCE, whole)]
    load = min(record.load_s or 0.0, whole)
    return [Span(Part.LOAD, load), Span(Part.PROMPT, whole - load)]


def _ended(record: RequestRecord, finished: float) -> list[Span]:
    if record.dispatched is None:
        return [Span(Part.QUEUE, finished - record.arrived)]
    parts = (
        (Part.QUEUE, record.dispatched - record.arrived),
        (Part.INSIDE, record.inside_s),
        (Part.LOAD, record.load_s),
        (Part.PROMPT, record.prompt_s),
        (Part.ANSWER, record.answer_s),
    )
    known = [Span(part, seconds) for part, seconds in parts if seconds is not None]
    rest = finished - record.arrived - sum(span.seconds for span in known)
    whole = record.prompt_s is not None and record.answer_s is not None
    return [*known, Span(Part.PANEL if whole else Part.INSTANCE, rest)]
