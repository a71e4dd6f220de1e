"""The load options with which requests are sent, so that no mix of clients makes Ollama reload a model for nothing.

Ollama reloads a model if any of these options differs from those it was loaded with (`server/sched.go needsReload`,
v0.32), and many clients send a `num_ctx` of their own with every message. So a request gets the options of the runner
that it is sent to; `scheduling.context` says which runners will do for it. A context that is raised is raised in powers
of two, for all that asked within ten minutes.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.ollama.sizes import power_of_two
from ollama_panel.core.records import Job, LoadOptions, Offender
from ollama_panel.core.scheduling.context import OWN, ContextNeed

NO_OPTIONS = LoadOptions()
KEPT_US = 600_000_000
"""For this time after its last request a client's context, or that it cannot ask for one, counts."""
OFFENDERS_KEPT = 256
CLIENTS_KEPT = 64


@dataclass(slots=True)
class OptionProfiles:
    """`asked` are the contexts that clients asked for and when, `optionless` the clients that cannot ask for one."""

    asked: dict[ModelName, OrderedDict[ClientId, tuple[int, int]]] = field(default_factory=dict)
    optionless: dict[ModelName, OrderedDict[ClientId, int]] = field(default_factory=dict)
    offenders: OrderedDict[tuple[ClientId, ModelName], Offender] = field(default_factory=OrderedDict)

    def note(self, job: Job, need: ContextNeed, own: int | None, now: int) -> None:
        """Record the options of a request, which needs the context `need`; `own` is that of its instances."""
        if need is OWN and not job.path.startswith("/api/"):
            keep_latest(self.optionless.setdefault(job.model, OrderedDict()), job.client, now, CLIENTS_KEPT)
        elif need.tokens is not None and not need.exact and (own is None or need.tokens > own):
            keep_latest(self.asked.setdefault(job.model, OrderedDict()), job.client, (need.tokens, now), CLIENTS_KEPT)
        if job.options.num_ctx not in (None, own) or msgspec.structs.replace(job.options, num_ctx=None) != NO_OPTIONS:
            self._note_offender(job)

    def _note_offender(self, job: Job) -> None:
        key = job.client, job.model
        old = self.offenders.get(key)
        offender = Offender(job.client, job.model, job.options, old.times + 1 if old else 1)
        keep_latest(self.offenders, key, offender, OFFENDERS_KEPT)

    def forget(self, model: ModelName) -> None:
        """Forget who asked for which contexts of a model."""
        self.asked.pop(model, None)
        self.optionless.pop(model, None)

    def asking(self, model: ModelName, now: int) -> dict[ClientId, int]:
        """Return the contexts that clients asked for lately."""
        asked = self.asked.get(model, OrderedDict())
        return {client: tokens for client, (tokens, at) in asked.items() if now - at < KEPT_US}

    def not_asking(self, model: ModelName, now: int) -> tuple[ClientId, ...]:
        """Return the clients that used a model lately and cannot ask for a context."""
        return tuple(client for client, at in self.optionless.get(model, {}).items() if now - at < KEPT_US)

    def context(
        self, model: ModelName, need: ContextNeed, own: int | None, trained: int | None, room: int | None, now: int
    ) -> int | None:
        """Return the context with which to load a model for a request, None = the instance's `own`.

        `trained` and `room` (what fits into memory) limit what is raised beyond the need; None = unknown.
        """
        if need.exact:
            return None if need.tokens == own else need.tokens
        if need.tokens is None and (own is None or self.not_asking(model, now)):
            return None
        least = need.tokens or own or 0
        most = max(self.asking(model, now).values(), default=0)
        for tokens in (power_of_two(most), most, power_of_two(least)):
            context = min(tokens, trained) if trained else tokens
            if context >= least and (room is None or context <= room):
                return above(context, own)
        return above(least, own)

    def replacement(self, job: Job, context: int | None, num_batch: int | None = None) -> LoadOptions | None:
        """Return the options that replace a request's own at a runner with these, None if those may stay."""
        options = LoadOptions(num_ctx=context, num_batch=num_batch)
        return None if options == job.options else options


def above(context: int, own: int | None) -> int | None:
    """Return a context if it is longer than the instance's `own`, else None, which stands for that."""
    return context if context and (own is None or context > own) else None
