"""The measured curve of a model: how fast it is with how many requests at once, as a tuning has found it."""

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.findings import NEARLY
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.core.tuning.whatif import PoolCurve


class CurvePoint(msgspec.Struct, frozen=True):
    """What one worker did with `at_once` requests: tokens per second of all, microseconds per token of each.

    `alike`: there were as many workers as the pool has now. More of them share the card, so each is slower.
    """

    at_once: int
    tokens_per_s: float
    token_us: float
    alike: bool = True


class Curve(msgspec.Struct, frozen=True):
    """The points of a model in a pool, by their number of requests.

    `prompt_tokens` and `answer_tokens` are the mean lengths of the requests that were measured, 0 = unknown.
    """

    pool: PoolName
    model: ModelName
    points: tuple[CurvePoint, ...]
    prompt_tokens: float = 0.0
    answer_tokens: float = 0.0

    @classmethod
    def of(cls, pool: PoolSettings, measured: PoolCurve) -> "Curve | None":
        """Return what was measured of a pool as it is now, with any number of slots; None if nothing was."""
        present, found = Candidate.of(pool), dict[int, CurvePoint]()
        lengths = 0.0, 0.0
        for point in measured.points:
            one, rate = point.candidate, point.measurement.tokens_per_s.mean / max(1, point.candidate.workers)
            if (one.batch, one.cache_type) != (present.batch, present.cache_type) or rate <= 0:
                continue
            lengths = point.measurement.prompt_tokens or 0.0, point.measurement.answer_tokens or 0.0
            alike = one.workers == present.workers
            if alike or one.parallel not in found:
                token_s = point.measurement.token_p50_s or one.parallel / rate
                found[one.parallel] = CurvePoint(one.parallel, rate, 1e6 * token_s, alike)
        points = tuple(found[at_once] for at_once in sorted(found))
        return cls(pool.name, measured.model, points, *lengths) if points else None

    @property
    def most_at_once(self) -> int:
        """The requests at once up to which it was measured."""
        return self.points[-1].at_once

    def rate(self, at_once: float) -> float:
        """Return the tokens per second; between two points the time of a step is on a line (`core.tuning.curve`).

        Beyond the last point it is that of the last one: nothing is known of more.
        """
        known = min(at_once, self.most_at_once)
        return known / _between(known, [(point.at_once, point.at_once / point.tokens_per_s) for point in self.points])

    def token_us(self, at_once: float) -> float | None:
        """Return the microseconds per token of each of so many requests, None if that was not measured."""
        known = [(point.at_once, point.token_us) for point in self.points if point.alike]
        return _between(at_once, known) if known else None

    def snapped(self, limit: int) -> int:
        """Return the limit, or the best step below it that is faster: what is between two tiles is slower than both."""
        below = [point for point in self.points if point.at_once <= limit]
        best = max(below, key=lambda point: point.tokens_per_s, default=None)
        return limit if best is None or best.tokens_per_s <= self.rate(limit) else best.at_once

    def enough(self, slots: int) -> int:
        """Return the fewest requests at once that give `NEARLY` the most tokens per second within the slots.

        Those are all slots if that many are between two points and faster, or if more may be faster still.
        """
        within = [point for point in self.points if point.at_once <= slots]
        most = max(self.rate(slots), *(point.tokens_per_s for point in within), 0.0)
        fewest = next((point.at_once for point in within if point.tokens_per_s >= NEARLY * most), slots)
        return slots if fewest == self.most_at_once else fewest


def _between(at_once: float, known: Sequence[tuple[int, float]]) -> float:
    """Return the value on the line between two known ones, beyond them that of the nearest."""
    steps, values = [step for step, _ in known], [value for _, value in known]
    place = bisect_right(steps, at_once)
    if place in (0, len(steps)):
        return values[min(place, len(steps) - 1)]
    share = (at_once - steps[place - 1]) / (steps[place] - steps[place - 1])
    return values[place - 1] + share * (values[place] - values[place - 1])
