"""The shares of the GPU time in the last minute by urgency, so that batch work and bulk embeddings never starve."""

from dataclasses import dataclass, field

from ollama_panel.core.scheduling.ticket import Urgency

SPAN_US = 10_000_000
SPANS = 6


@dataclass(slots=True)
class Shares:
    """GPU microseconds per urgency in spans of ten seconds; the newest span comes last."""

    spans: list[tuple[int, dict[Urgency, int]]] = field(default_factory=list)

    def add(self, urgency: Urgency, cost: int, now: int) -> None:
        """Add GPU time in microseconds to an urgency."""
        number = now // SPAN_US
        if not self.spans or self.spans[-1][0] != number:
            self.spans.append((number, dict.fromkeys(Urgency, 0)))
            self.spans = [span for span in self.spans if number - span[0] < SPANS]
        self.spans[-1][1][urgency] += cost

    def of(self, urgency: Urgency, now: int) -> float:
        """Return the urgency's share of the last minute, from 0 to 1; 1.0 if nothing ran."""
        number = now // SPAN_US
        live = [span for at, span in self.spans if number - at < SPANS]
        total = sum(sum(span.values()) for span in live)
        return sum(span[urgency] for span in live) / total if total else 1.0
