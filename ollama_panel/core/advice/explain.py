"""The lines of the advice: the arithmetic of each number, and the reasons."""

from collections.abc import Sequence

from ollama_panel.core.advice import plans
from ollama_panel.core.advice.asked import Reasons, worker_limit
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.plans import Asked, Candidate
from ollama_panel.core.advice.quantisations import BITS
from ollama_panel.core.advice.speed import Speed, rough
from ollama_panel.core.advice.uses import PACE, Needs, Scale, Use
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.ollama.kvcache import has_cache, is_sliding
from ollama_panel.core.ollama.memory import FIT_MARGIN, Forecast, ModelForecast, effective_context
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings


def machine(it: MachineFacts) -> Notice:
    """Return what the machine is, and how much of it models may use."""
    return notice("advise.machine", name=_named(it), budget=it.budget or 0, total=it.total)


def cards(it: MachineFacts, found: Forecast) -> list[Notice]:
    """Return what is not reckoned of several cards: that each may have a worker, if one fits there."""
    each = found.total.known // found.workers + FIT_MARGIN
    if it.cards > found.workers and each <= (it.budget or 0) // it.cards:
        return [notice("advise.cards", cards=it.cards)]
    return []


def _named(it: MachineFacts) -> str | Notice:
    if not it.gpu:
        return notice("advise.without_gpu")
    if not it.name:
        return notice("advise.this_machine")
    return f"{it.cards} x {it.name}" if it.cards > 1 else it.name


def scale(use: Use, size: Scale, people: int, models: Sequence[ModelFacts]) -> Notice:
    """Return what so many people need to use these models."""
    if use is Use.BATCH:
        return notice("advise.batch")
    if size is Scale.ONE and use is not Use.RAG and models and all(one.num_ctx for one in models):
        return notice("advise.one_as_is")
    if size is Scale.ONE:
        return notice("advise.one") if use is not Use.RAG else notice("advise.one_rag")
    return notice("advise.team" if size is Scale.TEAM else "advise.product", people=people)


def pool(it: PoolSettings) -> Notice:
    """Return the settings of a pool in one line."""
    values: dict[str, Value] = {
        "pool": it.name,
        "models": it.models,
        "workers": it.workers,
        "parallel": it.parallel,
        "context": it.context_length,
    }
    if it.role is Role.EMBEDDING:
        return notice("advise.pool_embedding", **values)
    return notice("advise.pool", **values, cache=it.environment.get("OLLAMA_KV_CACHE_TYPE", plans.PLAIN))


def memory(found: Forecast, models: Sequence[ModelFacts]) -> list[Notice]:
    """Return the sum of each model of a worker, and that of several workers."""
    facts = {one.name: one for one in models}
    lines = [_sum(one, facts[one.name]) for one in found.models]
    if found.workers > 1:
        lines.append(notice("advise.memory_workers", workers=found.workers, total=found.total.known))
    return lines


def _sum(one: ModelForecast, facts: ModelFacts) -> Notice:
    parts, total = one.parts, one.parts.known
    common: dict[str, Value] = {
        "model": one.name,
        "weights": parts.weights or 0,
        "compute": parts.compute or 0,
        "overhead": parts.overhead,
        "total": total,
    }
    if not has_cache(facts):
        return notice("advise.memory_no_cache", **common)
    cache: dict[str, Value] = {"parallel": one.parallel, "context": one.context, "kv": parts.kv or 0}
    if facts.state is not None or any(is_sliding(facts, layer) for layer in range(facts.layers or 0)):
        return notice("advise.memory_uneven", **common, **cache)
    token = (parts.kv or 0) // (one.parallel * one.context)
    return notice("advise.memory", **common, **cache, token=token)


def choice(
    it: MachineFacts,
    models: Sequence[ModelFacts],
    chosen: Candidate,
    asked: Asked,
    reasons: Reasons,
    needs: Needs,
    settings: PoolSettings,
) -> list[Notice]:
    """Return why a pool has its workers, slots, context and cache."""
    lines = [*reasons.lines]
    if reasons.serial is not None:
        lines.append(notice("advise.singly", model=models[0].name))
        if chosen.workers > 1:
            code = "advise.singly_workers" if it.cards == 1 else "advise.singly_cards"
            lines.append(notice(code, workers=chosen.workers))
    if not it.gpu and chosen.workers > 1:
        lines.append(notice("advise.cores"))
    if asked.spare and chosen.workers > 1:
        lines.append(notice("advise.spare" if it.cards == 1 else "advise.spare_cards"))
    elif asked.spare and it.cards == 1:
        lines.append(notice("advise.no_spare"))
    wanted, given = asked.at_once, chosen.workers * chosen.parallel
    if given < wanted:
        lines.append(notice("advise.fewer", wanted=wanted, parallel=given))
    if 2 * given < reasons.wanted:
        lines.append(notice("advise.too_many", given=given, wanted=reasons.wanted, people=given * needs.one_in))
    if chosen.turns:
        lines.append(notice("advise.turns", models=len(models)))
    if chosen.cache != plans.PLAIN:
        plain = plans.settings_of(it, needs.role, models, _with(chosen, cache=plans.PLAIN))
        saved = _kv(it, plain, models) - _kv(it, settings, models)
        lines.append(notice("advise.cache_type", saved=saved))
    return lines + _context(it, models, chosen, needs, settings)


