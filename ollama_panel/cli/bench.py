"""`ollama-panel bench NAME`: measurements. Each has its own arguments and is imported only when it is run."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ollama_panel.cli import parsers
from ollama_panel.core.errors import PanelError, not_written


class Measurement(NamedTuple):
    """A measurement: its purpose, and the function that takes its arguments and returns the exit status."""

    purpose: str
    run: Callable[[Sequence[str]], int]


def register(commands: parsers.Commands) -> None:
    """Add the command; the arguments of a measurement are its own."""
    parser = parsers.group(commands, "bench", "measure the panel, or simulate its scheduler")
    purposes = "; ".join(f"{name}: {measurement.purpose}" for name, measurement in MEASUREMENTS.items())
    parser.add_argument("name", metavar="NAME", choices=MEASUREMENTS, help=purposes)
    parser.add_argument("rest", metavar="...", nargs=argparse.REMAINDER, help="its own arguments; --help lists them")
    parser.set_defaults(command=lambda chosen, _: run(chosen.name, chosen.rest))


def run(name: str, arguments: Sequence[str]) -> int:
    """Run a measurement and return its exit status."""
    try:
        return MEASUREMENTS[name].run(arguments)
    except OSError as error:
        raise PanelError(not_written(str(error.filename), error)) from error


def _http(arguments: Sequence[str]) -> int:
    from ollama_panel.lab import http_connections

    return http_connections.main(arguments)


def _scheduler(arguments: Sequence[str]) -> int:
    from ollama_panel.engine import garbage_collection
    from ollama_panel.lab import comparison
    from ollama_panel.sim.machine.catalog import CATALOGS

    parser = _parser("scheduler")
    parser.add_argument("--seeds", type=_count, default=20, metavar="N", help="how many random workloads (20)")
    parser.add_argument("--first-seed", type=_count, default=1, metavar="S", help="other random workloads (1)")
    parser.add_argument(
        "--profile", default="all", choices=("all", *comparison.MACHINES), help="the simulated machine (all)"
    )
    parser.add_argument(
        "--goal", type=int, choices=sorted({goal.number for goal in comparison.GOALS}), help="only this one"
    )
    parser.add_argument(
        "--catalog",
        default="known",
        choices=sorted(CATALOGS),
        help="the models of the experiments (known): full-attention gives every layer a cache of the whole context, "
        "as the simulation did before it had sliding windows and recurrent layers; for comparisons with old results",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers, too")
    chosen = parser.parse_args(arguments)
    # As in the panel; otherwise the garbage collector takes more of the measured time than the decision itself.
    garbage_collection.tune_collector()
    return comparison.bench_scheduler(
        print, chosen.seeds, chosen.profile, chosen.goal, chosen.json, chosen.catalog, chosen.first_seed
    )


def _tuner(arguments: Sequence[str]) -> int:
    from ollama_panel.lab.tuner_bench import bench_tuner

    parser = _parser("tuner")
    parser.add_argument("--systems", type=_count, default=10_000, metavar="N", help="how many systems (10000)")
    parser.add_argument("--noise", type=float, default=2.0, metavar="PERCENT", help="the error of a trial (2)")
    parser.add_argument("--seed", type=_count, default=1, metavar="S", help="other systems (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers, too")
    chosen = parser.parse_args(arguments)
    return bench_tuner(print, chosen.systems, chosen.noise / 100, chosen.seed, chosen.json)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it must be a whole number from 1 up, not {text!r}")
    return int(text)


def _replay(arguments: Sequence[str]) -> int:
    from ollama_panel.lab.replay import bench_replay

    parser = _parser("replay")
    parser.add_argument("file", type=Path, metavar="FILE", help="a recorded log of events")
    parser.add_argument(
        "--requests",
        type=_count,
        default=0,
        metavar="N",
        help="list the last N requests, too, at most those of a snapshot",
    )
    chosen = parser.parse_args(arguments)
    return bench_replay(print, chosen.file, chosen.requests)


def _model(arguments: Sequence[str]) -> int:
    from ollama_panel.cli import bench_model

    return bench_model.main(arguments)


def _compare(arguments: Sequence[str]) -> int:
    from ollama_panel.cli.compare import command

    return command.main(arguments)


def _parser(name: str) -> argparse.ArgumentParser:
    purpose = MEASUREMENTS[name].purpose
    return argparse.ArgumentParser(prog=f"ollama-panel bench {name}", description=f"{purpose[0].upper()}{purpose[1:]}.")


MEASUREMENTS = {
    "http": Measurement("new connections to the panel against kept-alive ones", _http),
    "scheduler": Measurement("the panel's scheduler against simpler ones, simulated", _scheduler),
    "model": Measurement("what an address serves with 1, 2, 4 and 8 clients at once", _model),
    "compare": Measurement("the same arrivals of requests against two configurations, programs or addresses", _compare),
    "tuner": Measurement("the tuner on random synthetic systems against the best of all settings", _tuner),
    "replay": Measurement("the decisions of a recorded run, replayed step by step", _replay),
}
