"""The advice as a value: what to set, and a line for each reason and each number."""

import msgspec

from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.speed import Speed
from ollama_panel.core.advice.uses import Scale, Use
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings, Settings


class AdvisedPool(msgspec.Struct, frozen=True):
    """A pool to set, the bytes that its workers need together, and its speed; `lines` are the arithmetic."""

    settings: PoolSettings
    needed: int
    speed: Speed | None
    lines: tuple[Notice, ...]


class Advice(msgspec.Struct, frozen=True):
    """What to set on a machine for a use by so many people.

    `lines` say what is assumed and what it comes to; `ways` are what else could be done: a smaller quantisation,
    another model. Without `pools` nothing fits, or nothing is known. `needed` are the bytes of all pools, `margin`
    those that must stay free beside them.
    """

    use: Use
    people: int
    scale: Scale
    machine: MachineFacts
    pools: tuple[AdvisedPool, ...] = ()
    needed: int = 0
    margin: int = 0
    lines: tuple[Notice, ...] = ()
    ways: tuple[Notice, ...] = ()


def settings_with(settings: Settings, advice: Advice) -> Settings:
    """Return settings with the advised pools in force.

    A pool of the same name, else the first of the same role, gets the advised values and keeps its name and what else
    is in its environment. All others get no workers: the advice needs the memory.
    """
    pools, used = list(settings.pools), set()
    for wanted in (one.settings for one in advice.pools):
        ranked = sorted(range(len(pools)), key=lambda at: (pools[at].name != wanted.name, at))
        place = next((at for at in ranked if at not in used and pools[at].role is wanted.role), None)
        if place is None:
            taken = {pool.name for pool in pools}
            pools.append(wanted if wanted.name not in taken else _renamed(wanted, taken))
            place = len(pools) - 1
        else:
            old = pools[place]
            environment = {name: value for name, value in old.environment.items() if name not in _REPLACED}
            pools[place] = msgspec.structs.replace(
                wanted, name=old.name, environment={**environment, **wanted.environment}
            )
        used.add(place)
    rest = (pool if at in used else msgspec.structs.replace(pool, workers=0) for at, pool in enumerate(pools))
    return msgspec.structs.replace(settings, pools=tuple(rest)) if advice.pools else settings


_REPLACED = frozenset(
    (
        "OLLAMA_NUM_PARALLEL",
        "OLLAMA_CONTEXT_LENGTH",
        "OLLAMA_KV_CACHE_TYPE",
        "OLLAMA_FLASH_ATTENTION",
        "OLLAMA_MAX_LOADED_MODELS",
        "LLAMA_ARG_CACHE_RAM",
        "LLAMA_ARG_FIT_TARGET",
    )
)
"""The variables of a pool that would change what was reckoned."""


def _renamed(pool: PoolSettings, taken: set[PoolName]) -> PoolSettings:
    names = (PoolName(f"{pool.name}-{number}") for number in range(2, 1000))
    return msgspec.structs.replace(pool, name=next(name for name in names if name not in taken))
