"""What is told of a request in words: its state, what happens to it, and what took long."""

import re

import msgspec
from PySide6.QtCore import QCoreApplication

from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import RequestClass
from ollama_panel.core.request_spans import Part, spans
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.phases import request_label

AT_WORK = (RequestState.LOADING, RequestState.RUNNING)
LIVE = (RequestState.WAITING, *AT_WORK)

_OWN_ID = re.compile(r"[0-9a-f]{32}(~.*)?")
_SHORT, _LONGEST = 6, 12
"""The characters of an id that are shown: of one of the panel's own the first, of a client's long one the last."""
_QUICK_S = 2.0
"""A first token that comes sooner was not waited for."""
_BEYOND_EXPECTED = 0.95
"""The share of a part that takes longer than expected: it is not done yet."""


def short_id(request: str) -> str:
    """Return enough of an id to tell a request from others, and to find it by the filter."""
    if _OWN_ID.fullmatch(request):
        return request[:_SHORT]
    return request if len(request) <= _LONGEST else f"…{request[-_SHORT:]}"


def is_live(record: RequestRecord) -> bool:
    """Return whether a request waits or is at work."""
    return record.state in LIVE and record.finished is None


def ended_unseen(record: RequestRecord, at: float) -> RequestRecord:
    """Return the record of a request that is not among the latest that have ended any more: nobody knows how it did.

    `at` is when it was missed first, in seconds of the engine's time.
    """
    return msgspec.structs.replace(record, finished=at, why=None) if is_live(record) else record


def state_label(record: RequestRecord) -> tuple[str, str]:
    """Return the name of a request's state and its colour token."""
    if record.state in LIVE and not is_live(record):
        return QCoreApplication.translate("requests", "Ended"), "muted"
    return request_label(record.state)


def class_text(kind: RequestClass) -> str:
    """Return the name of a request class."""
    return {
        RequestClass.INTERACTIVE: QCoreApplication.translate("requests", "interactive"),
        RequestClass.BATCH: QCoreApplication.translate("requests", "batch"),
        RequestClass.EMBEDDING: QCoreApplication.translate("requests", "embedding"),
    }[kind]


def part_text(part: Part) -> str:
    """Return the name of a span of the time line."""
    return {
        Part.QUEUE: QCoreApplication.translate("requests", "waited"),
        Part.INSIDE: QCoreApplication.translate("requests", "in Ollama's queue"),
        Part.LOAD: QCoreApplication.translate("requests", "load"),
        Part.PROMPT: QCoreApplication.translate("requests", "prompt"),
        Part.INSTANCE: QCoreApplication.translate("requests", "at the instance"),
        Part.ANSWER: QCoreApplication.translate("requests", "answer"),
        Part.PANEL: QCoreApplication.translate("requests", "panel"),
    }[part]


def whole_text(record: RequestRecord) -> str:
    """Return everything that is known of why a request waits, has failed or was slow: a sentence a line."""
    told = [notice_text(one) for one in (*((record.why,) if record.why else ()), *record.slow)]
    if record.cut and not any(one.code.startswith("slow.cut") for one in record.slow):
        told.append(_cut_text(record.cut))
    return "\n".join(told)


def what_text(record: RequestRecord) -> str:
    """Return what happens to a request: why it waits, what its instance does, or what took long or went wrong."""
    if record.state is RequestState.WAITING and is_live(record):
        return notice_text(record.why) if record.why else state_label(record)[0]
    if is_live(record):
        return _with_cut(_work_text(record), record)
    if record.state is RequestState.DONE:
        if record.slow:
            return " ".join(notice_text(one) for one in record.slow)
        return _with_cut(_quick_text(record), record)
    text = state_label(record)[0]
    return _with_cut(f"{text} · {notice_text(record.why)}" if record.why else text, record)


def _with_cut(text: str, record: RequestRecord) -> str:
    return f"{text} · {_cut_text(record.cut)}" if record.cut else text


def _quick_text(record: RequestRecord) -> str:
    if record.stream and record.first_byte is not None:
        seconds = record.first_byte - record.arrived
        text = QCoreApplication.translate("requests", "{time} to the first token")
        if seconds < _QUICK_S:
            text = QCoreApplication.translate("requests", "Nothing: {time} to the first token")
        return text.format(time=fmt.duration(seconds))
    return QCoreApplication.translate("requests", "Nothing")


def _work_text(record: RequestRecord) -> str:
    if record.state is RequestState.LOADING:
        return QCoreApplication.translate("requests", "Loading the model")
    if record.first_byte is not None:
        return QCoreApplication.translate("requests", "Writing the answer")
    if record.stream:
        return QCoreApplication.translate("requests", "Reading the prompt")
    return QCoreApplication.translate("requests", "Working")


def what_tone(record: RequestRecord) -> str:
    """Return the colour token of what happens to a request."""
    if record.state is RequestState.RUNNING and is_live(record):
        return "warn" if record.cut or (record.stream and record.first_byte is None) else "accent"
    return "warn" if record.cut and record.state is RequestState.DONE else state_label(record)[1]


def progress(record: RequestRecord, now: float) -> float | None:
    """Return how far a request at work has come in what its instance does now, from 0 to 1; None if nobody knows."""
    found = spans(record, now)
    at = next((number for number, span in enumerate(found) if not span.measured), len(found)) - 1
    if at < 0 or not is_live(record) or record.state is RequestState.WAITING:
        return None
    rest = found[at + 1].seconds if at + 1 < len(found) and _goes_on(found[at].part, found[at + 1].part) else 0.0
    if rest:
        return found[at].seconds / (found[at].seconds + rest)
    expected = record.expected_answer_s if found[at].part in (Part.ANSWER, Part.INSTANCE) else record.expected_prompt_s
    return None if expected is None or found[at].part is Part.LOAD else _BEYOND_EXPECTED


def _goes_on(now: Part, expected: Part) -> bool:
    """Return whether what is expected is the rest of what happens now."""
    return now is expected or now is Part.INSTANCE


def _cut_text(cut: PromptCut) -> str:
    if not cut.certain:
        return QCoreApplication.translate("requests", "earlier messages probably left out")
    if cut.kept is None:
        return QCoreApplication.translate("requests", "prompt cut")
    if cut.prompt_tokens is None:
        return QCoreApplication.translate("requests", "prompt cut to {kept} tokens").format(kept=fmt.number(cut.kept))
    text = QCoreApplication.translate("requests", "prompt of {tokens} tokens cut to {kept}")
    return text.format(tokens=fmt.number(cut.prompt_tokens), kept=fmt.number(cut.kept))
