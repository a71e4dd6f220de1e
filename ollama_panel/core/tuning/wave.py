"""What a closed loop of clients has seen, and the measurement that follows from it."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.tuning import conditions
from ollama_panel.core.tuning.conditions import Observed
from ollama_panel.core.tuning.statistics import estimate, pooled_percentile
from ollama_panel.core.tuning.trial import Measurement

_SHORT = 0.9
"""Answers that have a smaller share of the tokens that were asked for are told."""


class Window(msgspec.Struct, frozen=True):
    """Some requests that ended one after another: the seconds that all clients together took, and their tokens."""

    seconds: float
    tokens: float
    requests: int


class Wave(msgspec.Struct, frozen=True):
    """What all clients have seen while they were measured, without the requests that they began with.

    `first_tokens` are the seconds from a request to its first token, `token_times` those for each further token
    (time per token = (end - first token) / (tokens - 1), as `vllm bench serve` has it: scheduling study, section 9).
    `durations` are the seconds of the requests that have ended.
    `asked` and `answered` are the tokens of the answers that have ended: how many were asked for, and how many came.
    `observed` is what the machine did meanwhile; if that has disturbed it (`disturbance`), it should be repeated.
    """

    windows: tuple[Window, ...] = ()
    first_tokens: tuple[float, ...] = ()
    token_times: tuple[float, ...] = ()
    durations: tuple[float, ...] = ()
    asked: int = 0
    answered: int = 0
    observed: Observed = Observed()

    @property
    def rates(self) -> tuple[float, ...]:
        """The tokens per second of each window."""
        return tuple(window.tokens / window.seconds for window in self.windows)

    @property
    def seconds(self) -> float:
        """How long it was measured."""
        return sum(window.seconds for window in self.windows)

    @property
    def tokens(self) -> float:
        """The tokens that came meanwhile."""
        return sum(window.tokens for window in self.windows)


def pooled(waves: Sequence[Wave]) -> Wave:
    """Return several waves of the same settings as one, such as the two of each side of A B B A."""
    return Wave(
        tuple(window for wave in waves for window in wave.windows),
        tuple(time for wave in waves for time in wave.first_tokens),
        tuple(time for wave in waves for time in wave.token_times),
        tuple(time for wave in waves for time in wave.durations),
        sum(wave.asked for wave in waves),
        sum(wave.answered for wave in waves),
        conditions.pooled([(wave.observed, wave.seconds) for wave in waves]),
    )


def measurement(wave: Wave) -> Measurement:
    """Return what a wave has measured; the memory of the model is added by who knows it."""
    watts, rates = wave.observed.watts, estimate(wave.rates)
    return Measurement(
        rates,
        estimate([window.requests / window.seconds for window in wave.windows]),
        pooled_percentile([wave.first_tokens], 50),
        pooled_percentile([wave.first_tokens], 95),
        pooled_percentile([wave.token_times], 50),
        pooled_percentile([wave.token_times], 95),
        joules_per_token=watts / rates.mean if watts is not None and rates.mean else None,
        busy_percent=wave.observed.busy_percent,
        requests=sum(window.requests for window in wave.windows),
        seconds=wave.seconds,
        cautions=(*wave.observed.cautions, *_short(wave)),
    )


def _short(wave: Wave) -> tuple[Notice, ...]:
    """Say that answers have ended before they should, as far as they have."""
    if not wave.asked or wave.answered >= _SHORT * wave.asked:
        return ()
    return (notice("workload.short_answers", percent=round(100 * wave.answered / wave.asked)),)
