"""The table model of the instances."""

from PySide6.QtCore import QCoreApplication, QObject, Qt

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.records import CAPTION_ROLE, LOAD_ROLE, TONE_ROLE, Column, RecordTable
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.phases import instance_label

NAME, STATE, LOAD, SPEED, MEMORY = range(5)


def models_text(record: InstanceRecord) -> str:
    """Return the names of an instance's loaded models."""
    if record.models:
        return ", ".join(model.name for model in record.models)
    return QCoreApplication.translate("instances", "no model loaded") if record.phase is Phase.READY else ""


def caption_text(record: InstanceRecord) -> str:
    """Return the caption below an instance's name: its port, and its models or its problem."""
    port = f":{record.port}" if record.port else ""
    trouble = _silence(record) if record.phase is Phase.READY else notice_text(record.detail)
    return " · ".join(part for part in (port, trouble or _coming(record) or models_text(record)) if part)


def _coming(record: InstanceRecord) -> str:
    """Return what is about to change at an instance, in few words for a narrow column."""
    if record.successor:
        return QCoreApplication.translate("instances", "successor is starting")
    if record.loading:
        return QCoreApplication.translate("instances", "loading {model}…").format(model=record.loading[0])
    return ""


def _silence(record: InstanceRecord) -> str:
    """Return which loaded models do not answer, in few words for a narrow column; the tooltip has the sentence."""
    text = QCoreApplication.translate("instances", "{models}: no answer")
    return text.format(models=", ".join(record.silent)) if record.silent else ""


def load_text(record: InstanceRecord) -> str:
    """Return the slots in use and the number of slots."""
    return " / ".join(fmt.busy([record])) if _takes_part(record) else fmt.UNKNOWN


def limits_text(record: InstanceRecord) -> str:
    """Return how many requests of each loaded model run at once, and why it is not more, a line for each."""
    return "\n".join(f"{limit.model}: {notice_text(limit.told)}" for limit in record.limits)


def _share(record: InstanceRecord) -> float | None:
    run, slots = fmt.slots_in_use([record])
    return run / slots if _takes_part(record) and slots else None


def _takes_part(record: InstanceRecord) -> bool:
    """Return whether an instance runs, or still has requests: they count in the numbers of its pool."""
    return record.phase is Phase.READY or record.in_flight > 0


def _memory(record: InstanceRecord) -> str:
    return fmt.size(sum(model.size for model in record.models) or None)


def instance_table(parent: QObject) -> RecordTable[InstanceRecord]:
    """Return the table model of the instances, with their ids as keys."""
    translate = QCoreApplication.translate
    columns = [
        Column[InstanceRecord](
            translate("instances", "Instance"),
            lambda record: record.id,
            {
                CAPTION_ROLE: caption_text,
                Qt.ItemDataRole.ToolTipRole: lambda record: notice_text(record.detail) or record.url,
            },
        ),
        Column[InstanceRecord](
            translate("instances", "State"),
            lambda record: instance_label(record)[0],
            {
                TONE_ROLE: lambda record: instance_label(record)[1],
                Qt.ItemDataRole.ToolTipRole: lambda record: notice_text(record.watchdog.told or record.detail),
            },
        ),
        Column[InstanceRecord](
            translate("instances", "Slots in use"),
            load_text,
            {LOAD_ROLE: _share, Qt.ItemDataRole.ToolTipRole: limits_text},
        ),
        Column[InstanceRecord](
            translate("instances", "tokens/s"), lambda record: fmt.rate(record.tokens_per_s), number=True
        ),
        Column[InstanceRecord](translate("instances", "Memory"), _memory, number=True),
    ]
    return RecordTable(columns, lambda record: record.id, parent)
