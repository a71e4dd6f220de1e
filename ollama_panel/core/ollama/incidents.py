"""What the log of one server says is wrong: since when, how often, and until when. Pure.

Facts go in with the time, in seconds of any monotonic clock; incidents come out. Several lines about one matter are one
incident; `core.ollama.incident` says when each is over. What the next start or load may say again stays until that has
had its say, so that nothing comes and goes meanwhile.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.crashes import RunnerEnds
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.environment_devices import CHOOSING
from ollama_panel.core.ollama.evictions import Evictions, most_loaded
from ollama_panel.core.ollama.incident import EXPLAINING, LASTS, OF_LOADS, OF_STARTS, Incident, Kind
from ollama_panel.core.ollama.lost_cards import Cards, missing, of_start
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, RunnerRegistry
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    CacheTypeIgnored,
    ComputeFound,
    Configured,
    ContextClamped,
    Crashed,
    DevicesRestricted,
    Evicting,
    Fact,
    Failure,
    FlashAttentionMissing,
    FlashAttentionNeeded,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    IntegratedDropped,
    Listening,
    MemoryNotRecovered,
    MemoryProjected,
    Offloaded,
    OptionUnknown,
    OutOfMemory,
    PromptTruncated,
    RunnerStarted,
    RunnerStarting,
)

GRACE_S = 5.0
"""For how long a line waits for the load that it belongs to, and a failed load for Ollama's own second try."""

_CRASH_BURST_S = 60.0
"""Lines of one failure of a card: the kernel's reset comes seconds after the fault."""
_OPTIONS_KEPT = 16
_CHOOSING = (*CHOOSING, "OLLAMA_LLM_LIBRARY")
"""Variables that decide which cards a server finds: with others than before, a card that is not found is not lost."""
_OF_SETTINGS = (Kind.PROMPT_CUT, Kind.EVICTION_THRASH)
"""Other settings may have ended these, too; else they come again."""
_CPU = "cpu"


_Key = tuple[Kind, str]


