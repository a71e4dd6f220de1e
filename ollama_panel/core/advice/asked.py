"""How many answers at once and how many workers are worth having, if memory is ample, and why."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ollama_panel.core.advice.hardware import Gain
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.plans import Asked
from ollama_panel.core.advice.speed import Measurement, Speed, gain_of, rough, slowest, speed_of
from ollama_panel.core.advice.uses import NEEDS, PACE, Needs, Scale, Use, at_once, scale_of
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.memory import effective_context
from ollama_panel.core.ollama.models import ModelFacts, forced_serial
from ollama_panel.core.ollama.sizes import GIB

_WORKERS_BY_MEMORY = ((8 * GIB, 3), (16 * GIB, 4))
"""Rules of thumb of the field: up to 8 GB at most 3 workers, with 16 GB more."""
_MOST_WORKERS = 8
_FEW = 3
"""With no more workers than that there is none to spare."""
_SAME = 0.97
"""A gain of less than 3 % is none."""
_CORES_FOR_TWO = 8
_EMBEDDING_WORKERS = {Scale.ONE: 1, Scale.TEAM: 2, Scale.PRODUCT: 3}


class Case(NamedTuple):
    """A machine, what was measured `here`, a use by so many people, and the bytes that `others` need beside it."""

    machine: MachineFacts
    use: Use
    people: int
    here: Mapping[ModelName, Measurement]
    others: int = 0

    @property
    def needs(self) -> Needs:
        """What the use needs."""
        return NEEDS[self.use]

    def speed(self, facts: ModelFacts, at_once: int, workers: int = 1) -> Speed:
        """Return the speed of so many answers of a model at once."""
        return speed_of(self.machine, facts, self.needs, at_once, self.here, workers=workers)


class Reasons(msgspec.Struct, frozen=True):
    """Why a pool should have so many: a line for each limit that counts, and whether requests are served singly.

    `wanted` are the answers at once that people want, whatever the machine can do; 0 where nobody waits.
    """

    lines: tuple[Notice, ...] = ()
    serial: Notice | None = None
    wanted: int = 0


def worker_limit(machine: MachineFacts) -> int:
    """Return how many workers a machine of this memory should have at most, of all pools together."""
    return next((most for size, most in _WORKERS_BY_MEMORY if machine.total <= size), _MOST_WORKERS)


def embedding_workers(machine: MachineFacts, scale: Scale) -> int:
    """Return how many workers for embeddings are wanted: without a GPU each needs cores of its own."""
    wanted = _EMBEDDING_WORKERS[scale]
    return wanted if machine.gpu else min(wanted, 2 if (machine.cores or 1) >= _CORES_FOR_TWO else 1)


def asked_for(case: Case, models: Sequence[ModelFacts], beside: int = 0) -> tuple[Asked, Reasons]:
    """Return what a pool of these models should have, and why; `beside` are the workers of other pools.

    It depends on the hardware and on the models, not on how much memory there is, except for the number of workers.
    """
    machine, needs, people = case.machine, case.needs, case.people
    slow = slowest(models, needs)
    serial = forced_serial(slow, machine.version)
    if serial is not None:
        return _of_serial(case, slow, beside, serial, len(models))
    gain, contexts = gain_of(machine, slow), useful_contexts(needs, models)
    if not needs.paced:
        parallel, why = _of_batch(gain)
        return Asked(1, parallel, contexts, len(models)), Reasons((why,))
    wanted = at_once(case.use, people)
    lines = _told_wanted(needs, people, wanted)
    parallel = min(wanted, gain.most)
    while parallel > 1 and not _pays(case, slow, gain, parallel):
        parallel -= 1
    if parallel < min(wanted, gain.most):
        slower = rough(case.speed(slow, parallel + 1).each or 0.0)
        lines.append(notice("advise.pace", parallel=parallel, more=parallel + 1, each=slower, pace=int(PACE)))
    elif parallel < wanted:
        lines.append(notice("advise.most", most=gain.most, source=gain.source))
    asked = Asked(1, parallel, contexts, len(models))
    half = -(-parallel // 2)
    if scale_of(case.use, people) is Scale.PRODUCT:
        each = case.speed(slow, 2 * half, workers=2).each
        quick = machine.gpu and parallel > 1 and (each is None or each >= PACE)
        if quick and worker_limit(machine) > _FEW:
            asked = Asked(1, parallel, contexts, len(models), spare=True)
        elif machine.cards == 1:
            lines.append(notice("advise.no_spare"))
    return asked, Reasons(tuple(lines), wanted=wanted)


def useful_contexts(needs: Needs, models: Sequence[ModelFacts]) -> tuple[int, ...]:
    """Return the contexts that the use wants and that at least one of the models was trained for, the best first.

    Where each model's own file sets one (`num_ctx`), that is the only one: the pool's changes nothing.
    """
    free = [one for one in models if not one.num_ctx]
    if models and not free:
        return (max(effective_context(one, 0) for one in models),)
    most = max((one.context_trained or needs.contexts[0] for one in free), default=needs.contexts[0])
    return tuple(dict.fromkeys(min(context, most) for context in needs.contexts))


def _told_wanted(needs: Needs, people: int, wanted: int) -> list[Notice]:
    if people == 1:
        return []
    if needs.one_in == 1:
        return [notice("advise.agents", wanted=wanted)]
    return [notice("advise.at_once", people=people, one_in=needs.one_in, wanted=wanted)]


def _of_batch(gain: Gain) -> tuple[int, Notice]:
    """Return the smallest number whose throughput is the best, or as good."""
    ladder = [number for number in (1, 2, 4, 8, 16) if number <= gain.most]
    best = max(map(gain.at, ladder))
    parallel = next(number for number in ladder if gain.at(number) >= _SAME * best)
    return parallel, notice("advise.knee", parallel=parallel, source=gain.source)


def _of_serial(case: Case, facts: ModelFacts, beside: int, serial: Notice, models: int) -> tuple[Asked, Reasons]:
    """Return workers in place of slots; they take turns on one machine, so batch work gains nothing by them."""
    machine, needs, people = case.machine, case.needs, case.people
    wanted = at_once(case.use, people) if needs.paced else 1
    workers = min(wanted, worker_limit(machine) - beside)
    if not machine.gpu:
        workers = min(workers, 2 if (machine.cores or 1) >= _CORES_FOR_TWO else 1)
    lines = _told_wanted(needs, people, wanted) if needs.paced else []
    alone = case.speed(facts, 1).alone
    if workers > 1 and alone is not None and alone / workers < PACE:
        workers = max(1, int(alone / PACE))
        lines.append(notice("advise.singly_pace", pace=int(PACE)))
    return Asked(max(1, workers), 1, useful_contexts(needs, [facts]), models), Reasons(
        tuple(lines), serial, wanted if needs.paced else 0
    )


def _pays(case: Case, facts: ModelFacts, gain: Gain, parallel: int) -> bool:
    """Return whether so many at once are as quick as fewer together, and each as quick as people read."""
    if gain.at(parallel) < _SAME * max(gain.at(fewer) for fewer in range(1, parallel)):
        return False
    each = case.speed(facts, parallel).each
    return each is None or each >= PACE
