"""What goes wrong at servers and disks that the panel does not watch: the rules of the Overview, fed with facts."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core import disk_space
from ollama_panel.core.doctor.cards import cards
from ollama_panel.core.doctor.facts import Facts, LoadedFacts, LogFacts, RunnerFacts
from ollama_panel.core.doctor.in_force import environment_of, wanted_parallel
from ollama_panel.core.doctor.server_sources import mistake_codes
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.incident_groups import Happened, Machine
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.machine_alerts import machine_alerts
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.incident import Kind
from ollama_panel.core.ollama.incidents import Incidents
from ollama_panel.core.ollama.models import ModelFacts, canonical, forced_serial
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Configured
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.ollama.slog import seconds_of
from ollama_panel.core.records import Role
from ollama_panel.core.servers import FoundServer
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert
from ollama_panel.core.sources import codes

CONTEXT = "OLLAMA_CONTEXT_LENGTH"
_TOLD_AT_SOURCE = {
    Kind.SLOTS_FORCED.value: codes.PARALLEL_WITHOUT_EFFECT,
    Kind.FLASH_ATTENTION_OFF.value: codes.KV_WITHOUT_FLASH,
}
"""The mistakes of sources that tell the same as an alert, and where it is."""

_EARLIER_S = 60.0
"""When a line was written that does not say so: some time before the facts were gathered."""


def unwatched(facts: Facts) -> tuple[FoundServer, ...]:
    """Return the servers that the panel does not watch: it watches its workers and those that it has adopted."""
    instances = facts.snapshot.instances if facts.snapshot is not None else ()
    watched = {key for one in instances for key in (one.id, one.pid, one.url)} - {None, ""}
    return tuple(one for one in facts.servers if not {one.instance, one.pid, one.url} & watched)


def facts_of(loaded: LoadedFacts, blob: str = "") -> ModelFacts:
    """Return what is known of a loaded model in the words of the rules."""
    capabilities = ("embedding",) if loaded.embedding else ()
    name = canonical(loaded.name)
    return ModelFacts(name, family=loaded.family, layers=loaded.layers, capabilities=capabilities, blob=blob)


def of_servers(facts: Facts) -> tuple[MachineAlert, ...]:
    """Return what the logs and the loaded models of servers tell that the panel does not watch."""
    servers, found = unwatched(facts), list[Happened]()
    models = tuple(one for server in servers for one in _models(facts, server))
    for server in servers:
        found += _happened(facts, server)
    usable = cards(facts)
    machine = Machine(
        models=models,
        card=usable[0].name if len(usable) == 1 else "",
        gpu=bool(usable),
        unified=bool(usable) and all(one.unified for one in usable),
    )
    told, at_sources = {(one.server, one.model) for one in crowded(facts)}, mistake_codes(facts)
    return tuple(
        one
        for one in machine_alerts(found, machine)
        if _TOLD_AT_SOURCE.get(one.code) not in at_sources
        and (one.code != Kind.LAYERS_SPILLED.value or (one.where, one.model) not in told)
        and not _is_of_encoder(facts, one)
    )


def _is_of_encoder(facts: Facts, alert: MachineAlert) -> bool:
    """Return whether a context is that for which a loaded encoder was trained: the setting is for the other models."""
    if alert.code != Kind.CONTEXT_REDUCED.value or alert.told.code != "context_reduced":
        return False
    pids, given = {one.pid for one in facts.servers if one.id == alert.where}, alert.told.values["given"]
    return any(one.server in pids and one.embedding and one.context_length == given for one in facts.loaded)


class Crowded(msgspec.Struct, frozen=True):
    """A model that is partly in main memory, whose `slots` have a context of `tokens` each that nobody has set.

    Ollama chooses it for the card, and does not divide it by the slots (`server/routes.go`, issues 14116 and 14073).
    """

    server: InstanceId
    model: ModelName
    slots: int
    tokens: int
    loaded: LoadedFacts


def crowded(facts: Facts) -> Iterator[Crowded]:
    """Yield what is crowded out by contexts of slots that nobody has set."""
    for server in unwatched(facts):
        slots, environment = wanted_parallel(facts, server), environment_of(facts, server)
        if not slots or slots < 2 or environment is None or plain(environment.get(CONTEXT, "")) not in ("", "0"):
            continue
        for one in facts.loaded:
            spilled = one.server == server.pid and 0 < one.size_vram < one.size and forced_serial(facts_of(one)) is None
            if spilled and one.context_length:
                yield Crowded(InstanceId(server.id), canonical(one.name), slots, one.context_length, one)


def of_disks(facts: Facts) -> tuple[MachineAlert, ...]:
    """Return which disks are nearly full, unless the panel watches them itself."""
    told = facts.snapshot.machine_alerts if facts.snapshot is not None else ()
    known = {one.where for one in told if one.code == disk_space.CODE}
    disks = (
        disk_space.Disk(one.path, one.free, one.total, models=True)
        for one in facts.disks
        if one.free is not None and one.total and one.path not in known
    )
    return disk_space.DiskSpace().alerts(disks, facts.at)


def _models(facts: Facts, server: FoundServer) -> Iterator[ModelFacts]:
    """Yield the loaded models of a server; which runner is whose is only known where there is one of each."""
    loaded = [one for one in facts.loaded if one.server == server.pid]
    runners = [one for one in facts.runners if one.server == server.pid]
    blob = runners[0].model if len(loaded) == len(runners) == 1 else ""
    for one in loaded:
        yield facts_of(one, blob)


def _happened(facts: Facts, server: FoundServer) -> Iterator[Happened]:
    wanted = wanted_parallel(facts, server)
    loaded = tuple(_loaded(facts, server, wanted))
    record = InstanceRecord(
        InstanceId(server.id),
        PoolName(""),
        Role.CHAT,
        managed=False,
        url=server.url or "",
        phase=Phase.READY,
        version=server.version,
        parallel=wanted,
        models=loaded,
    )
    incidents = Incidents()
    environment = environment_of(facts, server)
    if environment is not None:
        incidents.heard(Configured(environment), facts.at - _EARLIER_S)
    for log in facts.logs:
        if log.server == server.pid:
            _hear(incidents, log, facts.at)
    known = tuple(_models(facts, server))
    incidents.observed(loaded, known, wanted, gpu=bool(cards(facts)), now=facts.at - _EARLIER_S)
    for one in incidents.active(facts.at):
        yield Happened(record, one, incidents.registry.runners.get((*one.models, "")[0]))


def _hear(incidents: Incidents, log: LogFacts, at: float) -> None:
    now = at - _EARLIER_S
    for line in log.lines:
        now = seconds_of(line) or now
        fact = parse(line)
        if fact is not None:
            incidents.heard(fact, now)


def _loaded(facts: Facts, server: FoundServer, wanted: int | None) -> Iterator[LoadedModel]:
    runners = [one for one in facts.runners if one.server == server.pid]
    for one in facts.loaded:
        if one.server == server.pid:
            parallel, source = _parallel(one, runners, wanted, server.version or "")
            name = ModelName(canonical(one.name))
            yield LoadedModel(name, one.size, one.size_vram, one.context_length, parallel, source)


def _parallel(
    loaded: LoadedFacts, runners: list[RunnerFacts], wanted: int | None, version: str
) -> tuple[int, ParallelSource]:
    """Return the slots of a loaded model; of several runners it is not known which is whose."""
    started = runner_arguments(runners[0].arguments) if len(runners) == 1 else None
    if started is not None and started.parallel is not None:
        return started.parallel, ParallelSource.COMMAND
    if forced_serial(facts_of(loaded), version) is not None:
        return 1, ParallelSource.OLLAMA
    return (1, ParallelSource.UNKNOWN) if wanted is None else (wanted, ParallelSource.ENVIRONMENT)
