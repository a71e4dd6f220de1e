"""How long the runners of each pool stay in memory: pinned models for ever, others as `pools.*.keep_alive` says.

Native requests carry it. The OpenAI and Anthropic dialects cannot, and then a runner keeps what it was told last
(Ollama `server/sched.go` useLoadedRunner, v0.32), at first what the environment of its server says. So it is told by an
empty request: once after a load by such a request, and again after a change of the settings.
"""

from math import ceil

from ollama_panel.core.ollama.durations import LONGEST_S, parse_setting
from ollama_panel.core.ollama.models import is_embedding
from ollama_panel.core.records import Job, LoadOptions
from ollama_panel.core.scheduling.batch_sizes import batch_of
from ollama_panel.core.scheduling.instances import Copy, Instance
from ollama_panel.core.scheduling.messages import Keep
from ollama_panel.core.scheduling.model_state import WARM
from ollama_panel.core.scheduling.state import State

FOR_EVER = "-1s"
AS_ASKED = ""
"""In `Copy.kept`: a client has said how long."""


def in_words(seconds: float) -> str:
    """Return a duration as the `keep_alive` of a request; negative = for ever."""
    if seconds < 0:
        return FOR_EVER
    return f"{ceil(seconds * 1000)}ms" if seconds < 1 else f"{min(ceil(seconds), int(LONGEST_S))}s"


def of_setting(text: str) -> str:
    """Return the words of a request for those of the setting, "" for what is not set or none of Ollama's."""
    seconds = parse_setting(text)
    return "" if seconds is None else in_words(seconds)


def wanted_keep_alive(copy: Copy) -> str | None:
    """Return how long the pool of a copy keeps it, whatever clients ask for; None = as they ask."""
    return FOR_EVER if copy.pinned else copy.instance.facts.keep_alive or None


def default_keep_alive(copy: Copy) -> str | None:
    """Return what a request that asks for nothing must say, None if its server takes that for granted."""
    facts = copy.instance.facts
    if facts.started_keep_alive_s in (None, facts.keep_alive_s):
        return None
    return in_words(facts.keep_alive_s)


def runner_options(state: State, copy: Copy, now: int) -> LoadOptions:
    """Return the options of the runner of a copy: with others Ollama would load it anew (`sched.go` needsReload)."""
    if not state.policy.option_profiles:
        return LoadOptions()
    facts = state.fleet.catalog.get(copy.model)
    embedding = facts is not None and is_embedding(facts)
    return LoadOptions(num_ctx=copy.context, num_batch=batch_of(state, copy, now, embedding=embedding))


class Keeping:
    """Tells runners how long to stay."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state = state

    def replacement(self, job: Job, copy: Copy, wish: str | None) -> str | None:
        """Return the `keep_alive` that a request to a copy gets; `wish` is that of all clients, None = its own stays.

        A dialect that cannot carry one leaves the runner as it was.
        """
        value = wanted_keep_alive(copy) or wish
        if value is None and job.keep_alive_s is None:
            value = default_keep_alive(copy)
        if job.path.startswith("/api/"):
            copy.kept = value or AS_ASKED
        return value

    def loaded(self, now: int) -> None:
        """Tell the runners that were loaded in this step, unless their requests have told them."""
        copies, self.state.fleet.loaded = self.state.fleet.loaded, []
        for copy in copies:
            self._tell(copy, wanted_keep_alive(copy) or (default_keep_alive(copy) if copy.kept is None else None), now)

    def changed(self, instance: Instance, now: int) -> None:
        """Tell the runners of an instance after a change of its pool."""
        for copy in instance.copies.values():
            told = copy.kept not in (None, AS_ASKED)
            wanted = wanted_keep_alive(copy)
            self._tell(copy, wanted or (in_words(copy.instance.facts.keep_alive_s) if told else None), now)

    def _tell(self, copy: Copy, keep_alive: str | None, now: int) -> None:
        if keep_alive is None or copy.kept == keep_alive or copy.state is not WARM or not copy.takes_work:
            return
        if not copy.instance.facts.managed or (keep_alive == "0ms" and not copy.running):
            return  # nobody's server is told; an empty request with 0 is the command to unload
        copy.kept = keep_alive
        options = runner_options(self.state, copy, now)
        self.state.actions.append(Keep(copy.instance.id, copy.model, keep_alive, options))
