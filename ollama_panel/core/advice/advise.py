"""The advice: a machine, models and a use in, the pools to set out, with the arithmetic of every number."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from ollama_panel.core.advice import choosing, explain, plans, typical, ways
from ollama_panel.core.advice.asked import Case, embedding_workers, worker_limit
from ollama_panel.core.advice.choosing import Chosen
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.plans import Asked, Candidate
from ollama_panel.core.advice.result import Advice, AdvisedPool
from ollama_panel.core.advice.speed import Measurement, slowest
from ollama_panel.core.advice.uses import NEEDS, Needs, Scale, Use, scale_of
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.memory import MODELS_PER_GPU, effective_context, effective_parallel, forecast
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings

_CODERS = re.compile(r"(?i)cod(e|er)|devstral|starcoder")
_EMBEDDING_CONTEXT = 2048


def advise(
    machine: MachineFacts,
    models: Sequence[ModelFacts],
    use: Use,
    people: int = 1,
    named: Sequence[str] = (),
    here: Mapping[ModelName, Measurement] | None = None,
) -> Advice:
    """Return what to set on `machine` for a `use` by so many `people`, at least one.

    `models` are those that are installed; all those `named` are to be served, else the best one for the use is chosen.
    `here` is what was measured on this machine. The advice never needs more than `core.ollama.memory.forecast` allows.
    """
    begun = Advice(use, people, scale_of(use, people), machine)
    if machine.budget is None:
        return msgspec.structs.replace(begun, lines=(notice("advise.memory_unknown"),))
    known, told = _known(models, named)
    chat = _for_use(known, use, named=bool(named))
    together = bool(named and chat)
    if not chat:
        chat = list(reversed(typical.typical_for(use)))
        told.append(notice("advise.typical"))
    embedding = _embedding_model(known, NEEDS[use])
    if embedding is typical.EMBEDDING_MODEL and embedding not in known:
        told.append(notice("advise.no_embedding", model=embedding.name.removesuffix(":latest")))
    case = Case(machine, use, people, here or {}, _least_beside(machine, embedding))
    chosen = choosing.tried(case, chat) if together else choosing.best_of(case, chat)
    scale = explain.scale(use, begun.scale, people, chosen.models)
    if chosen.choice is None:
        enough = begun.scale is Scale.ONE  # "Ollama as it is will do": not if nothing fits
        lines = (explain.machine(machine), *(() if enough else (scale,)), *told, ways.too_large(case, chosen))
        return msgspec.structs.replace(begun, lines=lines, ways=ways.out(case, chosen))
    lines = (explain.machine(machine), scale, *told)
    rest = _others(case, [one for one in chat if one in known], chosen)
    lines = (*lines, *([notice("advise.others", models=rest)] if rest else ()))
    return _with_pools(msgspec.structs.replace(begun, lines=lines), case, chosen, chosen.choice, embedding)


def _known(models: Sequence[ModelFacts], named: Sequence[str]) -> tuple[list[ModelFacts], list[Notice]]:
    """Return the models with a layout to reckon with, those that are `named` if there are any, and what is assumed."""
    local = {one.name: one for one in models if not one.remote and one.size}
    told = []
    if named:
        found = {name: local.get(canonical(name)) or typical.find(name) for name in named}
        told += [notice("advise.model_unknown", model=name) for name, one in found.items() if one is None]
        local = {one.name: one for one in found.values() if one is not None}
    known = []
    for one in sorted(local.values(), key=lambda one: one.name):
        like = typical.like(one)
        if forecast(PoolSettings(PoolName("any")), [one]).total.total is not None:
            known.append(one)
        else:
            known.append(typical.with_layout_of(one, like))
            told.append(notice("advise.likened", model=one.name, like=like.name))
    return known, told


def _for_use(known: Sequence[ModelFacts], use: Use, *, named: bool) -> list[ModelFacts]:
    """Return the models that write, the largest first; for agents those for code, if there are any."""
    chat = sorted((one for one in known if not is_embedding(one)), key=lambda one: (-one.size, one.name))
    if NEEDS[use].role is Role.CODE and not named:
        return [one for one in chat if _CODERS.search(one.name)] or chat
    return chat


def _embedding_model(known: Sequence[ModelFacts], needs: Needs) -> ModelFacts | None:
    """Return the largest embedding model, a typical one if there is none; None if the use needs none."""
    if not needs.embeddings:
        return None
    vectors = [one for one in known if is_embedding(one)]
    return max(vectors, key=lambda one: (one.size, one.name), default=typical.EMBEDDING_MODEL)


def _least_beside(machine: MachineFacts, embedding: ModelFacts | None) -> int:
    """Return the bytes of one worker for embeddings, 0 if none is needed."""
    if embedding is None:
        return 0
    return plans.forecast_on(machine, _embedding_pool(machine, embedding, 1), [embedding]).total.known


def _others(case: Case, installed: Sequence[ModelFacts], chosen: Chosen) -> tuple[str, ...]:
    """Return the other installed models that fit, each in the place of the chosen one."""
    single = Asked(1, 1, chosen.asked.contexts)
    return tuple(one.name for one in installed if one not in chosen.models and choosing.fit(case, [one], single))


def _embedding_pool(machine: MachineFacts, facts: ModelFacts, workers: int) -> PoolSettings:
    context = effective_context(facts, _EMBEDDING_CONTEXT)
    return plans.settings_of(machine, Role.EMBEDDING, [facts], Candidate(workers, 1, context))


def _with_embedding(case: Case, main: PoolSettings, chosen: Chosen, facts: ModelFacts) -> PoolSettings:
    """Return the pool of the embedding model, with as many of the wanted workers as fit beside the main pool."""
    machine, beside = case.machine, plans.forecast_on(case.machine, main, chosen.models).total.known
    wanted = embedding_workers(machine, scale_of(case.use, case.people))
    for workers in range(min(wanted, worker_limit(machine) - main.workers), 1, -1):
        pool = _embedding_pool(machine, facts, workers)
        if plans.fits(machine, plans.forecast_on(machine, pool, [facts]), beside):
            return pool
    return _embedding_pool(machine, facts, 1)


def _with_pools(begun: Advice, case: Case, chosen: Chosen, choice: Candidate, embedding: ModelFacts | None) -> Advice:
    """Return the advice with its pools, the lines about them, and what they come to."""
    machine = case.machine
    main = plans.settings_of(machine, case.needs.role, chosen.models, choice)
    pools = [main] if embedding is None else [main, _with_embedding(case, main, chosen, embedding)]
    models = [chosen.models] if embedding is None else [chosen.models, (embedding,)]
    needed = sum(plans.forecast_on(machine, pool, own).total.known for pool, own in zip(pools, models, strict=True))
    runners = _runners(main)
    limited, room, each = plans.with_prompt_cache(machine, pools, runners, needed)
    advised = [_main_pool(case, chosen, choice, limited[0])]
    if embedding is not None:
        advised.append(_second_pool(machine, embedding, limited[1]))
    margin = plans.margin_of(machine)
    sums = explain.sums(machine, needed, margin, runners, room, each)
    limit = explain.workers(machine, sum(pool.workers for pool in limited))
    return msgspec.structs.replace(
        begun,
        pools=tuple(advised),
        needed=needed,
        margin=margin,
        lines=(*begun.lines, *sums, *limit),
        ways=ways.better(case, chosen),
    )


def _main_pool(case: Case, chosen: Chosen, choice: Candidate, pool: PoolSettings) -> AdvisedPool:
    """Return the pool whose answers people wait for, as quick as its slowest model."""
    machine, models = case.machine, chosen.models
    found = plans.forecast_on(machine, pool, models)
    slow = slowest(models, case.needs)
    at_once = choice.workers * effective_parallel(slow, choice.parallel)
    speed = case.speed(slow, at_once, workers=choice.workers)
    lines = (
        explain.pool(pool),
        *explain.memory(found, models),
        *explain.choice(machine, models, choice, chosen.asked, chosen.reasons, case.needs, pool),
        *explain.speed(machine, speed, case.needs),
        *(explain.cards(machine, found) if at_once > 1 else ()),
    )
    return AdvisedPool(pool, found.total.known, speed, lines)


def _second_pool(machine: MachineFacts, embedding: ModelFacts, pool: PoolSettings) -> AdvisedPool:
    found = plans.forecast_on(machine, pool, [embedding])
    lines = (
        explain.pool(pool),
        *explain.memory(found, [embedding]),
        *explain.embedding(machine, [embedding], pool),
    )
    return AdvisedPool(pool, found.total.known, None, lines)


def _runners(pool: PoolSettings) -> int:
    """Return how many models a pool has in memory that keep earlier prompts."""
    limit = int(pool.environment.get("OLLAMA_MAX_LOADED_MODELS", MODELS_PER_GPU))
    return pool.workers * min(len(pool.models), limit)
