"""The context that a request needs, and what a runner with another context would do to it.

Ollama reloads a runner whose `num_ctx` differs from a request's (`server/sched.go needsReload`, v0.32), and cuts a
prompt that is longer than the context without a word (`server/prompt.go chatPrompt`). So a native chat may run with a
longer context than it asks for, never with a shorter one. A request of the OpenAI or Anthropic dialect cannot carry
`num_ctx`: it runs with the instance's own context, or Ollama would reload the runner. For an embedding the context is
part of the meaning, because its input is cut there or refused (`server/routes.go EmbedHandler`): it runs with exactly
the context it asks for, unless its input is so short that none can cut it.
"""

from typing import NamedTuple

from ollama_panel.core.ollama.api import EMBEDDING_ACTIONS, Dialect, classify
from ollama_panel.core.ollama.sizes import power_of_two
from ollama_panel.core.records import Job

STEP = 256
"""Contexts that are asked for are rounded up to a multiple of this many tokens, as llama.cpp pads its caches."""
TOKENS_BESIDE_INPUT = 16
"""An allowance for the tokens that a tokenizer adds to an input (beginning, end, prefix)."""


class ContextNeed(NamedTuple):
    """Tokens of context per slot; None = the instance's own. Not `exact`: at least so many."""

    tokens: int | None = None
    exact: bool = False


ANY = ContextNeed()
"""Any context that is not below the instance's own."""
OWN = ContextNeed(None, exact=True)
"""The instance's own context, because the request cannot carry another one."""


def need_of(job: Job, own: int | None, trained: int | None, expected: int = 0) -> ContextNeed:
    """Return the context that a request needs, `expected` tokens for its prompt and answer if it is a native chat.

    `own` is the shortest own context of the instances meant for it, `trained` the longest that the model was trained
    for, to which Ollama cuts a longer one (`llm/server.go`, "requested context size too large for model").
    """
    route = classify("POST", job.path)
    if route.dialect is not Dialect.NATIVE:
        return OWN
    asked = job.options.num_ctx
    if asked is not None and trained:
        asked = min(asked, trained)
    if route.action in EMBEDDING_ACTIONS:
        return _embedding_need(job, asked, own)
    if expected > (own or 0):
        asked = max(asked or 0, min(expected, trained) if trained else expected)
    if asked is None or asked <= 0:
        return ANY
    rounded = -(-asked // STEP) * STEP
    limits = [one for one in (trained, own) if one is not None and asked <= one]
    return ContextNeed(min((rounded, *limits)))


def _embedding_need(job: Job, asked: int | None, own: int | None) -> ContextNeed:
    # A tokenizer makes at most one token of each byte, and the body is longer than its inputs.
    longest = job.body_bytes + TOKENS_BESIDE_INPUT
    if own is not None and longest <= own and (asked is None or longest <= asked):
        # In powers of two, so that there are few; a number, because its instances' own context may change meanwhile.
        return ContextNeed(min(max(STEP, power_of_two(longest)), own))
    return OWN if asked is None or asked == own else ContextNeed(asked, exact=True)


def serves(need: ContextNeed, context: int | None, own: int | None) -> bool:
    """Return whether a runner serves a request with this need.

    `context` is what the runner was loaded with, None = the instance's own, which is `own` tokens (None = unknown:
    then no other context is known to suffice in its place, nor it in place of another one).
    """
    tokens = own if context is None else context
    if need.tokens is None:
        return context in (None, own) if need.exact else context is None or (own is not None and context >= own)
    if tokens is None:
        return False
    return tokens == need.tokens if need.exact else tokens >= need.tokens
