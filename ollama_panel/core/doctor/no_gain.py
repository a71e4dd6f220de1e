"""Why more requests at once bring a pool nothing: one reason, the most certain, with the numbers that show it.

A measured pool is judged by its curve (`core.tuning.curve`), in this order: a part of the model was not on the card;
the memory's bandwidth was used up, which is reckoned from the bytes that each step reads; the processor computes; the
model is split over cards, which work in turns; the card was busy. One that was not measured is judged by its own
requests: never two at once, or loads in between.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from itertools import pairwise

import msgspec

from ollama_panel.core.advice.speed import active_share
from ollama_panel.core.doctor.quantities import number, seconds, size
from ollama_panel.core.findings import Evidence
from ollama_panel.core.ids import ModelName
from ollama_panel.core.limits import LimitReason
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.effective_value import ValueName
from ollama_panel.core.ollama.hardware import known
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.models import ModelFacts, canonical, forced_serial
from ollama_panel.core.provenance import problem_of
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.findings import BUSY_PERCENT, NEARLY
from ollama_panel.core.tuning.loaded import is_spill
from ollama_panel.core.tuning.trial import Candidate, Measurement
from ollama_panel.core.tuning.whatif import Prediction, predicted

BANDWIDTH_SHARE = 0.7
"""The share of its nominal bandwidth that a memory hardly exceeds: the RTX 4090 of `core.ollama.hardware` uses it."""
IDLE_PERCENT = 70.0
"""A card that is busy for less than this waits for something else."""
FEWEST = 20
"""So many requests show how clients send them."""
LOADING_SHARE = 0.2
"""The share of the time that is loads, from which on they are the reason."""
_BATCH = 512
_GB = 1e9


class NoGain(msgspec.Struct, frozen=True):
    """That a pool gains nothing: `fewer` gives as much, None = not measured. `why` is the reason, None = none is sure.

    `evidence` has the numbers.
    """

    told: Notice
    why: Notice | None
    evidence: tuple[Evidence, ...]
    fewer: Candidate | None = None


def measured(snapshot: Snapshot, pool: PoolSettings) -> NoGain | None:
    """Return that fewer slots or workers give a pool as much, by what a tuning has measured that still holds."""
    found = predicted(snapshot.curves, pool, partial(problem_of, snapshot))
    if found is None or found.problem is not None or found.point is None or found.point.estimated:
        return None
    facts = next((one for one in snapshot.models if one.name == found.curve.model), None)
    fewer = _fewer(found, found.point)
    if facts is None or forced_serial(facts, snapshot.ollama_version or "") is not None or fewer is None:
        return None
    now, less = found.point.candidate, fewer.candidate
    rates = found.point.measurement.tokens_per_s.mean, fewer.measurement.tokens_per_s.mean
    told = notice(
        "doctor.no_gain" if now.workers == less.workers else "doctor.no_gain_workers",
        pool=pool.name,
        **({"more": now.parallel, "fewer": less.parallel} if now.workers == less.workers else _counts(now, less)),
    )
    shown = (_line(found.point), _line(fewer))
    reason = next(_reasons(snapshot, facts, found.point, fewer), None)
    rest = notice("doctor.no_gain_rates", more=round(rates[0], 1), fewer=round(rates[1], 1))
    if reason is None:
        return NoGain(told, rest, shown, less)
    return NoGain(told, reason[0], (*shown, *reason[1]), less)


def _counts(now: Candidate, less: Candidate) -> dict[str, int]:
    return {"more": now.workers, "slots": now.parallel, "fewer": less.workers, "fewer_slots": less.parallel}


def _fewer(found: Prediction, now: Point) -> Point | None:
    """Return the cheapest that was measured and gives nearly as much as the pool's own settings."""
    most, mine = now.measurement.tokens_per_s.mean, now.candidate
    alike = [
        one
        for one in found.curve.points
        if (one.candidate.batch, one.candidate.cache_type) == (mine.batch, mine.cache_type)
        and one.candidate.workers <= mine.workers
        and one.candidate.parallel <= mine.parallel
        and one.candidate != mine
        and one.measurement.tokens_per_s.mean >= NEARLY * most
    ]
    return min(alike, key=lambda one: (one.candidate.workers * one.candidate.parallel, one.candidate), default=None)


def _line(point: Point) -> Evidence:
    """Return what a measurement says, as a line of evidence."""
    one, it = point.candidate, point.measurement
    busy = "" if it.busy_percent is None else f" gpu_busy={number(round(it.busy_percent))}%"
    rate = number(round(it.tokens_per_s.mean, 1))
    return Evidence(f"workers={one.workers} parallel={one.parallel}: {rate}tokens/s{busy}", "tuning")


