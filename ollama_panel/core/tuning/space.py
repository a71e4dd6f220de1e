"""The candidates that a tuning may try: what fits into the memory, and which values each setting has."""

from collections.abc import Callable
from functools import cache

import msgspec

from ollama_panel.core.ollama.kvcache import bytes_of_32
from ollama_panel.core.tuning.trial import Candidate

STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""The numbers of slots that may be tried: scheduling study, section 8."""
RUNGS = (1, 2, 4, 8, 16, 32)
"""Those of the climb: scheduling study, section 8.1."""
MOST_WORKERS = 4
"""Workers of a pool at most: scheduling study, section 8.1."""
BATCHES = (2048, 1024)
"""The batch sizes that are tried: scheduling study, section 8.1."""
DEFAULT_BATCH = 512
"""The batch size of Ollama where nobody asks for another (Ollama v0.32 `api/types.go DefaultOptions`)."""
SMALLER_CACHE = "q8_0"
"""The type of a cache of 8 bits: half the memory of f16 at a loss of quality that is hardly measurable."""


class PlannerFacts(msgspec.Struct, frozen=True):
    """What is known without a trial.

    `needed` returns the bytes that a candidate needs in all its workers, None = unknown; `budget` are those that it may
    have, None = unknown. `serial`: the model answers one request at a time whatever is set. `embedding`: it makes
    embeddings. `batch`: the panel can set the batch size for this model.
    """

    needed: Callable[[Candidate], int | None]
    budget: int | None = None
    serial: bool = False
    embedding: bool = False
    batch: bool = True


class Space:
    """The candidates for a pool that has `present` now; with `less_quality` those with a smaller cache, too."""

    def __init__(self, present: Candidate, facts: PlannerFacts, less_quality: bool) -> None:
        """Remember what is known."""
        self.facts = facts
        self.needed = cache(facts.needed)  # a forecast takes a while, and each stage asks for those of all steps
        self.serial = facts.serial or facts.embedding
        self.present = with_slots(present, 1) if self.serial else present
        smaller = less_quality and bytes_of_32(present.cache_type) > bytes_of_32(SMALLER_CACHE)
        self.cache_types = (present.cache_type, SMALLER_CACHE) if smaller else (present.cache_type,)
        self.batches = tuple(size for size in BATCHES if facts.batch and size > batch_of(present))
        self.steps = (1,) if self.serial else tuple(sorted({*STEPS, present.parallel}))

    @property
    def most_workers(self) -> int:
        """The most workers with one slot each that fit, at least 1."""
        one = with_cache(with_slots(self.present, 1), self.cache_types[-1])
        fitting = (workers for workers in range(1, MOST_WORKERS + 1) if self.fits(with_workers(one, workers)))
        return max(fitting, default=1)

    def known(self, candidate: Candidate) -> bool:
        """Return whether it is known that a candidate fits, or that it does not."""
        return self.facts.budget is not None and self.needed(candidate) is not None

    def fits(self, candidate: Candidate) -> bool:
        """Return whether a candidate fits into the memory; where that is unknown, it is tried."""
        needed = self.needed(candidate)
        return needed is None or self.facts.budget is None or needed <= self.facts.budget


def with_slots(candidate: Candidate, slots: int) -> Candidate:
    """Return a candidate with so many slots."""
    return msgspec.structs.replace(candidate, parallel=slots)


def with_workers(candidate: Candidate, workers: int) -> Candidate:
    """Return a candidate with so many workers."""
    return msgspec.structs.replace(candidate, workers=workers)


def with_batch(candidate: Candidate, batch: int) -> Candidate:
    """Return a candidate with this batch size."""
    return msgspec.structs.replace(candidate, batch=batch)


def with_cache(candidate: Candidate, cache_type: str) -> Candidate:
    """Return a candidate with this type of cache."""
    return msgspec.structs.replace(candidate, cache_type=cache_type)


def batch_of(candidate: Candidate) -> int:
    """Return the batch size of a candidate in tokens."""
    return candidate.batch or DEFAULT_BATCH


def dearer(candidate: Candidate, other: Candidate) -> bool:
    """Return whether a candidate takes more memory or less quality than another, in one of its settings but slots."""
    return (
        candidate.workers > other.workers
        or batch_of(candidate) > batch_of(other)
        or bytes_of_32(candidate.cache_type) < bytes_of_32(other.cache_type)
    )
