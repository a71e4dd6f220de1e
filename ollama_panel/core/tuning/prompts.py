"""The requests of a trial, with texts of a wanted number of tokens.

Servers keep what they have read (llama.cpp takes the slot with the longest common beginning), so each request begins
with words of its own: else a trial would measure the cache of the trial before. What the prompts of a workload share
comes before these, as it does in programs that send the same instructions each time.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.tuning.seeded import words
from ollama_panel.core.tuning.workload import Workload

ASK = "\n\nWrite a story of at least 3000 words in which all of the words above occur. Do not stop before its end."
"""Answers must not end before their limit, which no option of Ollama prevents (`api/types.go`, Options, 0.32)."""
_UNIQUE_WORDS = 6


class Calibration(msgspec.Struct, frozen=True):
    """How a model counts: `overhead` tokens of a request without words (template and task), and those for each word."""

    overhead: float = 40.0
    per_word: float = 1.1

    def words(self, tokens: float) -> int:
        """Return how many words a text of so many tokens has."""
        return max(1, round(tokens / self.per_word))


def calibration(few_words: int, few_tokens: int, many_words: int, many_tokens: int) -> Calibration:
    """Return the calibration by two requests of which the tokens were counted (`prompt_eval_count`).

    Counts that make no sense give the usual one: a server may count only what is not in its cache.
    """
    per_word = (many_tokens - few_tokens) / (many_words - few_words)
    if not 0.5 <= per_word <= 12:  # letter by letter at most
        return Calibration()
    return Calibration(max(0.0, few_tokens - few_words * per_word), per_word)


class Writer(msgspec.Struct, frozen=True):
    """Writes the requests of one trial for a server; `unique` is the name of the trial, different for each.

    `options` are those of the model, such as `num_ctx` and `num_batch`; the rest is the same in all trials.
    """

    model: ModelName
    workload: Workload
    unique: str
    calibration: Calibration = Calibration()
    options: Mapping[str, Any] = {}

    @property
    def path(self) -> str:
        """Where its requests are sent."""
        return "/api/embed" if self.workload.items else "/api/chat"

    @property
    def streams(self) -> bool:
        """Whether the answers come in lines."""
        return not self.workload.items

    def body(self, number: int) -> bytes:
        """Return the body of a request by its number from 0 on."""
        workload, planned = self.workload, self.workload.planned(number)
        if workload.items:
            texts = [self._text(planned.prompt, number, item) for item in range(workload.items)]
            return self._encoded({"input": texts}, {})
        overhead, messages = self.calibration.overhead, []
        if workload.shared:
            shared = self.calibration.words(workload.shared - overhead)
            messages.append({"role": "system", "content": words(shared, workload.kind.value, "shared")})
            overhead = 0
        messages.append({"role": "user", "content": self._text(planned.prompt - overhead, number) + ASK})
        options = {"num_predict": planned.answer, "seed": number + 1, "stop": []}
        return self._encoded({"messages": messages, "stream": True}, options)

    def sized(self, number_of_words: int) -> bytes:
        """Return the body of a request with so many words, of which only the prompt is read."""
        text = words(number_of_words, self.unique, "calibration", number_of_words)
        if self.workload.items:
            return self._encoded({"input": [text]}, {})
        messages = [{"role": "user", "content": text + ASK}]
        return self._encoded({"messages": messages, "stream": True}, {"num_predict": 1})

    def _text(self, tokens: float, *names: object) -> str:
        """Return a text: its first words are those of this trial alone, the others are the same in all trials."""
        rest = max(0, self.calibration.words(tokens) - _UNIQUE_WORDS)
        return f"{words(_UNIQUE_WORDS, self.unique, *names)} {words(rest, self.workload.kind.value, *names)}".rstrip()

    def _encoded(self, request: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
        chosen = {**self.options, **options}
        return msgspec.json.encode({"model": self.model, **request, **({"options": chosen} if chosen else {})})
