"""What the watchdog of hung instances has found and done, as front ends see it."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice


class WatchdogState(Enum):
    """QUIET: there is no doubt. ASKING: a busy instance is silent, so it is asked for a tiny answer.

    HUNG: it gave none, and is restarted. EXHAUSTED: it was restarted too often; it is left alone until the user acts.
    """

    QUIET = "quiet"
    ASKING = "asking"
    HUNG = "hung"
    EXHAUSTED = "exhausted"


class WatchdogRecord(msgspec.Struct, frozen=True):
    """The watchdog of one instance. `told` is the sentence for people, None while QUIET.

    `silent_s` is for how long no answer of the busy instance has got a byte, `missed` how many tiny answers in a row
    it did not give. `restarts` counts those by the watchdog in this run. `evidence` is the folder with what was found
    before the last of them, "" if there was none.
    """

    state: WatchdogState = WatchdogState.QUIET
    told: Notice | None = None
    silent_s: float = 0.0
    missed: int = 0
    restarts: int = 0
    evidence: str = ""
