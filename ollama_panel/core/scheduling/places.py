"""Where the parts of a request could run at once."""

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling.context import ContextNeed
from ollama_panel.core.scheduling.model_state import COLD
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State


def places(state: State, job: Job, need: ContextNeed, now: int) -> Places:
    """Return the slots that a request could use: of loaded copies that serve it, and one of each that could be loaded.

    None is free for it while others wait for the same model, or the queue is paused. The limit of its client holds.
    """
    want, slots, free = (job.model, job.role), 0, 0
    residency = Residency(state)
    for copy in state.candidates(want, now):
        if not copy.takes_work or copy.instance.breaker.tripped:
            continue
        if copy.state is COLD:
            slots += residency.fits(copy)
        elif state.serves(copy, need):
            limit = state.fleet.limit(copy)
            slots += limit
            free += max(0, limit - len(copy.running)) if copy.ready else 0
    if state.policy.paused or want in state.queue.groups:
        free = 0
    limits = state.queue.limits
    name = lasting_name(job.client)
    if name in limits.limits:
        slots, free = min(slots, limits.limits[name]), min(free, limits.room(name))
    times = state.estimates.models.get(job.model)
    return Places(slots, free, times.prefill if times is not None else None)
