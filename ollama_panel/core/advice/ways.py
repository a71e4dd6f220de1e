"""What else could be done: what would fit where nothing does, and what would give all that was asked for."""

import msgspec

from ollama_panel.core.advice import choosing, explain, plans, quantisations, typical
from ollama_panel.core.advice.asked import Case
from ollama_panel.core.advice.choosing import Chosen
from ollama_panel.core.advice.plans import Asked, Candidate
from ollama_panel.core.advice.speed import rough
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts

_LEAST_BITS = 4.5
"""Bits per weight below which a quantisation is only offered to a model that does not fit otherwise."""


def too_large(case: Case, chosen: Chosen) -> Notice:
    """Return that models do not fit, by how much they are too large at the least."""
    machine = case.machine
    cache = plans.SMALL if machine.flash else plans.PLAIN
    least = Candidate(1, 1, plans.SHORTEST, cache, turns=len(chosen.models) > 1)
    pool = plans.settings_of(machine, case.needs.role, chosen.models, least)
    needed = plans.forecast_on(machine, pool, chosen.models).total.known + case.others + plans.margin_of(machine)
    budget = machine.budget or 0
    return notice(
        "advise.too_large" if machine.gpu else "advise.too_large_cpu",
        models=tuple(one.name for one in chosen.models),
        needed=needed,
        context=plans.SHORTEST,
        excess=needed - budget,
        budget=budget,
    )


def out(case: Case, chosen: Chosen) -> tuple[Notice, ...]:
    """Return what would fit where nothing does: one of several models, a smaller quantisation, another model."""
    largest = max(chosen.models, key=lambda one: one.size)
    single = Asked(1, 1, chosen.asked.contexts)
    each = [(one, choosing.fit(case, [one], single)) for one in chosen.models if len(chosen.models) > 1]
    ways = [notice("advise.alone", model=one.name, context=fit.context) for one, fit in each if fit and fit.full]
    for name, size in quantisations.smaller(largest):
        if (fit := choosing.fit(case, [_quantised(largest, size)], single)) is not None and fit.full:
            fits = notice("advise.then_fits", context=fit.context)
            ways.append(explain.quantisation(largest, name, size, fits))
            break
    for one in reversed(typical.typical_for(case.use)):
        if one.size < largest.size and (fit := choosing.fit(case, [one], single)) is not None and fit.full:
            ways.append(notice("advise.smaller_model", model=one.name, size=one.size, context=fit.context))
            break
    return tuple(ways) or (notice("advise.nothing_fits"),)


def better(case: Case, chosen: Chosen) -> tuple[Notice, ...]:
    """Return the way to all that was asked for: a smaller quantisation, else a smaller model; or to more speed."""
    choice = chosen.choice
    if choice is None or len(chosen.models) != 1:
        return ()
    (facts,) = chosen.models
    smaller = [one for one in quantisations.smaller(facts) if quantisations.BITS[one[0]] >= _LEAST_BITS]
    for name, size in smaller if not chosen.is_complete else ():
        then = choosing.fit(case, [_quantised(facts, size)], chosen.asked)
        if then is not None and _is_more(then, choice):
            parallel, context = then.workers * then.parallel, then.context
            full = notice("advise.then_full", parallel=parallel, context=context)
            return (explain.quantisation(facts, name, size, full),)
    if quantisations.is_unquantised(facts):
        name, size = smaller[0]
        faster = notice("advise.then_faster", factor=rough(facts.size / size))
        return (explain.quantisation(facts, name, size, faster),)
    return () if chosen.is_complete else _smaller_model(case, facts)


def _quantised(facts: ModelFacts, size: int) -> ModelFacts:
    return msgspec.structs.replace(facts, size=size, host_size=0, loads=())


def _is_more(then: Candidate, now: Candidate) -> bool:
    """Return whether more answers at once, or as many of a longer context, fit."""
    return (then.workers * then.parallel, then.context) > (now.workers * now.parallel, now.context)


def _smaller_model(case: Case, facts: ModelFacts) -> tuple[Notice, ...]:
    """Return the largest typical model below this one of which all that is asked for fits."""
    for one in reversed(typical.typical_for(case.use)):
        then = choosing.tried(case, [one]) if one.size < facts.size else None
        if then is not None and then.choice is not None and then.is_complete:
            parallel, context = then.choice.workers * then.choice.parallel, then.choice.context
            return (notice("advise.smaller_full", model=one.name, size=one.size, parallel=parallel, context=context),)
    return ()
