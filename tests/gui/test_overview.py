"""The overview page, on hand-made snapshots."""

import asyncio

import msgspec
import pytest
from pyqtgraph import PlotWidget
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.catalog import find
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import PoolRecord, ProxyRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview
from ollama_panel.gui.charts.live import LiveChart
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import labelled, named, shown
from tests.gui.snapshots import CHAT, EMBEDDING, NOMIC, SETTINGS, of_a_service, snapshot


def card(window: MainWindow, name: str = "chat") -> PoolCard:
    return next(card for pool, card in window.overview.pool_cards.items() if pool == name)


def slider(card: PoolCard, name: str) -> QSlider:
    return named(card, QSlider, name)


def spin(card: PoolCard, name: str) -> QSpinBox:
    return named(card, QSpinBox, name)


def test_there_is_a_card_per_pool_and_a_row_per_instance(window: MainWindow) -> None:
    assert list(window.overview.pool_cards) == [CHAT, EMBEDDING]
    assert window.overview.instances.rowCount() == 4


def test_arrow_keys_move_a_slider_and_the_number_beside_it(window: MainWindow, qtbot: QtBot) -> None:
    parallel = slider(card(window), "Parallel")
    parallel.setFocus()
    qtbot.keyClick(parallel, Qt.Key.Key_Right)
    assert spin(card(window), "Parallel").value() == 3
    assert card(window).draft.parallel == 3


def test_a_typed_number_moves_the_slider_to_the_nearest_stop(window: MainWindow) -> None:
    spin(card(window), "Context length").setValue(9000)
    assert card(window).draft.context_length == 9000
    assert slider(card(window), "Context length").value() == 4  # the stop of 8192


@pytest.mark.parametrize("key", ["pools.chat.parallel", "pools.chat.workers", "pools.chat.context_length"])
def test_a_slider_has_the_name_the_meaning_and_the_limits_of_its_setting(window: MainWindow, key: str) -> None:
    setting = find(key)
    box = spin(card(window), setting.title)
    assert (box.minimum(), box.maximum()) == (setting.low, setting.high)
    assert box.toolTip() == slider(card(window), setting.title).toolTip() == setting.description


def test_apply_and_revert_wait_for_a_change(window: MainWindow) -> None:
    one = card(window)
    assert not one.apply.isEnabled()
    assert not one.revert.isEnabled()
    spin(one, "Parallel").setValue(4)
    assert one.apply.isEnabled()
    one.revert.click()
    assert spin(one, "Parallel").value() == 2
    assert not one.apply.isEnabled()


def test_apply_shows_what_it_will_restart(window: MainWindow) -> None:
    one = card(window)
    spin(one, "Parallel").setValue(4)
    assert "chat-1 and chat-2: restarted one after the other" in one.apply.toolTip()
    assert "Parallel 2 → 4" in one.apply.toolTip()
    one.revert.click()
    spin(one, "Workers").setValue(3)
    assert one.apply.toolTip() == "chat-3: started."
    spin(one, "Workers").setValue(1)
    assert one.apply.toolTip() == "chat-2: stopped when the running requests have ended."


