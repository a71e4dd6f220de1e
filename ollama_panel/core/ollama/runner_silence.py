"""Whether a runner that does not answer has stopped, or is only busy. Pure.

A runner answers `/health` from threads that do not compute: llama-server (Ollama 0.30 and later) and `ollama runner`
(before), while they load and while they write. On a machine that is short of cores it may be late all the same. But a
process that is late computes, and one that is stopped does not.
"""

import msgspec

FROZEN = 2
"""So many misses in a row of a process that has not computed meanwhile."""
HUNG = 6
"""So many of one that has, or of which nothing is known: it computes, but nobody hears of it."""
_IDLE_S = 0.05
"""Seconds of processor time; systems count in hundredths or in sixtieths."""


class Silence(msgspec.Struct, frozen=True):
    """The misses of a runner in a row; `busy_s` is its processor time at the first, None = unknown, `now_s` later."""

    misses: int = 0
    busy_s: float | None = None
    now_s: float | None = None

    def missed(self, busy_s: float | None) -> "Silence":
        """Return this with one more miss, with the processor time that the runner has used up to it."""
        return Silence(self.misses + 1, self.busy_s if self.misses else busy_s, busy_s)

    @property
    def is_certain(self) -> bool:
        """Whether the runner does not work any more."""
        return self.misses >= (FROZEN if self._computes_nothing else HUNG)

    @property
    def _computes_nothing(self) -> bool:
        return self.busy_s is not None and self.now_s is not None and self.now_s - self.busy_s < _IDLE_S
