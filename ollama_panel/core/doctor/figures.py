"""What was counted on a machine, for each area: the figures beside the checks that have found nothing. Pure."""

from collections.abc import Iterator

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.unseen import CARDS
from ollama_panel.core.findings import Area, Figure
from ollama_panel.core.notices import Notice, notice


def figures(facts: Facts) -> Iterator[Figure]:
    """Yield the figures, by area; what could not be looked at has none."""
    unseen = {one.what for one in facts.unseen}
    if "processes" not in unseen:
        yield from (Figure(Area.SERVERS, one) for one in _servers(facts))
    yield from (Figure(Area.GRAPHICS, notice("figure.card", name=name)) for name in _cards(facts))
    if not facts.gpus and not unseen & {CARDS, "graphics"}:
        yield Figure(Area.GRAPHICS, notice("figure.no_card"))
    yield from (Figure(Area.MEMORY, one) for one in _memory(facts))
    yield from (Figure(Area.MODELS, one) for one in _models(facts))
    if facts.sources:
        yield Figure(Area.SETTINGS, notice("figure.sources", count=len(facts.sources)))
    addresses = sorted({one.address for one in facts.servers if one.address})
    if addresses:
        yield Figure(Area.NETWORK, notice("figure.addresses", addresses=tuple(addresses)))
    if facts.snapshot is not None and (ended := facts.snapshot.served + facts.snapshot.failed):
        yield Figure(Area.REQUESTS, notice("figure.requests", failed=facts.snapshot.failed, ended=ended))


def has_no_server(shown: tuple[Figure, ...]) -> bool:
    """Return whether there is certainly no server of Ollama: then there is little to be wrong."""
    return any(one.told.code == "figure.no_server" for one in shown)


def _servers(facts: Facts) -> Iterator[Notice]:
    panel = facts.snapshot
    if not facts.servers:
        if panel is None or panel.demo or not panel.instances:
            yield notice("figure.no_server")
        return
    yield notice("figure.servers", count=len(facts.servers))
    versions = sorted({one.version for one in facts.servers if one.version})
    if versions:
        yield notice("figure.versions", versions=tuple(versions))


def _cards(facts: Facts) -> list[str]:
    names = [one.name for one in facts.gpus if one.name and not one.lost]
    return [f"{names.count(name)}x {name}" if names.count(name) > 1 else name for name in dict.fromkeys(names)]


def _memory(facts: Facts) -> Iterator[Notice]:
    if facts.machine.memory_available is not None:
        yield notice("figure.memory", free=facts.machine.memory_available)
    free = [one.free for one in facts.disks if one.free is not None]
    if free:
        yield notice("figure.disk", free=min(free))


def _models(facts: Facts) -> Iterator[Notice]:
    known = {model for store in facts.stores for model in store.models or ()}
    if known:
        yield notice("figure.models", count=len(known))
    if facts.loaded:
        yield notice("figure.loaded", count=len(facts.loaded))
