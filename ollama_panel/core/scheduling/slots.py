"""What the slots of a model at one instance remember, mirrored from what was sent there.

The rule is llama-server's (`tools/server/server-context.cpp get_available_slot`, b10488): of the free slots the one
that shares most with the prompt, if that is more than a tenth of it, else the one idle for longest. Only when less than
half of its content would stay does it look into the cache in host memory, which has the others. So a long conversation
that comes after a short one with the same system prompt finds that prompt and no more: half of the short one stays, and
nobody asks the cache.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from ollama_panel.core.ids import ClientId, InstanceId, ModelName
from ollama_panel.core.records import Job

SIMILAR = 0.1
KEPT_SHARE = 0.5


@dataclass(slots=True, eq=False)
class Stay:
    """A conversation at its home, up to one of its messages.

    `tokens` is its length with the answer, `first` and `opening` are hash and length of its first message, `replaced`
    says that its client has opened another since.
    """

    model: ModelName
    turn: int
    place: "Place"
    client: ClientId
    first: int
    opening: int
    tokens: int
    used: int
    replaced: bool = False

    @property
    def own(self) -> int:
        """Return how many of its tokens no other conversation has."""
        return max(0, self.tokens - self.opening)

    @property
    def young(self) -> bool:
        """Say whether it gives up its slot without the cache being asked, to whoever begins alike."""
        return self.opening > 0 and KEPT_SHARE * self.tokens <= self.opening

    def shares(self, job: Job) -> int:
        """Return how many tokens a request of another conversation has in common with this one."""
        return min(self.opening, job.opening_tokens) if job.turns and job.turns[0] == self.first else 0


@dataclass(slots=True, eq=False)
class Place:
    """A model's caches at an instance. `lively` counts its lively conversations, `own` their own tokens together.

    `lost`: the model has left the memory, and nothing is cached any more.
    """

    instance: InstanceId
    lively: int = 0
    own: int = 0
    lost: bool = False
    slots: list[Stay | None] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def look(self, job: Job, stay: Stay | None, busy: Collection[int], slots: int) -> tuple[int, int]:
        """Return the slot that a request would get, and how many of its prompt tokens that and the cache save."""
        self._grow(slots)
        free = [slot for slot in range(len(self.slots)) if slot not in busy] or [0]
        known = stay.tokens if stay is not None and stay.place is self else 0
        shared = [known if self.slots[slot] is stay is not None else self._common(slot, job) for slot in free]
        best = max(range(len(free)), key=shared.__getitem__)
        similar = shared[best] > SIMILAR * job.prompt_tokens
        if not similar:
            best = min(range(len(free)), key=lambda one: self.times[free[one]])
        content, cached = self.slots[free[best]], shared[best]
        if not (similar and content is not None and cached >= KEPT_SHARE * content.tokens):
            cached = max(cached, known)
        return free[best], min(cached, job.prompt_tokens)

    def _grow(self, slots: int) -> None:
        missing = slots - len(self.slots)
        if missing > 0:
            self.slots += [None] * missing
            self.times += [-1] * missing

    def _common(self, slot: int, job: Job) -> int:
        content = self.slots[slot]
        return content.shares(job) if content is not None else 0

    def fill(self, slot: int, stay: Stay | None, now: int) -> None:
        """Note what a slot works on; None = nothing that anybody will want again."""
        self.slots[slot], self.times[slot] = stay, now

    def crowded(self) -> int:
        """Return how many tokens the conversations here would lose by one more; none where a young one sits already."""
        return 0 if any(stay is not None and stay.young for stay in self.slots) else self.own