def test_apply_sends_the_whole_settings_with_this_pool_changed(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    spin(card(window, "embedding"), "Workers").setValue(2)
    spin(card(window), "Parallel").setValue(4)
    card(window).apply.click()
    qtbot.waitUntil(lambda: bool(client.calls))
    name, (settings,) = client.calls[0]
    assert name == "apply"
    assert settings.pools == (msgspec.structs.replace(SETTINGS.pools[0], parallel=4), SETTINGS.pools[1])
    assert settings.proxy == SETTINGS.proxy


def test_a_draft_survives_snapshots_and_ends_when_it_is_in_force(window: MainWindow, client: FakeClient) -> None:
    one = card(window)
    spin(one, "Parallel").setValue(4)
    client.push(snapshot(at=105.0))
    assert one.draft.parallel == 4
    pools = (msgspec.structs.replace(SETTINGS.pools[0], parallel=4), SETTINGS.pools[1])
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
    assert not one.apply.isEnabled()
    assert one.draft.parallel == 4


def test_settings_changed_elsewhere_move_untouched_sliders(window: MainWindow, client: FakeClient) -> None:
    pools = (msgspec.structs.replace(SETTINGS.pools[0], workers=5), SETTINGS.pools[1])
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
    assert spin(card(window), "Workers").value() == 5
    assert not card(window).apply.isEnabled()


@pytest.mark.parametrize("width", [880, 1280])
def test_a_long_plan_is_shown_whole(window: MainWindow, qtbot: QtBot, width: int) -> None:
    window.resize(width, 640)
    one = card(window)
    spin(one, "Workers").setValue(0)
    (plan,) = [label for label in one.findChildren(QLabel) if "Chats and completions" in label.text()]
    qtbot.waitUntil(lambda: plan.height() >= plan.heightForWidth(plan.width()))
    assert one.rect().contains(plan.geometry())
    assert not one.apply.geometry().intersects(plan.geometry())


def test_a_running_apply_shows_its_progress(window: MainWindow, client: FakeClient) -> None:
    pools = (
        PoolRecord(CHAT, SETTINGS.pools[0].role, progress=notice("rollout.start", instance="chat-2")),
        PoolRecord(EMBEDDING, SETTINGS.pools[1].role),
    )
    client.push(snapshot(pools=pools))
    assert "Starting chat-2." in shown(card(window))


def test_a_failed_apply_is_reported_and_the_draft_stays(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("rollout.failed", instance="chat-1", why=notice("instance.timed_out")))
    spin(card(window), "Parallel").setValue(4)
    card(window).apply.click()
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert window.message.text().startswith("chat-1 does not run with these settings: It did not answer in time")
    assert card(window).apply.isEnabled()
    assert card(window).draft.parallel == 4


def test_memory_fit_follows_the_slider(window: MainWindow) -> None:
    one = card(window)
    bar, verdict = named(one, FitBar, "Memory fit"), labelled(one, "Memory fit")
    before = bar.accessibleDescription()
    assert verdict.text().endswith("fits")
    slider(one, "Context length").setValue(8)
    assert bar.accessibleDescription() != before
    assert "too much" in verdict.text()
    assert verdict.property("tone") == "danger"


def test_the_other_pools_are_counted_with_all_their_workers_and_without_this_one(
    window: MainWindow, client: FakeClient
) -> None:
    chat, embedding = SETTINGS.pools
    for workers in (1, 3):
        pools = (msgspec.structs.replace(chat, workers=workers), embedding)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        needed = preview.forecast_of(client.snapshot, pools[0]).total.total
        said = named(card(window, "embedding"), FitBar, "Memory fit").accessibleDescription()
        assert said.endswith(f"other pools {fmt.size(needed)}")
        chats = named(card(window), FitBar, "Memory fit").accessibleDescription()
        assert chats.endswith(f"other pools {fmt.size(preview.forecast_of(client.snapshot, embedding).total.total)}")


def test_the_memory_bar_is_that_of_the_ollama_that_runs(window: MainWindow, client: FakeClient) -> None:
    """The models' layers differ: before 0.30 a runner of llama.cpp kept the whole context of all of them."""
    models = tuple(
        msgspec.structs.replace(model, architecture="gemma2", sliding_window=1024) for model in client.snapshot.models
    )
    client.push(snapshot(models=models))
    before = named(card(window), FitBar, "Memory fit").accessibleDescription()
    client.push(snapshot(models=models, ollama_version="0.24.0"))
    after = named(card(window), FitBar, "Memory fit").accessibleDescription()
    pool = client.snapshot.settings.pools[0]
    assert after != before
    assert fmt.size(preview.forecast_of(client.snapshot, pool).total.kv) in after


def test_nothing_is_applied_twice(
    window: MainWindow, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, done = [], asyncio.Event()

    async def apply(settings: object) -> None:
        asked.append(settings)
        await done.wait()

    monkeypatch.setattr(client, "apply", apply)
    one = card(window)
    spin(one, "Parallel").setValue(4)
    one.apply.click()
    qtbot.waitUntil(lambda: "Applying…" in shown(one))
    assert not one.apply.isEnabled()
    assert not one.revert.isEnabled()
    one.apply.click()
    done.set()
    qtbot.waitUntil(one.apply.isEnabled)
    assert len(asked) == 1


def test_memory_fit_counts_the_other_pools(window: MainWindow) -> None:
    assert "other pools" in named(card(window, "embedding"), FitBar, "Memory fit").accessibleDescription()


def test_without_a_known_model_the_fit_is_unknown(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(models=(), instances=()))
    assert labelled(card(window), "Memory fit").text() == "no model known yet"


def test_a_pool_whose_workers_have_none_of_its_models_does_not_fit(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(**of_a_service()))
    for pool in (CHAT, "embedding"):
        verdict = labelled(card(window, pool), "Memory fit")
        assert verdict.text() == "its workers have no model"
        assert "only on another server" in verdict.toolTip()
    client.push(snapshot(**of_a_service(missing=(NOMIC,))))
    assert labelled(card(window), "Memory fit").text().endswith("fits")
    assert labelled(card(window, "embedding"), "Memory fit").text() == "its workers have no model"


def test_nothing_is_normal_while_the_pools_cannot_serve(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(**of_a_service()))
    assert "The pools cannot serve: their workers have no models" in shown(window.overview)
    client.push(snapshot(**of_a_service(missing=(NOMIC,))))
    assert "Some models are with another server alone" in shown(window.overview)
    client.push(snapshot(**of_a_service(missing=())))
    assert "Everything is running normally" in shown(window.overview)


def test_a_new_pool_gets_a_card_and_a_removed_one_loses_it(window: MainWindow, client: FakeClient) -> None:
    code = PoolSettings(PoolName("code"))
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(code, SETTINGS.pools[0]))))
    assert list(window.overview.pool_cards) == ["code", CHAT]


