"""What the facts of a few lines of a log, taken together, should alert people to; used by `check`."""

from collections.abc import Sequence
from typing import Any

from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    CacheTypeIgnored,
    ComputeFound,
    ContextClamped,
    DevicesRestricted,
    Evicting,
    Fact,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    MemoryNotRecovered,
    MemoryProjected,
    Offloaded,
    OptionUnknown,
    OutOfMemory,
    PromptTruncated,
    RunnerStarted,
)
from ollama_panel.core.ollama.sizes import MIB

Alerts = dict[str, dict[str, Any]]
"""Values by the alert's code."""

_WHAT = {"cache": "kv cache"}
_THRASH = 3


def alerts(facts: Sequence[Fact]) -> Alerts:
    """Return the alerts; a burst of one kind is one."""
    return _of_requests(facts) | _of_machine(facts) | _of_devices(facts) | _of_memory(facts) | _of_evictions(facts)


def _of_requests(facts: Sequence[Fact]) -> Alerts:
    found: Alerts = {}
    for fact in facts:
        match fact:
            case PromptTruncated(limit=limit, prompt_tokens=int(prompt), kept=int(kept)):
                found["prompt-cut"] = {"limit": limit, "prompt": prompt, "lost": prompt - kept}
            case ContextClamped(asked=asked, trained=trained):
                found["context-reduced"] = {"asked": asked, "given": trained}
            case OptionUnknown(option=option):
                found.setdefault("option-unknown", {"options": []})["options"].append(option)
            case CacheTypeIgnored(asked=cache_type):
                found["kv-type-ignored"] = {"asked": cache_type}
            case _:
                pass
    return found


def _of_machine(facts: Sequence[Fact]) -> Alerts:
    found: Alerts = {}
    for fact in facts:
        match fact:
            case MemoryNotRecovered(seconds=seconds):
                times = found.get("vram-not-recovered", {"times": 0})["times"]
                found["vram-not-recovered"] = {"seconds": round(seconds, 1), "times": times + 1}
            case DevicesRestricted(variable=variable, value=value):
                found.setdefault("visible-devices-set", {"variables": {}})["variables"][variable] = value
            case GpuCrashed(vendor=vendor):
                resets = any(isinstance(one, GpuCrashed) and one.reset for one in facts)
                found["gpu-crashed"] = {"vendor": vendor, "reset": resets}
            case GpuUnsupported(library=library):
                found["gpu-unsupported"] = {"library": library}
            case FolderUnusable(path=path):
                found["models-folder-unusable"] = {"path": path}
            case _:
                pass
    return found


def _of_devices(facts: Sequence[Fact]) -> Alerts:
    found: Alerts = {}
    devices = [fact for fact in facts if isinstance(fact, ComputeFound)]
    cards = [fact for fact in devices if fact.library != "cpu"]
    if cards and devices[-1].library == "cpu":
        found["gpu-lost"] = {"before": cards[-1].name, "now": "cpu"}
    for fact in facts:
        if isinstance(fact, BackendDisabled) and devices and not cards:
            found["vulkan-disabled"] = {"variable": fact.variable, "library": devices[-1].library}
        if isinstance(fact, Offloaded) and fact.layers < fact.total and (cards or not devices):
            found["layers-spilled"] = {"on_gpu": fact.layers, "layers": fact.total}
            for one in facts:
                if isinstance(one, MemoryProjected):
                    found["layers-spilled"] |= {"needed_mib": one.needed // MIB, "free_mib": one.free // MIB}
    return found


def _of_memory(facts: Sequence[Fact]) -> Alerts:
    """Put together what the lines of one failed load say: the first that names a buffer, and the first purpose."""
    failed = [fact for fact in facts if isinstance(fact, OutOfMemory)]
    values: dict[str, Any] = {}
    for fact in reversed(failed):
        values |= {"where": fact.device, "bytes": fact.size} if fact.device else {}
        values |= {"what": _WHAT.get(fact.purpose, fact.purpose)} if fact.purpose else {}
    return {"out-of-memory": values} if failed else {}


def _of_evictions(facts: Sequence[Fact]) -> Alerts:
    evictions, loads = (sum(isinstance(fact, kind) for fact in facts) for kind in (Evicting, RunnerStarted))
    return {"eviction-thrash": {"evictions": evictions, "loads": loads}} if evictions >= _THRASH else {}
