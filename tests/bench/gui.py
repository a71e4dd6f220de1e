"""How long the GUI thread is held: each slot and paint of the window, under ten snapshots a second.

    python -m tests.bench.gui [--snapshots 200] [--requests 200]

Prints median, 99th percentile and maximum in milliseconds, per slot. The bar is 3 ms of Python in any slot: the proxy
shares the interpreter. CPU time of the thread, so that a busy machine does not spoil the numbers.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.charts.ring import SampleRing
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.bench.painting import measure_long_queue, measure_painting, measure_whole_queue
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient

BAR_MS = 3.0
REQUESTS = 2
STEPS = 5
"""How many times the steps of a slider are measured, for the spread of the ratio."""


class Clock:
    """Collects CPU time by name."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def measure(self, name: str, run: Callable[[], Any]) -> None:
        """Run something and note the thread's CPU time."""
        begun = time.thread_time_ns()
        run()
        self.taken.setdefault(name, []).append((time.thread_time_ns() - begun) / 1e6)

    def report(self) -> None:
        """Print a line per name."""
        print(f"{'slot':44s} {'median':>8s} {'p99':>8s} {'max':>8s}  ms of CPU")
        for name, times in self.taken.items():
            median, high = np.percentile(times, [50, 99])
            verdict = "" if high <= BAR_MS or name.startswith("(") else f"  above {BAR_MS} ms"
            print(f"{name:44s} {median:8.2f} {high:8.2f} {max(times):8.2f}{verdict}")


def busy_snapshot(number: int, requests: int) -> Snapshot:
    """Return a snapshot in which every instance and half of the requests changed, with a new sample every third."""
    at = 1000.0 + number / 10
    live, done = snapshots.requests(waiting=requests - 8, running=8, finished=requests)
    live = tuple(
        msgspec.structs.replace(record, position=(record.position or 0) + number % 2) if place % 2 else record
        for place, record in enumerate(live)
    )
    instances = tuple(
        msgspec.structs.replace(record, in_flight=number % 3, tokens_per_s=400.0 + number)
        for record in snapshots.instances()
    )
    sample = snapshots.sample(1000.0 + number // 3 / 4)
    return snapshots.snapshot(at=at, requests=live, finished=done, instances=instances, sample=sample)


def measure_pages(
    clock: Clock, window: MainWindow, client: FakeClient, application: QApplication, shown: list[Snapshot]
) -> None:
    """Push the snapshots with every page in front."""
    for page, name in enumerate(("overview", "instances", "requests", "connect", "export", "settings")):
        window.show_page(page)
        application.processEvents()
        for snapshot in shown:
            client.snapshot = snapshot
            clock.measure(f"snapshot, {name} in front", lambda: window.show_snapshot(snapshot))  # noqa: B023 run at once
            if name == "requests":
                # In life this runs four times a second at most.
                clock.measure("requests table", window.requests._show)
            clock.measure(f"(painting by Qt, {name})", application.processEvents)


def measure_charts(clock: Clock, window: MainWindow) -> None:
    """Draw each time range from full rings."""
    ring = SampleRing()
    for sample in snapshots.history(3600):
        ring.push(sample)
    window.show_page(0)
    trends, figures = window.overview._trends, window.overview._figures
    for _ in range(60):
        for span in (60.0, 600.0, 3600.0):
            for chart in trends.charts:
                clock.measure(f"a chart, {span:.0f} s", partial(chart.show_ring, ring, span))
        clock.measure("key figures", partial(figures.show_ring, ring, 60.0))


def measure_sliders(window: MainWindow, application: QApplication) -> None:
    """Print what a step of a slider takes until all is painted, against a bare slider of the same look, in turn.

    Forecast and plan follow the slider at most ten times a second: they are measured by themselves.
    """
    window.show_page(0)
    card = next(iter(window.overview.pool_cards.values()))
    place = QWidget()
    bare = QSlider(Qt.Orientation.Horizontal, place)
    bare.setRange(0, 20)
    bare.resize(165, 24)
    place.show()
    clock, ratios = Clock(), dict[str, list[float]]({"median": [], "p99": []})
    for _ in range(STEPS):
        clock.taken.clear()
        for step in range(300):
            for name, slider in (("step of a bare slider", bare), ("step of a pool's slider", card._parallel._slider)):
                clock.measure(name, lambda: (slider.setValue(2 + step % 9), application.processEvents()))  # noqa: B023 run at once
            card._forecast_later.stop()
            clock.measure("forecast and plan", card._show_forecast)
            application.processEvents()
        first, second = (np.percentile(times, [50, 99]) for times in list(clock.taken.values())[:2])
        for of, ratio in zip(ratios.values(), second / first, strict=True):
            of.append(float(ratio))
    print()
    clock.report()
    for of, values in ratios.items():
        spread = f"{min(values):.1f} to {max(values):.1f}"
        print(f"a pool's slider / a bare one, {of}: {np.median(values):.1f} ({spread}; at most 3 for the p99)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snapshots", type=int, default=200)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    application = QApplication([])
    client = FakeClient(busy_snapshot(0, options.requests))
    client.spawn = lambda command: command.close()  # type: ignore[method-assign]
    theme = Theme(application)
    state = WindowState(Path(os.devnull))
    window = MainWindow(client, theme, Actions(client), lambda: None, state)  # type: ignore[arg-type]
    window.overview.show_samples(snapshots.history(600, until=999.0))
    window.show()
    clock = Clock()
    shown = [busy_snapshot(number, options.requests) for number in range(1, options.snapshots + 1)]
    measure_pages(clock, window, client, application, shown)
    measure_charts(clock, window)
    clock.report()
    measure_sliders(window, application)
    measure_painting(window, application)
    measure_long_queue(window, client, application)
    asyncio.run(measure_whole_queue(window, client, application))


if __name__ == "__main__":
    main()
