"""The checks of parallel requests: where more of them bring nothing, and why."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.alerts import Alert
from ollama_panel.core.doctor import no_gain, subjects
from ollama_panel.core.doctor.cards import cards
from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.facts import Facts, RunnerFacts
from ollama_panel.core.doctor.in_force import environment_of
from ollama_panel.core.doctor.no_gain import NoGain
from ollama_panel.core.doctor.panel_alerts import CHECK_OF, finding_of, known_alerts
from ollama_panel.core.doctor.remedy_labels import label_of
from ollama_panel.core.findings import Area, ChangeSettings, Evidence, Finding
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import THREADS
from ollama_panel.core.notices import ChangePools, Notice, joined, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.findings import WORTH, rate_of
from ollama_panel.core.tuning.reasons import rate_text
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.whatif import PoolCurve

_SERIAL, _GAIN, _THREADS = "parallel.serial", "parallel.gain", "parallel.threads"


def _pools(snapshot: Snapshot | None) -> tuple[PoolSettings, ...]:
    """Return the pools with workers, with the variables that these inherit."""
    pools = snapshot.settings.pools if snapshot is not None else ()
    return tuple(pool for pool in pools if pool.workers)


def _serial(facts: Facts) -> Iterator[Finding]:
    told = [one for one in known_alerts(facts) if CHECK_OF.get(one.code) == _SERIAL]
    snapshot, covered = facts.snapshot, set[str]()
    for alert in told:
        pool = _pool_of(snapshot, alert)
        found = finding_of(alert, _SERIAL, Area.MODELS)
        if snapshot is None or pool is None:
            level = Level.WARNING if len(_others(facts, alert)) == 0 else Level.INFO
            yield msgspec.structs.replace(found, told=msgspec.structs.replace(found.told, level=level))
            continue
        covered.add(pool.name)
        yield _of_pool(snapshot, pool, alert, found)
    for pool in _pools(snapshot):
        if snapshot is not None and pool.name not in covered and pool.parallel > 1:
            yield from _of_named(snapshot, pool)


def _others(facts: Facts, alert: Alert) -> list[str]:
    """Return the other models that the servers of an alert have loaded, which may run in parallel."""
    pids = {one.pid for one in facts.servers if one.id in alert.instances}
    return [one.name for one in facts.loaded if one.server in pids and not one.embedding and one.name != alert.model]


def _pool_of(snapshot: Snapshot | None, alert: Alert) -> PoolSettings | None:
    if snapshot is None:
        return None
    names = {one.pool for one in snapshot.instances if one.managed and one.id in alert.instances}
    return next((pool for pool in _pools(snapshot) if pool.name in names), None)


def _of_pool(snapshot: Snapshot, pool: PoolSettings, alert: Alert, found: Finding) -> Finding:
    """Return the finding of a loaded model: a warning if no model of its pool can use the slots."""
    known = no_gain.named(snapshot, pool)
    alone = bool(known) and all(forced_serial(one, snapshot.ollama_version or "") for one in known)
    workers = _of_workers(snapshot, alert.model)
    fix, label = found.fix, found.label
    if fix is None and alone:
        offer = ChangePools((pool.name,), parallel=1)
        fix, label = ChangeSettings(offer), label_of(offer)
    level = Level.WARNING if alone else found.told.level
    return msgspec.structs.replace(
        found,
        told=msgspec.structs.replace(found.told, level=level),
        why=joined(alert.told, workers),
        evidence=(Evidence(f"wanted={pool.parallel} effective=1", f"{pool.name}: {alert.model}"),),
        fix=fix,
        label=label,
    )


def _of_named(snapshot: Snapshot, pool: PoolSettings) -> Iterator[Finding]:
    """Tell of a pool whose models are all serial, before one of them is loaded."""
    known = no_gain.named(snapshot, pool) if pool.models else ()
    whys = [forced_serial(one, snapshot.ollama_version or "") for one in known]
    first = whys[0] if whys else None
    if first is None or None in whys:
        return
    model, offer = known[0].name, ChangePools((pool.name,), parallel=1)
    yield Finding(
        f"{_SERIAL}:{pool.name}",
        _SERIAL,
        Area.MODELS,
        msgspec.structs.replace(
            notice("doctor.slots_forced", model=model, parallel=pool.parallel), level=Level.WARNING
        ),
        joined(first, _of_workers(snapshot, model)),
        (Evidence(f"wanted={pool.parallel} family={known[0].family}", f"{pool.name}: {model}"),),
        ChangeSettings(offer),
        label_of(offer),
    )


def _of_workers(snapshot: Snapshot, model: str) -> Notice | None:
    """Return what more workers gave with a model where that was measured, None = nothing, or it was not measured."""
    curve = next((one for one in snapshot.curves if one.model == model), None)
    if curve is None:
        return None
    rates = _by_workers(curve)
    one, most = rates.get(1), max(rates, key=lambda number: rates[number], default=1)
    if one is None or most == 1 or rates[most] < (1 + WORTH) * one:
        return None
    goal = Goal.EMBEDDING if curve.workload is WorkloadKind.EMBEDDINGS else Goal.BALANCED
    return notice("doctor.workers_help", workers=most, gave=rate_text(rates[most], goal), alone=rate_text(one, goal))


def _by_workers(curve: PoolCurve) -> dict[int, float]:
    goal = Goal.EMBEDDING if curve.workload is WorkloadKind.EMBEDDINGS else Goal.BALANCED
    rates = dict[int, float]()
    for point in curve.points:
        rate = rate_of(goal, point.measurement).mean
        rates[point.candidate.workers] = max(rate, rates.get(point.candidate.workers, 0.0))
    return rates


def _gain(facts: Facts) -> Iterator[Finding]:
    snapshot = facts.snapshot
    serial = {alert.model for alert in known_alerts(facts) if CHECK_OF.get(alert.code) == _SERIAL}
    for pool in _pools(snapshot):
        if snapshot is None or (pool.parallel < 2 and pool.workers < 2):
            continue
        effective = snapshot.inherited.effective(pool)
        loaded = {model.name for one in snapshot.instances if one.pool == pool.name for model in one.models}
        if loaded and loaded <= serial:
            continue
        found = no_gain.measured(snapshot, effective) or no_gain.seen(snapshot, pool)
        if found is not None:
            yield _of_gain(pool.name, pool, found)


def _of_gain(name: PoolName, pool: PoolSettings, found: NoGain) -> Finding:
    offer = None
    if found.fewer is not None:
        less = found.fewer
        workers = less.workers if less.workers != pool.workers else None
        offer = ChangePools((name,), parallel=less.parallel, workers=workers)
    fix = ChangeSettings(offer) if offer is not None else None
    label = label_of(offer) if offer is not None else None
    return Finding(f"{_GAIN}:{name}", _GAIN, Area.MODELS, found.told, found.why, found.evidence, fix, label)


def _threads(facts: Facts) -> Iterator[Finding]:
    """Tell of runners that compute with all cores each, where there is no card and no panel that divides the cores.

    Measured on 2 cores with 0.32.15: two servers gave 11 tokens/s together, one 87 (`LLAMA_ARG_THREADS`).
    """
    if facts.snapshot is not None or cards(facts) or any(2 * one.size_vram > one.size for one in facts.loaded):
        return
    greedy = [one for one in facts.runners if _takes_all_cores(facts, one)]
    servers = sorted({one.server for one in greedy})
    if len(servers) < 2 or not facts.machine.cores:
        return
    share = max(1, facts.machine.cores // len(servers))
    yield Finding(
        _THREADS,
        _THREADS,
        Area.MODELS,
        notice("doctor.all_cores", runners=len(servers)),
        notice("doctor.all_cores_why", threads=share),
        (
            Evidence(f"cores={facts.machine.cores}", "CPU"),
            *(Evidence(" ".join(one.arguments), f"PID {one.pid}") for one in greedy),
        ),
    )


def _takes_all_cores(facts: Facts, runner: RunnerFacts) -> bool:
    """Return whether a runner has as many threads as llama.cpp takes by itself, one for each core."""
    started = runner_arguments(runner.arguments)
    server = next((one for one in facts.servers if one.pid == runner.server), None)
    if started is None or server is None or server.variables is None:
        return False
    environment = {**server.variables, **(environment_of(facts, server) or {})}
    return started.threads is None and not environment.get(THREADS)


CHECKS: tuple[Check, ...] = (
    Check(_SERIAL, Area.MODELS, notice("doctor.check.serial"), _serial, subjects.slots),
    Check(_GAIN, Area.MODELS, notice("doctor.check.gain"), _gain, subjects.several_at_once),
    Check(_THREADS, Area.MODELS, notice("doctor.check.threads"), _threads, subjects.runners_of_several),
)
