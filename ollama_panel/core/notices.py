"""Notices: what users should know about their requests, in a sentence, and what they can do about it."""

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName
from ollama_panel.core.ollama.memory import RunnerConfig
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import power_of_two
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import ContextConflict
from ollama_panel.core.settings.tree import PoolSettings, Settings

CUTS_SHOWN_S = 3600.0
"""A notice about a cut prompt goes this long after the last one."""
NAMES_SHOWN = 3
NAME_LENGTH = 40
"""How much of a client's name a sentence has: clients choose their names, and a long one would hide the advice."""


class RaiseContext(msgspec.Struct, frozen=True):
    """What a notice offers: set the `context_length` of these pools to `tokens`."""

    pools: tuple[PoolName, ...]
    tokens: int


class Notice(msgspec.Struct, frozen=True):
    """One notice. `code` says of what kind it is, `offer` what can be done at once, None = nothing."""

    code: str
    model: ModelName
    message: str
    offer: RaiseContext | None = None


class CutPrompts(msgspec.Struct, frozen=True):
    """The prompts for a model that were cut: how many, and the last one. `at` is in seconds of the engine's clock."""

    model: ModelName
    client: ClientId
    instance: InstanceId | None
    cut: PromptCut
    times: int
    at: float


def of_cut(cuts: CutPrompts, pool: PoolSettings | None, facts: ModelFacts | None) -> Notice:
    """Return the notice about prompts that lost their beginning.

    `pool` is the managed pool of the instance, None = it is not managed. `facts` are those of the model, if known.
    """
    cut, wanted = cuts.cut, 0
    if cut.prompt_tokens:
        wanted = power_of_two(cut.prompt_tokens + 1)
    elif not cut.certain and cut.context:
        wanted = power_of_two(cut.context + 1)
    trained = facts.context_trained if facts else None
    wanted = min(wanted, trained) if trained else wanted
    offer = None
    if trained and cut.context and cut.context >= trained:
        advice = "The model was trained for no more."
    elif facts and facts.num_ctx:
        advice = "The model's own num_ctx limits it: set a longer one there."
    elif pool is None:
        advice = "Raise OLLAMA_CONTEXT_LENGTH of that server."
    elif wanted and RunnerConfig.of(pool).context_length >= wanted:
        advice = "Its pool has more: the client asked for less itself."
    else:
        advice = "Raise the context of its pool."
        offer = RaiseContext((pool.name,), wanted) if wanted else None
    return Notice("prompt_cut", cuts.model, f"{cuts.model}: {_what(cuts)}. {advice}", offer)


def _what(cuts: CutPrompts) -> str:
    cut = cuts.cut
    times = f" (and {cuts.times - 1:,} before)" if cuts.times > 1 else ""
    if not cut.certain:
        messages = f"earlier messages of {_short(cuts.client)}, too long for {cut.context:,} tokens"
        return f"Ollama has probably left out {messages}{times}"
    long = f"a prompt of {cut.prompt_tokens:,} tokens" if cut.prompt_tokens else "a prompt"
    kept = f"cut to {cut.kept:,}" if cut.kept else "cut"
    return f"{long} of {_short(cuts.client)} was {kept}{times}"


def of_conflict(conflict: ContextConflict) -> Notice:
    """Return the notice about a model that is reloaded again and again for its clients' contexts."""
    asking = ", ".join(f"{_short(client)} ({tokens:,})" for client, tokens in conflict.asking[:NAMES_SHOWN])
    silent = ", ".join(map(_short, conflict.not_asking[:NAMES_SHOWN]))
    own = f"{conflict.own:,}" if conflict.own else "the default"
    found = (
        f"{conflict.model} is reloaded again and again: {asking} need a longer context than {own} tokens, "
        f"and {silent or 'other clients'} cannot ask for one."
    )
    offer = None
    if conflict.modelfile:
        advice = "Set a longer num_ctx in the model's own file."
    elif conflict.fits is False:
        advice = f"{conflict.wanted:,} tokens do not fit into memory: lower the parallel requests, or ask for less."
    else:
        advice = f"Raise the context of its pool to {conflict.wanted:,} tokens, and one load serves all."
        offer = RaiseContext(conflict.pools, conflict.wanted)
    return Notice("context_conflict", conflict.model, f"{found} {advice}", offer)


def raised(settings: Settings, offer: RaiseContext) -> Settings:
    """Return the settings after an offer was accepted; a pool that has a longer context keeps it.

    A variable of the pool's own environment would win over the setting, so it goes.
    """
    pools = (_raised(pool, offer.tokens) if pool.name in offer.pools else pool for pool in settings.pools)
    return msgspec.structs.replace(settings, pools=tuple(pools))


def _raised(pool: PoolSettings, tokens: int) -> PoolSettings:
    environment = {name: value for name, value in pool.environment.items() if name != "OLLAMA_CONTEXT_LENGTH"}
    longest = max(RunnerConfig.of(pool).context_length, tokens)
    return msgspec.structs.replace(pool, context_length=longest, environment=environment)


def _short(client: ClientId) -> str:
    return client if len(client) <= NAME_LENGTH else f"{client[: NAME_LENGTH - 1]}…"
