"""Whether a machine has anything that a check could look at: without it a check is neither well nor unknown."""

from ollama_panel.core.doctor.cards import cards
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.in_force import environment_of
from ollama_panel.core.servers import CONTAINERS
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources.record import SourceKind

_CACHE_TYPE = "OLLAMA_KV_CACHE_TYPE"
_LASTING = frozenset({SourceKind.LAUNCHCTL, SourceKind.LAUNCH_AGENT})
_OF_CONTAINERS = frozenset(
    {
        *(SourceKind.COMPOSE, SourceKind.DOCKER_RUN, SourceKind.DOCKER_INSPECT, SourceKind.QUADLET),
        *(SourceKind.KUBERNETES, SourceKind.HELM, SourceKind.UNRAID, SourceKind.TRUENAS),
    }
)


def always(_: Facts) -> bool:
    """Return that every machine has it."""
    return True


def servers(facts: Facts) -> bool:
    """Return whether a server of Ollama runs."""
    return bool(facts.servers)


def servers_or_units(facts: Facts) -> bool:
    """Return whether there is a server, or a unit that is to run one."""
    return bool(facts.servers or facts.units)


def servers_or_containers(facts: Facts) -> bool:
    """Return whether there is a server, or a container that has one."""
    return bool(facts.servers or facts.containers)


def units(facts: Facts) -> bool:
    """Return whether there are units of Ollama."""
    return bool(facts.units)


def programs(facts: Facts) -> bool:
    """Return whether a server outside containers runs, whose program is on the disk of the machine."""
    return any(one.owner.kind not in CONTAINERS for one in facts.servers)


def several_servers(facts: Facts) -> bool:
    """Return whether several servers outside containers run."""
    return sum(one.owner.kind not in CONTAINERS for one in facts.servers) > 1


def sources(facts: Facts) -> bool:
    """Return whether something sets variables of Ollama."""
    return bool(facts.sources)


def sources_of_servers(facts: Facts) -> bool:
    """Return whether there are servers, and something that sets variables of Ollama."""
    return bool(facts.servers and facts.sources)


def drop_ins(facts: Facts) -> bool:
    """Return whether files of systemd set variables."""
    return any(one.kind is SourceKind.SYSTEMD for one in facts.sources)


def sources_of_macs(facts: Facts) -> bool:
    """Return whether something sets variables that a Mac may lose."""
    return any(one.kind in _LASTING for one in facts.sources)


def sources_of_containers(facts: Facts) -> bool:
    """Return whether something sets containers up."""
    return any(one.kind in _OF_CONTAINERS for one in facts.sources)


def containers(facts: Facts) -> bool:
    """Return whether there are containers of Ollama."""
    return bool(facts.containers)


def containers_on_mac(facts: Facts) -> bool:
    """Return whether containers of Ollama run on a Mac."""
    return facts.machine.system == "Darwin" and any(one.running for one in facts.containers)


def panel(facts: Facts) -> bool:
    """Return whether a panel runs here."""
    return facts.snapshot is not None


def no_panel(facts: Facts) -> bool:
    """Return whether no panel runs here."""
    return facts.snapshot is None


def client_address(facts: Facts) -> bool:
    """Return whether the user's session says where Ollama's commands are to ask, and servers run."""
    return bool(facts.environment.get("OLLAMA_HOST") and facts.servers)


def watched(facts: Facts) -> bool:
    """Return whether any server runs: one of the machine, or one that the panel has."""
    return bool(facts.servers or (facts.snapshot is not None and facts.snapshot.instances))


def cache_types(facts: Facts) -> bool:
    """Return whether anybody has asked for a type of the KV cache."""
    if any((environment_of(facts, one) or {}).get(_CACHE_TYPE) for one in facts.servers):
        return True
    snapshot = facts.snapshot
    pools = () if snapshot is None else tuple(map(snapshot.inherited.effective, snapshot.settings.pools))
    return any(one.environment.get(_CACHE_TYPE) for one in pools)


def loaded(facts: Facts) -> bool:
    """Return whether a model is loaded."""
    instances = facts.snapshot.instances if facts.snapshot is not None else ()
    return bool(facts.loaded) or any(one.models for one in instances)


def has_cards(facts: Facts) -> bool:
    """Return whether there is a card, one whose driver does not tell of it any more among them."""
    telemetry = facts.snapshot.telemetry if facts.snapshot is not None else None
    return bool(facts.gpus or (telemetry is not None and telemetry.gpus))


def drivers(facts: Facts) -> bool:
    """Return whether there is a card with a driver of its own: Apple's comes with macOS."""
    return any(not one.unified for one in cards(facts))


def loaded_beside_cards(facts: Facts) -> bool:
    """Return whether a model is loaded on a machine with cards."""
    return has_cards(facts) and loaded(facts)


def throttles(facts: Facts) -> bool:
    """Return whether a card tells whether it is slowed down."""
    return any(one.throttles is not None for one in cards(facts))


def stores(facts: Facts) -> bool:
    """Return whether a folder of models is known."""
    of_panel = facts.snapshot is not None and facts.snapshot.stores
    return bool(facts.stores or of_panel or any(one.store for one in facts.servers))


def disks(facts: Facts) -> bool:
    """Return whether the disk of a folder of models is known."""
    return bool(facts.disks)


def pools(facts: Facts) -> bool:
    """Return whether a panel has pools with models and workers, and knows how much memory there is for them."""
    snapshot = facts.snapshot
    known = snapshot is not None and snapshot.sample is not None and snapshot.sample.budget is not None
    return known and any(one.workers and one.models for one in _pools(snapshot))


def slots(facts: Facts) -> bool:
    """Return whether something works on several requests at once, or is set to."""
    return loaded(facts) or any(one.workers and one.parallel > 1 for one in _pools(facts.snapshot))


def several_at_once(facts: Facts) -> bool:
    """Return whether a pool has several slots or workers."""
    return any(one.workers > 1 or (one.workers and one.parallel > 1) for one in _pools(facts.snapshot))


def runners_of_several(facts: Facts) -> bool:
    """Return whether the models of several servers run where no panel divides the cores."""
    return facts.snapshot is None and len({one.server for one in facts.runners}) > 1


def measured(facts: Facts) -> bool:
    """Return whether a tuning has measured how fast answers are."""
    return facts.snapshot is not None and bool(facts.snapshot.curves)


def requests(facts: Facts) -> bool:
    """Return whether the panel has served requests."""
    snapshot = facts.snapshot
    return snapshot is not None and bool(snapshot.finished or snapshot.served or snapshot.failed or snapshot.offenders)


def logs(facts: Facts) -> bool:
    """Return whether a server has told anything of what it did: to its log, or to the panel."""
    return bool(facts.logs) or (facts.snapshot is not None and bool(facts.snapshot.instances))


def _pools(snapshot: Snapshot | None) -> tuple[PoolSettings, ...]:
    return snapshot.settings.pools if snapshot is not None else ()
