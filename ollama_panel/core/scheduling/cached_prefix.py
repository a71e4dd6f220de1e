"""A model of the prefix caches of the slots at one instance, derived from the requests that were sent there.

The rule is llama-server's (`tools/server/server-context.cpp get_available_slot`, b10488): of the free slots it takes
the one that shares most with the prompt, if that is more than a tenth of it, else the one that has been idle longest.
Only if less than half of the slot's content would be kept does it look into the cache in host memory, which has the
other prefixes. So a long conversation after a short one with the same system prompt finds only that prompt: half of the
short one is kept, and the host cache is not consulted.
"""

from bisect import insort
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.records import Job

SIMILAR = 0.1
KEPT_SHARE = 0.5


@dataclass(slots=True, eq=False)
class Conversation:
    """A conversation with all its branches. `own` are the tokens that it shares with no other, `used` is its last use.

    `replaced`: its client has begun another one since.
    """

    cache: "SlotCache"
    own: int = 0
    used: int = 0
    replaced: bool = False


@dataclass(slots=True, eq=False)
class CachedPrefix:
    """A conversation up to one of its messages, cached at its home instance.

    `tokens` is its length with the answer, `first` and `opening` are the hash and the length of its first message,
    `slot` is the slot that holds it now.
    """

    conversation: Conversation
    cache: "SlotCache"
    first: int
    opening: int
    tokens: int
    used: int
    slot: int | None = None

    @property
    def evictable(self) -> bool:
        """Return whether a request with the same first message takes its slot without a look into the host cache."""
        return self.opening > 0 and KEPT_SHARE * self.tokens <= self.opening


@dataclass(slots=True, eq=False)
class SlotCache:
    """The prefix caches of a model's slots at an instance. `active` counts the active conversations there.

    `own` is the sum of their own tokens. `idle` are the slots, the longest idle first; `by_first_message` are the slots
    in order, by the hash of the first message in them; `evictable` counts the slots with an evictable prefix. `lost`:
    the model was unloaded, and nothing is cached any more.
    """

    instance: InstanceId
    active: int = 0
    own: int = 0
    lost: bool = False
    evictable: int = 0
    slots: list[CachedPrefix | None] = field(default_factory=list)
    idle: dict[int, None] = field(default_factory=dict)
    by_first_message: dict[int, list[int]] = field(default_factory=dict)

    def lookup(self, job: Job, prefix: CachedPrefix | None, busy: Container[int], slots: int) -> tuple[int, int]:
        """Return the slot that a request would get, and how many of its prompt tokens are cached there or in RAM."""
        while len(self.slots) < slots:
            self.idle[len(self.slots)] = None
            self.slots.append(None)
        known = prefix.tokens if prefix is not None and prefix.cache is self else 0
        slot, common = self._similar(job, prefix, known, busy)
        if slot is None:
            slot = _first_free(self.idle, busy) or 0
            return slot, min(max(known, self._common(slot, job)), job.prompt_tokens)
        content = self.slots[slot]
        cached = known if content is prefix else common
        if content is None or cached < KEPT_SHARE * content.tokens:
            cached = max(cached, known)
        return slot, min(cached, job.prompt_tokens)

    def _similar(
        self, job: Job, prefix: CachedPrefix | None, known: int, busy: Container[int]
    ) -> tuple[int | None, int]:
        """Return the free slot that shares most with a prompt, None if none shares enough, and how many tokens."""
        by_first_message = self.by_first_message.get(job.turns[0], ()) if job.turns else ()
        slot = _first_free(by_first_message, busy)
        common = 0 if slot is None else self._common(slot, job)
        if known and prefix is not None and prefix.slot is not None and prefix.slot not in busy and known >= common:
            slot, common = prefix.slot, known
        return (slot, common) if common > SIMILAR * job.prompt_tokens else (None, 0)

    def _common(self, slot: int, job: Job) -> int:
        """Return how many tokens a request shares with another conversation in a slot: those of the first message."""
        content = self.slots[slot]
        if content is None or not job.turns or job.turns[0] != content.first:
            return 0
        return min(content.opening, job.opening_tokens)

    def store(self, slot: int, prefix: CachedPrefix | None) -> None:
        """Record the new content of a slot; None = nothing that can be reused."""
        before = self.slots[slot]
        if before is not None:
            before.slot = None
            self.evictable -= before.evictable
            self.by_first_message[before.first].remove(slot)
            if not self.by_first_message[before.first]:
                del self.by_first_message[before.first]
        self.slots[slot] = prefix
        self.idle[slot] = self.idle.pop(slot)
        if prefix is not None:
            prefix.slot = slot
            self.evictable += prefix.evictable
            insort(self.by_first_message.setdefault(prefix.first, []), slot)

    def eviction_cost(self) -> int:
        """Return how many tokens the conversations here lose to one more; 0 if one is evictable."""
        return 0 if self.evictable else self.own


def _first_free(slots: Iterable[int], busy: Container[int]) -> int | None:
    """Return the first slot that is not busy, or None."""
    for slot in slots:
        if slot not in busy:
            return slot
    return None
