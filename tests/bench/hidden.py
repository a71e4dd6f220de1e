"""What a window costs that nobody sees: `python -m tests.bench.hidden [--rounds 7] [--seconds 10] [--against FOLDER]`.

A headless panel, one whose window is hidden (as in the tray) and one whose window is minimised get the same streams in
turn, about forty requests a second. Printed are the CPU time of each process under this load, as a share of one core,
its difference from the headless panel of the same round, and what the window's thread took of it (Linux): the median
over the rounds, the lowest and the highest. `--against` measures the version in another folder beside this one.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ollama_panel import __main__
from ollama_panel.gui.shell import Shell
from tests.bench.contestants import CHECKOUT, Contestant, panel
from tests.bench.load import measure

HEADLESS, HIDDEN, MINIMISED, SHOWN = "serve", "hidden", "minimised", "shown"
WINDOWS = (HIDDEN, MINIMISED, SHOWN)
STREAMS, PROMPT = 20, "stream 20 25"
"""How many clients stream at once, and the prompt for the stand-in of Ollama: 20 lines, one every 25 ms."""

TARGET = 0.5
"""Percent of a core that a window which nobody sees may take."""


def show_as(state: str) -> None:
    """Let the window of this process be hidden, or minimised, as soon as it is shown."""
    show = Shell.show

    def shown(self: Shell, minimized: bool = False) -> None:
        show(self, minimized)
        if state == HIDDEN:
            self.window.hide()
        elif state == MINIMISED:
            self.window.showMinimized()

    Shell.show = shown  # type: ignore[method-assign]  # a start to the tray needs a tray


def window_s(contestant: Contestant) -> float:
    """Return the CPU time of the thread that shows the window, in seconds: the first one of the process."""
    pid = contestant.processes[0].pid
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def cpu_percent(contestant: Contestant, seconds: float) -> tuple[float, float]:
    """Return the shares of a core that a panel, and its first thread, take while it serves the streams."""
    whole, window = contestant.cpu_s(), window_s(contestant)
    asyncio.run(measure(contestant.url, STREAMS, seconds, PROMPT, lines=True))
    return 100 * (contestant.cpu_s() - whole) / seconds, 100 * (window_s(contestant) - window) / seconds


def spread(values: list[float]) -> str:
    """Return the median, the lowest and the highest of some shares of a core."""
    return f"{statistics.median(values):7.2f} % ({min(values):.2f} to {max(values):.2f})".ljust(28)


def report(name: str, taken: list[tuple[float, float]], headless: list[tuple[float, float]]) -> None:
    """Print a line about a contestant beside the headless panel."""
    whole, base = [one for one, _ in taken], [one for one, _ in headless]
    more = [one - other for one, other in zip(whole, base, strict=True)]
    ratio = statistics.median(one / other for one, other in zip(whole, base, strict=True))
    window = "" if taken is headless else spread([one for _, one in taken])
    print(f"{name:<20} {spread(whole)} {spread(more)} {ratio:5.3f} x {window}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--against", type=Path, help="the folder of another version of the panel")
    options = parser.parse_args()
    checkouts = {"": CHECKOUT} | ({"former ": options.against.resolve()} if options.against else {})
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        contestants = {
            label + state: stack.enter_context(
                panel(Path(name) / (label + state), state, checkout=checkout, program=(__file__,))
            )
            for label, checkout in checkouts.items()
            for state in (HEADLESS, *WINDOWS)
        }
        taken: dict[str, list[tuple[float, float]]] = {label: [] for label in contestants}
        for _ in range(options.rounds):
            for label, contestant in contestants.items():
                taken[label].append(cpu_percent(contestant, options.seconds))
    print(f"{'':<20} {'CPU of a core':<28} {'above the headless panel':<28} {'':7} of it, the window's thread")
    for label, values in taken.items():
        report(label, values, taken[HEADLESS])
    print(f"A window that nobody sees may take {TARGET:g} % of a core.")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WINDOWS:
        show_as(sys.argv[1])
        sys.argv[1] = "gui"
        sys.exit(__main__.main())
    elif sys.argv[1:2] == [HEADLESS]:
        sys.exit(__main__.main())
    main()
