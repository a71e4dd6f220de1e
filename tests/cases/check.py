"""Whether the product finds the right values for lines of logs, answers, settings and machines.

    python -m tests.cases.check [--cases FOLDER] [--only NAME] [-v]

A folder holds files of JSON lines, named as in `CHECKS`; `show`, for example, has what Ollama answers about a model and
how large its cache was. Prints how many lines of each file hold, with `-v` each one that does not; the exit status is 1
if there is one. Opens no socket and needs no Ollama.
"""

import argparse
import asyncio
import json
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import httpx
import psutil

from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama import crashes, environment, memory, serverlog, serverlog_facts
from ollama_panel.core.ollama.runners import RunnerRegistry
from ollama_panel.core.ollama.serverlog_facts import BufferKind
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.engine import sampler
from ollama_panel.engine.host import gpu
from ollama_panel.engine.host.gpu import amd, apple, nvml
from ollama_panel.engine.instances import probe
from tests.cases import alerts, effective, forecasts, learned, readings, sensors

HERE = Path(__file__).parent
Row = dict[str, Any]


def near(found: float | None, right: float, tolerance: float) -> bool:
    return found is not None and abs(found - right) <= tolerance * right


def log_line(row: Row) -> str:
    """`line` of a server's log: `fact` with `fields` is what it says, None for nothing. Its variables are known."""
    fact = serverlog.parse(row["line"])
    variables = fact.environment if isinstance(fact, serverlog_facts.Configured) else ()
    if unknown := [name for name in variables if environment.find(name) is None]:
        return f"unknown variables: {unknown}"
    name = None if fact is None else type(fact).__name__
    if name != row["fact"]:
        return f"{name}, not {row['fact']}"
    for key, right in (row.get("fields") or {}).items():
        found = fact.environment.get(key) if isinstance(fact, serverlog_facts.Configured) else getattr(fact, key)
        if found != right:
            return f"{key} is {found!r}, not {right!r}"
    return ""


def alert(row: Row) -> str:
    """`lines` that should become one `alert` with `values`, or none."""
    found = alerts.alerts(row["lines"])
    if list(found) != [row["alert"]] * (row["alert"] is not None):
        return f"{list(found)}, not {row['alert']}"
    values = found.get(row["alert"], {})
    return f"{values}, not {row['values']}" if alerts.differs(values, row["values"]) else ""


def crash(row: Row) -> str:
    """A server that ended with `code` after `lines`, by `signs` of the system: its `cause`, `signal` and `library`."""
    signs = {name: tuple(told) if isinstance(told, list) else told for name, told in row.get("signs", {}).items()}
    found = crashes.of_server(row["code"], row["lines"], crashes.SystemSigns(**signs))
    right = row["cause"], row.get("signal", ""), row.get("library", "")
    values = found.cause.value, found.signal, found.library
    return "" if values == right else f"{values}, not {right}"


def load(row: Row) -> str:
    """`lines` of one load: `kv_mib` is what all its caches take together."""
    registry = RunnerRegistry()
    for fact in filter(None, map(serverlog.parse, row["lines"])):
        registry = registry.after(fact)
    return differs("cache", registry.runners[registry.last].kv_bytes, row["kv_mib"], 0.02)


