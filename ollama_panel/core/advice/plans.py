"""The candidates for the settings of a pool, the best first, and the first of them that fits into memory.

The order does not depend on the memory, so more of it never gives worse advice. Whether one fits is what
`core.ollama.memory.forecast` says, nothing else.
"""

from collections.abc import Iterator, Sequence

import msgspec

from ollama_panel.core.advice.machines import MachineFacts, reserved
from ollama_panel.core.ids import PoolName
from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.ollama.memory import FIT_MARGIN, MODELS_PER_GPU, PROMPT_CACHE, Forecast, forecast
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.ollama.versions import LLAMA_SERVER_SINCE, NO_VERSION, numbers
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import MemoryKind

SHORTEST = 2048
"""Tokens of the shortest context that is ever advised."""
PLAIN, SMALL = F16, "q8_0"
"""The types of the cache: q4_0 is never advised, because answers get worse."""
CACHE_RAM = "LLAMA_ARG_CACHE_RAM"
_CACHE_RAM_STEP = 256 * MIB


class Candidate(msgspec.Struct, frozen=True):
    """One choice; `context` is in tokens per slot. `turns`: of several models one at a time is in memory.

    `full`: nothing that people would notice is missing: the context is a useful one, and at least half of the wanted
    answers can be written at once.
    """

    workers: int
    parallel: int
    context: int
    cache: str = PLAIN
    turns: bool = False
    full: bool = True


class Asked(msgspec.Struct, frozen=True):
    """What a pool should have if memory is ample: workers, and answers at once of each; `models` are how many.

    `contexts` are those that the use and the models have, the best first. `spare`: if memory is more than enough, two
    workers share these answers, so that one goes on while the other restarts.
    """

    workers: int
    parallel: int
    contexts: tuple[int, ...]
    models: int = 1
    spare: bool = False

    @property
    def at_once(self) -> int:
        """How many answers at once are wanted."""
        return self.workers * self.parallel


def candidates(asked: Asked) -> Iterator[Candidate]:
    """Yield the choices, the best first.

    A cache of half the size costs least, then half of the context, then up to half of the answers at once, for which
    others wait, then still shorter contexts, then that models take turns. What is below that is better than nothing.
    """
    contexts, turns = asked.contexts, (False, True) if asked.models > 1 else (False,)
    if asked.spare:
        yield Candidate(2, -(-asked.parallel // 2), contexts[0])
    ways = _ways(asked)
    enough = [way for way in ways if 2 * way[0] * way[1] >= asked.at_once]
    for turn in turns:
        for long in (contexts[:2], contexts[2:]):
            for workers, parallel in enough:
                for context in long:
                    yield from (Candidate(workers, parallel, context, cache, turn) for cache in (PLAIN, SMALL))
    for context in contexts:
        for workers, parallel in ways[len(enough) :]:
            yield from (Candidate(workers, parallel, context, cache, turns[-1], False) for cache in (PLAIN, SMALL))
    context = contexts[-1] // 2
    while context >= SHORTEST:
        yield from (Candidate(1, 1, context, cache, turns[-1], False) for cache in (PLAIN, SMALL))
        context //= 2


def _ways(asked: Asked) -> list[tuple[int, int]]:
    """Return workers and parallel, the most answers first: fewer slots of one worker, or fewer workers of one slot."""
    if asked.workers > 1:
        return [(workers, asked.parallel) for workers in range(asked.workers, 0, -1)]
    return [(1, parallel) for parallel in range(asked.parallel, 0, -1)]


def settings_of(machine: MachineFacts, role: Role, models: Sequence[ModelFacts], choice: Candidate) -> PoolSettings:
    """Return the settings of a pool for a choice."""
    environment = {} if machine.flash else {"OLLAMA_FLASH_ATTENTION": "0"}
    if choice.cache != PLAIN:
        environment |= {"OLLAMA_KV_CACHE_TYPE": choice.cache, "OLLAMA_FLASH_ATTENTION": "1"}
    if choice.turns:
        environment["OLLAMA_MAX_LOADED_MODELS"] = "1"
    elif len(models) > MODELS_PER_GPU:
        environment["OLLAMA_MAX_LOADED_MODELS"] = str(len(models))
    return PoolSettings(
        PoolName(role.value),
        role,
        choice.workers,
        choice.parallel,
        choice.context,
        tuple(one.name for one in models),
        environment,
    )


def forecast_on(machine: MachineFacts, pool: PoolSettings, models: Sequence[ModelFacts]) -> Forecast:
    """Return the needs of a pool on a machine."""
    return forecast(machine.inherited.effective(pool), models, gpu=machine.gpu, version=machine.version)


def margin_of(machine: MachineFacts) -> int:
    """Return the bytes that must stay free: `FIT_MARGIN` of each card."""
    return FIT_MARGIN * machine.cards if machine.gpu else 0


def fits(machine: MachineFacts, found: Forecast, others: int = 0) -> bool:
    """Return whether a pool fits beside `others` bytes of other pools.

    `Forecast.fits` keeps the margin of one card; that of further ones is kept here.
    """
    return machine.budget is not None and bool(found.fits(machine.budget, others + margin_of(machine) - found.margin))


def first_fit(
    machine: MachineFacts, role: Role, models: Sequence[ModelFacts], asked: Asked, others: int = 0
) -> Candidate | None:
    """Return the best choice that fits beside `others` bytes, None if there is none."""
    for choice in candidates(asked):
        if choice.cache != PLAIN and not machine.flash:
            continue
        if fits(machine, forecast_on(machine, settings_of(machine, role, models, choice), models), others):
            return choice
    return None


def with_prompt_cache(machine: MachineFacts, pools: Sequence[PoolSettings], runners: int, needed: int) -> tuple[
    tuple[PoolSettings, ...], int | None, int | None
]:  # fmt: skip
    """Return pools whose `runners` keep no more earlier prompts than the main memory holds.

    Also the bytes that are left for that, None = unknown, and those of each runner, None = Ollama's default of 8 GiB.
    `needed` are the bytes of all models, which are in the main memory unless a card has its own. Pools of embeddings
    keep none, and before 0.30 no runner does.
    """
    found = numbers(machine.version)
    if NO_VERSION < found < LLAMA_SERVER_SINCE or not runners:
        return tuple(pools), None, 0
    if machine.main is None:
        return tuple(pools), None, None
    taken = 0 if machine.kind is MemoryKind.GPU else needed
    room = max(0, machine.main - reserved(machine.main) - taken)
    each = room // runners // _CACHE_RAM_STEP * _CACHE_RAM_STEP
    if each >= PROMPT_CACHE:
        return tuple(pools), room, None
    limited = {CACHE_RAM: str(each // MIB)}
    changed = (
        one if one.role is Role.EMBEDDING else msgspec.structs.replace(one, environment={**one.environment, **limited})
        for one in pools
    )
    return tuple(changed), room, each
