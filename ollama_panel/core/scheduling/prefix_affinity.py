"""Prefix affinity: the home instance of a conversation is the one that still has its beginning in the prefix cache.

A conversation is identified by the rolling hash after each of its messages (`Job.turns`): a request continues the one
whose last hash is furthest along in its own chain. So a shared system prompt gives no home, exact turn boundaries do,
and finding it takes one look-up per message (for comparison: Preble, SGLang's router and sticky sessions compare text).
"""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import TypeAlias

from ollama_panel.core.ids import ClientId, InstanceId, ModelName
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling.cached_prefix import CachedPrefix, Conversation, SlotCache

KEPT_US = 600_000_000
"""A conversation without a request for this time has no home any more."""
ACTIVE_US = 120_000_000
"""For this time after its last request a conversation counts in the placement cost of its home."""
FIXED_COST = 500
"""The fixed cost of a conversation in tokens: two short ones disturb each other more than one long one."""
PREFIXES_KEPT = 20_000
"""The most cached prefixes that are remembered: 33 requests a second for ten minutes, far more than slots hold."""
CLIENTS_KEPT = 4096

PrefixKey: TypeAlias = tuple[ModelName, int]
CacheKey: TypeAlias = tuple[InstanceId, ModelName]


@dataclass(slots=True)
class PrefixAffinity:
    """The cached prefixes, least recently used first, and the slot caches that hold them.

    `active` are the conversations that may continue soon. `latest` is the newest one of each client that has one at a
    time, None for clients that have several.
    """

    prefixes: dict[PrefixKey, CachedPrefix] = field(default_factory=dict)
    caches: dict[CacheKey, SlotCache] = field(default_factory=dict)
    active: dict[Conversation, None] = field(default_factory=dict)
    latest: dict[tuple[ClientId, ModelName], Conversation | None] = field(default_factory=dict)

    def home_of(self, job: Job) -> InstanceId | None:
        """Return the home instance of the conversation, or None for a new one."""
        prefix = self._longest_prefix(job)
        return None if prefix is None or prefix.cache.lost else prefix.cache.instance

    def _longest_prefix(self, job: Job) -> CachedPrefix | None:
        for turn in reversed(job.turns):
            prefix = self.prefixes.get((job.model, turn))
            if prefix is not None:
                return prefix
        return None

    def cached(self, job: Job, instance: InstanceId, busy: Container[int] = (), slots: int = 1) -> int:
        """Return how many prompt tokens are probably cached at an instance; `busy` are its slots in use."""
        cache = self.caches.get((instance, job.model))
        return cache.lookup(job, self._longest_prefix(job), busy, slots)[1] if cache and job.turns else 0

    def assign_slot(
        self, job: Job, instance: InstanceId, tokens: int, now: int, busy: Container[int] = (), slots: int = 1
    ) -> tuple[int, int]:
        """Record that a request runs at an instance; `tokens` is its length with the answer.

        Return its probable slot there, and how many tokens of its prompt are probably cached.
        """
        key = instance, job.model
        cache = self.caches.get(key)
        if cache is None:
            if not job.turns:
                return 0, 0
            cache = self.caches[key] = SlotCache(instance)
        before = self._longest_prefix(job)
        slot, cached = cache.lookup(job, before, busy, slots)
        cache.store(slot, self._cache(job, cache, before, tokens, now) if job.turns else None)
        return slot, cached if job.turns else 0

    def _cache(self, job: Job, cache: SlotCache, before: CachedPrefix | None, tokens: int, now: int) -> CachedPrefix:
        if before is None:
            conversation = self._opened(job, cache)
        else:
            conversation = self._continued(job, before.conversation)
            self._deactivate(conversation)
        conversation.cache, conversation.own, conversation.used = cache, max(0, tokens - job.opening_tokens), now
        self.active[conversation] = None
        cache.active += 1
        cache.own += conversation.own
        prefix = CachedPrefix(conversation, cache, job.turns[0], job.opening_tokens, tokens, now)
        key = job.model, job.turns[-1]
        self.prefixes.pop(key, None)
        self.prefixes[key] = prefix
        self._forget(now)
        return prefix

    def _opened(self, job: Job, cache: SlotCache) -> Conversation:
        """Record a new conversation; its client's last one is over, unless it has returned to an old one before."""
        client, conversation = (job.client, job.model), Conversation(cache)
        last = self.latest.get(client, conversation)
        if last is not None:
            last.replaced = last is not conversation
            self._deactivate(last)
            self.latest[client] = conversation
        return conversation

    def _continued(self, job: Job, conversation: Conversation) -> Conversation:
        if conversation.replaced:
            self.latest[job.client, job.model] = None
        return conversation

    def _deactivate(self, conversation: Conversation) -> None:
        if conversation in self.active:
            del self.active[conversation]
            conversation.cache.active -= 1
            conversation.cache.own -= conversation.own

    def _forget(self, now: int) -> None:
        while self.active and now - (oldest := next(iter(self.active))).used > ACTIVE_US:
            self._deactivate(oldest)
        while self.prefixes:
            key = next(iter(self.prefixes))
            if now - self.prefixes[key].used <= KEPT_US and len(self.prefixes) <= PREFIXES_KEPT:
                break
            del self.prefixes[key]
        if len(self.latest) > CLIENTS_KEPT:
            self.latest.clear()

    def placement_cost(self, instance: InstanceId, model: ModelName) -> int:
        """Return the cost of one more conversation at an instance in tokens: fixed costs, and what the others lose."""
        cache = self.caches.get((instance, model))
        return FIXED_COST * cache.active + cache.eviction_cost() if cache else 0

    def forget(self, instance: InstanceId, model: ModelName | None = None) -> None:
        """Forget an instance, or one model there, because its prefix caches are lost."""
        for key in [one for one in self.caches if one[0] == instance and model in (None, one[1])]:
            self.caches.pop(key).lost = True

    def forget_model(self, model: ModelName) -> None:
        """Forget a model at all instances."""
        for key in [one for one in self.caches if one[1] == model]:
            self.caches.pop(key).lost = True
