"""Exports of the current settings as text for other places where Ollama runs: pure renderers, one module per target.

Every text begins with its provenance: the panel's version, the day, and the settings that it was made from.
"""

from collections.abc import Callable, Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import document, shell, systemd
from ollama_panel.core.export.parts import Export, Provenance, Target
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import Settings

__all__ = ["Export", "Target", "render", "targets"]

_Renderer = Callable[[Settings, Sequence[InstanceSpec], Provenance], Export]

_RENDERERS: tuple[tuple[Target, _Renderer], ...] = (
    (systemd.DROP_IN, systemd.render_drop_in),
    (systemd.UNITS, systemd.render_units),
    (shell.TARGET, shell.render),
    (document.TARGET, document.render),
)


def targets() -> tuple[Target, ...]:
    """Return the targets of an export."""
    return tuple(target for target, _ in _RENDERERS)


def render(target_id: str, settings: Settings, instances: Sequence[InstanceSpec], *, version: str, date: str) -> Export:
    """Return the export for a target; `version` is the panel's, `date` is the day in ISO format (`2026-11-23`).

    Raises PanelError if there is no such target, nothing to export, or a value that the target cannot hold.
    """
    renderer = next((renderer for target, renderer in _RENDERERS if target.id == target_id), None)
    if renderer is None:
        known = ", ".join(target.id for target in targets())
        raise PanelError(f"There is no export target {target_id!r}; there are {known}.")
    if not instances:
        raise PanelError("There is no worker to export: give a pool at least one worker.")
    export = renderer(settings, instances, Provenance(version, date))
    return msgspec.structs.replace(export, how_to_use=export.how_to_use + _limits(instances))


def _limits(instances: Sequence[InstanceSpec]) -> str:
    divided = any("LLAMA_ARG_THREADS" in instance.environment for instance in instances)
    return " LLAMA_ARG_THREADS divides the cores of this machine: change it for another one." if divided else ""
