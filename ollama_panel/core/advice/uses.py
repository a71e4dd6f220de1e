"""What models are used for, and what that needs: contexts, answers, how many of them at once.

The numbers are assumptions about usual work, and the advice says so; only their sources are facts. Ollama's own
documentation asks for contexts above the default for agents (`docs/context-length.mdx`).
"""

from enum import Enum

import msgspec

from ollama_panel.core.records import Role

PACE = 10.0
"""Tokens per second below which an answer comes more slowly than people read."""
_TEAM = 20
"""From more people on it is a product."""


class Use(Enum):
    """What models are used for."""

    CHAT = "chat"
    RAG = "rag"
    AGENT = "agent"
    BATCH = "batch"


class Scale(Enum):
    """How many use it. ONE needs nothing of the panel, a TEAM a queue, a PRODUCT several instances."""

    ONE = "one"
    TEAM = "team"
    PRODUCT = "product"


class Needs(msgspec.Struct, frozen=True):
    """What a use needs. Numbers are tokens.

    `contexts` are the useful ones, the best first; `prompt` of each request is new, the rest is in the cache. One of
    `one_in` people waits for an answer at the same time. `paced`: people read the answers while they are written.
    """

    role: Role
    contexts: tuple[int, ...]
    prompt: int
    answer: int
    one_in: int
    paced: bool = True
    embeddings: bool = False


NEEDS: dict[Use, Needs] = {
    Use.CHAT: Needs(Role.CHAT, (16384, 8192, 4096), 300, 250, 4),
    Use.RAG: Needs(Role.CHAT, (16384, 8192, 4096), 3000, 300, 4, embeddings=True),
    Use.AGENT: Needs(Role.CODE, (65536, 32768, 16384), 2000, 400, 1),
    Use.BATCH: Needs(Role.BATCH, (8192, 4096), 1000, 300, 1, paced=False),
}


def scale_of(use: Use, people: int) -> Scale:
    """Return how many that are; batch work counts as a team, because its requests wait in the queue, too."""
    if people > _TEAM:
        return Scale.PRODUCT
    return Scale.TEAM if people > 1 or use is Use.BATCH else Scale.ONE


def at_once(use: Use, people: int) -> int:
    """Return how many answers are wanted at the same time; two people never wait for each other."""
    if people == 1:
        return 1
    return max(2, -(-people // NEEDS[use].one_in))
