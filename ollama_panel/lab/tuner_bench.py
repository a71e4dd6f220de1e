"""The tuner on random synthetic systems against the best of all candidates, as a table with bars.

A bar was set before the planner was written (scheduling study, section 12, bar 8). The share of systems passes if the
lower end of its 95 % interval does.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from random import Random

import msgspec

from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.tuning.space import SMALLER_CACHE
from ollama_panel.core.tuning.task import MOST_TRIALS, Goal
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.lab.statistics import mean, percentile
from ollama_panel.lab.tuner_contenders import BASELINES, tuner
from ollama_panel.lab.tuner_systems import random_system
from ollama_panel.lab.tuner_trials import NORMAL, P95, Meter, Question

NEARLY = 0.97
"""The share of the best that counts as found."""
LOOSE = 3.0
"""The bound of the time per token, in those of one slot: scheduling study, section 8."""
MEAN_TRIALS = 12
"""The trials that a tuning may take on average."""
CHUNK = 50
"""Systems that a process takes at a time."""
WITHOUT_A_BAR = 5
"""Conditions without a bar are measured on the fifth part of the systems."""
STRIDE = 1_000_000
"""Systems of one seed: those of different seeds are different ones."""


class Condition(msgspec.Struct, frozen=True):
    """What is asked: a name for the table, the goal, whether with a bound, the noise of a trial, and the bar if any.

    `enough` is the share of the best that counts as found: for a choice of few slots 3 % less of it.
    """

    name: str
    goal: Goal
    bound: bool
    noise: float
    least: float | None = None
    enough: float = NEARLY
    less_quality: bool = False
    baselines: bool = False


class Result(msgspec.Struct, frozen=True):
    """One system: the share of the best that the choice gives, and what it cost."""

    kind: str
    share: float
    trials: int
    turns: int
    loads: int


class Row(msgspec.Struct, frozen=True):
    """What a contender reaches over all systems: shares of the best, of systems within 3 % of it, and what that costs.

    `low` is the lower end of the 95 % interval (Wilson) of `found`. `kinds` are the shares of systems within 3 % by
    kind of system.
    """

    condition: str
    contender: str
    noise: float
    systems: int
    mean: float
    tenth: float
    found: float
    low: float
    trials: float
    most_trials: int
    turns: float
    loads: float
    kinds: dict[str, float]
    least: float | None = None
    passed: bool | None = None


class Report(msgspec.Struct, frozen=True):
    """The rows of a run."""

    systems: int
    seed: int
    rows: tuple[Row, ...]

    @property
    def missed(self) -> tuple[Row, ...]:
        """The rows whose bar is missed."""
        return tuple(row for row in self.rows if row.passed is False)


def conditions(noise: float) -> tuple[Condition, ...]:
    """Return what is asked of the tuner, with this noise and with one of 5 %."""
    return (
        Condition("most tokens per second", Goal.THROUGHPUT, False, noise, 0.95, baselines=True),
        Condition("time per token at most 3 times", Goal.LATENCY, True, noise, 0.93, baselines=True),
        Condition("balanced", Goal.BALANCED, False, noise, enough=NEARLY * NEARLY),
        Condition("less quality allowed", Goal.THROUGHPUT, False, noise, less_quality=True),
        Condition("most tokens per second", Goal.THROUGHPUT, False, 0.05),
        Condition("time per token at most 3 times", Goal.LATENCY, True, 0.05),
    )


def measure(condition: Condition, systems: int, seed: int, processes: int = 1) -> list[Row]:
    """Return the row of the tuner, and those of the baselines if the condition asks for them."""
    contenders = ["tuner", *(BASELINES if condition.baselines else ())]
    numbers = range(seed * STRIDE, seed * STRIDE + systems)
    chunks = [numbers[start : start + CHUNK] for start in range(0, systems, CHUNK)]
    work = partial(_results, condition, contenders)
    if processes == 1:
        found = [results for chunk in chunks for results in work(chunk)]
    else:
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            found = [results for done in pool.map(work, chunks) for results in done]
    return [_row(condition, name, [results[place] for results in found]) for place, name in enumerate(contenders)]


def _results(condition: Condition, contenders: Sequence[str], numbers: Sequence[int]) -> list[list[Result]]:
    """Return for each system what every contender reaches."""
    return [[_result(condition, name, number) for name in contenders] for number in numbers]


def _result(condition: Condition, name: str, number: int) -> Result:
    system = random_system(Random(number))
    bound = LOOSE * system.gives(Candidate()).token_s * P95 if condition.bound else None
    question = Question(system, bound, (F16, SMALLER_CACHE) if condition.less_quality else (F16,))
    meter = Meter(system, condition.noise, Random(-number))
    contender = tuner(condition.goal) if name == "tuner" else BASELINES[name]
    share = question.share(contender(question, meter), question.most())
    return Result(system.kind.value, share, meter.trials, meter.turns, meter.loads)


def _row(condition: Condition, name: str, results: Sequence[Result]) -> Row:
    found = [result.share >= condition.enough for result in results]
    kinds = sorted({result.kind for result in results})
    share, low = mean(found), wilson(sum(found), len(found))
    trials, most = mean(result.trials for result in results), max(result.trials for result in results)
    least = condition.least if name == "tuner" else None
    return Row(
        condition.name,
        name,
        condition.noise,
        len(results),
        mean(result.share for result in results),
        percentile((result.share for result in results), 10),
        share,
        low,
        trials,
        most,
        mean(result.turns for result in results),
        mean(result.loads for result in results),
        {kind: mean(it for it, result in zip(found, results, strict=True) if result.kind == kind) for kind in kinds},
        least,
        None if least is None else low >= least and trials <= MEAN_TRIALS and most <= MOST_TRIALS,
    )


def wilson(hits: int, count: int) -> float:
    """Return the lower end of the 95 % interval of a share (Wilson's score interval)."""
    share, square = hits / count, NORMAL * NORMAL
    spread = NORMAL * sqrt(share * (1 - share) / count + square / (4 * count * count))
    return (share + square / (2 * count) - spread) / (1 + square / count)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of one condition."""
    yield f"{rows[0].condition}, noise {100 * rows[0].noise:g} %"
    for row in rows:
        bar = "" if row.least is None else f">= {100 * row.least:g} %"
        yield (
            f"  {row.contender:<26} {100 * row.mean:6.1f} {100 * row.tenth:6.1f} {100 * row.found:11.1f} "
            f"{row.trials:9.1f} {row.most_trials:4d} {row.loads:8.1f} {row.turns:8.1f}  {bar:<8} {_verdict(row)}"
        ).rstrip()


def _verdict(row: Row) -> str:
    """Return in words whether a bar passes; of few systems the share may be enough, but not the end of its interval."""
    if row.passed is None:
        return ""
    if row.passed:
        return "pass"
    doubtful = row.least is not None and row.low < row.least <= row.found
    return f"MISSED: of so few systems only {100 * row.low:.1f} % is sure" if doubtful else "MISSED"


HEAD = (
    "                              % of the best   % of systems    trials    loads   time,\n"
    "                               mean    p10     near it      mean most           trials"
)
"""The last column is the time of all trials in that of a single one: a pair takes four, the fresh load two."""


def bench_tuner(
    say: Callable[[str], None],
    systems: int = 10_000,
    noise: float = 0.02,
    seed: int = 1,
    json_path: Path | None = None,
    processes: int | None = None,
) -> int:
    """Print the table through `say`; return 0 when every bar passes, 1 when one is missed.

    `noise` is the relative standard deviation of a trial, `processes` how many work at it, None = one for each core.
    """
    say(HEAD)
    rows: list[Row] = []
    for condition in conditions(noise):
        number = systems if condition.least is not None else -(-systems // WITHOUT_A_BAR)
        found = measure(condition, number, seed, processes or cpu_count() or 1)
        for line in table(found):
            say(line)
        rows += found
    report = Report(systems, seed, tuple(rows))
    if json_path is not None:
        json_path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    bars = [row for row in rows if row.passed is not None]
    say(f"{len(bars) - len(report.missed)} of {len(bars)} bars pass, {systems} systems of seed {seed}.")
    return 1 if report.missed else 0
