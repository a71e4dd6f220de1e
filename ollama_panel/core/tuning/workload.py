"""The requests of a trial: how long their prompts and answers are, from a preset or from those of the user.

Only lengths count for the time that a server takes, so the texts are made up (`prompts`). All trials of a tuning have
the same requests in the same order, so that they differ by their settings alone (common random numbers: scheduling
study, section 8.2).
"""

import math
from collections.abc import Iterable, Mapping
from statistics import NormalDist, mean

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.tuning.task import WorkloadKind

CYCLE = 8
"""The requests of a workload; from then on they come again. So few that most windows have as many of each length, and
the mean is known sooner."""
FEWEST_OWN = 30
"""So many requests of the user must have ended for their lengths to be those of a workload: fewer are no sample."""
ROOM = 0.9
"""The share of a slot's context that a request may take: its text is made to a number of tokens within some percent."""
_ORDER = (0, 4, 2, 6, 1, 5, 3, 7)
_OTHER_ORDER = (5, 1, 3, 7, 0, 4, 6, 2)
"""The first two dimensions of the Sobol sequence, the second one shifted (exclusive or with 5): any four requests from
a multiple of four on have one length of each quarter, prompts and answers alike. Their ranks correlate with 0.14, than
which no shift gives less; without one it is 0.24."""
_LEAST_PROMPT, _LEAST_ANSWER = 16, 8
_SHARE_OF_ANSWER = 0.5
"""An answer takes at most this share of the room, and what all prompts share at most this share of the rest."""


class Lengths(msgspec.Struct, frozen=True):
    """A log-normal distribution of tokens within limits; `spread` is the deviation of the logarithm."""

    median: float
    spread: float
    least: int
    most: int

    def at(self, share: float) -> int:
        """Return the length that this share (between 0 and 1) of all is below."""
        length = self.median * math.exp(self.spread * NormalDist().inv_cdf(share))
        return max(self.least, min(self.most, round(length)))


class Preset(msgspec.Struct, frozen=True):
    """How long prompts and answers are. `shared` tokens begin each prompt; of embeddings `items` texts are in each."""

    prompt: Lengths
    answer: Lengths = Lengths(0, 0, 0, 0)
    shared: int = 0
    items: int = 0


PRESETS: Mapping[WorkloadKind, Preset] = {
    # Answers: Azure LLM inference trace 2023, conversations (19,366 requests; median 129, mean 211, 99 % below 601).
    # Prompts: the lower quartile there is 396, 10 % are below 207; longer ones are mostly history, which is cached.
    WorkloadKind.CHAT: Preset(Lengths(396, 0.51, 100, 1189), Lengths(129, 0.93, 16, 601)),
    # A chunk of LightRAG has 1,200 tokens (`chunk_token_size`); instructions of 900 tokens before it and answers of
    # 400 +- 80 are those of the indexing job in the scheduling study, section 10.
    WorkloadKind.RAG: Preset(Lengths(1200, 0.1, 900, 1500), Lengths(400, 0.2, 240, 600), shared=900),
    # SyFI TraceLab, 357,161 steps of two coding agents: new tokens of a prompt 857 and 886 (median), of an answer 252
    # and 184, 10 % above 5,342 and 1,671. The beginning that is in the cache has 120,000 there; here less, so that
    # contexts of usual size hold it.
    WorkloadKind.CODING: Preset(Lengths(870, 1.4, 100, 5342), Lengths(220, 1.2, 32, 1000), shared=4000),
    # Articles and summaries of the PubMed data set (Cohan et al. 2018) have 3,043 and 215 words on average (its 119,924
    # examples for training, card of ccdv/pubmed-summarization). Here tokens, with a spread that is assumed.
    WorkloadKind.SUMMARIES: Preset(Lengths(3043, 0.5, 1000, 8000), Lengths(215, 0.3, 80, 400)),
    # Open WebUI cuts documents into 1,000 characters, about 250 tokens; LightRAG sends 10 texts at a time.
    WorkloadKind.EMBEDDINGS: Preset(Lengths(250, 0.2, 100, 400), items=10),
}


