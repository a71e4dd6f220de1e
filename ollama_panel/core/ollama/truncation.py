"""Whether Ollama has cut a prompt: it does so without telling the client.

Up to 0.30.10 a prompt that is longer than the context is cut to exactly the context (`runner/llamarunner/runner.go`
and `runner/ollamarunner/runner.go`, v0.24), from 0.30.11 on to about half of it, which leaves room for the answer
(`llm/llama_server.go contextShiftPromptLimit`, v0.32). Both log it; the counters of the answer show it, too.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.latest import keep_latest

GROWTH_MARGIN = 2
"""What was added to a conversation has at least half as many and hardly twice as many tokens as estimated."""
LONGEST_STEP = 8
"""More than so many contexts at once is no text but a picture, whose bytes say nothing."""
CONVERSATIONS_KEPT = 4096

_KEEP = (4, 5)  # num_keep's default, and with a beginning-of-text token


class PromptCut(msgspec.Struct, frozen=True):
    """A cut prompt. `prompt_tokens` is what it had, `kept` what was read of it, `context` the limit of the instance.

    None = unknown. Not `certain`: whole messages of a conversation were probably left out.
    """

    prompt_tokens: int | None = None
    kept: int | None = None
    context: int | None = None
    certain: bool = True


def cut_by_counters(prompt_tokens: int | None, estimate: int, context: int | None) -> PromptCut | None:
    """Return that a prompt was cut, as far as the counter of an answer proves it, else None.

    `estimate` are the tokens of the request's body as estimated, `context` the tokens per slot. A count of exactly the
    context is proof. Half of it can be chance, so it must be far less than the body has, too.
    """
    if context is None or prompt_tokens is None:
        return None
    if prompt_tokens >= context or (
        estimate > context and prompt_tokens in {context - (context - keep) // 2 for keep in _KEEP}
    ):
        return PromptCut(None, prompt_tokens, context)
    return None


class Conversations:
    """Finds requests from which Ollama has probably left out earlier messages, because the context does not hold them.

    Ollama drops whole messages of a chat before it counts tokens, and logs that only with OLLAMA_DEBUG
    (`server/prompt.go chatPrompt`, v0.32). A request that continues a conversation has a longer prompt than the one
    before; if it has hardly grown, or even fallen, near the limit of the context, something is missing. That is no
    proof: templates leave out earlier reasoning.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[ModelName, int], tuple[int, int]] = OrderedDict()

    def left_out(
        self, model: ModelName, turns: Sequence[int], tokens: int, estimate: int, context: int | None
    ) -> PromptCut | None:
        """Record a request that was read whole or in part; return the cut if messages are probably missing.

        `turns` are the hashes of `Job.turns`, `tokens` is what was read of the prompt, `estimate` its length as
        estimated.
        """
        before, estimate_before = self._before(model, turns)
        grown = max(0, estimate - estimate_before) if before else 0
        full = context is not None and context <= before + grown * GROWTH_MARGIN <= LONGEST_STEP * context
        missing = full and tokens < before + grown // GROWTH_MARGIN
        if turns:
            length = (before, estimate_before) if missing else (tokens, estimate)
            keep_latest(self._known, (model, turns[-1]), length, CONVERSATIONS_KEPT)
        return PromptCut(None, tokens, context, certain=False) if missing else None

    def _before(self, model: ModelName, turns: Sequence[int]) -> tuple[int, int]:
        for turn in reversed(turns[:-1]):
            if (model, turn) in self._known:
                return self._known[model, turn]
        return 0, 0
