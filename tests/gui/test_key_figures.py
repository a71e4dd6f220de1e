"""The key figures of the overview page, on hand-made snapshots."""

import msgspec
import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ollama_panel.core.figures import ClassFigures
from ollama_panel.core.records import RequestClass
from ollama_panel.core.telemetry import GpuReading, Telemetry
from ollama_panel.gui.charts.ring import change
from ollama_panel.gui.widgets.figures import movement
from ollama_panel.gui.widgets.kpi import Kpi
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import snapshot

CLASSES = (
    ClassFigures(RequestClass.INTERACTIVE, first_token_p95_s=0.412),
    ClassFigures(RequestClass.BATCH, tokens_per_s=349.0, requests_per_min=40.0),
)


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (ClassFigures(RequestClass.BATCH, requests_per_min=388.0), "388 requests/min, 1 min"),
        (ClassFigures(RequestClass.BATCH), "0 tokens/s, 1 min"),
        (None, "— , 1 min"),
    ],
)
def test_batch_work_without_tokens_is_told_in_requests(
    window: MainWindow, client: FakeClient, batch: ClassFigures | None, said: str
) -> None:
    client.push(snapshot(classes=() if batch is None else (batch,)))
    assert named(window.overview, Kpi, "Batch throughput").accessibleDescription() == said


def test_a_narrow_window_has_the_key_figures_in_two_rows(window: MainWindow, qtbot: QtBot) -> None:
    def rows() -> int:
        return len({one.y() for one in window.overview.findChildren(Kpi)})

    qtbot.waitUntil(lambda: rows() == 1)
    window.resize(880, 700)
    qtbot.waitUntil(lambda: rows() == 2)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: rows() == 1)


def test_the_memory_tells_how_busy_the_gpu_is(window: MainWindow, client: FakeClient) -> None:
    gpus = (GpuReading("0000:01:00.0", utilization_percent=3.0), GpuReading("0000:02:00.0", utilization_percent=71.0))
    client.push(snapshot(telemetry=Telemetry(110.0, gpus=gpus)))
    assert named(window.overview, Kpi, "GPU memory").accessibleDescription().endswith("%, GPU 71 %")


def test_key_figures_are_unknown_before_the_first_sample(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(sample=None))
    assert [figure.accessibleDescription() for figure in window.overview.findChildren(Kpi)] == ["—"] * 5


def test_key_figures_show_the_newest_sample(window: MainWindow, client: FakeClient) -> None:
    sample = msgspec.structs.replace(snapshots.sample(110.0), queued=3, in_flight=4, slots=5, tokens_per_s=1284.0)
    client.push(snapshot(sample=sample, classes=CLASSES))
    for name, texts, said in (
        ("Throughput", ["Throughput", "1,284", "tokens/s"], "1,284 tokens/s"),
        ("Active requests", ["Active requests", "3 waiting", "3", "/ 4"], "3 / 4, 3 waiting"),
        ("Chat: first token p95", ["Chat: first token p95", "1 min", "412", "ms"], "412 ms, 1 min"),
        ("Batch throughput", ["Batch throughput", "1 min", "349", "tokens/s"], "349 tokens/s, 1 min"),
    ):
        figure = named(window.overview, Kpi, name)
        assert sorted(shown(figure)) == sorted(texts)
        assert figure.accessibleDescription() == said


@pytest.mark.parametrize(
    ("used", "total", "said", "tone"),
    [
        (6, 24, "6.0 / 24.0 GiB, 25 %", "muted"),
        (23, 24, "23.0 / 24.0 GiB, 96 %", "warn"),
        (None, None, "— / — GiB, —", "muted"),
    ],
)
def test_memory_shows_its_share_and_warns_when_it_is_nearly_full(
    window: MainWindow, client: FakeClient, used: int | None, total: int | None, said: str, tone: str
) -> None:
    gib = 1 << 30
    sample = msgspec.structs.replace(
        snapshots.sample(110.0), memory_used=used and used * gib, memory_total=total and total * gib
    )
    client.push(snapshot(sample=sample))
    figure = named(window.overview, Kpi, "GPU memory")
    assert figure.accessibleDescription() == said
    note = said.rpartition(", ")[2]
    assert [one.property("tone") for one in figure.findChildren(QLabel) if one.text() == note][:1] == [tone]


def test_the_change_of_a_minute_shows_its_direction() -> None:
    def moved(before: float, now: float, minutes: float = 2) -> tuple[str, str]:
        length = round(240 * (minutes - 1))
        return movement(change(np.array([before] * length + [now] * 240), 240))

    assert moved(50, 100) == ("▲ 100 %", "ok")
    assert moved(100, 50) == ("▼ 50 %", "muted")
    assert moved(100, 100.5) == moved(0, 100) == moved(50, 100, minutes=1.4) == ("", "")
    assert moved(50, 100, minutes=1.5) == ("▲ 100 %", "ok")
