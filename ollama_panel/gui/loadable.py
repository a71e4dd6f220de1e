"""The models that can be loaded in an instance, with what each needs there and whether that fits."""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QCoreApplication

from ollama_panel.core.ids import ModelName
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview


@dataclass(frozen=True, slots=True)
class Loadable:
    """A model with the bytes that it needs (None = unknown), in words, and whether it can be loaded at all."""

    name: ModelName
    needed: int | None
    fits: str
    possible: bool


def loadable(snapshot: Snapshot, record: InstanceRecord) -> tuple[Loadable, ...]:
    """Return the models of an instance's store that are not loaded there and not about to be, by name."""
    there = {model.name for model in record.models} | set(record.loading)
    stored = next((one.models for one in snapshot.stores if record.id in one.instances and one.models), None)
    names = (one.name for one in snapshot.models if not one.remote and (stored is None or one.name in stored))
    return tuple(_loadable(snapshot, record, name) for name in sorted(names) if name not in there)


def _loadable(snapshot: Snapshot, record: InstanceRecord, name: ModelName) -> Loadable:
    translate = QCoreApplication.translate
    pool = preview.pool_of(snapshot.settings, record.pool)
    needed = preview.model_size(snapshot, msgspec.structs.replace(pool, workers=1), name) if pool is not None else None
    budget = snapshot.sample.budget if snapshot.sample is not None else None
    if needed is None or budget is None:
        return Loadable(name, needed, translate("loadable", "unknown whether it fits"), possible=True)
    if needed <= budget.free:
        return Loadable(name, needed, translate("loadable", "fits"), possible=True)
    if needed <= budget.total:
        return Loadable(name, needed, translate("loadable", "others make room for it"), possible=True)
    text = translate("loadable", "too large for {total}").format(total=fmt.size(budget.total))
    return Loadable(name, needed, text, possible=False)
