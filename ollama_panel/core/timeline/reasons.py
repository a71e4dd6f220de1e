"""Why a request took long: a sentence for each part of its time that was long, the longest first. Pure."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.timeline.parts import Parts
from ollama_panel.core.timeline.waits import LONG_S, Wait

LONG_ANSWER_S = 10.0
"""An answer is read while it is written: only one that takes so long needs a word."""
LEAST_SHARE = 0.1
"""A part that is less than this share of the whole is not what made a request slow."""


class Story(msgspec.Struct, frozen=True):
    """What happened to a request.

    `wait` is what held it up in the queue, None if nothing did for long. `lost_s` are the seconds of attempts that came
    to nothing, the last one because of `again`. `cold`: it had to load its model; `first_s` are the seconds from then
    to its first byte.
    """

    client: ClientId
    model: ModelName
    parts: Parts
    wait: Wait | None = None
    lost_s: float = 0.0
    again: Notice | None = None
    cold: bool = False
    first_s: float | None = None
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    cut: PromptCut | None = None


def reasons(story: Story) -> tuple[Notice, ...]:
    """Return the reasons, the one for the longest part first; that its prompt was cut is always said."""
    parts = story.parts
    whole = (parts.queue_s or 0.0) + (parts.load_s or 0.0) + (parts.prompt_s or 0.0)
    whole += (parts.answer_s or 0.0) + (parts.inside_s or 0.0) + (parts.proxy_s or 0.0)
    if whole < LONG_S and not story.cold and story.cut is None:
        return ()
    found = [(seconds, told) for seconds, told in _found(story) if seconds >= LEAST_SHARE * whole]
    found.sort(key=lambda one: -one[0])
    cut = () if story.cut is None else (_cut(story.cut),)
    return (*(told for _, told in found), *cut)


def _found(story: Story) -> Iterator[tuple[float, Notice]]:
    """Yield each long part with its reason."""
    parts = story.parts
    yield from _of_queue(story)
    if story.cold and parts.load_s is None and (first := story.first_s or 0.0) >= LONG_S:
        yield first, notice("slow.cold_and_prompt", model=story.model, seconds=_round(first))
    if (load := parts.load_s or 0.0) >= LONG_S:
        yield load, notice("slow.cold", model=story.model, seconds=_round(load))
    if (prompt := parts.prompt_s or 0.0) >= LONG_S:
        tokens = story.prompt_tokens
        known = notice("slow.prompt", tokens=tokens or 0, seconds=_round(prompt))
        yield prompt, known if tokens else notice("slow.prompt_unknown", seconds=_round(prompt))
    if (answer := parts.answer_s or 0.0) >= LONG_ANSWER_S:
        tokens = story.output_tokens
        known = notice("slow.answer", tokens=tokens or 0, seconds=_round(answer), rate=(tokens or 0) / answer)
        yield answer, known if tokens else notice("slow.answer_unknown", seconds=_round(answer))
    if (inside := parts.inside_s or 0.0) >= LONG_S:
        yield inside, notice("slow.inside", seconds=_round(inside))
    if (proxy := parts.proxy_s or 0.0) >= LONG_S:
        yield proxy, notice("slow.proxy", seconds=_round(proxy))


def _of_queue(story: Story) -> Iterator[tuple[float, Notice]]:
    """Yield what held a request up in the queue. What overlaps is counted with each, the rest is who went before."""
    queue, wait = story.parts.queue_s or 0.0, story.wait
    if wait is None or queue < LONG_S:
        return
    client = lasting_name(story.client)
    known = [
        (wait.paused_s, notice("slow.paused", seconds=_round(wait.paused_s))),
        (wait.given_s, notice("slow.given", seconds=_round(wait.given_s))),
        (wait.down_s, notice("slow.down", seconds=_round(wait.down_s))),
        (wait.loading_s, notice("slow.loading", model=story.model, seconds=_round(wait.loading_s))),
    ]
    if wait.limit is not None:
        told = notice("slow.limit", client=client, limit=wait.limit, seconds=_round(wait.limited_s))
        known.append((wait.limited_s, told))
    if story.again is not None:
        known.append((story.lost_s, notice("slow.again", seconds=_round(story.lost_s), cause=story.again)))
    long = [(seconds, told) for seconds, told in known if seconds >= LONG_S]
    yield from long
    rest = queue - sum(seconds for seconds, _ in long)
    if rest >= LONG_S:
        yield rest, _behind(wait, rest)


def _behind(wait: Wait, seconds: float) -> Notice:
    """Return whom a request waited for: the client with the most requests before it, and how many of others."""
    ahead = wait.ahead()
    if not ahead:
        return notice("slow.slot", seconds=_round(seconds))
    client = max(ahead, key=lambda name: (ahead[name], name))
    number, others = ahead[client], sum(ahead.values()) - ahead[client]
    if others:
        return notice("slow.behind_others", number=number, client=client, others=others, seconds=_round(seconds))
    return notice("slow.behind", number=number, client=client, seconds=_round(seconds))


def _cut(cut: PromptCut) -> Notice:
    if cut.prompt_tokens is not None and cut.kept is not None:
        return notice("slow.cut", tokens=cut.prompt_tokens, kept=cut.kept)
    if cut.kept is not None:
        return notice("slow.cut_to", kept=cut.kept)
    return notice("slow.cut_unknown")


def _round(seconds: float) -> float:
    return round(seconds, 1)
