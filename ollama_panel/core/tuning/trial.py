"""One trial of a tuning, and what it measured. Seconds, bytes and joules; None = unknown."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.ollama.memory import RunnerConfig
from ollama_panel.core.settings.tree import PoolSettings


class Candidate(msgspec.Struct, frozen=True, order=True):
    """The settings of a pool that the tuner may change; all others stay as they are.

    `parallel` are the slots of each worker. `batch` is `num_batch`, the tokens of a prompt that are read at once; 0 =
    Ollama decides. `cache_type` is that of the KV cache.
    """

    workers: int = 1
    parallel: int = 1
    batch: int = 0
    cache_type: str = F16

    @classmethod
    def of(cls, pool: PoolSettings) -> "Candidate":
        """Return the candidate that a pool has now; its environment overrides its settings."""
        config = RunnerConfig.of(pool)
        return cls(pool.workers, config.parallel, pool.batch, config.cache_type)

    def applied(self, pool: PoolSettings) -> PoolSettings:
        """Return a pool with these settings, and all others as they are."""
        own = {"OLLAMA_NUM_PARALLEL", "OLLAMA_KV_CACHE_TYPE"}
        environment = {name: value for name, value in pool.environment.items() if name not in own}
        if self.cache_type != F16:  # Ollama refuses other types without flash attention (`fs/ggml`, `llm/server.go`)
            environment |= {"OLLAMA_KV_CACHE_TYPE": self.cache_type, "OLLAMA_FLASH_ATTENTION": "1"}
        return msgspec.structs.replace(
            pool, workers=self.workers, parallel=self.parallel, batch=self.batch, environment=environment
        )


class TrialKind(Enum):
    """Why a trial is made.

    RUNG: a step of the climb. NEIGHBOUR: beside the best step. BATCH, CACHE, WORKERS: another value of that setting
    against the best so far. DRIFT: the first step again, to see whether the machine has changed meanwhile. VERIFY: the
    best again, newly loaded and for longer.
    """

    RUNG = "rung"
    NEIGHBOUR = "neighbour"
    BATCH = "batch"
    CACHE = "cache"
    WORKERS = "workers"
    DRIFT = "drift"
    VERIFY = "verify"


class Trial(msgspec.Struct, frozen=True):
    """A trial: `candidate.parallel` requests at once at each of its workers.

    `load_parallel` are the slots that the workers are started with, at least `candidate.parallel`: one load serves all
    steps of the climb. `fresh`: the workers are started anew even if they run with these settings. `against`: another
    candidate that is measured in turns with this one (A B B A), with its own slots loaded. `longer`: it is measured
    twice as long. `may_spill`: it is measured even if a part of the model is not on the GPU: nothing smaller could be
    tried, or the pool has these settings now.
    """

    kind: TrialKind
    candidate: Candidate
    load_parallel: int
    why: Notice
    fresh: bool = False
    longer: bool = False
    against: Candidate | None = None
    may_spill: bool = False


class Estimate(msgspec.Struct, frozen=True):
    """A mean with the half width of its 95 % interval; None = too few samples to tell."""

    mean: float
    half_width: float | None = None

    @property
    def relative(self) -> float | None:
        """The half width as a share of the mean."""
        return None if self.half_width is None or not self.mean else self.half_width / self.mean


class Measurement(msgspec.Struct, frozen=True):
    """What a trial has measured over all its workers together.

    `tokens_per_s` are tokens of answers, for embeddings those of the inputs. Percentiles are over all requests.
    `prompt_tokens` and `answer_tokens` are the mean lengths of the requests: with longer prompts a model is slower.
    `memory_bytes` is what the model takes in all workers, `busy_percent` how busy the GPU was. `requests` were counted
    within `seconds`. `cautions` say what may have disturbed it: heat, battery, another program.
    """

    tokens_per_s: Estimate
    requests_per_s: Estimate
    first_token_p50_s: float | None = None
    first_token_p95_s: float | None = None
    token_p50_s: float | None = None
    token_p95_s: float | None = None
    memory_bytes: int | None = None
    joules_per_token: float | None = None
    busy_percent: float | None = None
    requests: int = 0
    seconds: float = 0.0
    cautions: tuple[Notice, ...] = ()
    prompt_tokens: float | None = None
    answer_tokens: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """A trial that has ended: what it measured, or why it failed.

    `against` is what was measured of the other candidate in turns with it. `repeated` counts the times that it was
    begun anew, for traffic or for a disturbance. `loading`: it failed before all slots of its load were there.
    `serial`: the server answers one request at a time whatever is set.
    """

    trial: Trial
    measurement: Measurement | None = None
    problem: Notice | None = None
    against: Measurement | None = None
    repeated: int = 0
    loading: bool = False
    serial: bool = False
