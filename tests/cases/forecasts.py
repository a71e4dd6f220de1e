"""Whole loads: what the panel forecasts from a model's facts and the settings alone, beside what was allocated.

A line has `facts` (the metadata of the model's file, as a log dumps them), the version of `ollama` and `right`: the
slots, the context of each, and the MiB of each part, some by device. `file_mib` and `vocabulary` may stand in the line,
or are read from the `lines` of its log, which say them of the file; `parameters` are those of a Modelfile. Logs of
Ollama's own engine do not dump the metadata: there the published ones of `published.jsonl` count, found by the
beginning of the line's name. A part that the log rounded has `tolerance_mib`; a `tolerance`, as a share, holds for all
parts.
"""

import json
import re
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama import memory
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.settings.tree import PoolSettings

CACHE_TOLERANCE, TOTAL_TOLERANCE = 0.02, 0.25

_FILE_GIB = re.compile(r"file size\s+= ([\d.]+) GiB")
_VOCABULARY = re.compile(r"n_vocab\s+= (\d+)")

Row = dict[str, Any]

PUBLISHED = [json.loads(line) for line in Path(__file__).with_name("published.jsonl").read_text().splitlines()]


def check(row: Row) -> str:
    """Say which parts of a forecast are too far from `right`, "" if none is."""
    found = errors(row)
    if not found:
        return "no forecast: the facts do not suffice"
    limits = {"cache": CACHE_TOLERANCE, "total": TOTAL_TOLERANCE}
    if "tolerance" in row:
        limits = dict.fromkeys(("cache", "compute", "total"), row["tolerance"])
    wrong = [f"{part} {found[part]:+.1%}" for part, limit in limits.items() if abs(found.get(part, 0)) > limit]
    return "; ".join(wrong)


def errors(row: Row) -> dict[str, float]:
    """Return by how much each part and the total miss `right`, as shares of it; {} if the facts do not suffice.

    The total is without the runner's own buffers (`Parts.overhead`), which no log has.
    """
    right, parts = row["right"], forecast(row)
    if parts.kv is None or parts.compute is None:
        return {}
    rounded = row.get("tolerance_mib", 0) * MIB
    found = {}
    if right["kv_mib"]:
        found["cache"] = _miss(parts.kv, right["kv_mib"] * MIB, rounded)
    if "compute_mib" in right:
        weights = _size(row)
        projector = right.get("projector_compute_mib", 0)
        compute = (sum(right["compute_mib"].values()) + projector) * MIB
        found["compute"] = _miss(parts.compute, compute, 0)
        known = (parts.weights or 0) + parts.kv + parts.compute
        found["total"] = _miss(known, weights + right["kv_mib"] * MIB + compute, 0)
    return found


def forecast(row: Row) -> memory.Parts:
    """Return the forecast of a line."""
    right = row["right"]
    cache = right.get("kv_type", "f16")
    environment = {} if cache == "f16" else {"OLLAMA_KV_CACHE_TYPE": cache, "OLLAMA_FLASH_ATTENTION": "1"}
    pool = PoolSettings(
        "pool", parallel=right["parallel"], context_length=right["context_per_slot"], environment=environment
    )
    gpu = not str(row.get("device", "")).startswith("CPU")
    return memory.forecast(pool, [facts_of(row)], gpu=gpu, version=row["ollama"]).models[0].parts


def report(rows: list[Row]) -> list[str]:
    """Return a line of errors for each row, and one with the median and the worst of the totals."""
    lines, totals = [], []
    for row in rows:
        found = errors(row)
        said = "  ".join(f"{part} {error:+7.1%}" for part, error in found.items()) or "—"
        lines.append(f"    {row['name'][:60]:60} {said}")
        if "total" in found:
            totals.append(abs(found["total"]))
    if totals:
        lines.append(f"    total: median {median(totals):.1%}, worst {max(totals):.1%} of {len(totals)}")
    return lines


def facts_of(row: Row) -> ModelFacts:
    """Return the facts of a line's model."""
    info = dict(row.get("facts", {}))
    if not any(key.endswith(".block_count") for key in info):
        info |= next((one["facts"] for one in PUBLISHED if row["name"].startswith(one["name"])), {})
    architecture = info.get("general.architecture", "")
    vocabulary = row.get("vocabulary") or _number(_VOCABULARY, row)
    if vocabulary:
        info.setdefault(f"{architecture}.vocab_size", int(vocabulary))
    known = ModelFacts(ModelName("m:latest"), size=int(_size(row)))
    shown = {"model_info": info, "parameters": row.get("parameters", ""), **row.get("show", {})}
    return facts_from_show(known, msgspec.json.encode(shown), verbose=True)


def _size(row: Row) -> float:
    """Return the bytes of the model's files: as the log says, else what was allocated for them."""
    named = row.get("file_mib", _number(_FILE_GIB, row) * GIB / MIB)
    weights = named or sum(row["right"].get("weights_mib", {}).values())
    return float(weights + row["right"].get("projector_mib", 0)) * MIB


def _number(pattern: re.Pattern[str], row: Row) -> float:
    found = (pattern.search(line) for line in row.get("lines", ()))
    return next((float(match[1]) for match in found if match), 0.0)


def _miss(found: float, right: float, rounded: float) -> float:
    difference = found - right
    return 0.0 if abs(difference) <= rounded else difference / right
