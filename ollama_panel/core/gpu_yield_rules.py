"""When the GPU is given to others and when it comes back: a state machine of what is seen and what the user says.

The user's word goes before what is seen: a GPU that the user has given away never comes back by itself, and one that
the user has taken back is not given again for the same reason until that has been gone once. What comes and goes makes
nothing come and go: see the numbers below.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import msgspec

from ollama_panel.core.gpu_yield import YieldCause
from ollama_panel.core.settings.tree_machine import MachineSettings

PROGRAM_S = 3.0
"""A chosen program gets the GPU once it has run for so long: one that only looks for its updates is gone by then."""
USE_S = 10.0
"""Others use the GPU if the median of so many seconds is above the threshold: a page that is drawn takes less."""
LEAST_USES = 3
"""How many readings within that time a median takes."""
FLAP_S = 300.0
"""If the GPU is given away again so soon after it came back by itself, it then stays away for twice as long."""
MOST_PATIENCE = 8
"""It is not doubled beyond this multiple of the setting."""
LEAST_AGAIN_S = 5.0
"""What is doubled is at least so much: a setting of no time would be doubled in vain."""
GONE_S = 10.0
"""What the user has taken the GPU back from counts as gone after so long: a renderer that is started for each frame, or
a use around the threshold, has not ended."""
UNKNOWN_S = 300.0
"""For so long an unknown use of a GPU that was given away for its use counts as use: requests may still be ending."""


class Look(msgspec.Struct, frozen=True):
    """What is seen at one instant: the chosen programs that run, and others' use of the GPU in percent, None = unknown.

    The programs are named as in the settings.
    """

    programs: tuple[str, ...] = ()
    use: float | None = None


@dataclass(slots=True)
class YieldRules:
    """`cause` says why the GPU is given away, None = it is not; `program` is the program that has it.

    `resumes_at` is when it comes back unless somebody goes on. `refused` are the programs that do not get it because
    the user has taken it back, `use_refused` is the same about the use of the GPU. Times are seconds.
    """

    cause: YieldCause | None = None
    program: str = ""
    resumes_at: float | None = None
    refused: frozenset[str] = frozenset()
    use_refused: bool = False
    _since: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, float] = field(default_factory=dict)
    _uses: deque[tuple[float, float]] = field(default_factory=deque)
    _busy: bool = False
    _busy_at: float = 0.0
    _gone_since: float | None = None
    _known_at: float = 0.0
    _patience: int = 1
    _back_at: float = float("-inf")
    _looked: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether something would have the GPU if the user had not taken it back."""
        return bool(self.refused) or self.use_refused

    def give(self) -> None:
        """Give the GPU away until the user takes it back."""
        self._set(YieldCause.USER)

    def take_back(self) -> None:
        """Take the GPU back; whoever has it now does not get it again before it has been gone."""
        self.refused, self.use_refused = frozenset(self._since), self._busy
        self._set(None)

    def look(self, look: Look, wanted: MachineSettings, now: float) -> None:
        """Decide anew, by what is seen now."""
        self._note_programs(look.programs, now)
        self._note_use(look.use, wanted.yield_gpu_percent, now)
        self._looked = True
        if self.cause is None:
            self._begin(now)
        elif self.cause is not YieldCause.USER:
            self._go_on(wanted, now)

    def _note_programs(self, running: Sequence[str], now: float) -> None:
        """Keep since when each program runs; those of the first look have run before."""
        began = now if self._looked else float("-inf")
        self._since = {name: self._since.get(name, began) for name in running}
        if not self._looked:
            self.refused &= self._since.keys()
        self._seen |= dict.fromkeys(running, now)
        self.refused = frozenset(name for name in self.refused if now - self._seen[name] < GONE_S)
        self._seen = {name: self._seen[name] for name in self.refused | self._since.keys()}

    def _note_use(self, use: float | None, threshold: int, now: float) -> None:
        if use is not None:
            self._uses.append((now, use))
        while self._uses and now - self._uses[0][0] > USE_S:
            self._uses.popleft()
        if not threshold:
            self._busy = self.use_refused = False
            self._known_at = float("-inf")
        elif len(self._uses) >= LEAST_USES:
            self._busy, self._known_at = median(one for _, one in self._uses) > threshold, now
            self._busy_at = now if self._busy else self._busy_at
            self.use_refused = self.use_refused and now - self._busy_at < GONE_S

    def _begin(self, now: float) -> None:
        name = next((one for one in self._wanted() if now - self._since[one] >= PROGRAM_S), None)
        if name is not None:
            self._patiently(YieldCause.PROGRAM, name, now)
        elif self._uses_it(now):
            self._patiently(YieldCause.GPU_BUSY, "", now)

    def _patiently(self, cause: YieldCause, program: str, now: float) -> None:
        again = now - self._back_at < FLAP_S
        self._patience = min(2 * self._patience, MOST_PATIENCE) if again else 1
        self._set(cause, program)

    def _go_on(self, wanted: MachineSettings, now: float) -> None:
        name = next(iter(self._wanted()), None)
        if name is not None:
            self._set(YieldCause.PROGRAM, self.program if self.program in self._wanted() else name)
        elif self._uses_it(now, UNKNOWN_S if self.cause is YieldCause.GPU_BUSY else USE_S):
            self._set(YieldCause.GPU_BUSY)
        else:
            self._away(wanted, now)

    def _away(self, wanted: MachineSettings, now: float) -> None:
        """Take the GPU back once its cause has been gone long enough, at once if no setting asks for one any more."""
        self._gone_since = now if self._gone_since is None else self._gone_since
        again_s = max(wanted.yield_resume_s, LEAST_AGAIN_S) * self._patience
        self.resumes_at = self._gone_since + (again_s if self._patience > 1 else wanted.yield_resume_s)
        if now >= self.resumes_at or not (wanted.yield_programs or wanted.yield_gpu_percent):
            self._set(None)
            self._back_at = now

    def _wanted(self) -> list[str]:
        return [name for name in self._since if name not in self.refused]

    def _uses_it(self, now: float, unknown_s: float = USE_S) -> bool:
        """Return whether others use the GPU, as far as that was known within so many seconds."""
        return self._busy and not self.use_refused and now - self._known_at <= unknown_s

    def _set(self, cause: YieldCause | None, program: str = "") -> None:
        self.cause, self.program = cause, program
        self._gone_since = self.resumes_at = None
