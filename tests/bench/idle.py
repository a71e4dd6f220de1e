"""What an idle panel costs: `python tests/bench/idle.py [--seconds 60] [--ollama PROGRAM] [--against FOLDER]`.

A headless panel with two workers stands beside a minimal proxy on aiohttp, which does nothing unasked, and all are
idle in the same minutes. Printed are the CPU time of each process alone, as a share of one core, and how often its
threads woke (Linux). `--against` measures the version of the panel in another folder beside this one, `--reader` a
panel whose metrics are read every 15 s.
"""

import argparse
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.engine.pace import IDLE_S, READER_S
from tests.bench.contestants import Contestant, bare, direct, panel

ROOT = Path(__file__).parents[2]
SETTLE_S = READER_S + IDLE_S
"""How long until nobody has asked for anything for a while."""

TARGET = 0.5
"""Percent of a core that a headless panel may take."""


def wakes(contestant: Contestant) -> int | None:
    """Return how often the process has waited for something so far; None where the system does not tell."""
    files = [file for one in contestant.processes for file in Path(f"/proc/{one.pid}/task").glob("*/status")]
    lines = [line for file in files for line in file.read_text().splitlines() if line.startswith("voluntary_ctxt")]
    return sum(int(line.split()[1]) for line in lines) if lines else None


@contextmanager
def reading(contestant: Contestant) -> Iterator[None]:
    """Read the metrics every 15 s, as Prometheus may."""
    over = threading.Event()

    def read() -> None:
        while not over.wait(15.0):
            httpx.get(contestant.url + "/panel/metrics", trust_env=False).raise_for_status()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def measure(contestants: list[Contestant], seconds: float) -> None:
    rest = threading.Event()
    rest.wait(SETTLE_S)
    before = [(one.cpu_s(), wakes(one)) for one in contestants]
    rest.wait(seconds)
    print(f"{'idle for ' + format(seconds, 'g') + ' s':<28} {'CPU of a core':>14} {'wake-ups':>12}")
    for one, (cpu, woken) in zip(contestants, before, strict=True):
        now = wakes(one)
        rate = "—" if now is None or woken is None else f"{(now - woken) / seconds:.1f}/s"
        print(f"{one.name:<28} {100 * (one.cpu_s() - cpu) / seconds:>12.2f} % {rate:>12}")
    print(f"A headless panel may take {TARGET:g} %.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--ollama", default="", help="a real Ollama instead of the simulated backend")
    parser.add_argument("--against", type=Path, help="the folder of another version of the panel")
    parser.add_argument("--reader", action="store_true", help="measure a panel whose metrics are read, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)

        def started(label: str, checkout: Path) -> Contestant:
            made = panel(folder / label, "serve", workers=2, ollama=options.ollama, checkout=checkout.resolve())
            contestant = stack.enter_context(made)
            contestant.name = label
            return contestant

        contestants = [stack.enter_context(bare(stack.enter_context(direct()).url)), started("panel", ROOT)]
        if options.against:
            contestants.append(started("panel, former version", options.against))
        if options.reader:
            contestants.append(started("panel, metrics every 15 s", ROOT))
            stack.enter_context(reading(contestants[-1]))
        measure(contestants, options.seconds)


if __name__ == "__main__":
    main()
