"""Whether an instance hangs although it has work: a pure state machine for each of its runners.

First it only looks. A runner is under suspicion once no answer of it has got a byte for long, and nothing that is known
explains that: the load of a model, a long prompt, an answer in one piece, work of its processor or of its card. Then it
is asked, which only a runner that hangs does not answer: for what its slots do, and for a tiny answer on an idle slot.
Several asks in a row without an answer, with pauses, are a verdict; any sign of life ends all doubt.

Times are seconds of the engine's clock, which leaves out the time in which the machine slept. What follows from the
numbers for the time until a verdict is in `bound_s`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.watchdog_record import WatchdogState

ASK_PAUSES_S = (2.0, 10.0, 30.0)
"""Seconds before each ask; that many misses in a row are a verdict."""
MISSES = len(ASK_PAUSES_S)
IDLE_S = 30.0
"""So long a runner must have done nothing before that counts: one that waits for its card rests for moments."""
WORKING = 5
"""A runner that computes may be silent for so many times as long as one that does not."""
WORKING_ASK = 2
"""The first ask of one that computes may take so many times the silence, each further one twice as long.

A machine that swaps needs a minute for a token, and a machine may have become many times slower than it was measured.
"""
UNASKED = 4
"""So many times its longest a request may take where nobody can be asked and it is not known that nothing is done."""
UNASKED_MOST_S = 6 * 3600.0
"""But no longer than this: whoever computes for so long without a byte answers nobody any more.