def recorded_load(row: Row) -> str:
    """`lines` of a whole load: what `right` has of its memory, by device; `tolerance_mib` where the log rounds."""
    registry = RunnerRegistry().after(serverlog_facts.RunnerStarting("model"))
    for fact in filter(None, map(serverlog.parse, row["lines"])):
        registry = registry.after(fact)
    runner, right, mib = registry.runners[registry.last], row["right"], row.get("tolerance_mib", 0.02)
    held = {kind: Counter(runner.buffers.get(kind, {})) for kind in BufferKind}
    found: dict[str, Any] = {
        "kv_mib": runner.kv_bytes,
        "kv_device_mib": held[BufferKind.CACHE] + held[BufferKind.STATE],
        "weights_mib": held[BufferKind.WEIGHTS],
        "compute_mib": held[BufferKind.COMPUTE],
        "projector_mib": held[BufferKind.PROJECTOR].total(),
        "projector_compute_mib": held[BufferKind.PROJECTOR_COMPUTE].total(),
        "total_on_gpu_mib": runner.gpu_bytes,
        "layers_on_gpu": runner.layers_on_gpu,
        "layers": runner.layers,
        "parallel": runner.parallel or right.get("parallel"),
        "context_per_slot": runner.context and runner.parallel and runner.context // runner.parallel,
    }
    wrong = []
    for key in found.keys() & right.keys():
        pairs = {key: (found[key], right[key])}
        if isinstance(right[key], dict):
            names = found[key].keys() | right[key].keys()
            pairs = {f"{key} {name}": (found[key].get(name, 0), right[key].get(name, 0)) for name in names}
        for name, (one, other) in pairs.items():
            known = one is not None or "context" not in name
            if known and (one is None or abs(one / (MIB if "mib" in name else 1) - other) > mib):
                wrong.append(f"{name} is {one and one / MIB if 'mib' in name else one}, right {other}")
    return "; ".join(sorted(wrong))


def differs(what: str, found: int | None, right_mib: float | None, tolerance: float) -> str:
    if right_mib is None or near(found, right_mib * MIB, tolerance):
        return ""
    return f"{what} {found and round(found / MIB, 1)} MiB, right {right_mib}"


def forecast(row: Row) -> str:
    """What `/api/show` answers, with arrays (`show_verbose`) and without: `kv_mib` and `compute_mib` are right."""
    cache = row.get("kv_cache", "f16")
    environment = {} if cache == "f16" else {"OLLAMA_KV_CACHE_TYPE": cache}
    pool = PoolSettings("pool", parallel=row["parallel"], context_length=row["context"], environment=environment)
    parts = memory.forecast(pool, asyncio.run(catalog(row)), gpu=row.get("gpu", True)).models[0].parts
    tolerance = row.get("tolerance")
    cache_differs = differs("cache", parts.kv, row.get("kv_mib"), min(tolerance or 0.015, 0.05))
    return "; ".join(
        filter(None, (cache_differs, differs("compute", parts.compute, row.get("compute_mib"), tolerance or 0.15)))
    )


async def catalog(row: Row) -> tuple[Any, ...]:
    """Read the model from a server that answers as Ollama does: without `verbose` arrays are null."""
    show = row["show"]
    model = {"name": "m:latest", "model": "m:latest", "digest": "d", "size": 10**9, "details": show["details"]}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/tags":
            return httpx.Response(200, json={"models": [model]})
        verbose = json.loads(request.content).get("verbose")
        return httpx.Response(200, json=row.get("show_verbose", show) if verbose else show)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return await probe.catalog(client, "http://127.0.0.1:1")


def machine(row: Row) -> str:
    """What the drivers of a machine say: `total` bytes may be used by models ("main" = the main memory)."""
    found = {"amd": amd_total, "nvidia": nvidia_total, "apple": apple_total}[row["kind"]](row)
    right = psutil.virtual_memory().total if row["total"] == "main" else row["total"]
    if near(found, right, row.get("tolerance", 0.03)):
        return ""
    return f"{found and round(found / GIB, 2)} GiB, right {right / GIB:.2f}"


def amd_total(row: Row) -> int | None:
    with readings.sysfs_folder(row["cards"]) as folder:
        card = amd.find(folder)
        reading = card.read() if card else None
    return reading.total if reading else None


def nvidia_total(row: Row) -> int | None:
    total, used = row["memory"] or (0, 0)
    memory = SimpleNamespace(total=total, used=used, free=total - used) if row["memory"] else None
    with mock.patch.object(nvml, "pynvml", readings.library([memory], row["name"])):
        cards = gpu.Cards.find()
        reading = cards.memory.read()
    return reading.total if reading and cards.gpu else None


