"""What a tuning is worth on a real Ollama: `python tests/bench/tuning_real.py --ollama PROGRAM --model NAME`.

The panel tunes its pool for the most tokens per second. Then the same burst of requests is sent to Ollama itself, to
the panel with the settings before, and to the panel with those that were found, in turn and back again; one table has
what each of them gave.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.cli.compare.arrivals import Arrival, drawn
from ollama_panel.cli.compare.replay import Run, replay, warm_up
from ollama_panel.cli.tuning_text import verdict
from ollama_panel.core.columns import aligned
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.statistics import estimate, pooled_percentile
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import fitted, preset
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess

AT_ONCE = 1e6
"""Requests a second: all of a burst come at once."""


def settings(pool: Mapping[str, Any] | PoolSettings) -> dict[str, Any]:
    """Return the settings of a panel with one pool."""
    return {"ollama": {"adopt": False}, "pools": [msgspec.to_builtins(pool)]}


@asynccontextmanager
async def panel(program: Path, pool: Mapping[str, Any] | PoolSettings) -> AsyncIterator[PanelProcess]:
    """A panel with one pool, from `async with` to its end."""
    with TemporaryDirectory() as folder:
        async with PanelProcess(Path(folder) / "state", settings(pool), ("--ollama", str(program))) as process:
            await process.ready()
            yield process


async def tune(program: Path, pool: Mapping[str, Any], model: str, minutes: float) -> TuningRecord:
    """Tune the pool and return the record; its progress is printed."""
    async with panel(program, pool) as process:
        result = process.state_dir / "result.json"
        options = ("--model", model, "--goal", "throughput", "--minutes", str(minutes), "--json", str(result))
        command = (sys.executable, "-m", "ollama_panel", "tune", "start", *options)
        child = await asyncio.create_subprocess_exec(*command, "--state-dir", str(process.state_dir))
        await child.wait()
        return msgspec.json.decode(result.read_bytes(), type=TuningRecord)


async def burst(url: str, arrivals: Sequence[Arrival], unique: str) -> Run:
    """Send a burst after the model is loaded everywhere."""
    return await replay(url, arrivals, unique, await warm_up(url, arrivals, unique))


def table(runs: Mapping[str, Sequence[Run]]) -> str:
    """Return one line for each way: means over its runs, percentiles over the requests of all of them."""
    rows = [("", "requests/s", "tokens/s", "first token p50", "p95", "total p95", "failed")]
    for name, all_of in runs.items():
        firsts, totals = [run.first_times() for run in all_of], [run.total_times() for run in all_of]
        rows.append(
            (
                name,
                f"{estimate([run.requests_per_s for run in all_of]).mean:.3g}",
                f"{estimate([run.tokens_per_s for run in all_of]).mean:.4g}",
                *(f"{pooled_percentile(*one) or 0:.2f} s" for one in ((firsts, 50), (firsts, 95), (totals, 95))),
                str(sum(run.failures for run in all_of)),
            )
        )
    return "\n".join(aligned(rows))


async def measure(program: Path, model: str, minutes: float, requests: int, context: int) -> None:
    """Tune, send the bursts, and print the table."""
    pool = {"name": "chat", "role": "chat", "workers": 1, "parallel": 2, "context_length": context}
    record = await tune(program, pool, model, minutes)
    if record.verdict is None:
        raise SystemExit("\n".join(verdict(record)))
    best = record.verdict.best.applied(record.settings)
    workload = fitted(preset(WorkloadKind.CHAT), context)
    arrivals = drawn(workload, canonical(model), requests, AT_ONCE, seed=1)
    ways = {"Ollama itself": None, "panel, before": record.settings, "panel, tuned": best}
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for number, name in enumerate([*ways, *reversed(ways)]):
        wanted = ways[name]
        if wanted is None:
            with serving(program, {"OLLAMA_CONTEXT_LENGTH": str(context)}) as address:
                runs[name].append(await burst(f"http://{address}", arrivals, f"run {number}"))
        else:
            async with panel(program, wanted) as process:
                runs[name].append(await burst(process.url, arrivals, f"run {number}"))
    print(f"\n{requests} requests at once, {len(runs['panel, tuned'])} times; tuned: {record.verdict.best}")
    print(table(runs))


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ollama", type=Path, required=True, help="the program")
    parser.add_argument("--model", required=True)
    parser.add_argument("--minutes", type=float, default=12.0, help="the time of the tuning (12)")
    parser.add_argument("--requests", type=int, default=32, help="the requests of a burst (32)")
    parser.add_argument("--context", type=int, default=4096, help="the tokens of a slot (4096)")
    chosen = parser.parse_args()
    asyncio.run(measure(chosen.ollama, chosen.model, chosen.minutes, chosen.requests, chosen.context))


if __name__ == "__main__":
    main()
