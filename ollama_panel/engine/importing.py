"""Reads configuration sources for an import, and makes its plan of what they say."""

from collections.abc import Sequence

from ollama_panel.core import sources
from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Here, Import, ImportRequest
from ollama_panel.core.launch import RUN_ID_VARIABLE
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources.record import Reading, Source, SourceKind
from ollama_panel.engine.applying.hosts import connect
from ollama_panel.engine.doctor.sources import sources_of


async def sources_for(request: ImportRequest) -> tuple[Source, ...]:
    """Return the sources that are to be imported: those that are given, or what is found on this machine.

    Raises PanelError if nothing is named, or if there is nothing of that name.
    """
    if any(not one.files for one in request.sources) or not (request.sources or request.what):
        raise PanelError(notice("import.what"))
    if request.sources:
        return request.sources
    host = connect("", asks=False)
    try:
        found = await sources_of(host, request.what)
    finally:
        await host.close()
    others = tuple(one for one in found if not _is_worker(one))
    if not others:
        raise PanelError(notice("import.none_here"))
    return others


def _is_worker(source: Source) -> bool:
    """Return whether a source is a running worker of a panel, whose settings are the panel's own."""
    return source.kind is SourceKind.PROCESS and f"{RUN_ID_VARIABLE}=" in source.files[0].text


def readings_of(found: Sequence[Source]) -> tuple[Reading, ...]:
    """Return what the sources say. It takes some milliseconds for each."""
    return tuple(map(sources.read, found))


def here_of(snapshot: Snapshot) -> Here:
    """Return what an import must know of the machine of a snapshot."""
    return Here(snapshot.cores, snapshot.gpu, numbers(snapshot.ollama_version or ""), snapshot.proxy.url)


def to_apply(readings: Sequence[Reading], request: ImportRequest, settings: Settings, here: Here) -> Import:
    """Return an import that is about to be put into force.

    Raises PanelError if it is not the one that somebody has seen, or if nothing could be taken.
    """
    made = planned(readings, settings, request.accept, here)
    if request.plan and made.plan.id != request.plan:
        raise PanelError(notice("import.changed"))
    if not made.plan.taken:
        raise PanelError(notice("import.nothing", sources=tuple(dict.fromkeys(one.path for one in readings))))
    return made