def apple_total(row: Row) -> int | None:
    """`macos` is the version of the system; a row that has none says in its name whether it is a new one."""

    def run(command: list[str], **options: Any) -> SimpleNamespace:
        limit = any("iogpu.wired_limit_mb" in str(word) for word in command)
        text = f"{row['wired_limit_mb'] if limit else row['ram']}\n"
        return SimpleNamespace(returncode=0, stdout=text if options.get("text") else text.encode(), stderr=b"")

    ram = SimpleNamespace(total=row["ram"], available=row["ram"])
    release = row.get("macos") or ("26.1" if "newer macOS" in row["name"] else "15.5")
    with (
        mock.patch.object(psutil, "virtual_memory", return_value=ram),
        mock.patch.object(subprocess, "run", run),
        mock.patch.object(platform, "mac_ver", return_value=(release, ("", "", ""), "arm64")),
    ):
        return sampler.usable(apple.UnifiedMemory().read(), "darwin").total


def variable(row: Row) -> str:
    """A variable as people write it: `problem` says whether there is something to complain of."""
    problem = environment.check(row["name"], row["value"])
    if (problem is not None) == row["problem"]:
        return ""
    return f"complains: {render(problem.notice)}" if problem else "does not complain"


CHECKS: dict[str, Callable[[Row], str]] = {
    "serverlog": log_line,
    "serverlog-guards": log_line,
    "alerts": alert,
    "crashes": crash,
    "loads": load,
    "loads_full": recorded_load,
    "effective": effective.check,
    "show": forecast,
    "compute": forecast,
    "forecasts": forecasts.check,
    "learned": learned.check,
    "machines": machine,
    "readings": readings.check,
    "sensors": sensors.check,
    "environment": variable,
    "environment-guards": variable,
}
"""By the name of the file; each returns what is wrong with a line, "" if it holds."""

REPORTS: dict[str, Callable[[list[Row]], list[str]]] = {"forecasts": forecasts.report, "learned": learned.report}
"""What `-v` prints of all lines of a file."""

OTHER_NAMES = {"forecasts": "loads_full", "effective": "loads_full", "sensors": "readings"}
"""The name of a file that serves a check as well, in folders that have none of the check's own name."""


def rows(folder: Path, name: str) -> Iterator[Row]:
    """Read the lines of a file, none if there is no such file."""
    files = [folder / f"{one}.jsonl" for one in (name, OTHER_NAMES.get(name, name))]
    file = next((one for one in files if one.exists()), None)
    if file is not None:
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def wrong(name: str, row: Row) -> str:
    """Say what is wrong with a line; an error is."""
    try:
        return CHECKS[name](row)
    except Exception as error:  # noqa: BLE001 one line's crash is its result
        return f"{type(error).__name__}: {error}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cases", type=Path, default=HERE)
    arguments.add_argument("--only", choices=CHECKS)
    arguments.add_argument("-v", action="store_true", dest="verbose")
    chosen = arguments.parse_args()
    failed = 0
    for name in [chosen.only] if chosen.only else CHECKS:
        found = [(row, wrong(name, row)) for row in rows(chosen.cases, name)]
        failures = [(row, said) for row, said in found if said]
        failed += len(failures)
        if found:
            sys.stdout.write(f"{name:20} {len(found) - len(failures):3} of {len(found):3} hold\n")
        for row, said in failures if chosen.verbose else ():
            what = row.get("line") or row.get("model") or row.get("name") or row.get("alert") or row.get("machine")
            sys.stdout.write(f"    {str(what)[:110]} -> {said}\n")
        if name in REPORTS and chosen.verbose:
            sys.stdout.writelines(f"{line}\n" for line in REPORTS[name]([row for row, _ in found]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
