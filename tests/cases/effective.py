"""What is in force for a loaded model: what the product finds from the `lines` of its load, beside what is `right`.

A line of `effective.jsonl` may also have the `environment` of the server, the runner's `argv`, what `/api/ps` says
(`ps`: size, size_vram and context), and `right` may name what was `wanted`, where a value was read (`source`) and the
notice that says why it is not as wanted, or unknown (`why_not`). `log_read` is false for a server whose log the panel
does not have. A folder of whole loads has `right` in MiB by device, and nothing of the rest.
"""

from typing import Any

import msgspec

from ollama_panel.core.effective import effective_values
from ollama_panel.core.effective.evidence import Evidence
from ollama_panel.core.effective.memory import PROJECTOR
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.effective_value import EffectiveValue
from ollama_panel.core.ollama.models import LoadedEntry
from ollama_panel.core.ollama.runners import RunnerRegistry, loaded_models
from ollama_panel.core.ollama.serverlog import parallel_of, parse
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.ollama.sizes import MIB
from tests.cases import forecasts

Row = dict[str, Any]

_PARTS = {"kv_bytes": "kv_device_mib", "weights": "weights_mib", "compute": "compute_mib"}
_PROJECTORS = {"weights": "projector_mib", "compute": "projector_compute_mib"}
_OTHER_NAMES = {"context": "context_per_slot", "layers": "layers_on_gpu"}


def check(row: Row) -> str:
    """Say which values are not right, "" if none is."""
    found = {one.name.value: one for one in values(row)}
    return "; ".join([*_wrong_values(found, row), *_wrong_details(found, row["right"])])


def values(row: Row) -> tuple[EffectiveValue, ...]:
    """Return what the product finds."""
    log_read, environment = row.get("log_read", True), row.get("environment")
    registry = RunnerRegistry().after(RunnerStarting("m")) if log_read else RunnerRegistry()
    for fact in filter(None, map(parse, row.get("lines", ()))):
        registry = registry.after(fact)
    runner = registry.runners.get(registry.last)
    ps = row.get("ps", {})
    entry = LoadedEntry(ModelName("m:latest"), "d", ps.get("size", 0), ps.get("size_vram", 0), ps.get("context"))
    facts = forecasts.facts_of({"right": {}, "name": "", **row})
    blob = runner.blob if runner else "m"
    running = runner_arguments(row["argv"].split()) if "argv" in row else None
    seen = {blob: running} if running else {}
    known = {"d": msgspec.structs.replace(facts, blob=blob)}
    (model,) = loaded_models([entry], known, registry, seen, parallel_of(environment or {}))
    return effective_values(
        Evidence(model, known["d"], runner, running, environment, row.get("ollama", ""), log_read=log_read)
    )


def _wrong_values(found: dict[str, EffectiveValue], row: Row) -> list[str]:
    right, wrong = row["right"], []
    for name, one in found.items():
        key = _OTHER_NAMES.get(name, name)
        if key in right and key not in _PARTS.values() and one.effective != _read(right[key]):
            wrong.append(f"{name} is {one.effective!r}, right {right[key]!r}")
    if "layers" in right and found["layers"].whole != right["layers"]:
        wrong.append(f"of {found['layers'].whole} layers, right {right['layers']}")
    bytes_found, mib_right = dict[str, float](), dict[str, float]()
    for name, key in _PARTS.items():
        if key in right:
            bytes_found |= {f"{name} on {device}": size for device, size in found[name].parts.items()}
            mib_right |= {f"{name} on {device}": size for device, size in right[key].items()}
            mib_right[f"{name} on {PROJECTOR}"] = right.get(_PROJECTORS.get(name, ""), 0)
    if "kv_mib" in right:
        cache = found["kv_bytes"].effective
        bytes_found["cache"], mib_right["cache"] = cache if isinstance(cache, int) else -1, right["kv_mib"]
    for what in bytes_found.keys() | mib_right.keys():
        one, other = bytes_found.get(what, 0) / MIB, mib_right.get(what, 0)
        if abs(one - other) > row.get("tolerance_mib", 0.02):
            wrong.append(f"{what} is {one}, right {other} MiB")
    return sorted(wrong)


def _wrong_details(found: dict[str, EffectiveValue], right: Row) -> list[str]:
    wrong = []
    for name, wanted in right.get("wanted", {}).items():
        if found[name].wanted != wanted:
            wrong.append(f"{name} wanted {found[name].wanted!r}, right {wanted!r}")
    for name, source in right.get("source", {}).items():
        read = found[name].source
        if (read.value if read else None) != source:
            wrong.append(f"{name} read from {read}, right {source}")
    if "why_not" in right:
        reasons = {name: one.why_not.code for name, one in found.items() if one.why_not is not None}
        if reasons != right["why_not"]:
            wrong.append(f"reasons {reasons}, right {right['why_not']}")
    return wrong


def _read(right: Any) -> Any:
    """Return a value of a line as the product has it."""
    if isinstance(right, bool):
        return "on" if right else "off"
    return tuple(right) if isinstance(right, list) else right
