"""The cost of a model's tokens: the time per prompt token, and per decoding step by batch size.

Requests that run together disturb each other: a prefill stalls every answer in progress. So wall times are corrected by
how many prompt tokens of others were prefilled meanwhile, which the scheduler knows because it dispatched them.
"""

from bisect import bisect, insort
from dataclasses import dataclass, field
from math import ceil

from ollama_panel.core.scheduling.ticket import Ticket

PRIOR_PREFILL_US = 1_000.0
"""Per prompt token, before anything was measured: 1000 tokens/s, an average Mac."""
PRIOR_STEP_US = 30_000.0
"""Per decoding step, before anything was measured: about 33 tokens/s."""
PRIOR_HOLD_US = 10_000_000.0
"""How long a request holds its slot, before anything was measured."""
EWMA_WEIGHT = 0.2
"""Weight of the newest sample in an exponentially weighted moving average (EWMA)."""
QUANTILE = 0.3
"""The quantile of the samples that is the time per prompt token: disturbances only ever make a sample longer."""
QUANTILE_STEP = 0.1
PREFILL_CHUNK = 1024
"""Prompt tokens that one step prefills (Ollama chooses 512 to 2048); each step also decodes the tokens of others."""
SAMPLE_TOKENS = 64
"""Prompts with fewer tokens say little about the time per token."""
OWN_SHARE = 0.1
"""At least this share of a wall time is the request's own."""


def ewma(old: float | None, new: float) -> float:
    """Return the exponentially weighted moving average after one more sample."""
    return new if old is None else old + EWMA_WEIGHT * (new - old)


@dataclass(slots=True)
class ModelTimes:
    """The learned times of one model, in microseconds. `steps` is the step time by batch size.

    `batches` are the sizes in `steps`, sorted; `hold` is how long a request holds its slot; `prefilled` counts all
    prompt tokens ever prefilled.
    """

    prefill: float | None = None
    steps: dict[int, float] = field(default_factory=dict)
    batches: list[int] = field(init=False)
    hold: float | None = None
    prefilled: int = 0

    def __post_init__(self) -> None:
        self.batches = sorted(self.steps)

    def hold_us(self) -> float:
        """Return how long a request holds its slot."""
        return PRIOR_HOLD_US if self.hold is None else self.hold

    def prefill_us(self) -> float:
        """Return the time per prompt token."""
        return PRIOR_PREFILL_US if self.prefill is None else self.prefill

    def step_us(self, batch: int) -> float:
        """Return the time of one decoding step of `batch` requests; between known sizes it is interpolated linearly."""
        steps, batches = self.steps, self.batches
        if batch in steps:
            return steps[batch]
        if not batches:
            return PRIOR_STEP_US
        place = bisect(batches, batch)
        if place in (0, len(batches)):
            return steps[batches[min(place, len(batches) - 1)]]
        below, above = batches[place - 1], batches[place]
        share = (batch - below) / (above - below)
        return steps[below] + share * (steps[above] - steps[below])

    def cost(self, prompt: float, output: float, batch: int) -> int:
        """Return the GPU time to prefill `prompt` tokens and decode `output` tokens in a batch of `batch` requests."""
        return round(prompt * self.prefill_us() + output * self.step_us(batch) / batch)

    def learn_prefill(self, ticket: Ticket, wall: float, prompt: int) -> float:
        """Learn from the wall time of a prefill; return how many of the prompt's tokens were not cached."""
        together = ticket.prefilled_after - ticket.prefilled_before
        if ticket.concurrency > 1 and self.steps:
            wall = max(OWN_SHARE * wall, wall - ceil(together / PREFILL_CHUNK) * self.step_us(ticket.concurrency - 1))
        if together >= SAMPLE_TOKENS:
            sample = max(1.0, wall / together)
            if self.prefill is None:
                self.prefill = sample
            else:
                self.prefill *= 1 + QUANTILE_STEP * (QUANTILE if sample > self.prefill else QUANTILE - 1)
        others = together - ticket.uncached
        return max(1.0, min(float(prompt), wall / self.prefill_us() - others))

    def learn_step(self, ticket: Ticket, batch: int, wall: float, output: int) -> None:
        """Learn from the wall time of a decoded answer."""
        if output > 1 and wall > 0:
            own, stalls = wall, self.prefilled - ticket.prefilled_after
            if stalls > 0:
                own = max(OWN_SHARE * wall, wall - stalls * self.prefill_us())
            if batch not in self.steps:
                insort(self.batches, batch)
            self.steps[batch] = ewma(self.steps.get(batch), own / output)
