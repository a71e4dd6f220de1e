"""Whether Ollama has cut a prompt: it does so without telling the client.

Up to 0.30.10 a prompt that is longer than the context is cut to exactly the context (`runner/llamarunner/runner.go`
and `runner/ollamarunner/runner.go`, v0.24), from 0.30.11 on to about half of it, which leaves room for the answer
(`llm/llama_server.go contextShiftPromptLimit`, v0.32). Both log it; the counters of the answer show it, too.
"""

import msgspec

_KEEP = (4, 5)  # num_keep's default, and with a beginning-of-text token


class PromptCut(msgspec.Struct, frozen=True):
    """A cut prompt. `prompt_tokens` is what it had, `kept` what was read of it, `context` the limit of the instance.

    None = unknown.
    """

    prompt_tokens: int | None = None
    kept: int | None = None
    context: int | None = None


def cut_by_counters(prompt_tokens: int | None, estimate: int, context: int | None) -> PromptCut | None:
    """Return that a prompt was cut, as far as the counter of an answer proves it, else None.

    `estimate` are the tokens of the request's body as estimated, `context` the tokens per slot. A count of exactly the
    context is proof. Half of it can be chance, so it must be far less than the body has, too.
    """
    if context is None or prompt_tokens is None:
        return None
    halves = {context - (context - keep) // 2 for keep in _KEEP}
    if prompt_tokens >= context or (prompt_tokens in halves and estimate > context):
        return PromptCut(None, prompt_tokens, context)
    return None
