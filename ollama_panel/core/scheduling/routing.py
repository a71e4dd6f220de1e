"""Where a conversation lives: the instance that still has its beginning in its cache.

A conversation is known by the rolling hash after each of its messages (`Job.turns`): a request continues the one whose
last hash stands furthest on in its own chain. So a shared system prompt gives no home, exact turn boundaries do, and
finding it takes as many look-ups as there are messages (reference: Preble, SGLang's router and sticky sessions all
compare text).
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.records import Job

KEEP_US = 600_000_000
"""A conversation that was silent for so long has no home any more."""
LIVELY_US = 120_000_000
"""For so long after its last request a conversation counts towards the load of its home."""
COMPANY = 500
"""How many tokens a conversation weighs by being there: two short ones disturb each other more than one long one."""
KEPT = 200_000
"""The most conversations remembered."""

HomeKey: TypeAlias = tuple[ModelName, int]


@dataclass(slots=True)
class _Home:
    key: HomeKey
    instance: InstanceId
    tokens: int
    used: int


@dataclass(slots=True)
class Homes:
    """The homes, least recently used first, and how many tokens each instance's lively ones have together."""

    homes: dict[HomeKey, _Home] = field(default_factory=dict)
    weights: dict[tuple[InstanceId, ModelName], int] = field(default_factory=dict)
    lively: dict[HomeKey, _Home] = field(default_factory=dict)

    def find(self, job: Job) -> InstanceId | None:
        """Return where the conversation lives, None for a new one."""
        home = self._latest(job)
        return home.instance if home else None

    def known_tokens(self, job: Job, instance: InstanceId) -> int:
        """Return how many tokens of the prompt are probably cached at an instance."""
        home = self._latest(job)
        return min(home.tokens, job.prompt_tokens) if home and home.instance == instance else 0

    def _latest(self, job: Job) -> _Home | None:
        for turn in reversed(job.turns):
            home = self.homes.get((job.model, turn))
            if home is not None:
                return home
        return None

    def settle(self, job: Job, instance: InstanceId, tokens: int, now: int) -> None:
        """Note that a conversation goes on at an instance; `tokens` is its length with the answer."""
        if not job.turns:
            return
        before = self._latest(job)
        if before is not None:
            self._calm(before.key)
        key = job.model, job.turns[-1]
        self._calm(key)
        self.homes.pop(key, None)
        self.homes[key] = self.lively[key] = _Home(key, instance, tokens, now)
        self._weigh(instance, job.model, tokens + COMPANY)
        self._forget(now)

    def _calm(self, key: HomeKey) -> None:
        home = self.lively.pop(key, None)
        if home is not None:
            self._weigh(home.instance, key[0], -home.tokens - COMPANY)

    def _forget(self, now: int) -> None:
        while self.lively and now - next(iter(self.lively.values())).used > LIVELY_US:
            self._calm(next(iter(self.lively)))
        while self.homes:
            home = next(iter(self.homes.values()))
            if now - home.used <= KEEP_US and len(self.homes) <= KEPT:
                return
            self._calm(home.key)
            del self.homes[home.key]

    def _weigh(self, instance: InstanceId, model: ModelName, tokens: int) -> None:
        key = instance, model
        self.weights[key] = self.weights.get(key, 0) + tokens

    def weight(self, instance: InstanceId, model: ModelName) -> int:
        """Return the tokens of all conversations of a model that live at an instance."""
        return self.weights.get((instance, model), 0)

    def leave(self, instance: InstanceId) -> None:
        """Forget an instance whose caches are lost."""
        self.homes = {key: home for key, home in self.homes.items() if home.instance != instance}
        self.lively = {key: home for key, home in self.lively.items() if home.instance != instance}
        self.weights = {key: weight for key, weight in self.weights.items() if key[0] != instance}
