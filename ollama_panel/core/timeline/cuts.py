"""Whose prompt was cut: an instance's log says that one was, the counters of an answer whose it was."""

from collections import OrderedDict
from collections.abc import Collection, Mapping

from ollama_panel.core.context_notices import CutPrompts
from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.ollama.truncation import Conversations, PromptCut, cut_by_counters
from ollama_panel.core.records import Role, Usage
from ollama_panel.core.scheduling.messages import PromptTruncated
from ollama_panel.core.timeline.entry import Entry

MODELS_KEPT = 256
"""How many models' cut prompts are remembered."""

LATE_S = 1.0
"""How long after an answer the log's line about its prompt may come: on a busy machine both are read at once."""


class Cuts:
    """Finds the requests whose prompts were cut among the `open` ones and the last that `ended`, the oldest first.

    `by_model` are the cut prompts of requests that have ended.
    """

    __slots__ = ("_conversations", "_ended", "_open", "by_model")

    def __init__(self, open_: Mapping[RequestId, Entry], ended: Collection[Entry]) -> None:
        self._open = open_
        self._ended = ended
        self._conversations = Conversations()
        self.by_model: OrderedDict[ModelName, CutPrompts] = OrderedDict()

    def logged(self, event: PromptTruncated, now: float) -> None:
        """Record what the log of an instance says about a prompt that it cuts: whose it probably is.

        It says so before the prompt is read, but its line may come later than the answer.
        """
        self._tell(event, now)

    def answered(self, entry: Entry, usage: Usage) -> None:
        """Record whether the prompt of a request that is answered was cut, as far as log and counters tell.

        If the counter is another one than the log's, the line was about a request beside this one.
        """
        told, counted = entry.cut, usage.prompt_tokens
        if counted is None:
            return
        if told is not None and entry.instance is not None and told.kept not in (None, counted):
            event = PromptTruncated(entry.instance, told.prompt_tokens, told.kept)
            if self._tell(event, entry.told, besides=entry):
                entry.tell_cut(None)
        if entry.cut is None and entry.job.role is not Role.EMBEDDING:  # its counter is the sum of all inputs
            job, context = entry.job, entry.context
            cut = cut_by_counters(counted, job.prompt_tokens, context) or self._conversations.left_out(
                job.model, job.turns, counted, job.prompt_tokens, context
            )
            if cut is not None:
                entry.tell_cut(cut)

    def count(self, entry: Entry, *, again: bool = False) -> None:
        """Count the cut of a request that has ended, if there is one; `again`: more of it is known now."""
        if entry.cut is None or entry.finished is None:
            return
        model, at, old = entry.job.model, entry.finished, self.by_model.get(entry.job.model)
        times = (old.times if old else 0) + (not again or old is None)
        at = max(at, old.at) if old else at
        cuts = CutPrompts(model, entry.job.client, entry.instance, entry.cut, times, at)
        keep_latest(self.by_model, model, cuts, MODELS_KEPT)

    def _tell(self, event: PromptTruncated, at: float, besides: Entry | None = None) -> bool:
        """Record a cut with the request that it is about; return whether there is one."""
        entry = self._find_ended(event, at) or self._find_open(event, besides)
        if entry is None:
            return False
        counted = entry.cut is not None
        entry.tell_cut(PromptCut(event.prompt_tokens, event.kept, entry.context), at)
        self.count(entry, again=counted)
        return True

    def _find_ended(self, event: PromptTruncated, at: float) -> Entry | None:
        """Return the first answered request whose counter says that the line is about it."""
        return next((one for one in self._ended if _is_about(event, one, at)), None)

    def _find_open(self, event: PromptTruncated, besides: Entry | None) -> Entry | None:
        """Return the open request at an instance whose estimated length fits best, rather one without an answer."""
        wanted = event.prompt_tokens or 0
        return min(
            (
                one
                for one in self._open.values()
                if one.instance == event.instance and one.cut is None and one is not besides
            ),
            key=lambda one: (one.first_byte is not None, abs(one.job.prompt_tokens - wanted)),
            default=None,
        )


def _is_about(event: PromptTruncated, entry: Entry, at: float) -> bool:
    """Return whether a line of the log that came at `at` is about a request that has ended."""
    counted = entry.prompt_tokens is not None and entry.prompt_tokens == event.kept
    if not counted or entry.instance != event.instance or entry.job.role is Role.EMBEDDING:
        return False
    untold = entry.cut is None or entry.cut.prompt_tokens is None
    return untold and entry.finished is not None and entry.finished >= at - LATE_S
