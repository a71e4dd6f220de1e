"""Decisions per second of the scheduler: `python tests/bench/scheduler.py [--queued N] [--json FILE]` prints one table.

Times are CPU microseconds of one `step`, by the number of requests that wait; medians of five runs.
"""

import argparse
import json
from pathlib import Path
from statistics import median

from ollama_panel.lab.experiments_trouble import decision_times
from ollama_panel.lab.statistics import percentile

PERCENTILES = (50, 90, 99)
RUNS, STEPS = 5, 8000


def measure(queued: int) -> dict[str, float]:
    """Return percentiles of the time of a step with `queued` requests waiting."""
    runs = [decision_times(queued, STEPS) for _ in range(RUNS)]
    return {f"p{percent}": median(percentile(run, percent) for run in runs) for percent in PERCENTILES}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time of one decision of the scheduler.")
    parser.add_argument("--queued", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table = {queued: measure(queued) for queued in options.queued}
    print(f"{'queued':>8} " + " ".join(f"{f'p{percent} us':>10}" for percent in PERCENTILES))
    for queued, numbers in table.items():
        print(f"{queued:>8} " + " ".join(f"{number:10.1f}" for number in numbers.values()))
    if options.json:
        options.json.write_text(json.dumps(table))


if __name__ == "__main__":
    main()
