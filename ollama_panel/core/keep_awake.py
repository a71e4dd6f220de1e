"""The lock that keeps the machine from going to sleep while requests run: the rule, and what front ends see."""

import msgspec

from ollama_panel.core.notices import Notice

LINGER_S = 10.0
"""The lock is held so long after the last request: clients that ask again at once do not make it come and go."""

RETRY_S = 600.0
"""How long a machine that could not be kept awake is not asked again."""


class KeepAwakeRecord(msgspec.Struct, frozen=True):
    """`held` since the time `since` (seconds of the engine's clock). `method` names what holds it, "" = nothing.

    `problem` says why this machine cannot be kept awake, None = it can, or nobody has tried.
    """

    held: bool = False
    since: float = 0.0
    method: str = ""
    problem: Notice | None = None


class AwakeRule:
    """Says when the lock is wanted. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._until = self._retry_at = float("-inf")

    def used(self, now: float) -> None:
        """Note that something runs, or that it has just ended."""
        self._until = max(self._until, now + LINGER_S)

    def failed(self, now: float) -> None:
        """Note that the system does not give the lock."""
        self._retry_at = now + RETRY_S

    def wanted(self, now: float) -> bool:
        """Return whether the lock is to be held."""
        return now < self._until

    def may_try(self, now: float) -> bool:
        """Return whether the system may be asked for the lock."""
        return now >= self._retry_at

    def left_s(self, now: float) -> float:
        """Return in how many seconds the lock is no longer wanted; 0 if it is not."""
        return max(0.0, self._until - now)
