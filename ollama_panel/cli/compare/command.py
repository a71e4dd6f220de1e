"""The command line of `bench compare`: its arguments, the turns of both sides, the progress, and what it prints."""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TextIO

import aiohttp
import msgspec

from ollama_panel.cli import output
from ollama_panel.cli.compare.arrivals import Arrival, busiest, drawn, recorded
from ollama_panel.cli.compare.replay import Run, replay, warm_up
from ollama_panel.cli.compare.sides import FORMS, Side, SideError, parsed, running
from ollama_panel.cli.compare.verdict import verdict
from ollama_panel.cli.until_signal import ENDED_BY_SIGNAL, run_until_signal
from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.series import percentile
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.workload import PRESETS, fitted, preset
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import is_abandoned

_TURNS = "ABBA"
_EVERY_S = 10.0
"""How often the progress of a run is told where it is not written anew on the same line."""
_CONTEXT = 4096
"""The context of a slot where it is not known, in tokens."""


class Options(argparse.Namespace):
    """The parsed arguments."""

    a: str
    b: str
    recording: Path | None
    requests: int
    rate: float
    preset: str
    model: str | None
    rounds: int
    seed: int
    ollama: str | None
    demo: bool
    state_dir: Path | None
    json: Path | None


class _Progress:
    """Tells how far it is on stderr: on a terminal in one line that is written anew, else in a line now and then."""

    def __init__(self, to: TextIO) -> None:
        self._to = to
        self._terminal = to.isatty()
        self._told = 0.0

    def show(self, text: str) -> None:
        """Show how far a run is, unless that was just done."""
        now = asyncio.get_running_loop().time()
        if self._terminal:
            self._write(f"\r\x1b[K{text}")
        elif now >= self._told + _EVERY_S:
            self._told = now
            self._write(f"{text}\n")

    def line(self, text: str) -> None:
        """Write a line that stays."""
        self._write(f"\r\x1b[K{text}\n" if self._terminal else f"{text}\n")

    def _write(self, text: str) -> None:
        self._to.write(text)
        self._to.flush()


