"""Fit the service-time model to a running Ollama: measure step times at several concurrencies, fit, compare.

    python -m ollama_panel.sim fit --url http://127.0.0.1:11434 --model small --levels 1,2,4,6,8

The server's OLLAMA_NUM_PARALLEL must be at least the highest level. It measures `eval_duration / (eval_count
- 1)` of the final chunks (the time from one token to the next in a batch with the level's number of sequences), and
the tokens per second of whole waves.
"""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from statistics import median

import httpx
import msgspec

from ollama_panel.sim.machine.service_time import ServiceTimeModel

_WARM_UP = 8


class Level(msgspec.Struct, frozen=True):
    """The measurement with `sequences` requests at once: seconds from token to token, and tokens per second of all."""

    sequences: int
    step_s: float
    tokens_s: float


async def measure(
    http: httpx.AsyncClient, model: str, levels: Sequence[int], *, tokens: int = 48, waves: int = 3
) -> list[Level]:
    """Measure a model of a server, each level after a wave of warm-up. Raises httpx.HTTPError if a request fails."""
    await _wave(http, model, 1, _WARM_UP)
    found = []
    for sequences in levels:
        await _wave(http, model, sequences, _WARM_UP)
        results = [await _wave(http, model, sequences, tokens) for _ in range(waves)]
        steps = [step for wave, _ in results for step in wave]
        found.append(Level(sequences, median(steps), median(rate for _, rate in results)))
    return found


_numbers = itertools.count(1)


async def _wave(http: httpx.AsyncClient, model: str, sequences: int, tokens: int) -> tuple[list[float], float]:
    """Send a number of requests at once and return their step times and the tokens per second of all."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    answers = await asyncio.gather(*(_ask(http, model, tokens) for _ in range(sequences)))
    took = loop.time() - began
    made = sum(answer["eval_count"] for answer in answers)
    steps = [
        answer["eval_duration"] / 1e9 / (answer["eval_count"] - 1) for answer in answers if answer["eval_count"] > 1
    ]
    return steps, made / took


async def _ask(http: httpx.AsyncClient, model: str, tokens: int) -> dict[str, int]:
    prompt = f"{next(_numbers)}: tell a story"  # unique from its first token on, so that no cache helps
    options = {"num_predict": tokens, "temperature": 0.8}
    answer = await http.post(
        "/api/generate", json={"model": model, "prompt": prompt, "raw": True, "stream": False, "options": options}
    )
    answer.raise_for_status()
    found: dict[str, int] = answer.json()
    return found


def fit(steps: Mapping[int, float]) -> ServiceTimeModel:
    """Fit the times for weights, batching and each sequence: least squares of the relative error, nothing negative."""
    rows = [((1.0, float(count > 1), float(count)), seconds) for count, seconds in steps.items()]
    best: tuple[float, dict[int, float]] = (float("inf"), {})
    for size in (1, 2, 3):
        for columns in itertools.combinations(range(3), size):
            solved = _least_squares([([row[at] for at in columns], seconds) for row, seconds in rows])
            if solved is None or min(solved) < 0:
                continue
            error = sum(
                (sum(row[at] * x for at, x in zip(columns, solved, strict=True)) / s - 1) ** 2 for row, s in rows
            )
            if error < best[0] - 1e-12:
                best = error, dict(zip(columns, solved, strict=True))
    found = best[1]
    return ServiceTimeModel(
        weights_s=found.get(0, 0.0), rate=0.0, batched_s=found.get(1, 0.0), sequence_s=found.get(2, 0.0)
    )


def _least_squares(rows: Sequence[tuple[Sequence[float], float]]) -> list[float] | None:
    """Solve the normal equations of the relative error by elimination; return None if they are singular."""
    size = len(rows[0][0])
    matrix = [[sum(row[i] * row[j] / s**2 for row, s in rows) for j in range(size)] for i in range(size)]
    right = [sum(row[i] / s for row, s in rows) for i in range(size)]
    for pivot in range(size):
        if abs(matrix[pivot][pivot]) < 1e-12 * abs(matrix[0][0] or 1.0):
            return None
        for below in range(pivot + 1, size):
            factor = matrix[below][pivot] / matrix[pivot][pivot]
            matrix[below] = [a - factor * b for a, b in zip(matrix[below], matrix[pivot], strict=True)]
            right[below] -= factor * right[pivot]
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = sum(matrix[row][at] * solution[at] for at in range(row + 1, size))
        solution[row] = (right[row] - known) / matrix[row][row]
    return solution


def table(levels: Sequence[Level]) -> str:
    """Return a table of measured and fitted rates, with a fit to all levels and one to three of them only."""
    steps = {level.sequences: level.step_s for level in levels}
    service_time = fit(steps)
    outer = {count: steps[count] for count in {*sorted(steps)[:2], max(steps)}}
    blind = fit(outer)
    lines = ["at once   measured   fitted  error   from 3 points  error   whole waves"]
    for level in levels:
        measured = level.sequences / level.step_s
        full, part = service_time.throughput(level.sequences), blind.throughput(level.sequences)
        lines.append(
            f"{level.sequences:7d} {measured:10.1f} {full:8.1f} {full / measured - 1:+6.1%} "
            f"{part:14.1f} {part / measured - 1:+7.1%} {level.tokens_s:12.1f}"
        )
    errors = [abs(service_time.throughput(level.sequences) * level.step_s / level.sequences - 1) for level in levels]
    weights, batched, each = (
        seconds * 1e3 for seconds in (service_time.weights_s, service_time.batched_s, service_time.sequence_s)
    )
    terms = f"{weights:.3f} ms + {batched:.3f} ms if more than one + {each:.3f} ms each"
    return "\n".join([*lines, f"step = {terms}; mean error {sum(errors) / len(errors):.1%}", "tokens per second"])
