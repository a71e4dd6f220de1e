"""What painting a page costs beside a bare QTableView, and what a long queue costs at each snapshot; see `gui.py`."""

import asyncio
import statistics
import time
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import PoolRecord, Snapshot
from ollama_panel.core.timeline.timeline import MAX_FINISHED, MAX_OPEN
from ollama_panel.gui import tasks
from ollama_panel.gui.widgets.request_part import ROW
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient

PAGES = ("overview", "instances", "requests", "connect", "export", "settings")
REQUESTS = 2
ROUNDS, TIMES = 9, 9
COLUMNS = 7
WAITING = 10_000
TARGET = 3.0
"""How many times as long as a bare table a page may take."""


def cpu_ms(run: Callable[[], object]) -> float:
    """Return the CPU time of the thread for a call, in milliseconds."""
    begun = time.thread_time_ns()
    run()
    return (time.thread_time_ns() - begun) / 1e6


def bare_table(size: QSize, rows: int = 0) -> QTableView:
    """Return a table as Qt makes it, of a size, with so many rows; 0 fills it."""
    table = QTableView()
    rows = rows or size.height() // table.verticalHeader().defaultSectionSize() + 1
    model = QStandardItemModel(rows, COLUMNS, table)
    for row in range(rows):
        for column in range(COLUMNS):
            model.setItem(row, column, QStandardItem(f"cell {row}, {column}"))
    table.setModel(model)
    table.resize(size)
    table.show()
    return table


def painting_ms(widget: QWidget) -> float:
    """Return the median CPU time of painting a whole widget."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    return statistics.median(cpu_ms(lambda: widget.render(image)) for _ in range(TIMES))


def measure_painting(window: MainWindow, application: QApplication) -> None:
    """Paint each page and a bare table of the same size without the style sheet, in turn, and print the ratios."""
    style = application.styleSheet()
    table = bare_table(window.centralWidget().size())
    taken: dict[str, list[float]] = {name: [] for name in ("bare", *PAGES)}
    for _ in range(ROUNDS):
        application.setStyleSheet("")
        application.processEvents()
        taken["bare"].append(painting_ms(table))
        application.setStyleSheet(style)
        for name in PAGES:
            window.show_page_named(name)
            application.processEvents()
            taken[name].append(painting_ms(window.centralWidget()))
    print(f"\npainting, against a bare QTableView ({statistics.median(taken['bare']):.2f} ms of CPU)")
    for name in PAGES:
        ratios = [one / bare for one, bare in zip(taken[name], taken["bare"], strict=True)]
        verdict = "" if statistics.median(ratios) <= TARGET else f"  above {TARGET:g} x"
        print(
            f"{name:20s} {statistics.median(taken[name]):7.2f} ms {statistics.median(ratios):6.2f} x "
            f"({min(ratios):.2f} to {max(ratios):.2f}){verdict}"
        )
    table.deleteLater()


def long_queue(step: int) -> Snapshot:
    """Return a snapshot with ten thousand waiting requests, of which one has begun since the step before."""
    live, done = snapshots.requests(waiting=MAX_OPEN, running=8, finished=MAX_FINISHED + 20)
    waiting = tuple(
        msgspec.structs.replace(record, position=place + 1) for place, record in enumerate(live[8 + step : MAX_OPEN])
    )
    pools = (PoolRecord(snapshots.CHAT, Role.CHAT, queued=WAITING, in_flight=8, slots=8),)
    at = 1000.0 + step / 4
    return snapshots.snapshot(
        at=at, requests=(*live[:8], *waiting), finished=done[step : step + MAX_FINISHED], pools=pools
    )


async def measure_whole_queue(window: MainWindow, client: FakeClient, application: QApplication) -> None:
    """List all of a queue of ten thousand, as the user may want it, and print what it costs beside a bare table.

    Both tables have as many rows and the same size. A step of scrolling is painted by Qt as in life.
    """
    window.show_page(REQUESTS)
    page = window.requests
    client.snapshot = msgspec.structs.replace(long_queue(0), finished=())
    live, _ = snapshots.requests(waiting=WAITING, running=8)
    client.waiting = live[8:]
    page.show_snapshot(client.snapshot)
    page._show()
    client.spawn = lambda command: tasks.spawn(command, client.report)  # type: ignore[method-assign]
    page.more.click()
    await asyncio.sleep(0.1)
    assert not page._search.looking
    update, ratios, steps = [], [], list[float]()
    style = application.styleSheet()
    part = page.waiting
    bare = bare_table(part.size(), WAITING)
    for step in range(ROUNDS):
        later = tuple(msgspec.structs.replace(one, position=place) for place, one in enumerate(live[8 + step :], 1))
        page._search._answer, page._search._fresh = later, True
        update.append(cpu_ms(page._show_anew))
        application.processEvents()
        application.setStyleSheet("")
        application.processEvents()
        plain, plain_step = painting_ms(bare), scrolling_ms(bare, application)
        application.setStyleSheet(style)
        application.processEvents()
        ratios.append(painting_ms(part) / plain)
        steps.append(scrolling_ms(part, application) / plain_step)
    print(f"\nall {len(part._table.records):,} rows of a queue, against a bare QTableView of {WAITING:,} rows")
    for name, values in (("painting", ratios), ("a step of scrolling", steps)):
        verdict = "" if statistics.median(values) <= TARGET else f"  above {TARGET:g} x"
        print(f"{name:20s} {statistics.median(values):6.2f} x ({min(values):.2f} to {max(values):.2f}){verdict}")
    print(f"{'a new answer':20s} {statistics.median(update):6.2f} ms of CPU ({max(update):.2f} at most)")
    page.more.click()
    bare.deleteLater()


def scrolling_ms(table: QTableView, application: QApplication) -> float:
    """Return the median CPU time of scrolling by a row, until it is painted; a bare table counts rows, not pixels."""
    bar, taken = table.verticalScrollBar(), []
    for step in range(1, 4 * TIMES):
        bar.setValue(step * ROW if bar.maximum() > WAITING else step)
        taken.append(cpu_ms(application.processEvents))
    bar.setValue(0)
    return statistics.median(taken)


def measure_long_queue(window: MainWindow, client: FakeClient, application: QApplication) -> None:
    """Show snapshots of a queue of ten thousand, and print what one costs; in life there are four a second."""
    window.show_page(REQUESTS)
    update, paint = [], []
    for step in range(20):
        client.snapshot = snapshot = long_queue(step)
        window.requests.show_snapshot(snapshot)
        update.append(cpu_ms(window.requests._show))
        paint.append(cpu_ms(application.processEvents))
    print(f"\na queue of {WAITING:,}, each snapshot       median      max  ms of CPU")
    for name, times in (("update", update), ("painting by Qt", paint)):
        print(f"{name:36s} {statistics.median(times):7.2f} {max(times):8.2f}")