def test_every_chart_is_redrawn_within_a_second_and_every_number_at_once(
    window: MainWindow, client: FakeClient
) -> None:
    window.overview.show_samples(snapshots.history(60))
    charts = [named(window.overview, LiveChart, name) for name in ("Requests", "Throughput", "Memory, GiB")]
    for number in range(1, 5):
        sample = msgspec.structs.replace(
            snapshots.sample(100 + number / 4), queued=number, tokens_per_s=50.0 * number, memory_used=number << 30
        )
        client.push(snapshot(sample=sample))
        newest = [chart.accessibleDescription().partition(",")[0] for chart in charts]
        assert newest == [f"waiting {number}", f"tokens/s {50 * number}", f"used {number}.0"]
    waiting, speed, memory = (chart.findChild(PlotWidget).listDataItems()[0].yData[-1] for chart in charts)
    assert len({waiting, speed / 50, memory} & {1, 2, 3, 4}) == 3, "one chart at a time, each within four samples"


@pytest.mark.parametrize("span", range(3))
def test_every_time_range_draws(window: MainWindow, span: int) -> None:
    window.overview.show_samples(snapshots.history(700))
    named(window.overview, QComboBox, "Time range of the charts").setCurrentIndex(span)
    assert "in flight" in named(window.overview, LiveChart, "Requests").accessibleDescription()


