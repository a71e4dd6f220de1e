"""The batch size (`num_batch`) that is put on the requests of a worker: how many tokens of a prompt it reads at once.

It is a setting of the worker's pool. Ollama reloads a model whose `num_batch` differs from a request's
(`server/sched.go needsReload`, v0.32), and requests of the OpenAI and Anthropic dialects cannot carry it. So a model
has the batch size of its pool only while no client has used it by these for `option_profiles.KEPT_US`: else it would be
reloaded at every change of dialect.
"""

from collections.abc import Iterator

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.compute import asked_batch
from ollama_panel.core.ollama.models import is_embedding
from ollama_panel.core.records import Job, Role
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import COLD
from ollama_panel.core.scheduling.state import State

NAMES_SHOWN = 3


def num_batch(state: State, job: Job, copy: Copy, now: int) -> int | None:
    """Return the tokens of a batch that a request asks for at a copy, None = Ollama decides.

    Until the store has told what the model is, its role is that of the request.
    """
    if copy.instance.facts.num_batch is None:
        return None
    facts = state.fleet.catalog.get(copy.model)
    embedding = job.role is Role.EMBEDDING if facts is None else is_embedding(facts)
    return batch_of(state, copy, now, embedding=embedding)


def batch_of(state: State, copy: Copy, now: int, *, embedding: bool) -> int | None:
    """Return the tokens of a batch that a runner has, None = Ollama decides."""
    asked = copy.instance.facts.num_batch
    if asked is None or state.profiles.not_asking(copy.model, now):
        return None
    return asked_batch(asked, state.fleet.context(copy), embedding=embedding)


def left_out(state: State, now: int) -> Iterator[Notice]:
    """Yield a notice for each model in memory that does not have the batch size of its pool."""
    told = set[tuple[str, PoolName]]()
    for copy in state.fleet.copies():
        facts = copy.instance.facts
        key = copy.model, facts.pool
        if facts.num_batch is None or copy.state is COLD or key in told:
            continue
        if clients := state.profiles.not_asking(copy.model, now):
            told.add(key)
            yield notice(
                "batch.left_out",
                model=copy.model,
                tokens=facts.num_batch,
                pool=facts.pool,
                clients=clients[:NAMES_SHOWN],
            )
