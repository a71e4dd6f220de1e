"""Answers to questions about the history as JSON, for the panel's API. Made in a thread: a day is a megabyte."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ollama_panel.core.history import recent
from ollama_panel.core.history.questions import EventsQuestion, Question, RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import HistoryEvents
from ollama_panel.core.history.series import require_names
from ollama_panel.engine.history.reader import reading
from ollama_panel.proxy.panel_api.encoding import NoticeEncoder


def answer(path: Path, question: Question, taken: Sequence[recent.Taken], now: float) -> bytes:
    """Return the answer to a question at this time; `taken` are the readings in memory.

    Raises PanelError if there is no history, or if it does not have what is asked for.
    """
    if isinstance(question, SeriesQuestion) and recent.is_recent(question, now):
        require_names(question.series)
        return msgspec.json.encode(recent.answered(question, taken))
    with reading(path) as reader:
        match question:
            case SeriesQuestion():
                return msgspec.json.encode(reader.series(question))
            case RequestsQuestion():
                return msgspec.json.encode(reader.requests(question))
            case EventsQuestion():
                return _with_texts(reader.events(question))


def _with_texts(found: HistoryEvents) -> bytes:
    encoder = NoticeEncoder()
    events = [msgspec.structs.asdict(one) | {"told": encoder.notice(one.told)} for one in found.events]
    return msgspec.json.encode({"events": events, "before": found.before})
