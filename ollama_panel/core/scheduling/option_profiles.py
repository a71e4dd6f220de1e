"""One set of load options per model, so that no mix of clients makes Ollama reload it again and again.

Ollama reloads a model if any of these options differs from those it was loaded with (`server/sched.go needsReload`,
v0.33), and many clients send a `num_ctx` of their own with every message. So a request's options are replaced by the
model's profile; a request that needs a longer context than the profile has raises it once, in powers of two, for all.
"""

from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Job, LoadOptions, Offender

NO_OPTIONS = LoadOptions()
OPTIONLESS_KEPT_US = 600_000_000
"""For this time after a request that cannot carry options (OpenAI dialect) no context is raised: it would alternate."""
UNKNOWN_CONTEXT = 65_536
"""The longest context that a request can ask for while neither the memory nor the trained context is known."""
OFFENDERS_KEPT = 256


@dataclass(slots=True)
class OptionProfiles:
    """`raised` are contexts above the server's own; `optionless`: the last request that cannot carry options."""

    num_batch: int | None = None
    raised: dict[ModelName, int] = field(default_factory=dict)
    optionless: dict[ModelName, int] = field(default_factory=dict)
    offenders: dict[tuple[ClientId, ModelName], Offender] = field(default_factory=dict)

    def note(self, job: Job, facts: ModelFacts | None, served: int | None, now: int, fits: int | None = None) -> None:
        """Record the options of a request.

        `served` is the default context of its instances, `fits` is the longest that the memory allows.
        """
        if not job.path.startswith("/api/"):
            self.optionless[job.model] = now
            self.raised.pop(job.model, None)
        if job.options == NO_OPTIONS:
            return
        if self._differs(job, facts, served):
            self._note_offender(job)
        if now - self.optionless.get(job.model, -OPTIONLESS_KEPT_US) >= OPTIONLESS_KEPT_US:
            self._raise(job, facts, served, fits)

    def _differs(self, job: Job, facts: ModelFacts | None, served: int | None) -> bool:
        usual = self._context(job.model, facts, served)
        asked = job.options
        return asked.num_ctx not in (None, usual) or msgspec.structs.replace(asked, num_ctx=None) != NO_OPTIONS

    def _context(self, model: ModelName, facts: ModelFacts | None, served: int | None) -> int | None:
        own = facts.num_ctx if facts and facts.num_ctx else served
        return self.raised.get(model, own)

    def _note_offender(self, job: Job) -> None:
        key = job.client, job.model
        old = self.offenders.pop(key, None)
        self.offenders[key] = Offender(job.client, job.model, job.options, old.times + 1 if old else 1)
        if len(self.offenders) > OFFENDERS_KEPT:
            del self.offenders[next(iter(self.offenders))]

    def _raise(self, job: Job, facts: ModelFacts | None, served: int | None, fits: int | None) -> None:
        asked = job.options.num_ctx
        if facts and facts.context_trained and self.raised.get(job.model, 0) > facts.context_trained:
            self.raised[job.model] = facts.context_trained
        usual = self._context(job.model, facts, served)
        if not asked or (usual is not None and asked <= usual):
            return
        context = min(1 << (asked - 1).bit_length(), _limit(facts, fits))
        if usual is None or context > usual:
            self.raised[job.model] = context

    def profile(self, model: ModelName) -> LoadOptions:
        """Return the options with which every request for a model is sent."""
        return LoadOptions(num_ctx=self.raised.get(model), num_batch=self.num_batch)

    def replacement(self, job: Job) -> LoadOptions | None:
        """Return the options that replace a request's own, or None if those may stay."""
        profile = self.profile(job.model)
        return None if profile == job.options else profile


def _limit(facts: ModelFacts | None, fits: int | None) -> int:
    """Return the longest context to which one client may raise the profile of all."""
    room = None if fits is None else 1 << max(0, fits.bit_length() - 1)
    trained = facts.context_trained if facts else None
    known = [limit for limit in (room, trained) if limit]
    return min(known, default=UNKNOWN_CONTEXT)
