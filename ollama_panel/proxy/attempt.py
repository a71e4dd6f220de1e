"""One attempt of a request at an instance: what may end it early."""

import asyncio

from ollama_panel.core.notices import Notice
from ollama_panel.proxy.patient_timer import PatientTimer


class Attempt:
    """One attempt; its time limit (0 = none) or a preemption ends it early by cancelling the task.

    `asyncio.timeout` would do, but takes 5 us of CPU even without a limit (measured), more than reading the request.
    """

    __slots__ = ("_ended", "_stopped", "_task", "_timer", "reason")

    def __init__(self, limit_s: float) -> None:
        self._task = asyncio.current_task()
        self._timer = PatientTimer(limit_s, self._stop) if limit_s else None
        self._stopped = False
        self._ended = False
        self.reason: Notice | None = None

    def preempt(self, reason: Notice | None) -> None:
        """End the attempt for `reason`, or let it go on after all if that is None.

        It ends at once, also if its answer has just arrived; only if the caller is this very task, it ends later on the
        loop, and until then its answer may begin.
        """
        self.reason = reason
        if reason is None:
            return
        if asyncio.current_task() is self._task:
            asyncio.get_running_loop().call_soon(self._stop_preempted)
        else:
            self._stop()

    def _stop_preempted(self) -> None:
        if self.reason is not None:
            self._stop()

    def _stop(self) -> None:
        if not (self._ended or self._stopped) and self._task is not None:
            self._stopped = True
            self._task.cancel()

    def absorb_cancellation(self) -> bool:
        """Return whether a CancelledError is this attempt's own; if so, uncancel the task."""
        return self._stopped and self._task is not None and self._task.uncancel() == 0

    def end(self) -> None:
        """End the attempt: from now on it cancels nothing."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
