"""Exports of the current settings as text for other places where Ollama runs: pure renderers, one module per target.

Every text begins with its provenance: the panel's version, the day, and the settings that it was made from. No secret
of a pool's environment is in it, because it goes to other machines and other people; it names those to set there.
"""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import cluster, container, machine, program, proxy
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, Provenance, Renderer, Site, Target, Words
from ollama_panel.core.export.figures import of_profiles
from ollama_panel.core.launch import THREADS, InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.profile import ProfileRecord

__all__ = ["Export", "Target", "render", "targets"]

_SHARES = notice("export.shares", variable=THREADS)

_RENDERERS: tuple[tuple[Target, Renderer], ...] = (
    *machine.TARGETS,
    *container.TARGETS,
    *cluster.TARGETS,
    *proxy.TARGETS,
    *program.TARGETS,
)


def targets() -> tuple[Target, ...]:
    """Return the targets of an export."""
    return tuple(target for target, _ in _RENDERERS)


def render(
    target_id: str,
    settings: Settings,
    instances: Sequence[InstanceSpec],
    *,
    version: str,
    date: str,
    words: Words = english,
    site: Site = Site(),  # noqa: B008 - immutable
    hardware: tuple[str, ...] = (),
    profiles: Iterable[ProfileRecord] = (),
) -> Export:
    """Return the export for a target; `version` is the panel's, `date` is the day in ISO format (`2026-11-23`).

    `words` renders the texts for people in it: comments, and what a script prints. `site` is where it goes; `hardware`
    is what this machine has, for the header. Of `profiles`, what was measured with those whose settings a pool has is
    told.

    Raises PanelError if there is no such target, nothing to export, or a value that the target cannot hold.
    """
    found = next(((target, renderer) for target, renderer in _RENDERERS if target.id == target_id), None)
    if found is None:
        known = tuple(target.id for target in targets())
        raise PanelError(notice("export.unknown_target", target=target_id, known=known))
    if not instances:
        raise PanelError(notice("export.no_worker"))
    target, renderer = found
    exported = _exported(target, instances)
    shares = _SHARES if _shares_are_needed(settings, exported) else None
    specs = instances if shares else [_without_share(settings, instance) for instance in instances]
    secrets = tuple(sorted({name for spec in exported for name in _secrets(spec)}))
    told = [shares, notice("export.secrets", variables=secrets) if secrets else None]
    notes = tuple(note for note in told if note is not None)
    shown = [_without_secrets(spec) for spec in specs]
    measured = of_profiles(settings, profiles)
    provenance = Provenance(version, date, notes, words, measured, hardware)
    export = renderer(Deployment(redact.settings(settings), shown, provenance, site))
    workers = tuple(shown if Aspect.WORKERS in target.carries else shown[:1])
    return msgspec.structs.replace(export, notes=(*export.notes, *notes), target=target_id, workers=workers, site=site)


def _exported(target: Target, instances: Sequence[InstanceSpec]) -> Sequence[InstanceSpec]:
    """Return the instances whose variables a target carries."""
    if Aspect.VARIABLES not in target.carries:
        return ()
    return instances if Aspect.WORKERS in target.carries else instances[:1]


def _secrets(instance: InstanceSpec) -> list[str]:
    shown = redact.environment(instance.environment)
    return [name for name, value in instance.environment.items() if shown[name] != value]


def _without_secrets(instance: InstanceSpec) -> InstanceSpec:
    """Return an instance without its secret variables: an export is sent to other machines and to other people."""
    secrets = _secrets(instance)
    environment = {name: value for name, value in instance.environment.items() if name not in secrets}
    return msgspec.structs.replace(instance, environment=environment)


def _shares_are_needed(settings: Settings, exported: Sequence[InstanceSpec]) -> bool:
    """Return whether the export holds several workers of one role that have shares of the cores.

    Workers of different roles, and a worker by itself, may have all cores of the machine that the export goes to.
    """
    roles = [spec.role for spec in exported]
    return len(set(roles)) < len(roles) and any(_without_share(settings, spec) != spec for spec in exported)


def _without_share(settings: Settings, instance: InstanceSpec) -> InstanceSpec:
    """Return an instance without the panel's share of the cores; threads that its pool asks for itself stay."""
    pool = next(pool for pool in settings.pools if pool.name == instance.pool)
    if THREADS in pool.environment:
        return instance
    environment = {name: value for name, value in instance.environment.items() if name != THREADS}
    return msgspec.structs.replace(instance, environment=environment)
