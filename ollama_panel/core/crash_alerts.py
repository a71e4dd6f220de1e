"""What is told of servers and runners that have ended by themselves, and the settings that may mend it. Pure."""

from collections.abc import Iterator

from ollama_panel.core.incident_groups import Group
from ollama_panel.core.notices import ChangePools, Notice, Offer, notice
from ollama_panel.core.ollama import crashes
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.serverlog_facts import Crashed
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.spill_advice import LEAST_CONTEXT, offers, what_fits

FIT_TARGET = "LLAMA_ARG_FIT_TARGET"
_FIT_TARGET_MIB = 2048
"""Twice what Ollama leaves free of a card (0.30 on, llama.cpp `common/fit.cpp`), so that fewer layers go there."""

_OF_MEMORY = (Cause.MEMORY, Cause.GPU_MEMORY)


def crashed(group: Group) -> tuple[Notice, tuple[Offer, ...]]:
    """Return what is told of the ends of servers, and what is offered."""
    fact, times = group.fact(Crashed), sum(one.incident.times for one in group.happened)
    why = crashes.told(fact, notice("crash.unknown"))
    if times > 1:
        return notice("crashed.again", instances=group.names, times=times, why=why), _offers(group, fact)
    return notice("crashed", instances=group.names, why=why), _offers(group, fact)


def runner_crashed(group: Group) -> tuple[Notice, tuple[Offer, ...]]:
    """Return what is told of the ends of a model's runners, and what is offered."""
    fact, times = group.fact(Crashed), sum(one.incident.times for one in group.happened)
    values = {"model": group.subject, "instances": group.names}
    why = crashes.told(fact, notice("crash.unknown"))
    if times > 1:
        return notice("crashed.runner_again", **values, times=times, why=why), _offers(group, fact)
    return notice("crashed.runner", **values, why=why), _offers(group, fact)


def _offers(group: Group, fact: Crashed) -> tuple[Offer, ...]:
    pool = group.pool
    if pool is None or fact.cause not in _OF_MEMORY:
        return ()
    fit = what_fits(group.facts, group.config, group.context, group.machine.room(group.last.instance.id, group.name))
    return offers(pool, fit) if fit.known else tuple(_less(pool, fact.cause))


def _less(pool: PoolSettings, cause: Cause) -> Iterator[Offer]:
    """Yield what takes less memory: the forecast said that it fits, so nobody knows how much less is enough."""
    if pool.context_length // 2 >= LEAST_CONTEXT:
        yield ChangePools((pool.name,), context_length=pool.context_length // 2)
    if pool.parallel > 1:
        yield ChangePools((pool.name,), parallel=pool.parallel // 2)
    if cause is Cause.GPU_MEMORY and FIT_TARGET not in pool.environment:
        yield ChangePools((pool.name,), environment=((FIT_TARGET, str(_FIT_TARGET_MIB)),))
