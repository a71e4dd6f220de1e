"""The laboratory: the panel's scheduler against the baselines, as a table of ratios with intervals and a verdict.

`bench_scheduler` runs the experiments of `experiments`, `experiments_memory`, `experiments_slo` and
`experiments_trouble` over seeds and machines. A bar is a limit that was set before this code was written
(docs/scheduling.md, section "How to judge a change"); it passes if the worse end of the bootstrap 95 % interval passes.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ollama_panel.lab import experiments, experiments_memory, experiments_slo, experiments_trouble
from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.experiments import Numbers
from ollama_panel.lab.statistics import interval, mean

CUDA, METAL, FLAT = "rtx-4090", "m4-max", "m4-pro"
MACHINES = (CUDA, METAL, FLAT)
Experiment = Callable[[Conditions], Numbers]


class Bar(msgspec.Struct, frozen=True):
    """A limit of a number: it must be at least (`floor`) or at most `limit`."""

    name: str
    limit: float
    floor: bool = True
    only: tuple[str, ...] = MACHINES

    def passed(self, low: float, high: float) -> bool:
        """Return whether the worse end of an interval passes."""
        return low >= self.limit if self.floor else high <= self.limit


class Goal(msgspec.Struct, frozen=True):
    """A goal of the scheduler: an experiment, the machines it runs on, its bars; `seeds` 0 = as asked."""

    number: int
    title: str
    experiment: Experiment
    bars: tuple[Bar, ...]
    machines: tuple[str, ...] = MACHINES
    seeds: int = 0


def at_least(name: str, limit: float, *only: str) -> Bar:
    """Return a lower limit, for the machines named or for all."""
    return Bar(name, limit, floor=True, only=only or MACHINES)


def at_most(name: str, limit: float, *only: str) -> Bar:
    """Return an upper limit, for the machines named or for all."""
    return Bar(name, limit, floor=False, only=only or MACHINES)


GOALS: tuple[Goal, ...] = (
    Goal(1, "burst of 500, clients leave after 60 to 300 s of silence", experiments.burst, (at_most("failures", 0),)),
    Goal(1, "burst of 10,000", experiments.great_burst, (at_most("failures", 0),), (CUDA,), seeds=1),
    Goal(
        2, "makespan of a burst of 500", experiments.burst_makespan,
        (
            at_least("speed-up", 5, CUDA), at_least("speed-up", 3, METAL), at_least("speed-up", 2.3, FLAT),
            at_least("share of the best fixed", 0.95),
        ),
    ),
    Goal(
        3, "chat under flood", experiments.chat_under_flood,
        (
            at_most("first token p95 over unloaded, panel", 1.5),
            at_least("batch kept, panel", 0.95, CUDA, METAL), at_least("batch kept, panel", 0.88, FLAT),
        ),
    ),
    Goal(
        4, "fairness", experiments.fairness,
        (
            at_least("Jain's index", 0.99), at_most("gap in largest requests", 2),
            at_least("light clients quicker than one queue", 10),
        ),
    ),
    Goal(
        5, "conversations, all fit", experiments_memory.prefix_fits,
        (at_least("reusable tokens cached, panel", 0.95), at_least("first token quicker than round robin", 2.5)),
        (METAL,),
    ),
    Goal(5, "conversations, all fit, saturated", experiments_memory.prefix_crowded, (), (METAL,)),
    Goal(
        5, "conversations, half fit", experiments_memory.prefix_half,
        (at_least("reusable tokens cached, panel", 0.85),), (METAL,),
    ),
    Goal(
        5, "coding agents", experiments_memory.agents,
        (
            at_least("reusable tokens cached, panel", 0.85),
            *(at_least(f"answers over {name}", 2) for name in ("direct", "round robin", "one queue")),
        ),
        (METAL,),
    ),
    Goal(
        6, "three models, one fits", experiments_memory.swap_one_fits,
        (
            at_least("fewer loads per served than direct", 4), at_least("served, panel", 0.99),
            at_least("first token quicker than direct", 100),
        ),
        (CUDA,),
    ),
    Goal(
        6, "three models, two fit", experiments_memory.swap_two_fit,
        (at_least("fewer loads per served than direct", 1), at_least("first token quicker than direct", 1)), (CUDA,),
    ),
    Goal(6, "sliding windows beside another model", experiments_memory.swap_sliding, (), (CUDA,)),
    Goal(
        7, "clients with different contexts", experiments_memory.options_thrash,
        (at_most("loads beyond the first and one per change of context", 0),),
    ),
    Goal(
        9, "time per token promised, 3 x idle", experiments_slo.promise_tight,
        (
            at_least("promises kept", 0.95), at_least("throughput over the best fixed", 0.95),
            at_most("recovery s", 60),
        ),
    ),
    Goal(
        9, "time per token promised, 6 x idle", experiments_slo.promise_loose,
        (
            at_least("promises kept", 0.95), at_least("throughput over the best fixed", 0.95),
            at_most("recovery s", 60),
        ),
    ),
    Goal(
        9, "load step from 1 to 16 clients, limit adjusted", experiments_slo.load_step,
        (
            at_least("share of the best fixed", 0.95), at_most("changes in steady state", 2),
            at_least("share of the best fixed, by a curve", 0.95), at_most("changes in steady state, by a curve", 2),
        ),
    ),
    Goal(
        10, "kill, crash, out of memory, hang", experiments_trouble.trouble,
        (at_most("failures before the first byte", 0), at_most("duplicated or lost", 0)),
    ),
    Goal(
        11, "GraphRAG from end to end", experiments_trouble.graphrag,
        (at_least("job quicker than default Ollama", 3, CUDA, METAL), at_most("failures", 0)),
    ),
    Goal(11, "embeddings on several instances", experiments_trouble.embeddings, ()),
    Goal(
        12, "the scheduler's own cost", experiments_trouble.overhead,
        (
            at_most("decision p99 us", 100), at_least("replay identical", 1), at_most("a simulated day s", 60),
        ),
        (CUDA,), seeds=2,
    ),
)  # fmt: skip  # a table: a goal, its experiment and its bars in a few lines each


class Row(msgspec.Struct, frozen=True):
    """One number of one experiment on one machine: mean and interval over seeds, and its bar if it has one."""

    goal: int
    title: str
    machine: str
    name: str
    value: float
    low: float
    high: float
    bar: str = ""
    passed: bool | None = None


class Report(msgspec.Struct, frozen=True):
    """The results of a run of the laboratory."""

    seeds: int
    rows: tuple[Row, ...]

    @property
    def failed(self) -> tuple[Row, ...]:
        """Return the rows whose bar is missed."""
        return tuple(row for row in self.rows if row.passed is False)


def measure(goal: Goal, machine: str, seeds: int, catalog: str = "known", first_seed: int = 1) -> list[Row]:
    """Run an experiment on a machine with every seed from the first one on and return its rows."""
    numbers = range(first_seed, first_seed + (goal.seeds or seeds))
    runs = [goal.experiment(Conditions(machine, seed, catalog)) for seed in numbers]
    return [_row(goal, machine, name, [run[name] for run in runs]) for name in runs[0]]


def _row(goal: Goal, machine: str, name: str, values: list[float]) -> Row:
    low, high = interval(values)
    bar = next((one for one in goal.bars if one.name == name and machine in one.only), None)
    text = f"{'>=' if bar.floor else '<='} {bar.limit:g}" if bar else ""
    passed = bar.passed(low, high) if bar else None
    return Row(goal.number, goal.title, machine, name, mean(values), low, high, text, passed)


def table(rows: Iterable[Row]) -> Iterable[str]:
    """Return the lines of a report, with a headline for each experiment."""
    title = ""
    for row in rows:
        headline = f"{row.goal:2d}  {row.title} - {row.machine}"
        if headline != title:
            title = headline
            yield title
        verdict = {None: "", True: "pass", False: "MISSED"}[row.passed]
        spread = f"[{row.low:.4g}, {row.high:.4g}]"
        yield f"      {row.name:<52} {row.value:>10.4g}  {spread:<22} {row.bar:<10} {verdict}".rstrip()


def bench_scheduler(
    say: Callable[[str], None],
    seeds: int = 20,
    machines: str = "all",
    goal: int | None = None,
    json_path: Path | None = None,
    catalog: str = "known",
    first_seed: int = 1,
) -> int:
    """Run the laboratory and print its table through `say`; return 0 when every bar passes, 1 when one is missed.

    `machines` is `all` or names of simulated machines with commas between; `goal` picks one number; `catalog` names
    the models that the experiments use. Other seeds than those that a rule was developed on show whether it fits them.
    """
    wanted = MACHINES if machines == "all" else tuple(machines.split(","))
    rows: list[Row] = []
    for one in GOALS:
        for machine in one.machines:
            if machine in wanted and goal in (None, one.number):
                found = measure(one, machine, seeds, catalog, first_seed)
                for line in table(found):
                    say(line)
                rows += found
    report = Report(seeds, tuple(rows))
    if json_path is not None:
        json_path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    bars = [row for row in rows if row.passed is not None]
    say(f"{len(bars) - len(report.failed)} of {len(bars)} bars pass, {seeds} seeds.")
    for row in report.failed:
        say(f"missed: {row.goal} {row.title} - {row.machine}: {row.name} {row.value:.4g} (wanted {row.bar})")
    return 1 if report.failed else 0