def _context(
    it: MachineFacts, models: Sequence[ModelFacts], chosen: Candidate, needs: Needs, settings: PoolSettings
) -> list[Notice]:
    """Return what is said of the context: that it is shorter than the best one, and whether that is too short."""
    wanted, lines = needs.contexts[0], []
    own = {one.name: effective_context(one, chosen.context) for one in models if one.num_ctx}
    trained = {one.name: one.context_trained for one in models if one.context_trained and one.name not in own}
    short = {name: most for name, most in trained.items() if most < wanted and most <= chosen.context}
    lines += [notice("advise.trained", model=name, context=most) for name, most in short.items()]
    lines += [notice("advise.modelfile", model=name, context=tokens) for name, tokens in own.items()]
    if chosen.context < wanted and not short and len(own) < len(models):
        longer = plans.settings_of(it, needs.role, models, _with(chosen, context=wanted))
        saved = _kv(it, longer, models) - _kv(it, settings, models)
        lines.append(notice("advise.shorter", wanted=wanted, context=chosen.context, saved=saved))
    if chosen.context < needs.contexts[-1]:
        lines.append(notice("advise.short_context", context=chosen.context, least=needs.contexts[-1]))
    return lines


def _with(chosen: Candidate, *, cache: str = "", context: int = 0) -> Candidate:
    return Candidate(
        chosen.workers, chosen.parallel, context or chosen.context, cache or chosen.cache, chosen.turns, chosen.full
    )


def _kv(it: MachineFacts, settings: PoolSettings, models: Sequence[ModelFacts]) -> int:
    return plans.forecast_on(it, settings, models).total.kv or 0


def embedding(it: MachineFacts, models: Sequence[ModelFacts], settings: PoolSettings) -> list[Notice]:
    """Return why the pool of the embedding model has its workers."""
    lines = [notice("advise.singly", model=models[0].name)]
    if settings.workers > 1:
        lines.append(notice("advise.embedding_workers", workers=settings.workers))
    return lines if it.gpu else [*lines, notice("advise.cores")]


def speed(it: MachineFacts, found: Speed, needs: Needs) -> list[Notice]:
    """Return how fast answers come, with the formula in numbers; all of it is rough."""
    alone, together, each = found.alone, found.together, found.each
    if alone is None or together is None or each is None or found.requests is None:
        return [notice("advise.speed_unknown")]
    lines = [_alone(it, found)]
    if found.at_once > 1:
        lines.append(
            notice(
                "advise.together",
                parallel=found.at_once,
                gain=rough(found.gain),
                together=rough(together),
                each=rough(each),
                source=found.source,
            )
        )
    if found.prompt_s is None:
        lines.append(notice("advise.requests_answer", answer=needs.answer, requests=rough(found.requests)))
        if not it.gpu:
            lines.append(notice("advise.prompts_on_cpu"))
    else:
        lines.append(
            notice(
                "advise.requests",
                prompt=needs.prompt,
                prompt_s=rough(found.prompt_s),
                answer=needs.answer,
                answer_s=rough(needs.answer / each),
                requests=rough(found.requests),
            )
        )
    if needs.paced and alone < PACE:
        lines.append(notice("advise.slow", alone=rough(alone)))
    return lines


def _alone(it: MachineFacts, found: Speed) -> Notice:
    known, here = it.hardware, found.measured
    if here is not None and found.formula is not None:
        return notice(
            "advise.speed_measured",
            model=found.model,
            alone=rough(here.tokens_per_s),
            answers=here.answers,
            formula=rough(found.formula),
        )
    if here is not None or known is None:
        told = found.measured
        assert told is not None, "without hardware there is no formula"
        return notice(
            "advise.speed_measured_alone", model=found.model, alone=rough(told.tokens_per_s), answers=told.answers
        )
    published = known.measured
    source: str | Notice = notice("advise.speed_usual")
    if published is not None:
        source = notice("advise.speed_of", model=published.model, rate=published.tokens_per_s, source=published.source)
    return notice(
        "advise.speed",
        model=found.model,
        share=round(100 * found.share),
        bandwidth=known.bandwidth,
        read=found.bytes_read / 1e9,
        alone=rough(found.formula or 0.0),
        source=source,
    )


def sums(it: MachineFacts, needed: int, margin: int, runners: int, room: int | None, each: int | None) -> list[Notice]:
    """Return what all pools need together, and what is left for earlier prompts."""
    budget = it.budget or 0
    lines = [notice("advise.sum", needed=needed, budget=budget)]
    if margin:
        lines = [notice("advise.sum_margin", needed=needed, margin=margin, total=needed + margin, budget=budget)]
    if room is not None and each is not None:
        lines.append(notice("advise.cache_limited", runners=runners, each=each, room=room))
    elif room is not None:
        lines.append(notice("advise.cache_default", runners=runners, room=room))
    elif each is None:
        lines.append(notice("advise.cache_unknown"))
    return lines


def workers(it: MachineFacts, count: int) -> list[Notice]:
    """Return the rule for the number of workers where it limits them."""
    most = worker_limit(it)
    return [notice("advise.worker_limit", most=most, total=it.total)] if count >= most else []


def quantisation(facts: ModelFacts, name: str, size: int, gain: Notice) -> Notice:
    """Return what a smaller quantisation of a model saves, and what for."""
    old = facts.quantization.upper()
    return notice(
        "advise.quantisation",
        model=facts.name,
        new=name,
        old=old,
        size=size,
        before=facts.size,
        saved=facts.size - size,
        new_bits=round(BITS[name], 2),
        old_bits=round(BITS[old], 2),
        gain=gain,
    )
