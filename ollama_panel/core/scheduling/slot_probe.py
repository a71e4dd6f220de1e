"""How many slots a server really has, concluded from the time that requests waited inside it.

Ollama's counters leave out the time that a request waits for a slot inside the server: hidden = total - load - prompt -
output. With late binding it must stay near 0; if it does not, the server has fewer slots than were asked for.
"""

from dataclasses import dataclass

from ollama_panel.core.records import Usage

NEGLIGIBLE_US = 50_000
SHARE = 0.25
VOTES = 3


def hidden_wait(usage: Usage) -> int | None:
    """Return the microseconds that a request waited inside the server, or None if its counters do not say."""
    if usage.total_ns is None or usage.prompt_ns is None or usage.output_ns is None:
        return None
    return max(0, usage.total_ns - (usage.load_ns or 0) - usage.prompt_ns - usage.output_ns) // 1000


def queued_inside(usage: Usage) -> bool | None:
    """Return whether a request waited for a slot inside the server, or None if that is unknown."""
    hidden = hidden_wait(usage)
    if hidden is None or not usage.total_ns:
        return None
    return hidden > NEGLIGIBLE_US and hidden > SHARE * usage.total_ns / 1000


@dataclass(slots=True)
class SlotProbe:
    """Finds the number of slots of a server that does not report it: one more is tried until requests wait inside.

    `found` is a number that is known to work, `ceiling` one that is known not to.
    """

    found: int = 1
    ceiling: int | None = None
    votes: int = 0

    def allowed(self) -> int:
        """Return how many requests may run at once now."""
        return self.found if self.ceiling is not None else self.found + 1

    def observe(self, concurrency: int, waited: bool) -> None:
        """Learn from a finished request of `concurrency` that ran together, itself included."""
        if waited and concurrency > 1:
            self.votes += 1
            if self.votes >= VOTES:
                self.ceiling, self.found, self.votes = concurrency, max(1, concurrency - 1), 0
        elif not waited and concurrency >= self.allowed():
            self.found, self.votes = concurrency, 0