def test_the_summary_shows_the_most_important_state(window: MainWindow, client: FakeClient) -> None:
    ready = tuple(record for record in snapshots.instances() if record.phase.name == "READY")
    idle = tuple(msgspec.structs.replace(pool, queued=0) for pool in snapshot().pools)
    frozen = msgspec.structs.replace(ready[0], silent=(snapshots.LLAMA,))
    halted = msgspec.structs.replace(ready[0], phase=Phase.STOPPED)
    for changes, words in (
        ({}, "1 instance cannot run"),
        ({"instances": ready}, "12 requests wait for a free slot"),
        ({"instances": ready, "pools": idle}, "Everything is running normally"),
        ({"instances": (), "pools": idle}, "No instance runs yet"),
        ({"instances": ready, "proxy": ProxyRecord()}, "The proxy is off"),
        ({"instances": (msgspec.structs.replace(ready[0], phase=Phase.BACKOFF), *ready)}, "1 instance cannot run"),
        ({"instances": (frozen, *ready[1:])}, "Requests stand still at 1 instance"),
        ({"instances": (halted, *ready[1:]), "pools": idle}, "1 instance is stopped"),
        ({"instances": ready, "paused": True}, "The queue is paused: 12 requests wait"),
        ({"fatal": notice("engine.stopped", error="out of file descriptors")}, "The engine has stopped"),
    ):
        client.push(snapshot(**changes))
        assert any(text.startswith(words) for text in shown(window.overview)), words


def test_clicking_the_address_copies_it(window: MainWindow, qapp: object) -> None:
    named(window.overview, QPushButton, "Copy address").click()
    assert qapp.clipboard().text() == "http://127.0.0.1:11435"  # type: ignore[attr-defined]


def pools_changed(window: MainWindow, client: FakeClient, *pools: PoolSettings) -> list[PoolCard]:
    """Apply other pools and return the visible cards."""
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return window.overview.findChildren(PoolCard)


def test_a_draft_survives_other_changes_of_its_pool(window: MainWindow, client: FakeClient) -> None:
    one = card(window)
    spin(one, "Parallel").setValue(4)
    chat, embedding = SETTINGS.pools
    for workers in (3, 5):
        pools_changed(window, client, msgspec.structs.replace(chat, workers=workers), embedding)
        assert one.draft.parallel == spin(one, "Parallel").value() == 4
        assert one.apply.isEnabled()
    one.revert.click()
    assert one.draft == msgspec.structs.replace(chat, workers=5)


def test_a_draft_takes_with_it_what_a_command_changes_meanwhile(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    one = card(window)
    spin(one, "Parallel").setValue(4)
    chat, embedding = SETTINGS.pools
    chat = msgspec.structs.replace(chat, workers=3, environment={"OLLAMA_KEEP_ALIVE": "10m"})
    pools_changed(window, client, chat, embedding)
    assert spin(one, "Workers").value() == 3
    one.apply.click()
    qtbot.waitUntil(lambda: bool(client.calls))
    assert client.calls[0][1][0].pools == (msgspec.structs.replace(chat, parallel=4), embedding)


def test_remaining_pools_keep_their_cards_while_others_are_added_and_removed(
    window: MainWindow, client: FakeClient
) -> None:
    chat, embedding = card(window, "chat"), card(window, "embedding")
    code = PoolSettings(PoolName("code"))
    for _ in range(2):
        assert len(pools_changed(window, client, code, *SETTINGS.pools)) == 3
        assert list(window.overview.pool_cards.values())[1:] == [chat, embedding]
        assert pools_changed(window, client, SETTINGS.pools[1]) == [embedding]
        assert len(pools_changed(window, client, *SETTINGS.pools)) == 2
        assert card(window, "embedding") is embedding
        chat = card(window, "chat")


def test_while_an_instance_drains_no_more_slots_are_busy_than_there_are(window: MainWindow, client: FakeClient) -> None:
    draining = PoolRecord(snapshots.CHAT, Role.CHAT, in_flight=6, slots=3)
    client.push(snapshot(pools=(draining,), sample=msgspec.structs.replace(snapshots.sample(), in_flight=6, slots=4)))
    texts = shown(window.overview)
    assert "6 of 6 slots busy" in texts
    assert "/ 6" in texts
