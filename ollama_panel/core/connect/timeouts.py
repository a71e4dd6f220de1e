"""How long a program should wait for an answer: long enough for what was measured here, with room to spare."""

from collections.abc import Iterable

import msgspec

from ollama_panel.core.connect.records import ClientTimeout
from ollama_panel.core.notices import Value, notice
from ollama_panel.core.snapshot import RequestRecord

FLOOR_S = 600
"""The least time-out that a guide sets: what the libraries of OpenAI and Anthropic have by themselves
(`DEFAULT_TIMEOUT` in the `_constants.py` of both)."""
CEILING_S = 86_400
"""The most: programs keep it in milliseconds, some of them in 32 bits, which is 24 days."""
ROOM = 2
"""How many times the slowest request fits into the time-out. Too long a time-out costs nothing, because the panel ends
requests that hang; too short a one throws away work that others waited for, and asks for it again."""
_STEP_S = 60


class Slowest(msgspec.Struct, frozen=True):
    """The slowest of `requests`: seconds in the queue, and seconds from there to its end or until now."""

    requests: int = 0
    wait_s: float = 0.0
    answer_s: float = 0.0

    @property
    def total_s(self) -> float:
        """Return the seconds from its arrival."""
        return self.wait_s + self.answer_s


def slowest(requests: Iterable[RequestRecord], now: float) -> Slowest:
    """Return the slowest of the requests that wait, run or have ended; one that no instance has got yet still waits."""
    number, longest, found = 0, -1.0, None
    for one in requests:  # in the window's process, where ten thousand may wait
        number += 1
        total = (one.finished or now) - one.arrived
        if total > longest:
            longest, found = total, one
    return Slowest(number, *_times(found, now)) if found is not None else Slowest()


def client_timeout(slowest: Slowest) -> ClientTimeout:
    """Return the time-out for programs, in whole minutes."""
    if not slowest.requests:
        return ClientTimeout(FLOOR_S, notice("connect.timeout.unmeasured", timeout=float(FLOOR_S)))
    needed = -(-int(ROOM * slowest.total_s) // _STEP_S) * _STEP_S
    seconds = min(max(FLOOR_S, needed), CEILING_S)
    told: dict[str, Value] = {"requests": slowest.requests, "wait": slowest.wait_s, "answer": slowest.answer_s}
    code = "connect.timeout.measured" if seconds == needed else "connect.timeout.floor"
    if needed > CEILING_S:
        code = "connect.timeout.ceiling"
    return ClientTimeout(seconds, notice(code, timeout=float(seconds), **told))


def _times(request: RequestRecord, now: float) -> tuple[float, float]:
    end = request.finished or now
    began = request.dispatched or end
    return began - request.arrived, max(0.0, end - began)
