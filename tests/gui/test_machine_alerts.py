"""What goes wrong at the machine, in the window: since when, and what one click changes."""

import msgspec
import pytest
from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import ChangePools, Offer, notice
from ollama_panel.core.snapshot import MachineAlert, Snapshot
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown

CHAT = PoolName("chat")
SHORTER = ChangePools((CHAT,), context_length=8192)
QUANTISED = ChangePools((CHAT,), environment=(("OLLAMA_KV_CACHE_TYPE", "q8_0"),))


def spilled(on_gpu: int = 21, since: float = 0.0, *offers: Offer) -> MachineAlert:
    advice = notice("fits.context_or_type", tokens=8192, type="q8_0")
    told = notice("layers_spilled.slower", model="m:1", on_gpu=on_gpu, layers=33, times=7.0, advice=advice)
    return MachineAlert("layers_spilled", told, since, CHAT, ModelName("m:1"), (InstanceId("chat-1"),), 1, offers)


def snapshot(*found: MachineAlert, at: float = 100.0) -> Snapshot:
    return snapshots.snapshot(instances=snapshots.instances()[:2], machine_alerts=found, at=at)


def press_list(window: MainWindow) -> None:
    window.strip.all.click()


def test_a_spill_is_shown_with_both_ways_out_and_a_click_takes_one(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    window.resize(1400, 800)
    client.push(snapshot(spilled(21, 90.0, SHORTER, QUANTISED)))
    assert window.strip.text == (
        "m:1: 21 of 33 layers are on the GPU: about 7 times slower. "
        "It fits with a context of 8,192 tokens, or with its KV cache as q8_0."
    )
    names = [one.text() for one in window.strip.findChildren(QPushButton) if one.isVisible()]
    assert names == ["Context 8,192", "OLLAMA_KV_CACHE_TYPE=q8_0", "Details"]
    named(window.strip, QPushButton, "OLLAMA_KV_CACHE_TYPE=q8_0").click()
    qtbot.waitUntil(lambda: bool(client.calls))
    ((name, (settings,)),) = client.calls
    assert name == "apply"
    assert settings.pools[0].environment["OLLAMA_KV_CACHE_TYPE"] == "q8_0"


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (ChangePools((CHAT,), parallel=1, workers=3), "Workers 3, Parallel 1"),
        (ChangePools((CHAT,), environment=(("OLLAMA_VULKAN", "1"),)), "OLLAMA_VULKAN=1"),
    ],
)
def test_a_button_says_what_it_changes(window: MainWindow, client: FakeClient, offer: ChangePools, text: str) -> None:
    client.push(snapshot(spilled(21, 90.0, offer)))
    button = named(window.strip, QPushButton, text)
    assert button.toolTip() == "Changes chat; its workers restart one after another"


def test_a_closed_one_stays_closed_when_its_numbers_change_and_is_there_again_after_it_was_over(
    window: MainWindow, client: FakeClient
) -> None:
    client.push(snapshot(spilled()))
    named(window.strip, QToolButton, "Dismiss").click()
    client.push(snapshot(spilled(22), at=101.0))
    assert window.strip.alert is None
    client.push(snapshot(at=102.0))
    client.push(snapshot(spilled(), at=103.0))
    assert window.strip.alert is not None


def test_the_list_says_since_when(window: MainWindow, client: FakeClient) -> None:
    def times() -> list[str]:
        return [text for text in shown(window.list) if text.startswith("Since ")]

    client.push(msgspec.structs.replace(snapshot(spilled(21, 100.0)), paused=True))
    press_list(window)
    before = times()
    now = QTime.currentTime()
    possible = {f"Since {QLocale().toString(now.addSecs(-ago), QLocale.FormatType.ShortFormat)}" for ago in (0, 60)}
    assert set(before) <= possible
    assert len(before) == 2
    client.push(msgspec.structs.replace(snapshot(spilled(21, 100.0), at=4000.0), paused=True))
    assert times() == before