class Planned(msgspec.Struct, frozen=True):
    """A request: tokens of its prompt beyond what all share, and of its answer. Of embeddings: those of each text."""

    prompt: int
    answer: int = 0


class Workload(msgspec.Struct, frozen=True):
    """The requests of all trials, in their order; after the last one the first comes again.

    `shared` tokens begin each prompt. `items` texts are in each request for embeddings; 0 = answers are generated.
    `shortened` of the requests are shorter than they should be, to fit the context of a slot.
    """

    kind: WorkloadKind
    requests: tuple[Planned, ...]
    shared: int = 0
    items: int = 0
    shortened: int = 0

    def planned(self, number: int) -> Planned:
        """Return a request by its number from 0 on."""
        return self.requests[number % len(self.requests)]

    @property
    def prompt_mean(self) -> float:
        """The mean tokens of a prompt with what all share; of a request for embeddings those of all its texts."""
        return self.shared + mean(one.prompt for one in self.requests) * max(1, self.items)

    @property
    def answer_mean(self) -> float:
        """The mean tokens of an answer."""
        return mean(one.answer for one in self.requests)


def preset(kind: WorkloadKind) -> Workload:
    """Return the requests of a preset: lengths at equal steps of its distributions, always in the same order.

    Raises KeyError for WorkloadKind.OWN, which is none.
    """
    chosen = PRESETS[kind]
    prompts = [chosen.prompt.at((rank + 0.5) / CYCLE) for rank in _ORDER]
    if chosen.items:
        return Workload(kind, tuple(Planned(prompt) for prompt in prompts), items=chosen.items)
    answers = [chosen.answer.at((rank + 0.5) / CYCLE) for rank in _OTHER_ORDER]
    return Workload(kind, tuple(map(Planned, prompts, answers)), chosen.shared)


def own(finished: Iterable[tuple[int | None, int | None]]) -> Workload:
    """Return requests as long as those of the user: (tokens of the prompt, of the answer) of requests that have ended.

    Long and short ones come in the shares that they have: sorted by their sum, at equal steps. Raises PanelError if
    too few have both counts.
    """
    known = sorted(
        ((prompt, answer) for prompt, answer in finished if prompt and answer),
        key=lambda lengths: (sum(lengths), lengths),
    )
    if len(known) < FEWEST_OWN:
        raise PanelError(notice("workload.too_few", requests=len(known), needed=FEWEST_OWN))
    chosen = (known[(2 * rank + 1) * len(known) // (2 * CYCLE)] for rank in _ORDER)
    return Workload(WorkloadKind.OWN, tuple(Planned(*one) for one in chosen))


def fitted(workload: Workload, context: int) -> Workload:
    """Return the workload with prompts and answers that fit a slot of `context` tokens together.

    Raises PanelError if that is too small for any request.
    """
    room = int(context * ROOM)
    if room < 2 * (_LEAST_PROMPT + _LEAST_ANSWER):
        raise PanelError(notice("workload.small_context", context=context))
    if workload.items:
        requests = tuple(Planned(min(one.prompt, room)) for one in workload.requests)
        return _counted(workload, requests, workload.shared)
    answers = [min(one.answer, int(room * _SHARE_OF_ANSWER)) for one in workload.requests]
    shared = min(workload.shared, int((room - max(answers)) * _SHARE_OF_ANSWER))
    requests = tuple(
        Planned(min(one.prompt, room - shared - answer), answer)
        for one, answer in zip(workload.requests, answers, strict=True)
    )
    return _counted(workload, requests, shared)


def cautions(workload: Workload, context: int) -> tuple[Notice, ...]:
    """Return what is told of a workload that was fitted to a context."""
    if not workload.shortened:
        return ()
    count = len(workload.requests)
    return (notice("workload.shortened", requests=workload.shortened, all=count, context=context),)


def _counted(workload: Workload, requests: tuple[Planned, ...], shared: int) -> Workload:
    cut = shared < workload.shared
    shortened = sum(cut or one != before for one, before in zip(requests, workload.requests, strict=True))
    return msgspec.structs.replace(workload, requests=requests, shared=shared, shortened=shortened)