_Reason = tuple[Notice, tuple[Evidence, ...]]


def _reasons(snapshot: Snapshot, facts: ModelFacts, now: Point, fewer: Point) -> Iterator[_Reason]:
    """Yield what limits a pool, the most certain first."""
    spilled = next((one for one in now.measurement.cautions if is_spill(one)), None)
    if spilled is not None:
        numbers = " ".join(f"{name}={value}" for name, value in spilled.values.items() if isinstance(value, int))
        yield notice("doctor.gain_spill", model=facts.name), (Evidence(numbers, facts.name),)
    yield from _of_bandwidth(snapshot, facts, now)
    if not snapshot.gpu:
        gigabytes = facts.size * _steps(fewer) / _GB
        shown = Evidence(f"cores={snapshot.cores} read={number(round(gigabytes, 1))}GB/s", facts.name)
        yield notice("doctor.gain_cpu", cores=snapshot.cores), (shown,)
        return
    cards, busy = _cards_of(snapshot, facts), now.measurement.busy_percent
    if len(cards) > 1 and busy is not None and busy < IDLE_PERCENT:
        told = notice("doctor.gain_split", cards=cards, percent=round(busy))
        yield told, (Evidence(f"devices={','.join(cards)}", facts.name),)
    if _is_busy(now.measurement) and _is_busy(fewer.measurement):
        percent = round(fewer.measurement.busy_percent or 0)
        yield notice("doctor.gain_busy", percent=percent, fewer=fewer.candidate.parallel), ()


def _is_busy(one: Measurement) -> bool:
    return one.busy_percent is not None and one.busy_percent >= BUSY_PERCENT


def _steps(point: Point) -> float:
    """Return how often per second each worker reads the weights: once for the tokens of all its slots."""
    return point.measurement.tokens_per_s.mean / point.candidate.parallel


def _of_bandwidth(snapshot: Snapshot, facts: ModelFacts, now: Point) -> Iterator[_Reason]:
    """Yield that the memory gives no more: weights and caches read per second against its nominal bandwidth.

    Not for models with experts: which of them a step reads is not known.
    """
    names = [gpu.name for gpu in snapshot.telemetry.gpus if not gpu.lost] if snapshot.telemetry is not None else []
    hardware = known(names[0]) if len(names) == 1 and snapshot.gpu else None
    if hardware is None or active_share(facts) < 1 or facts.experts_used:
        return
    it = now.measurement
    tokens = round((it.prompt_tokens or 0) + (it.answer_tokens or 0) / 2)
    cached = (cache_bytes(facts, tokens, 1, _BATCH, now.candidate.cache_type) or 0) if tokens else 0
    step = max(facts.size - facts.host_size, 0) + now.candidate.parallel * cached
    gigabytes = step * _steps(now) / _GB
    if gigabytes >= BANDWIDTH_SHARE * hardware.bandwidth:
        told = notice("doctor.gain_bandwidth", read=round(gigabytes), bandwidth=round(hardware.bandwidth))
        text = f"read={number(round(gigabytes))}GB/s nominal={number(hardware.bandwidth)}GB/s"
        yield told, (Evidence(text, hardware.name),)


def _cards_of(snapshot: Snapshot, facts: ModelFacts) -> tuple[str, ...]:
    """Return the cards that a loaded model is on."""
    for instance in snapshot.instances:
        for model in instance.models:
            value = next((one for one in model.values if one.name is ValueName.DEVICES), None)
            if model.name == facts.name and value is not None and isinstance(value.effective, tuple):
                return tuple(name for name in value.effective if name not in ("CPU", "projector"))
    return ()


def seen(snapshot: Snapshot, pool: PoolSettings) -> NoGain | None:
    """Return that the slots of a pool bring nothing by the way in which its requests come, None = nothing shows it."""
    limited = next((one for one in _limits(snapshot, pool)), None)
    if limited is not None:
        return limited
    mine = {one.id for one in snapshot.instances if one.pool == pool.name and one.managed}
    done = [one for one in snapshot.finished if one.instance in mine and one.state is RequestState.DONE]
    if len(done) < FEWEST:
        return None
    return _of_loads(pool, done) or _of_one_at_a_time(snapshot, pool, done, mine)


