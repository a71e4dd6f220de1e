"""What follows from the trials of a tuning."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.trial import Candidate, Measurement


class VerdictKind(Enum):
    """What a tuning has found.

    BETTER: other settings are better. SAME: those of now are as good as any. UNCERTAIN: the differences are within the
    intervals. OUT_OF_BOUNDS: nothing keeps the bounds; the best of what was tried is the nearest.
    """

    BETTER = "better"
    SAME = "same"
    UNCERTAIN = "uncertain"
    OUT_OF_BOUNDS = "out of bounds"


class Verdict(msgspec.Struct, frozen=True):
    """The verdict: `headline` is one sentence, `lines` are the gains and their price.

    `before` is what was measured with the settings of `present`, None if these were not measured; `after` with those of
    `best`. `verified`: a fresh load has given the same within its interval.
    """

    kind: VerdictKind
    present: Candidate
    best: Candidate
    headline: Notice
    lines: tuple[Notice, ...] = ()
    before: Measurement | None = None
    after: Measurement | None = None
    verified: bool = False
