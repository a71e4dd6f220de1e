"""What a tuning is asked for."""

from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta

from ollama_panel.core.ids import ModelName, PoolName

MOST_TRIALS = 16
"""The trials of a tuning at most: scheduling study, section 8.1."""
MOST_MINUTES = 12.0
"""How long a tuning measures at most unless another time is asked for: scheduling study, section 8.1."""


class Goal(Enum):
    """What is best.

    THROUGHPUT: the most tokens per second. BALANCED: the fewest slots with at least 97 % of the most. LATENCY: the most
    tokens per second within the bounds. EMBEDDING: the most embeddings per second.
    """

    THROUGHPUT = "throughput"
    BALANCED = "balanced"
    LATENCY = "latency"
    EMBEDDING = "embedding"


class WorkloadKind(Enum):
    """Which requests are sent: those that the user's programs have sent before (their lengths alone), or a preset.

    RAG: long prompts with a shared beginning.
    """

    OWN = "own"
    CHAT = "chat"
    RAG = "rag"
    CODING = "coding"
    SUMMARIES = "summaries"
    EMBEDDINGS = "embeddings"


class Bounds(msgspec.Struct, frozen=True):
    """What must hold at the 95th percentile: seconds to the first token, seconds for each further token; None = any."""

    first_token_s: Annotated[float, Meta(gt=0, le=3600)] | None = None
    token_s: Annotated[float, Meta(gt=0, le=60)] | None = None


class TuningTask(msgspec.Struct, frozen=True):
    """A tuning that is asked for. `less_quality`: a KV cache of 8 bits may be tried, too.

    `most_trials` and `most_minutes` are its budget; the time is that of the trials, without the waits for traffic.
    """

    pool: PoolName
    model: ModelName
    goal: Goal = Goal.BALANCED
    bounds: Bounds = Bounds()
    workload: WorkloadKind = WorkloadKind.CHAT
    less_quality: bool = False
    most_trials: Annotated[int, Meta(ge=1, le=64)] = MOST_TRIALS
    most_minutes: Annotated[float, Meta(ge=1, le=240)] = MOST_MINUTES
