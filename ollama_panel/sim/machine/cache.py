"""The prompt caches of a runner: what its slots and its host cache hold, and how much of a new prompt that saves.

Rules of llama.cpp `tools/server/server-context.cpp` (b10488): a free slot whose content matches more than a tenth of
the prompt is taken, else the least recently used; content that is about to be lost, and that of idle slots, goes to
the host cache, which is limited by `LLAMA_ARG_CACHE_RAM` and evicts the least recently used.
"""

from collections.abc import Sequence

from ollama_panel.sim.machine.work import Segment

SIMILAR = 0.1
KEEP = 0.5


def common(first: Sequence[Segment], second: Sequence[Segment]) -> int:
    """Return the tokens of the longest common prefix of two prompts, in whole segments."""
    if not first or not second or first[0] != second[0]:
        return 0
    total = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        total += one[1]
    return total


def length(segments: Sequence[Segment]) -> int:
    """Return the tokens of a prompt."""
    return sum(tokens for _, tokens in segments)


class HostCache:
    """The prompts kept in host memory with their sizes, the least recently used first; `limit` in tokens, 0 = off."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._prompts: dict[tuple[Segment, ...], int] = {}
        self._tokens = 0

    def save(self, prompt: tuple[Segment, ...]) -> None:
        """Keep a prompt; one that is the start of another is not kept twice."""
        size = length(prompt)
        if not self._limit or not size:
            return
        shared = {known: common(known, prompt) for known in self._prompts}
        if size in shared.values():
            return
        for known, tokens in shared.items():
            if tokens == self._prompts[known]:
                self._forget(known)
        self._prompts[prompt] = size
        self._tokens += size
        while self._tokens > self._limit and self._prompts:
            self._forget(next(iter(self._prompts)))

    def take(self, prompt: tuple[Segment, ...], more_than: int) -> int:
        """Return the tokens that the best cached prompt saves if it beats the slot's own; then it moves to the slot."""
        best: tuple[Segment, ...] = ()
        saved = more_than
        for known in self._prompts:
            tokens = common(known, prompt)
            if tokens > saved:
                best, saved = known, tokens
        if best:
            self._forget(best)
        return saved

    def _forget(self, prompt: tuple[Segment, ...]) -> None:
        self._tokens -= self._prompts.pop(prompt)


class Slot:
    """One sequence of a runner: the content of its cache, when it was last used, and whether the host cache has it."""

    __slots__ = ("content", "index", "last_used", "saved")

    def __init__(self, index: int) -> None:
        self.index = index
        self.content: tuple[Segment, ...] = ()
        self.last_used = -1
        self.saved = True

    def remember(self, content: tuple[Segment, ...], now: int) -> None:
        """Keep the content that was just processed."""
        self.content, self.last_used, self.saved = content, now, False


def place(free: Sequence[Slot], prompt: tuple[Segment, ...], host: HostCache) -> tuple[Slot, int]:
    """Return a slot for a prompt and how many of its tokens are cached; at least one token is always processed."""
    for slot in free:
        if not slot.saved:
            host.save(slot.content)
            slot.saved = True
    size = max(1, length(prompt))
    best = max(free, key=lambda slot: common(slot.content, prompt))
    cached = common(best.content, prompt)
    if cached / size > SIMILAR:
        lost = cached < KEEP * length(best.content)
    else:
        best, lost = min(free, key=lambda slot: slot.last_used), True
        cached = common(best.content, prompt)
    if lost:
        cached = host.take(prompt, cached)
    return best, min(cached, size - 1)