An answer without a limit could honestly take weeks on a machine that swaps, but no client waits for that; those of
OpenAI and Anthropic give up after ten minutes.
"""
STANDSTILL_S = 20.0
"""After a longer time without a look nothing is known of what was before: the whole machine may have stood still."""


class Pending(msgspec.Struct, frozen=True):
    """A request in flight: when its last byte came, else when it was sent; and how long the next one may honestly take.

    `allowance_s` is estimated with much to spare, and `longest_s` for the longest answer that is held back until it is
    whole (`core.scheduling.allowances`).
    """

    since: float
    allowance_s: float
    longest_s: float


class Look(msgspec.Struct, frozen=True):
    """What is seen of one runner. A runner is a model at an instance.

    `works`: since the last look its processes have computed or waited for a disk, or a card that it may use was used;
    None = unknown. `silent`: it does not answer `/health` (`core.ollama.runner_silence`); `stopped`: all its processes
    are stopped, as by SIGSTOP. `loading`: its model is being loaded, of which Ollama's own time-out takes care.
    `idle_slot`: it has a slot that no request holds; `tells_slots`: it can be asked what they do. `answer_s` is how
    long a tiny answer may honestly take while it works.
    """

    requests: tuple[Pending, ...] = ()
    works: bool | None = None
    silent: bool = False
    stopped: bool = False
    loading: bool = False
    idle_slot: bool = False
    tells_slots: bool = False
    answer_s: float = 10.0


QUICK_ANSWER_S = 10.0
"""How long a tiny answer may take of a runner that does nothing."""


class Happened(Enum):
    """What is in the history of a watch; the numbers beside are seconds of silence, or how many misses there were."""

    SUSPECTED = "suspected"
    SUSPECTED_WORKING = "suspected_working"
    UNHEALTHY = "unhealthy"
    ASKED = "asked"
    MISSED = "missed"
    NOBODY_TO_ASK = "nobody_to_ask"
    GAVE_WAY = "gave_way"
    ALIVE = "alive"
    JUDGED = "judged"


class Step(msgspec.Struct, frozen=True):
    """One entry of that history."""

    at: float
    what: Happened
    number: float = 0.0


class Event(Enum):
    """What came of an ask. ANSWERED: in any way, be it an error. IN_VAIN: it is certain that none will come.

    WITHDRAWN: it gave way to a request, or could not be made.
    """

    ANSWERED = auto()
    IN_VAIN = auto()
    WITHDRAWN = auto()


class Action(Enum):
    """What the caller must do. ASK: ask the runner, until an event or WITHDRAW. JUDGED: it hangs."""

    ASK = auto()
    WITHDRAW = auto()
    JUDGED = auto()


@dataclass(slots=True)
class Watch:
    """The watch over one runner. `silent_s` is for how long it has given no sign of life, `missed` as in the record.

    `history` tells what was seen and decided since the suspicion began, for the evidence.
    """

    state: WatchdogState = WatchdogState.QUIET
    silent_s: float = 0.0
    missed: int = 0
    history: list[Step] = field(default_factory=list)
    _heard: float = float("-inf")
    _looked: float | None = None
    _idle_since: float | None = None
    _unhealthy_since: float | None = None
    _ask_at: float = 0.0
    _asked: float | None = None

    def look(self, seen: Look, hung_after_s: float, now: float) -> Action | None:
        """Take a look and return what to do."""
        if self._looked is None or now - self._looked > STANDSTILL_S or seen.loading:
            self._heard = now
        self._looked = now
        self._idle_since = _since(self._idle_since, now, holds=seen.works is False)
        self._unhealthy_since = _since(self._unhealthy_since, now, holds=seen.silent)
        last = max((self._heard, *(one.since for one in seen.requests)))
        self.silent_s = now - last if seen.requests else 0.0
        if not self._suspicious(seen, hung_after_s, now):
            return self._acquit()
        if self.state is WatchdogState.QUIET:
            self._suspect(now)
        if self.state is WatchdogState.HUNG:
            return None
        if seen.silent:
            self.history.append(Step(now, Happened.UNHEALTHY))
            return self._judge(now)
        return self._ask(seen, hung_after_s, now)

    def came(self, event: Event, now: float) -> Action | None:
        """Take what came of the ask that is under way; late ones say nothing."""
        if self._asked is None:
            return None
        self._asked = None
        match event:
            case Event.ANSWERED:
                self._heard = now
                self._acquit()
            case Event.IN_VAIN:
                return self._miss(Happened.MISSED, now)
            case Event.WITHDRAWN:
                self._ask_at = now + ASK_PAUSES_S[self.missed]
                self.history.append(Step(now, Happened.GAVE_WAY))
        return None

    def _rests(self, now: float) -> bool:
        """Return whether it has done nothing for long enough."""
        return self._idle_since is not None and now - self._idle_since >= IDLE_S

    def _silent_s(self, one: Pending, now: float) -> float:
        return now - max(self._heard, one.since)

    def _suspicious(self, seen: Look, hung_after_s: float, now: float) -> bool:
        rests = self._rests(now)
        if self._unhealthy_since is not None and (seen.stopped or not seen.loading):
            return seen.stopped or now - self._unhealthy_since >= hung_after_s * (1 if rests else WORKING)
        if not seen.requests or seen.loading or self.silent_s < hung_after_s:
            return False
        if rests:
            return True
        overdue = any(self._silent_s(one, now) >= one.allowance_s for one in seen.requests)
        return overdue and (seen.works is None or self.silent_s >= WORKING * hung_after_s)

    def _suspect(self, now: float) -> None:
        self.state, self.missed, self._ask_at = WatchdogState.ASKING, 0, now + ASK_PAUSES_S[0]
        what = Happened.SUSPECTED if self._rests(now) else Happened.SUSPECTED_WORKING
        self.history = [Step(now, what, self.silent_s)]

    def _ask(self, seen: Look, hung_after_s: float, now: float) -> Action | None:
        if self._asked is not None:
            working_s = max(QUICK_ANSWER_S, seen.answer_s, WORKING_ASK * hung_after_s) * 2**self.missed
            if now - self._asked < (QUICK_ANSWER_S if self._rests(now) else working_s):
                return None
            self._asked = None
            return self._miss(Happened.MISSED, now) or Action.WITHDRAW
        if not seen.idle_slot and not seen.tells_slots:
            return self._ask_nobody(seen, now)
        if now < self._ask_at:
            return None
        self._asked = now
        self.history.append(Step(now, Happened.ASKED))
        return Action.ASK

    def _ask_nobody(self, seen: Look, now: float) -> Action | None:
        """Count a miss if it does nothing, or its requests have taken longer than any can; any work begins anew."""
        late = all(self._silent_s(one, now) >= min(UNASKED * one.longest_s, UNASKED_MOST_S) for one in seen.requests)
        if not late and not self._rests(now):
            self.missed, self._ask_at = 0, now + ASK_PAUSES_S[0]
        return self._miss(Happened.NOBODY_TO_ASK, now) if now >= self._ask_at else None

    def _miss(self, what: Happened, now: float) -> Action | None:
        self.missed += 1
        self.history.append(Step(now, what, self.missed))
        if self.missed >= MISSES:
            return self._judge(now)
        self._ask_at = now + ASK_PAUSES_S[self.missed]
        return None

    def _judge(self, now: float) -> Action:
        self.state = WatchdogState.HUNG
        self.history.append(Step(now, Happened.JUDGED, self.silent_s))
        return Action.JUDGED

    def _acquit(self) -> Action | None:
        """End all doubt."""
        if self.state is WatchdogState.QUIET:
            return None
        asked, self._asked = self._asked, None
        self.state, self.missed = WatchdogState.QUIET, 0
        if self._looked is not None:
            self.history.append(Step(self._looked, Happened.ALIVE))
        return Action.WITHDRAW if asked is not None else None


def _since(before: float | None, now: float, *, holds: bool) -> float | None:
    return None if not holds else now if before is None else before


def worst(watches: Mapping[ModelName, Watch]) -> tuple[ModelName, Watch] | None:
    """Return the watch of an instance's runners with the gravest doubt; None if there is no doubt at all."""
    order = (WatchdogState.QUIET, WatchdogState.ASKING, WatchdogState.HUNG)
    found = [one for one in watches.items() if one[1].state is not WatchdogState.QUIET]
    return max(found, key=lambda one: (order.index(one[1].state), one[1].missed), default=None)


def bound_s(hung_after_s: float, *, works: bool, answer_s: float = QUICK_ANSWER_S, every_s: float = 5.0) -> float:
    """Return the longest time from the last sign of life of a runner that hangs to the verdict, in seconds.

    It holds if one of its slots is idle or it tells of its slots, or if it does nothing; and for one that `works` if no
    request has a longer allowance. `every_s` is the time between looks, `answer_s` as in `Look`.
    """
    first = max(QUICK_ANSWER_S, answer_s, WORKING_ASK * hung_after_s)
    asks = first * (2**MISSES - 1) if works else MISSES * QUICK_ANSWER_S
    silence = WORKING * hung_after_s if works else max(hung_after_s, IDLE_S)
    return silence + asks + sum(ASK_PAUSES_S) + every_s * (2 + MISSES)
