"""Synthetic systems for the tuner: what a machine with a model gives at each candidate, of seven kinds.

Random sizes within what published measurements span (scheduling study, sections 8 and 11). A closed loop keeps every
slot busy: the prompts of all slots are read one after the other, then their answers come step by step together.
"""

from enum import Enum
from random import Random

import msgspec

from ollama_panel.core.tuning.space import SMALLER_CACHE, STEPS, batch_of
from ollama_panel.core.tuning.trial import Candidate

GB = 10**9


class SystemKind(Enum):
    """How the time of a step grows with the answers that it serves together.

    DENSE: in proportion, little each. EXPERTS: as ever more experts of a mixture are read (`1 - (1 - p)^n`). FLAT,
    STAIRS, CLIFF: Apple's chips, whose kernels for one to eight answers gain nothing, something, or so much that the
    ninth costs more than it brings, and whose kernels for more take steps of 32. CPU: hardly any gain. SERIAL: one
    answer at a time whatever is set.
    """

    DENSE = "dense model, GPU"
    EXPERTS = "mixture of experts, GPU"
    FLAT = "Metal, flat to 8"
    STAIRS = "Metal, stairs"
    CLIFF = "Metal, cliff after 8"
    CPU = "CPU"
    SERIAL = "one at a time"


class Gives(msgspec.Struct, frozen=True):
    """What a candidate gives: tokens of answers per second, seconds for each token and to the first one, how busy."""

    tokens_per_s: float
    token_s: float
    first_token_s: float
    busy_percent: float


class System(msgspec.Struct, frozen=True):
    """A machine with a model and a workload. Times in seconds, sizes in bytes, prompts and answers in tokens.

    `step_s` is the time of a step for one answer, `growth` what each further one adds to it, as a share; `floor` is
    the time of Apple's kernels for more than eight, in steps for one; `experts` and `coverage` are those of a mixture:
    what all experts add, and the share that one token uses. `gap` is how long the GPU waits for the host in each step,
    as a share of `step_s`; `sharing` what workers take from each other. `batch_half` is the batch size at which
    reading prompts has half its highest rate, `batch_loss` what each further 512 tokens cost by waiting. `uneven` are
    the times of steps with 1, 2, 3 and so on slots in those of a smooth law, since kernels fit some sizes better.
    `smaller_cache` is what a cache of 8 bits adds to the time of a step, as a share.
    """

    kind: SystemKind
    step_s: float
    growth: float
    floor: float
    experts: float
    coverage: float
    gap: float
    sharing: float
    prompt_rate: float
    batch_half: float
    batch_loss: float
    prompt: int
    answer: int
    weights: float
    cache_per_token: float
    smaller_cache: float
    context: int
    bandwidth: float
    budget: float
    uneven: tuple[float, ...]

    @property
    def serial(self) -> bool:
        """Whether it serves one request at a time."""
        return self.kind is SystemKind.SERIAL

    def needed(self, candidate: Candidate) -> int:
        """Return the bytes that a candidate needs."""
        slots = 1 if self.serial else candidate.parallel
        compute = 0.4 * GB * batch_of(candidate) / 512
        cache = self._cache(candidate) * self.context * slots
        return round(candidate.workers * (self.weights + cache + compute + 0.5 * GB))

    def gives(self, candidate: Candidate) -> Gives:
        """Return what a candidate gives."""
        slots = 1 if self.serial else candidate.parallel
        read = self._cache(candidate) * (self.prompt + self.answer / 2) * slots / self.bandwidth
        step = self._step(slots) * self.uneven[slots - 1] + read
        if candidate.cache_type == SMALLER_CACHE:
            step *= 1 + self.smaller_cache
        prompt_s = self.prompt / self._prompt_rate(batch_of(candidate))
        gpu_s = slots * prompt_s + self.answer * step
        alone = slots * self.answer / (gpu_s + self.answer * self.gap * self.step_s)
        limit = slots * self.answer / gpu_s / (1 + self.sharing * (candidate.workers - 1))
        rate = min(candidate.workers * alone, limit)
        token_s = candidate.workers * slots / rate
        waits = prompt_s * (candidate.workers * slots - 1) * prompt_s / (prompt_s + self.answer * token_s)
        return Gives(rate, token_s, prompt_s + waits / 2 + step, min(100.0, 100 * rate / limit))

    def _cache(self, candidate: Candidate) -> float:
        return self.cache_per_token * (0.53 if candidate.cache_type == SMALLER_CACHE else 1)

    def _prompt_rate(self, batch: int) -> float:
        saturation = batch / (batch + self.batch_half) * (512 + self.batch_half) / 512
        return self.prompt_rate * saturation / (1 + self.batch_loss * (batch / 512 - 1))

    def _step(self, slots: int) -> float:
        """Return the time of a step without the reading of caches."""
        more = slots - 1
        if self.kind is SystemKind.EXPERTS:
            covered = (1 - self.coverage) - (1 - self.coverage) ** slots
            return self.step_s * (1 + self.experts * covered + self.growth * more)
        if self.kind in (SystemKind.FLAT, SystemKind.STAIRS, SystemKind.CLIFF) and slots > 8:
            return self.step_s * self.floor * (1 + max(0, slots - 32) / 32)
        return self.step_s * (1 + self.growth * more)


GROWTH = {
    SystemKind.DENSE: (0.005, 0.06),
    SystemKind.EXPERTS: (0.005, 0.02),
    SystemKind.FLAT: (0.85, 0.95),
    SystemKind.STAIRS: (0.12, 0.3),
    SystemKind.CLIFF: (0.04, 0.15),
    SystemKind.CPU: (0.7, 0.95),
    SystemKind.SERIAL: (0.0, 0.0),
}
"""What each further answer adds to a step, from and to: GB10 0.014, M4 Pro 0.8 per kernel, CPU llama.cpp about 0.85."""
FLOOR = {
    SystemKind.FLAT: (6.5, 8.5),
    SystemKind.STAIRS: (2.5, 6.0),
    SystemKind.CLIFF: (3.0, 7.5),
}
"""The time of a step for nine to 32 answers, in steps for one."""


def random_system(random: Random) -> System:
    """Return a random system on which one slot fits."""
    kind = random.choice(tuple(SystemKind))
    weights = random.uniform(2, 20) * GB
    step_s = random.uniform(0.006, 0.040)
    return System(
        kind,
        step_s,
        random.uniform(*GROWTH[kind]),
        random.uniform(*FLOOR.get(kind, (0.0, 0.0))),
        random.uniform(2, 5),
        random.choice((1 / 16, 1 / 8)),
        random.uniform(0.3, 2.5) if kind is SystemKind.SERIAL else random.uniform(0.0, 0.6),
        random.uniform(0.02, 0.1),
        random.uniform(300, 9000),
        random.uniform(20, 400),
        random.uniform(0, 0.06),
        random.choice((200, 800, 2000)),
        random.choice((100, 250, 500)),
        weights,
        random.choice((32_768, 57_344, 131_072, 163_840)),
        random.uniform(-0.03, 0.06),
        random.choice((4096, 8192, 16_384)),
        weights / step_s * random.uniform(0.6, 0.9),
        weights * random.uniform(1.3, 3.0) + 3.5 * GB,
        tuple(random.uniform(0.97, 1.03) for _ in range(STEPS[-1])),
    )
