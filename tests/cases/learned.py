"""What one load of a model tells about its others: each is forecast from each other one and compared with its log.

A line has the `facts` of a model, the version of `ollama`, `file_mib`, and its `loads`: how the model was loaded
(`context` per slot, `parallel`, `batch`, `kv_type`, `flash`, and what was asked for: `asked_type`, `asked_flash`) and
the MiB that the log told; `compute_mib` may be by device, `kv_mib` by kind of layer (`full`, `sliding`, `state`).
"""

from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.memory import RunnerConfig, model_parts
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.ollama.sizes import MIB

TOLERANCE = 0.05
"""By how much a forecast from one load may miss the total of another, as a share of it."""

Row = dict[str, Any]


class Miss(NamedTuple):
    """By how much the total of a load is missed, as a share: by the formulas, and from the `first` load."""

    first: MeasuredLoad
    then: MeasuredLoad
    cold: float
    learned: float


def check(row: Row) -> str:
    """Say which loads are forecast too badly, "" if none is; each must be exact from itself."""
    wrong = [one for one in misses(row) if abs(one.learned) > (TOLERANCE if one.first != one.then else 0)]
    return "; ".join(f"{_words(one.then)} from {_words(one.first)}: {one.learned:+.1%}" for one in wrong)


def misses(row: Row) -> Iterator[Miss]:
    """Yield every pair of loads."""
    facts = _facts(row)
    loads = [_load(one, row) for one in row["loads"]]
    for then in loads:
        cold = _miss(facts, then)
        for first in loads:
            yield Miss(first, then, cold, _miss(msgspec.structs.replace(facts, loads=(first,)), then))


def report(rows: list[Row]) -> list[str]:
    """Return a line for each load, and one with the median and the worst of all pairs."""
    lines, learned = [], []
    for row in rows:
        found = list(misses(row))
        for then in dict.fromkeys(one.then for one in found):
            mine = [one for one in found if one.then == then and one.first != then]
            worst = max((one.learned for one in mine), key=abs)
            name = f"{row['name']} {row['ollama']}: {_words(then)}"
            lines.append(f"    {name[:60]:60} cold {mine[0].cold:+7.1%}  learned, at worst {worst:+7.1%}")
            learned += [abs(one.learned) for one in mine]
    if learned:
        lines.append(f"    learned: median {median(learned):.1%}, worst {max(learned):.1%} of {len(learned)}")
    return lines


def _miss(facts: ModelFacts, right: MeasuredLoad) -> float:
    asked = RunnerConfig(
        right.parallel, right.context, right.asked_type, right.asked_flash or None, right.gpu, right.ollama
    )
    found = model_parts(facts, asked, right.context)
    return ((found.total or 0) - found.overhead) / right.total - 1


def _words(load: MeasuredLoad) -> str:
    return f"{load.parallel} x {load.context} {load.cache_type}"


def _facts(row: Row) -> ModelFacts:
    known = ModelFacts(ModelName("m:latest"), size=int(row["file_mib"] * MIB))
    return facts_from_show(
        known, msgspec.json.encode({"model_info": row["facts"], "capabilities": ["completion"]}), verbose=True
    )


def _load(load: Row, row: Row) -> MeasuredLoad:
    gpu = row["device"] != "CPU"
    computing = load["compute_mib"] if isinstance(load["compute_mib"], dict) else {row["device"]: load["compute_mib"]}
    devices = [DeviceBytes(name, compute=round(size * MIB)) for name, size in computing.items()]
    devices[0] = msgspec.structs.replace(devices[0], weights=round(load["weights_mib"] * MIB))
    caches = load["kv_mib"] if isinstance(load["kv_mib"], dict) else {"full": load["kv_mib"]}
    return MeasuredLoad(
        ollama=row["ollama"],
        device=row["device"],
        gpu=gpu,
        context=load["context"],
        parallel=load["parallel"],
        batch=load["batch"],
        cache_type=load["kv_type"],
        flash=load["flash"],
        devices=tuple(devices),
        split=isinstance(load["kv_mib"], dict),
        asked_type=load.get("asked_type", load["kv_type"]),
        asked_flash=load.get("asked_flash", False),
        **{kind: round(size * MIB) for kind, size in caches.items()},
    )