class Incidents:
    """Those of one server. `cards` are the GPUs that an earlier start has found, None = none is known."""

    def __init__(self, cards: Cards | None = None) -> None:
        self.cards = cards
        self._found = list[ComputeFound]()
        self._dropped = set[str]()
        self.on_gpu: bool | None = None
        self.registry = RunnerRegistry()
        self._active: dict[_Key, Incident] = {}
        self._environment: dict[str, str] | None = None
        self._discovered = False
        self._choice: dict[str, str] = {}
        self._said = set[_Key]()
        self._without_card = list[tuple[Kind, Fact]]()
        self._pending = list[tuple[Kind, Fact, float]]()
        self._loading = False
        self._projected: MemoryProjected | None = None
        self._asked_layers: int | None = None
        self._evictions = Evictions()
        self._runner_ends = RunnerEnds()
        self._failed_loads = set[str]()
        self._blobs: dict[ModelName, str] = {}
        self._handlers: Mapping[type[Fact], Callable[[Any, float], None]] = {
            Configured: self._configured,
            Listening: self._listening,
            ComputeFound: self._compute_found,
            BackendDisabled: lambda fact, _: self._without_card.append((Kind.VULKAN_DISABLED, fact)),
            IntegratedDropped: self._integrated_dropped,
            DevicesRestricted: self._devices_restricted,
            RunnerStarting: self._runner_starting,
            RunnerStarted: self._runner_started,
            MemoryProjected: self._memory_projected,
            Offloaded: self._offloaded,
            ContextClamped: lambda fact, now: self._wait(Kind.CONTEXT_REDUCED, fact, now),
            CacheTypeIgnored: lambda fact, now: self._wait(Kind.KV_TYPE_IGNORED, fact, now),
            FlashAttentionMissing: lambda fact, now: self._wait(Kind.FLASH_ATTENTION_OFF, fact, now),
            FlashAttentionNeeded: lambda fact, now: self._of_load(Kind.FLASH_ATTENTION_OFF, fact, now),
            GpuUnsupported: lambda fact, now: self._of_load(Kind.GPU_UNSUPPORTED, fact, now),
            OutOfMemory: self._out_of_memory,
            Evicting: self._evicting,
            MemoryNotRecovered: lambda fact, now: self._again(Kind.VRAM_NOT_RECOVERED, (fact,), now),
            PromptTruncated: lambda fact, now: self._again(Kind.PROMPT_CUT, (fact,), now),
            OptionUnknown: self._option_unknown,
            GpuCrashed: self._gpu_crashed,
            Failure: self._failure,
            Crashed: self._crashed,
            FolderUnusable: lambda fact, now: self._again(Kind.MODELS_FOLDER_UNUSABLE, (fact,), now),
        }

    def heard(self, fact: Fact, now: float) -> None:
        """Take one more fact of the log."""
        before = self.registry
        self.registry = before.after(fact)
        handler = self._handlers.get(type(fact))
        if handler is not None and not (isinstance(fact, Offloaded) and before.last and self.registry is before):
            handler(fact, now)  # a draft model's layers change nothing
            self._drop(self._is_explained)

    def observed(
        self, models: Iterable[LoadedModel], facts: Collection[ModelFacts], wanted: int | None, *, gpu: bool, now: float
    ) -> None:
        """Take what the server says of its loaded models; `wanted` is its parallel, None = unknown.

        `gpu`: this machine has a card, so that a model may be there in part. The log, if it tells, knows better.
        """
        if wanted is not None and wanted <= 1:
            self._drop(lambda one: one.kind is Kind.SLOTS_FORCED)
        models = tuple(models)
        self._blobs = blobs = {one.name: one.blob for one in facts}
        if not self._loading:
            self._evictions.observed(blobs.get(one.name, "") or one.name for one in models)
        for model in models:
            forced = model.parallel == 1 and model.parallel_source is not ParallelSource.UNKNOWN
            self._set(Kind.SLOTS_FORCED, model.name, now, on=forced and wanted is not None and wanted > 1)
            logged = self.registry.runners and blobs.get(model.name, "") in ("", *self.registry.runners)
            spilled = gpu and not logged and 0 < model.size_vram < model.size
            self._set(Kind.LAYERS_SPILLED, model.name, now, on=spilled)

    def unloaded(self, model: ModelName, now: float, *, for_another: bool) -> None:
        """Take that the panel unloads a model, be it because another one needs its memory."""
        self._evictions.unloaded(self._blobs.get(model, "") or model, now, for_another=for_another)
        self._look_for_thrash(now)

    def active(self, now: float) -> tuple[Incident, ...]:
        """Return what is wrong now, in the order in which it began."""
        late = [one for one in self._pending if now - one[2] >= GRACE_S]
        self._pending = [one for one in self._pending if now - one[2] < GRACE_S]
        for kind, fact, at in late:
            self._put(kind, "", (fact,), at)
        for key, one in tuple(self._active.items()):
            if now - one.last >= LASTS.get(one.kind, math.inf):
                del self._active[key]
        self._drop(self._is_explained)
        told = (one for one in self._active.values() if _is_settled(one, now))
        return tuple(sorted(told, key=_began))

    # The server's start

    def _configured(self, fact: Configured, _: float) -> None:
        if self._environment not in (None, fact.environment):
            self._drop(lambda one: one.kind in OF_LOADS or one.kind in _OF_SETTINGS)
            self._evictions.forget()
        self._environment = fact.environment
        self._restart()
        self._choice = {name: value for name in _CHOOSING if (value := fact.environment.get(name))}

    def _listening(self, _fact: Listening, _now: float) -> None:
        self._drop(lambda one: one.kind is Kind.MODELS_FOLDER_UNUSABLE)
        self._restart()

    def _restart(self) -> None:
        """Begin a start, once: its lines about the environment and the socket come before those about the devices."""
        if self._discovered:
            self._discovered = self._loading = False
            self._evictions.restarted()
            self._choice = {}
            self._dropped.clear()
            self._said.clear()
            self._without_card.clear()

    def _compute_found(self, fact: ComputeFound, now: float) -> None:
        on_gpu = fact.library != _CPU
        if self._discovered and self.on_gpu and not on_gpu:
            self._discovered = False  # a CPU is named only without a card: the log has lost the beginning of a start
        if not self._discovered:
            self._discovered, self.on_gpu = True, on_gpu
            self._found.clear()
            self._end_discovery(now)
        if on_gpu:
            self._found.append(fact)
        self._look_for_lost(fact, now)

    def _end_discovery(self, now: float) -> None:
        """Take what was said before the devices: what would find a card matters only without one."""
        for kind, told in () if self.on_gpu else self._without_card:
            self._put(kind, "", (told,), now)
            self._said.add((kind, ""))
        self._without_card.clear()
        self._drop(lambda one: one.kind in OF_STARTS and (one.kind, "") not in self._said)

    def _look_for_lost(self, fact: ComputeFound, now: float) -> None:
        """Compare the cards of this start, so far, with those of an earlier one."""
        key, choice = (Kind.GPU_LOST, ""), tuple(sorted(self._choice.items()))
        lost = [one for one in missing(self.cards, self._found, choice) if one.name not in self._dropped]
        if not lost:
            self._active.pop(key, None)
            self.cards = of_start(self._found, choice) if self._found else self.cards
            return
        facts = (*(ComputeFound(one.library, one.name, None, None, one.address) for one in lost), fact)
        known = self._active.get(key)
        if known is None or known.facts[:-1] != facts[:-1]:
            self._active[key] = Incident(key[0], known.since if known else now, now, (), facts)

    def _integrated_dropped(self, fact: IntegratedDropped, _: float) -> None:
        self._without_card.append((Kind.INTEGRATED_GPU_DROPPED, fact))
        self._dropped.add(fact.name)  # newer versions of Ollama do that; it is not lost

    def _devices_restricted(self, fact: DevicesRestricted, now: float) -> None:
        key = (Kind.VISIBLE_DEVICES_SET, "")
        known = self._active.get(key)
        before = known.facts if known is not None and key in self._said else ()
        same = {one.variable: one for one in (*before, fact) if isinstance(one, DevicesRestricted)}
        self._choice[fact.variable] = fact.value
        self._said.add(key)
        self._put(*key, tuple(same.values()), now)

    # Loads

    def _runner_starting(self, fact: RunnerStarting, now: float) -> None:
        self._loading, self._projected = True, None
        # earlier runners always get a number, that of Ollama's estimate
        self._asked_layers = fact.gpu_layers if fact.engine is Engine.LLAMA_SERVER else None
        self._said -= {key for key in self._said if key[0] in OF_LOADS}
        self._assign_pending(fact.model, now)

    def _assign_pending(self, model: str, now: float) -> None:
        """Take what was said before a load as said of its model."""
        pending, self._pending = self._pending, []
        for kind, told, _ in pending:
            self._put(kind, model, (told,), now)
            self._said.add((kind, model))

    def _runner_started(self, _fact: RunnerStarted, now: float) -> None:
        model, self._loading = self.registry.last, False
        over = {(kind, name) for kind in OF_LOADS for name in (model, "")}
        over |= {key for key in self._active if key[0] is Kind.GPU_UNSUPPORTED}
        over -= {key for key in self._said if key[0] is not Kind.OUT_OF_MEMORY}
        if model in self._failed_loads:
            over.add((Kind.RUNNER_CRASHED, model))
            self._failed_loads.discard(model)
        for key in over:
            self._active.pop(key, None)
        self._evictions.loaded(model, now, most_loaded(self._environment or {}, len(self._found)))
        self._look_for_thrash(now)

    def _memory_projected(self, fact: MemoryProjected, _: float) -> None:
        self._projected = fact

    def _offloaded(self, fact: Offloaded, now: float) -> None:
        key = (Kind.LAYERS_SPILLED, self.registry.last)
        asked = fact.total if self._asked_layers is None else min(self._asked_layers, fact.total)
        if fact.layers < asked and self.on_gpu is not False:
            facts = (fact,) if self._projected is None else (fact, self._projected)
            self._put(*key, facts, now)
            self._said.add(key)
        else:
            self._said.discard(key)  # it is over when the load is, whose first lines may be of a trial
            if not self._loading:
                self._active.pop(key, None)

    def _wait(self, kind: Kind, fact: Fact, now: float) -> None:
        """Keep what is said before the load that it belongs to."""
        self._pending.append((kind, fact, now))

    def _of_load(self, kind: Kind, fact: Fact, now: float) -> None:
        self._put(kind, self.registry.last, (fact,), now)
        self._said.add((kind, self.registry.last))

    def _out_of_memory(self, fact: OutOfMemory, now: float) -> None:
        """Put together what the lines of one failure say: the first that names a buffer, and the first purpose."""
        told, key = fact, (Kind.OUT_OF_MEMORY, fact.model or self.registry.last)
        if fact.model and not self._loading:
            self._assign_pending(fact.model, now)  # the load has failed before its runner was started
        nameless = self._active.pop((key[0], ""), None) if fact.model else None
        if nameless is not None and key not in self._active:  # raw lines before it, of a load whose start is not known
            self._active[key] = msgspec.structs.replace(nameless, models=(fact.model,))
        known = self._active.get(key)
        same = known is not None and (key in self._said if self._loading else now - known.last < GRACE_S)
        if known is not None and same and isinstance(before := known.facts[0], OutOfMemory):
            where = {} if before.device else {"device": fact.device, "size": fact.size}
            fact = msgspec.structs.replace(before, **where, purpose=before.purpose or fact.purpose)
            self._active[key] = msgspec.structs.replace(known, facts=(fact,), last=now)
        else:
            self._said.discard(key)
            self._put(*key, (fact,), now)
        self._said.add(key)
        if told.model:
            self._loading = False  # this is the server's last word about it
        if told.given is not None:
            self._wait(Kind.CONTEXT_REDUCED, told, now)

    # What happens at any time

    def _evicting(self, _fact: Evicting, now: float) -> None:
        self._evictions.said(now)
        self._look_for_thrash(now)

    def _look_for_thrash(self, now: float) -> None:
        key = (Kind.EVICTION_THRASH, "")
        found = self._evictions.incident(self._active.get(key), now)
        if found is not None:
            self._active[key] = found

    def _option_unknown(self, fact: OptionUnknown, now: float) -> None:
        known = self._active.get((Kind.OPTION_UNKNOWN, ""))
        before = known.facts if known is not None else ()
        facts = before if fact in before or len(before) >= _OPTIONS_KEPT else (*before, fact)
        self._again(Kind.OPTION_UNKNOWN, facts, now)

    def _gpu_crashed(self, fact: GpuCrashed, now: float) -> None:
        key = (Kind.GPU_CRASHED, "")
        known = self._active.get(key)
        before = known.facts[0] if known is not None and now - known.last < _CRASH_BURST_S else None
        if known is None or not isinstance(before, GpuCrashed):
            self._put(*key, (fact,), now)
            return
        fact = GpuCrashed(before.message, before.vendor or fact.vendor, before.reset or fact.reset)
        self._active[key] = msgspec.structs.replace(known, facts=(fact,), last=now)

    def _failure(self, fact: Failure, now: float) -> None:
        """Take an error that may be the end of a runner; all lines of one end are one incident."""
        crash, key = self._runner_ends.heard(fact, now), (Kind.RUNNER_CRASHED, self.registry.last)
        if crash is None:
            return
        known = self._active.get(key)
        if known is not None and now - known.last < GRACE_S:
            self._active[key] = msgspec.structs.replace(known, facts=(crash,), last=now)
            return
        self._put(*key, (crash,), now)
        if self._loading:
            self._failed_loads.add(key[1])
            self._loading = False

    def _crashed(self, fact: Crashed, now: float) -> None:
        """Take the end of the server, with which its runners end."""
        self._drop(lambda one: one.kind is Kind.RUNNER_CRASHED and now - one.last < GRACE_S)
        key = (Kind.CRASHED, "")
        self._put(*key, (fact,), now)
        models = (self.registry.last,) if self.registry.last else ()
        self._active[key] = msgspec.structs.replace(self._active[key], models=models)

    def _is_explained(self, incident: Incident) -> bool:
        """Return whether another incident says why a runner has ended; lines of an unknown load may be of any model."""
        others = (one for one in self._active.values() if one.kind in EXPLAINING)
        return incident.kind is Kind.RUNNER_CRASHED and any(
            abs(one.last - incident.last) < GRACE_S
            for one in others
            if not one.models or not incident.models or one.models == incident.models
        )

    def _again(self, kind: Kind, facts: tuple[Fact, ...], now: float) -> None:
        self._put(kind, "", facts, now)

    # The active ones

    def _put(self, kind: Kind, model: str, facts: tuple[Fact, ...], now: float) -> None:
        """Add an incident, or what was said of it once more; the lines of one load, or start, count once."""
        known = self._active.get((kind, model))
        since, times = (known.since, known.times + ((kind, model) not in self._said)) if known else (now, 1)
        self._active[kind, model] = Incident(kind, since, now, (model,) if model else (), facts, times)

    def _set(self, kind: Kind, model: str, now: float, *, on: bool) -> None:
        """Add an incident that is seen, not said, or end it."""
        if not on:
            self._active.pop((kind, model), None)
        elif (kind, model) not in self._active:
            self._put(kind, model, (), now)

    def _drop(self, over: Callable[[Incident], bool]) -> None:
        self._active = {key: one for key, one in self._active.items() if not over(one)}


def _is_settled(incident: Incident, now: float) -> bool:
    """Return whether Ollama has had the time to try again by itself, if it does, or to name its other cards."""
    last = incident.facts[-1] if incident.facts else None
    names_more = isinstance(last, ComputeFound) and last.library != _CPU
    waits = incident.kind in (Kind.OUT_OF_MEMORY, Kind.RUNNER_CRASHED) or names_more
    return not waits or now - incident.last >= GRACE_S


def _began(incident: Incident) -> float:
    return incident.since
