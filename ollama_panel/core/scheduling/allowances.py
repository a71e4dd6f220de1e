"""How long requests in flight may honestly be silent, by what was measured, with much to spare. Pure.

An estimate decides nothing by itself: who is silent for longer is asked (`core.watchdog`). So it may be too short where
a machine has become slower than it was measured, and is rather too long.
"""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.records import Job, LoadOptions, Role
from ollama_panel.core.scheduling.batch_sizes import num_batch
from ollama_panel.core.scheduling.estimate import PRIOR_RATIO, USUAL_ANSWER
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.model_state import COLD, WARM
from ollama_panel.core.scheduling.state import State
from ollama_panel.core.scheduling.ticket import Ticket

SPARE = 5.0
"""The estimate is multiplied by this: other programs, heat and a battery make a machine several times slower."""
FLOOR_S = 30.0
SLOW_PREFILL_US, SLOW_STEP_US = 100_000.0, 1_000_000.0
"""Per token of a prompt and of an answer, before anything was measured: a large model on a processor."""
SLOWEST = 5.0
"""So many times that where parts of the model are read from the disk again and again.

It counts for a tiny answer before anything was measured, and where nobody can be asked.
"""
LONGEST_ANSWER = 32_768
"""Tokens of an answer without a limit: the context is none, as it is shifted when it is full."""
BATCH = 2048
"""The most prompt tokens that a runner reads between two looks at its queue, unless it is known (Ollama 0.32: 512)."""
BATCHES = 3.0
"""A tiny answer waits for a batch under way, for one with its own prompt, and for one more to spare."""


class Flight(msgspec.Struct, frozen=True):
    """A request in flight: when it was sent, in seconds, and how long until its next byte at most.

    `longest_s` is that if all of its answer is held back, as that of one that calls a tool or thinks, on the slowest of
    machines, whatever was measured: this one may swap.
    """

    id: RequestId
    began: float
    allowance_s: float
    longest_s: float


class Flights(msgspec.Struct, frozen=True):
    """The requests of one model at an instance.

    `loading`: the model is not in memory yet. `idle_slot`: a slot is held by nobody. `answer_s` is how long a tiny
    answer may take, `embeds` whether it is asked for embeddings, `options` are those of its runner.
    """

    requests: tuple[Flight, ...]
    loading: bool
    idle_slot: bool
    answer_s: float
    embeds: bool = False
    options: LoadOptions = LoadOptions()


def flights_at(state: State, instance: InstanceId, now: int, generation: int | None = None) -> dict[ModelName, Flights]:
    """Return what is in flight at an instance, by model; `now` is in microseconds.

    That is at its process as it is now, or at the one that was there in an earlier `generation`: of that nobody knows
    what it loads, and no slot of it is idle, as nothing is sent there any more.
    """
    found = state.fleet.instances.get(instance)
    if found is None:
        return {}
    wanted = found.generation if generation is None else generation
    by_copy = (
        (copy, tuple(one for one in copy.running.values() if one.generation == wanted))
        for copy in found.copies.values()
    )
    current = wanted == found.generation
    return {
        copy.model: _flights(state, copy, running, now, current=current)
        for copy, running in by_copy
        if running or (current and copy.state is not COLD)
    }


def _flights(state: State, copy: Copy, running: tuple[Ticket, ...], now: int, *, current: bool) -> Flights:
    times = state.estimates.of(copy.model)
    slow_prefill_s, slow_step_s = SLOW_PREFILL_US / 1e6, SLOW_STEP_US / 1e6
    step_s = times.step_us(max(1, len(running))) / 1e6 if times.steps else slow_step_s
    prefill_s = min(slow_prefill_s, step_s) if times.prefill is None else times.prefill / 1e6
    unread = PRIOR_RATIO * sum(one.job.prompt_tokens for one in running if one.first_byte is None)
    slowest = _Pace(SLOWEST * max(prefill_s, slow_prefill_s) * unread, SLOWEST * max(step_s, slow_step_s))
    batch = copy.instance.facts.num_batch or BATCH
    return Flights(
        tuple(_allowed(running, _Pace(prefill_s * unread, step_s), slowest)),
        loading=current and copy.state is not WARM,
        idle_slot=current and len(running) < state.fleet.slots(copy),
        answer_s=BATCHES * (batch * prefill_s + step_s) * (1.0 if times.steps else SLOWEST),
        embeds=any(one.job.role is Role.EMBEDDING for one in running),
        options=_options(state, copy, running[0].job, now) if running else LoadOptions(),
    )


def _options(state: State, copy: Copy, job: Job, now: int) -> LoadOptions:
    if not state.policy.option_profiles:
        return job.options
    return LoadOptions(num_ctx=copy.context, num_batch=num_batch(state, job, copy, now))


class _Pace(msgspec.Struct, frozen=True):
    """How long all that is unread takes, and a token of an answer."""

    unread_s: float
    step_s: float

    def allowed_s(self, tokens: int) -> float:
        return FLOOR_S + SPARE * (self.unread_s + tokens * self.step_s)


def _allowed(running: tuple[Ticket, ...], likely: _Pace, slowest: _Pace) -> Iterator[Flight]:
    for one in running:
        job = one.job
        whole = 0 if job.role is Role.EMBEDDING else LONGEST_ANSWER if job.max_tokens is None else job.max_tokens
        soon = min(USUAL_ANSWER, whole) if job.stream else whole  # Ollama may hold back the call of a tool
        yield Flight(job.id, one.dispatched / 1e6, likely.allowed_s(soon), slowest.allowed_s(whole))
