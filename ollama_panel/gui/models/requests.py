"""The table model of the requests: first those that wait or run, then the latest finished ones."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt

from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord, RequestState
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, TONE_ROLE, Column, RecordTable
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.phases import request_label

ID, STATE, MODEL, CLIENT, WHERE, WAITED, FIRST, TOTAL, TOKENS = range(9)


def class_text(kind: RequestClass) -> str:
    """Return the name of a request class."""
    return {
        RequestClass.INTERACTIVE: QCoreApplication.translate("requests", "interactive"),
        RequestClass.BATCH: QCoreApplication.translate("requests", "batch"),
        RequestClass.EMBEDDING: QCoreApplication.translate("requests", "embedding"),
    }[kind]


def state_text(record: RequestRecord) -> str:
    """Return a request's state, with its position in the queue while it waits."""
    label, _ = request_label(record.state)
    if record.state is RequestState.WAITING and record.position is not None:
        return f"{label} · {fmt.number(record.position)}"
    return label


def where_text(record: RequestRecord) -> str:
    """Return the instance of a request, or the reason why it waits or has failed; and that its prompt was cut."""
    text = notice_text(record.why) if record.why else record.instance or ""
    return f"{text} · {_cut_text(record.cut)}" if record.cut else text


def _cut_text(cut: PromptCut) -> str:
    if not cut.certain:
        return QCoreApplication.translate("requests", "earlier messages probably left out")
    if cut.kept is None:
        return QCoreApplication.translate("requests", "prompt cut")
    if cut.prompt_tokens is None:
        return QCoreApplication.translate("requests", "prompt cut to {kept} tokens").format(kept=fmt.number(cut.kept))
    text = QCoreApplication.translate("requests", "prompt of {tokens} tokens cut to {kept}")
    return text.format(tokens=fmt.number(cut.prompt_tokens), kept=fmt.number(cut.kept))


def waited(record: RequestRecord) -> float | None:
    """Return how long a request waited for its instance, in seconds; None while it waits."""
    return None if record.dispatched is None else record.dispatched - record.arrived


def first_token(record: RequestRecord) -> float | None:
    """Return the time from arrival to the first payload byte, in seconds."""
    return None if record.first_byte is None else record.first_byte - record.arrived


def total(record: RequestRecord) -> float | None:
    """Return the time from arrival to the end, in seconds."""
    return None if record.finished is None else record.finished - record.arrived


def request_table(parent: QObject) -> RecordTable[RequestRecord]:
    """Return the table model of the requests, with their ids as keys."""
    translate = QCoreApplication.translate
    tip: dict[int, Callable[[RequestRecord], Any]] = {Qt.ItemDataRole.ToolTipRole: where_text}
    columns = [
        Column[RequestRecord](
            translate("requests", "Request"), lambda record: record.id, {CAPTION_ROLE: lambda record: record.path}
        ),
        Column[RequestRecord](
            translate("requests", "State"),
            state_text,
            {TONE_ROLE: lambda record: request_label(record.state)[1], **tip},
        ),
        Column[RequestRecord](
            translate("requests", "Model"),
            lambda record: record.model,
            {CAPTION_ROLE: lambda record: class_text(record.request_class)},
        ),
        Column[RequestRecord](translate("requests", "Client"), lambda record: record.client),
        Column[RequestRecord](translate("requests", "Instance"), where_text, tip),
        Column[RequestRecord](
            translate("requests", "Queued"), lambda record: fmt.duration(waited(record)), number=True
        ),
        Column[RequestRecord](
            translate("requests", "First token"), lambda record: fmt.duration(first_token(record)), number=True
        ),
        Column[RequestRecord](translate("requests", "Total"), lambda record: fmt.duration(total(record)), number=True),
        Column[RequestRecord](
            translate("requests", "Tokens"), lambda record: fmt.number(record.output_tokens), number=True
        ),
    ]
    return RecordTable(columns, lambda record: record.id, parent)
