"""The effects of a draft of the settings: whether it fits into memory, and what applying it restarts."""

from dataclasses import dataclass
from functools import partial

import msgspec
from PySide6.QtCore import QCoreApplication

from ollama_panel.core import changes, store_notices
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama import memory
from ollama_panel.core.ollama.memory import ForecastSource
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.pool_memory import forecast_of, of_servers
from ollama_panel.core.provenance import problem_of, provenance_of
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, Snapshot
from ollama_panel.core.tuning.whatif import Prediction, predicted
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text

_TENTH = GIB // 10


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the required memory: its name, its bytes and its colour token."""

    name: str
    bytes: int
    colour: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A memory forecast as text: the parts of the bar, the available memory, the verdict, its tone and its reasons.

    `excess` are the bytes that do not fit; `source` says where the forecast is from, "" without one.
    """

    parts: tuple[Part, ...] = ()
    total: int | None = None
    excess: int = 0
    verdict: str = fmt.UNKNOWN
    tone: str = "muted"
    why: str = ""
    source: str = ""


def pool_of(settings: Settings, name: PoolName) -> PoolSettings | None:
    """Return the settings of a pool, None if there is no pool of that name."""
    return next((pool for pool in settings.pools if pool.name == name), None)


def with_pool(settings: Settings, pool: PoolSettings) -> Settings:
    """Return the settings with those of one pool replaced."""
    pools = tuple(pool if one.name == pool.name else one for one in settings.pools)
    return msgspec.structs.replace(settings, pools=pools)


def free_name(settings: Settings) -> PoolName:
    """Return an unused name for a new pool."""
    taken = {pool.name for pool in settings.pools}
    names = (*(role.value for role in Role), *(f"pool-{number}" for number in range(2, 100)))
    return PoolName(next(name for name in names if name not in taken))


def inputs(snapshot: Snapshot) -> tuple[object, ...]:
    """Return everything that forecast and plan depend on, to be compared with that of another snapshot."""
    loaded = tuple(tuple(model.name for model in record.models) for record in snapshot.instances)
    machine = snapshot.gpu, snapshot.cores, snapshot.ollama_version, snapshot.inherited
    memory_used = budget_of(snapshot), of_servers(snapshot)
    measured = snapshot.curves, snapshot.profiles, provenance_of(snapshot, "", 0.0)
    wanted = snapshot.settings, snapshot.models, snapshot.stores
    return *wanted, loaded, *memory_used, *machine, *measured, snapshot.fatal


def prediction(snapshot: Snapshot, draft: PoolSettings) -> Prediction | None:
    """Return what a pool would give with a draft of its settings, None if nothing was measured with its models."""
    return predicted(snapshot.curves, draft, partial(problem_of, snapshot))


def lacking(snapshot: Snapshot, pool: PoolSettings) -> tuple[ModelName, ...]:
    """Return the models that the workers of a pool should serve but do not have; none if the pool can serve."""
    workers = [record.id for record in snapshot.instances if record.managed and record.pool == pool.name]
    return store_notices.lacking(pool, workers, snapshot.stores, snapshot.models)


def fit(snapshot: Snapshot, draft: PoolSettings) -> Fit:
    """Return whether a draft of one pool fits into memory together with the other pools."""
    if snapshot.starting:
        return Fit()
    translate = QCoreApplication.translate
    mine = forecast_of(snapshot, draft)
    if draft.workers and (missing := lacking(snapshot, draft)):
        return _without_models(snapshot, missing)
    beside_it = [pool for pool in snapshot.settings.pools if pool.name != draft.name]
    others = [forecast_of(snapshot, pool) for pool in beside_it if not lacking(snapshot, pool)]
    pools = sum(other.total.total or 0 for other in others)
    budget, servers = budget_of(snapshot), of_servers(snapshot)
    total, programs = (budget.total, budget.others) if budget else (None, 0)
    needed, beside = mine.total.total, pools + servers + programs
    if not mine.models and draft.workers:
        return Fit(
            total=total,
            verdict=translate("fit", "no model known yet"),
            why=translate("fit", "Pull a model to see its size."),
        )
    if needed is None:
        return Fit(total=total, why=translate("fit", "The server does not report enough about this pool's models."))
    parts = (
        Part(translate("fit", "weights"), mine.total.weights or 0, "accent"),
        Part(translate("fit", "KV cache"), mine.total.kv or 0, "ok"),
        Part(translate("fit", "compute"), (mine.total.compute or 0) + mine.total.overhead, "warn"),
        Part(translate("fit", "other pools"), pools, "pools"),
        Part(translate("fit", "other servers"), servers, "servers"),
        Part(translate("fit", "other programs"), programs, "muted"),
    )
    verdict, tone = _verdict(mine, needed + beside, beside, total)
    if not draft.workers and tone != "danger":
        verdict, tone = translate("fit", "no workers"), "muted"
    excess = 0 if total is None else max(0, needed + beside - total)
    return Fit(parts, total, excess, verdict, tone, _why(snapshot, draft, mine), forecast_text(mine.source))


