"""Which alerts the lines of a log become, by the rules of the product; used by `check`."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.incidents import Incidents
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    CacheTypeIgnored,
    ContextClamped,
    Crashed,
    Fact,
    FlashAttentionMissing,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    IntegratedDropped,
    MemoryNotRecovered,
    MemoryProjected,
    Offloaded,
    OutOfMemory,
    PromptTruncated,
)
from ollama_panel.core.ollama.sizes import MIB

Alerts = dict[str, dict[str, Any]]
"""Values by the alert's code."""

_TIME = re.compile(r"\btime=(\S+)")
_WHAT = {"cache": "kv cache"}
_LATER_S = 60.0


def alerts(lines: Sequence[str]) -> Alerts:
    """Return the alerts a minute after the last line; a line without a time comes with the one before, or the next."""
    times = [_TIME.search(line) for line in lines]
    known = [datetime.fromisoformat(found[1]).timestamp() for found in times if found]
    incidents, now = Incidents(), known[0] if known else 0.0
    for line, found in zip(lines, times, strict=True):
        now = datetime.fromisoformat(found[1]).timestamp() if found else now
        fact = parse(line)
        if fact is not None:
            incidents.heard(fact, now)
    return {one.kind.value.replace("_", "-"): _values(one) for one in incidents.active(now + _LATER_S)}


def differs(found: dict[str, Any], right: dict[str, Any]) -> bool:
    """Return whether values are wrong; minutes, which are between the first eviction and the last, by half a one."""
    minutes = found.get("minutes", 0), right.get("minutes", found.get("minutes", 0))
    rest = [{key: value for key, value in one.items() if key != "minutes"} for one in (found, right)]
    return any(one != other for one, other in pairwise(rest)) or abs(minutes[0] - minutes[1]) > 0.5


def _values(incident: Incident) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for fact in incident.facts:
        of_fact = _OF_FACTS.get(type(fact))
        if of_fact is not None:
            values |= of_fact(fact)
    match incident.kind:
        case Kind.CONTEXT_REDUCED if values.get("tried"):
            values = values["tried"]
        case Kind.OUT_OF_MEMORY:
            del values["tried"]
        case Kind.GPU_LOST:
            values = {"before": incident.facts[0].name, "now": incident.facts[-1].library}
        case Kind.VRAM_NOT_RECOVERED:
            values["times"] = incident.times
        case Kind.OPTION_UNKNOWN:
            values = {"options": [fact.option for fact in incident.facts]}
        case Kind.VISIBLE_DEVICES_SET:
            values = {"variables": {fact.variable: fact.value for fact in incident.facts}}
        case Kind.EVICTION_THRASH:
            minutes = round((incident.last - incident.since) / 60, 1)
            values = {"evictions": incident.times, "loads": incident.loads, "minutes": minutes}
    return values


def _of_memory(fact: OutOfMemory) -> dict[str, Any]:
    where = {"where": fact.device, "bytes": fact.size} if fact.device else {}
    what = {"what": _WHAT.get(fact.purpose, fact.purpose.value)} if fact.purpose else {}
    return where | what | {"tried": {"asked": fact.asked, "given": fact.given} if fact.given else None}


_OF_FACTS: dict[type[Fact], Callable[[Any], dict[str, Any]]] = {
    PromptTruncated: lambda fact: {
        "limit": fact.limit,
        "prompt": fact.prompt_tokens,
        "lost": fact.prompt_tokens - fact.kept,
    },
    Offloaded: lambda fact: {"on_gpu": fact.layers, "layers": fact.total},
    MemoryProjected: lambda fact: {"needed_mib": fact.needed // MIB, "free_mib": fact.free // MIB},
    ContextClamped: lambda fact: {"asked": fact.asked, "given": fact.trained},
    CacheTypeIgnored: lambda fact: {"asked": fact.asked},
    FlashAttentionMissing: lambda fact: {"asked": fact.asked},
    MemoryNotRecovered: lambda fact: {"seconds": round(fact.seconds, 1)},
    BackendDisabled: lambda fact: {"variable": fact.variable, "library": "cpu"},
    IntegratedDropped: lambda fact: {"name": fact.name, "variable": fact.variable},
    GpuCrashed: lambda fact: {"vendor": fact.vendor, "reset": fact.reset},
    GpuUnsupported: lambda fact: {"library": fact.library},
    FolderUnusable: lambda fact: {"path": fact.path},
    OutOfMemory: _of_memory,
    Crashed: lambda fact: {"cause": fact.cause.value},
}
