"""Notices about contexts that are too short, and what can be done about them."""

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName
from ollama_panel.core.notices import Notice, RaiseContext, Value, notice
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
        advice = "advice.trained"
    elif facts and facts.num_ctx:
        advice = "advice.modelfile_limits"
    elif pool is None:
        advice = "advice.raise_of_server"
    elif wanted and RunnerConfig.of(pool).context_length >= wanted:
        advice = "advice.client_asked"
    else:
        advice = "advice.raise_context"
        offer = RaiseContext((pool.name,), wanted) if wanted else None
    told = _told(cuts, notice(advice))
    if cuts.times > 1:
        told = notice("prompt_cut.again", model=cuts.model, cut=told, times=cuts.times)
    return told.offering(offer)


def _told(cuts: CutPrompts, advice: Notice) -> Notice:
    """Return what is known of the last cut."""
    cut = cuts.cut
    values: dict[str, Value] = {"model": cuts.model, "client": _short(cuts.client), "advice": advice}
    if not cut.certain:
        return notice("prompt_cut.messages", **values, tokens=cut.context or 0)
    match cut.prompt_tokens or None, cut.kept or None:
        case None, None:
            return notice("prompt_cut.unknown", **values)
        case None, int(kept):
            return notice("prompt_cut.to", **values, kept=kept)
        case int(tokens), None:
            return notice("prompt_cut.from", **values, tokens=tokens)
        case tokens, kept:
            return notice("prompt_cut.from_to", **values, tokens=tokens or 0, kept=kept or 0)


def of_conflict(conflict: ContextConflict) -> Notice:
    """Return the notice about a model that is reloaded again and again for its clients' contexts."""
    asking = tuple(
        notice("context_conflict.client", client=_short(client), tokens=tokens)
        for client, tokens in conflict.asking[:NAMES_SHOWN]
    )
    silent = tuple(map(_short, conflict.not_asking[:NAMES_SHOWN]))
    values: dict[str, Value] = {
        "model": conflict.model,
        "asking": asking,
        "silent": silent or notice("context_conflict.others"),
    }
    offer = None
    if conflict.modelfile:
        advice = notice("advice.modelfile")
    elif conflict.fits is False:
        advice = notice("advice.does_not_fit", tokens=conflict.wanted)
    else:
        advice = notice("advice.raise_context_to", tokens=conflict.wanted)
        offer = RaiseContext(conflict.pools, conflict.wanted)
    values["advice"] = advice
    if conflict.own:
        return notice("context_conflict.known", **values, own=conflict.own).offering(offer)
    return notice("context_conflict.unknown", **values).offering(offer)


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