def main(arguments: Sequence[str]) -> int:
    """Compare two sides; return 0 if that was possible, 1 if not, 130 if a signal ended it."""
    chosen = options(arguments)
    try:
        run_until_signal(compare(chosen))
    except asyncio.CancelledError:
        print("Stopped. What was started for it has ended.", file=sys.stderr)
        return ENDED_BY_SIGNAL
    except (SideError, PanelError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def options(arguments: Sequence[str]) -> Options:
    """Return the parsed arguments; those that are wrong end the command with its usage."""
    return _parser().parse_args(arguments, Options())


async def compare(chosen: Options) -> None:
    """Let both sides take turns, and print the verdict; what there is of it also when it is cancelled.

    Raises SideError, or PanelError, if that is not possible.
    """
    progress = _Progress(sys.stderr)
    a, b = (parsed(text, chosen.state_dir, chosen.ollama) for text in (chosen.a, chosen.b))
    folder = Paths.of(chosen.state_dir)
    if folder.panel.exists() and not is_abandoned(folder):
        progress.line("A panel runs on this machine; what its models take of memory and time is in the figures.")
    model = await _models(chosen, a, b)
    arrivals = _arrivals(chosen, model, min(side.context or _CONTEXT for side in (a, b)))
    arriving_s, turns = arrivals[-1].at, _TURNS * chosen.rounds
    least = len(turns) * arriving_s / 60
    requests, planned = output.counted(len(arrivals), "request"), output.counted(len(turns), "run")
    progress.line(f"{requests} within {arriving_s:.0f} s, {planned}: at least {least:.0f} min.")
    runs: dict[str, list[Run]] = {"A": [], "B": []}
    try:
        async with aclosing(_runs(chosen, {"A": a, "B": b}, arrivals, progress)) as ended:
            async for side, run in ended:
                runs[side].append(run)
    finally:
        _tell(chosen, runs, arriving_s)


async def _runs(
    chosen: Options, sides: dict[str, Side], arrivals: Sequence[Arrival], progress: _Progress
) -> AsyncGenerator[tuple[str, Run]]:
    """Yield the runs of both sides in turn."""
    turns = _TURNS * chosen.rounds
    for number, name in enumerate(turns, 1):
        title = f"{number} of {len(turns)}  {name}"
        progress.show(f"{title}  starting")
        unique = f"{chosen.seed} run {number}"
        async with running(sides[name], demo=chosen.demo) as url:
            calibrations = await warm_up(url, arrivals, unique)
            run = await replay(url, arrivals, unique, calibrations, _shown(progress, title, len(arrivals)))
        first = percentile(run.first_times(), 0.95)
        progress.line(
            f"{title}  {output.counted(len(run.requests), 'request')} in {run.seconds:.1f} s, {run.failures} failed, "
            f"{run.tokens_per_s:.1f} tokens/s, first token p95 {'—' if first is None else f'{first:.2f} s'}"
        )
        yield name, run


def _shown(progress: _Progress, title: str, number: int) -> Callable[[int, int], None]:
    requests = output.counted(number, "request")
    return lambda ended, failed: progress.show(f"{title}  {ended} of {requests}, {failed} failed")


async def _models(chosen: Options, a: Side, b: Side) -> ModelName | None:
    """Return the model of drawn requests, None for a recording's own. Raises SideError if a side does not have it."""
    wanted = canonical(chosen.model) if chosen.model else None
    for side in (a, b):
        async with running(side, demo=chosen.demo) as url:
            known = await _names(url)
        if wanted is None and chosen.recording is None:
            if len(known) != 1:
                raise SideError(f"Name a model with --model; {side.text} has {', '.join(sorted(known)) or 'none'}.")
            wanted = known[0]
        if wanted is not None and wanted not in known:
            raise SideError(f"{side.text} has no model {wanted}; it has {', '.join(sorted(known)) or 'none'}.")
    return wanted


async def _names(url: str) -> list[ModelName]:
    """Return the names of the models of an address. Raises SideError if it does not tell them."""
    limit = aiohttp.ClientTimeout(total=60)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(f"{url}/api/tags") as answer:
            answer.raise_for_status()
            return [canonical(one["name"]) for one in (await answer.json())["models"]]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise SideError(f"{url} does not list its models: {error}") from error


def _arrivals(chosen: Options, model: ModelName | None, context: int) -> tuple[Arrival, ...]:
    """Return the requests. Raises SideError if a recording has none, or is none."""
    if chosen.recording is None:
        assert model is not None  # see `_models`
        workload = fitted(preset(WorkloadKind(chosen.preset)), context)
        return drawn(workload, model, chosen.requests, chosen.rate, chosen.seed)
    try:
        lines = chosen.recording.read_bytes().rpartition(b"\n")[0].splitlines()
        arrivals = busiest(recorded(event_log.read(lines), model), chosen.requests)
    except OSError as error:
        raise SideError(render(not_read(str(chosen.recording), error))) from error
    except msgspec.MsgspecError as error:
        raise SideError(f"{chosen.recording} is not a log of events: {error}") from error
    if not arrivals:
        raise SideError(f"{chosen.recording} has no requests for answers or embeddings.")
    return arrivals


def _tell(chosen: Options, runs: dict[str, list[Run]], arriving_s: float) -> None:
    """Print the verdict on the pairs of runs that are complete."""
    pairs = min(map(len, runs.values()))
    if not pairs:
        return
    found = verdict(runs["A"][:pairs], runs["B"][:pairs], arriving_s)
    print(f"A: {chosen.a}\nB: {chosen.b}\n")
    print("\n".join(found.lines()))
    if chosen.json is not None:
        result = {"a": chosen.a, "b": chosen.b, "arriving_s": arriving_s, "verdict": found, "runs": runs}
        chosen.json.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ollama-panel bench compare",
        description="The same arrivals of requests against two sides, in turn (A B B A), with a paired verdict.",
        epilog=f"A and B are each one of: {FORMS}. All but an address are run as a panel of their own, on free ports "
        "and with a state folder of its own; the user's panel is left alone. Requests are sent to Ollama's own API.",
    )
    parser.add_argument("a", metavar="A", help="the first side")
    parser.add_argument("b", metavar="B", help="the second side")
    parser.add_argument(
        "--recording", type=Path, metavar="FILE", help="a log of scheduling.record_events: its busiest requests"
    )
    parser.add_argument("--requests", type=_positive, default=100, metavar="N", help="how many requests (100)")
    parser.add_argument("--rate", type=_rate, default=1.0, metavar="R", help="drawn requests a second (1)")
    kinds = sorted(kind.value for kind in PRESETS)
    parser.add_argument("--preset", default=WorkloadKind.CHAT.value, choices=kinds, help="drawn requests (chat)")
    parser.add_argument("--model", metavar="M", help="the model of all requests; needed if there are several")
    parser.add_argument("--rounds", type=_positive, default=2, metavar="N", help="how often A B B A (2)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of drawn requests (1)")
    parser.add_argument("--ollama", metavar="PATH", help="the ollama program of the panels")
    parser.add_argument("--demo", action="store_true", help="panels with simulated servers")
    parser.add_argument("--state-dir", type=Path, metavar="DIR", help="the folder of the settings in force")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers, too")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"it must be a whole number from 1 up, not {text!r}")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(f"it must be a number above 0, not {text!r}")
    return rate