def whole_fit(snapshot: Snapshot, wanted: Settings) -> Fit:
    """Return whether all pools of some settings fit into memory together, beside other servers and programs."""
    if snapshot.starting:
        return Fit()
    translate = QCoreApplication.translate
    found = [forecast_of(snapshot, pool) for pool in wanted.pools if pool.workers]
    budget, servers = budget_of(snapshot), of_servers(snapshot)
    total, programs = (budget.total, budget.others) if budget else (None, 0)
    if not any(one.models for one in found):
        return Fit(total=total, verdict=translate("fit", "no model known yet"))
    if any(one.total.total is None for one in found):
        return Fit(total=total, why=translate("fit", "The server does not report enough about this pool's models."))
    parts = (
        Part(translate("fit", "weights"), sum(one.total.weights or 0 for one in found), "accent"),
        Part(translate("fit", "KV cache"), sum(one.total.kv or 0 for one in found), "ok"),
        Part(translate("fit", "compute"), sum((one.total.compute or 0) + one.total.overhead for one in found), "warn"),
        Part(translate("fit", "other servers"), servers, "servers"),
        Part(translate("fit", "other programs"), programs, "muted"),
    )
    asked = sum(part.bytes for part in parts)
    tightest = max(found, key=lambda one: one.margin)
    beside = asked - (tightest.total.total or 0)
    verdict, tone = _verdict(tightest, asked, beside, total)
    return Fit(parts, total, 0 if total is None else max(0, asked - total), verdict, tone)


def forecast_text(source: ForecastSource) -> str:
    """Return where a forecast is from."""
    return {
        ForecastSource.MEASURED: QCoreApplication.translate("fit", "measured on this machine"),
        ForecastSource.PARTLY: QCoreApplication.translate("fit", "partly measured on this machine"),
        ForecastSource.ESTIMATED: QCoreApplication.translate("fit", "estimated"),
    }[source]


def model_size(snapshot: Snapshot, pool: PoolSettings, name: ModelName) -> int | None:
    """Return the bytes that a model takes in all workers of a pool, None if that cannot be told."""
    models = tuple(facts for facts in snapshot.models if facts.name == name)
    effective, version = snapshot.inherited.effective(pool), snapshot.ollama_version or ""
    return memory.forecast(effective, models, gpu=snapshot.gpu, version=version).total.total if models else None