def _limits(snapshot: Snapshot, pool: PoolSettings) -> Iterator[NoGain]:
    """Yield what the scheduler has found out while it worked: that more brought nothing, or what spares the machine."""
    for instance in snapshot.instances:
        for one in instance.limits if instance.pool == pool.name else ():
            shown = Evidence(f"limit={one.limit} slots={one.slots}", f"{instance.id}: {one.model}")
            if one.limit >= one.slots:
                continue
            if one.reason is LimitReason.POWER:
                told = notice("doctor.limited", model=one.model, limit=one.limit, slots=one.slots)
                yield NoGain(told, notice("doctor.limited_why", told=one.told), (shown,))
            elif one.reason is LimitReason.ADJUSTED:
                told = notice("doctor.no_gain_seen", model=one.model, limit=one.limit, slots=one.slots)
                why, more = next(_reasons_now(snapshot, instance, one.model), (one.told, ()))
                yield NoGain(told, why, (shown, *more), Candidate(pool.workers, one.limit))


def _reasons_now(snapshot: Snapshot, instance: InstanceRecord, model: ModelName) -> Iterator[_Reason]:
    """Yield what limits a model that works now, by how it is loaded and by the sensors."""
    loaded = next((one for one in instance.models if one.name == model), None)
    if snapshot.gpu and loaded is not None and 0 < loaded.size_vram < loaded.size:
        text = f"size={size(loaded.size)} size_vram={size(loaded.size_vram)}"
        yield notice("doctor.gain_spill", model=model), (Evidence(text, model),)
    if snapshot.telemetry is None or not instance.in_flight:
        return
    system, cards = snapshot.telemetry.system, [one for one in snapshot.telemetry.gpus if not one.lost]
    cpu, busy = system.cpu_percent, cards[0].utilization_percent if len(cards) == 1 else None
    if not snapshot.gpu and cpu is not None and cpu >= BUSY_PERCENT:
        yield notice("doctor.gain_cpu", cores=snapshot.cores), (Evidence(f"cpu={number(round(cpu))}%", "CPU"),)
    if snapshot.gpu and busy is not None and busy >= BUSY_PERCENT:
        shown = Evidence(f"gpu_busy={number(round(busy))}%", cards[0].name or cards[0].id)
        yield notice("doctor.gain_busy_now", percent=round(busy), running=instance.in_flight), (shown,)


def _of_loads(pool: PoolSettings, done: Sequence[RequestRecord]) -> NoGain | None:
    loading = sum(one.load_s or 0.0 for one in done)
    working = sum((one.finished or 0.0) - (one.dispatched or 0.0) for one in done if one.dispatched is not None)
    loads = sum((one.load_s or 0.0) > 1.0 for one in done)
    if loads < 3 or loading < LOADING_SHARE * working:
        return None
    told = notice("doctor.loads_cost", pool=pool.name, seconds=loading, requests=len(done))
    shown = Evidence(f"loads={loads} load={seconds(loading)} of={seconds(working)}", pool.name)
    return NoGain(told, notice("doctor.loads_cost_why"), (shown,))


def _of_one_at_a_time(
    snapshot: Snapshot, pool: PoolSettings, done: Sequence[RequestRecord], mine: Collection[str]
) -> NoGain | None:
    """Return that no two requests were there at once, so that one slot would do."""
    running = [one for one in snapshot.requests if one.instance in mine or one.state is RequestState.WAITING]
    spans = sorted((one.arrived, one.finished or one.arrived) for one in done)
    overlap = any(second[0] < first[1] for first, second in pairwise(spans))
    if running or overlap or pool.workers * pool.parallel < 2:
        return None
    clients = {one.client for one in done}
    told = notice("doctor.one_at_a_time", pool=pool.name, slots=pool.workers * pool.parallel, requests=len(done))
    why = notice("doctor.one_client", client=next(iter(clients))) if len(clients) == 1 else None
    shown = Evidence(f"requests={len(done)} most_at_once=1 clients={len(clients)}", pool.name)
    return NoGain(told, why or notice("doctor.clients_in_turn", clients=len(clients)), (shown,))


def named(snapshot: Snapshot, pool: PoolSettings) -> tuple[ModelFacts, ...]:
    """Return what is known of the models that a pool names or has loaded; () if one of them is unknown."""
    loaded = {model.name for one in snapshot.instances if one.pool == pool.name for model in one.models}
    names = {canonical(name) for name in pool.models} | loaded
    found = tuple(one for one in snapshot.models if one.name in names)
    return found if len(found) == len(names) else ()