def budget_of(snapshot: Snapshot) -> Budget | None:
    """Return what models may use, with which the scheduler reckons, too; what others use in tenths of a GiB.

    What nobody would see in the bar does not make it new every second.
    """
    budget = snapshot.sample.budget if snapshot.sample is not None else None
    return budget and Budget(budget.total, 0, budget.source, budget.others // _TENTH * _TENTH)


def source_text(source: BudgetSource) -> str:
    """Return where it was read how much memory models may use."""
    return {
        BudgetSource.DRIVER: QCoreApplication.translate("fit", "as the driver says"),
        BudgetSource.LOG: QCoreApplication.translate("fit", "as Ollama's log says"),
        BudgetSource.MACOS: QCoreApplication.translate("fit", "what macOS lends the GPU"),
        BudgetSource.LIMIT: QCoreApplication.translate("fit", "as set by iogpu.wired_limit_mb"),
        BudgetSource.SYSTEM: QCoreApplication.translate("fit", "the main memory, as models run on the CPU"),
    }[source]


def _without_models(snapshot: Snapshot, missing: tuple[ModelName, ...]) -> Fit:
    """Return what is said of a pool whose workers do not have the models that they should serve."""
    translate, budget = QCoreApplication.translate, budget_of(snapshot)
    why = translate("fit", "{models}: only on another server. Until the workers can read them, this pool cannot serve.")
    return Fit(
        total=budget.total if budget else None,
        verdict=translate("fit", "its workers have no model"),
        tone="warn",
        why=why.format(models=", ".join(missing)),
    )


def _verdict(mine: memory.Forecast, asked: int, beside: int, total: int | None) -> tuple[str, str]:
    """Return the sum with a verdict, and its tone: it fits, fits without the margin, or does not fit."""
    translate = QCoreApplication.translate
    numbers = f"{fmt.gibibytes(asked)} / {fmt.gibibytes(total)} GiB"
    if total is None:
        return numbers, "muted"
    if asked > total:
        over = translate("fit", "{size} too much").format(size=fmt.size(asked - total))
        return f"{numbers} · {over}", "danger"
    if not mine.fits(total, beside):
        return f"{numbers} · " + translate("fit", "tight"), "warn"
    return f"{numbers} · " + translate("fit", "fits"), "ok"


def _why(snapshot: Snapshot, draft: PoolSettings, mine: memory.Forecast) -> str:
    """Return the assumptions of the forecast, one line per model."""
    translate = QCoreApplication.translate
    lines = [
        translate("fit", "{name}: {parallel} x {context} tokens in each worker").format(
            name=one.name, parallel=one.parallel, context=fmt.number(one.context)
        )
        for one in mine.models
    ]
    lines += [_source_text(one) for one in mine.models]
    shown = {one.name for one in mine.models}
    own = {facts.name for facts in snapshot.models if facts.num_ctx and facts.name in shown}
    lines += [_own_context_text(facts.name) for facts in snapshot.models if facts.name in own]
    longest = translate("fit", "{name}: no context is longer than the {context} tokens that it was trained with.")
    trained = {facts.name: facts.context_trained for facts in snapshot.models if facts.name not in own}
    lines += [
        longest.format(name=one.name, context=fmt.number(one.context))
        for one in mine.models
        if one.context == trained.get(one.name) and one.context < draft.context_length
    ]
    serial = {one.name for one in mine.models if one.parallel < draft.parallel}
    lines += dict.fromkeys(notice_text(forced_serial(facts)) for facts in snapshot.models if facts.name in serial)
    budget = budget_of(snapshot)
    if budget is not None:
        told = translate("fit", "Models may use {size}: {source}.")
        lines.append(told.format(size=fmt.size(budget.total), source=source_text(budget.source)))
    if mine.margin:
        lines.append(translate("fit", "Another {size} should stay free.").format(size=fmt.size(mine.margin)))
    return "\n".join(lines)


def _own_context_text(name: ModelName) -> str:
    told = QCoreApplication.translate(
        "fit", "{name}: its own file sets this context (num_ctx), so that of the pool changes nothing."
    )
    return told.format(name=name)


def _source_text(one: memory.ModelForecast) -> str:
    """Return from what the forecast of a model is."""
    translate, load = QCoreApplication.translate, one.measured
    if load is None:
        told = translate("fit", "{name}: an estimate, until it was loaded here once.")
        return told.format(name=one.name)
    told = translate(
        "fit", "{name}: from a load on this machine with {parallel} x {context} tokens (Ollama {version})."
    )
    context = fmt.number(load.context)
    return told.format(name=one.name, parallel=load.parallel, context=context, version=load.ollama)


def plan_text(snapshot: Snapshot, wanted: Settings) -> str:
    """Return the effects of applying `wanted`, one in each line; "" before there is an engine, which knows them."""
    if snapshot.starting:
        return ""
    return "\n".join(map(notice_text, plan_of(snapshot, wanted).notices()))


def plan_of(snapshot: Snapshot, wanted: Settings) -> changes.Plan:
    """Return the effects of applying `wanted` to what a snapshot shows."""
    return changes.plan(snapshot.settings, wanted, cores=snapshot.cores, gpu=snapshot.gpu, inherited=snapshot.inherited)
