"""The overview page, on hand-made snapshots."""

import asyncio

import msgspec
import pytest
from pyqtgraph import PlotWidget
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.pool_memory import forecast_of
from ollama_panel.core.records import Role
from ollama_panel.core.settings.catalog import find
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import PoolRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview
from ollama_panel.gui.charts.live import LiveChart
from ollama_panel.gui.models import instances
from ollama_panel.gui.models.records import LOAD_ROLE
from ollama_panel.gui.summary import summary
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import alert_texts, labelled, named, shown
from tests.gui.snapshots import CHAT, EMBEDDING, NOMIC, SETTINGS, of_a_service, snapshot


def card(window: MainWindow, name: str = "chat") -> PoolCard:
    return next(card for pool, card in window.overview.pool_cards.items() if pool == name)


def slider(card: PoolCard, name: str) -> QSlider:
    return named(card, QSlider, f"{name} of pool {card.draft.name}")


def spin(card: PoolCard, name: str) -> QSpinBox:
    return named(card, QSpinBox, f"{name} of pool {card.draft.name}")


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


def test_revert_of_a_pool_can_be_undone(window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
    chat = card(window)
    slider(chat, "Parallel").setValue(5)
    begun = chat.draft
    chat.revert.click()
    assert chat.draft != begun
    named(window, QPushButton, "Undo: Pool chat shows what is in force again").click()
    qtbot.waitUntil(lambda: chat.draft == begun)
    assert chat.apply.isEnabled()


def test_apply_and_revert_wait_for_a_change(window: MainWindow) -> None:
    one = card(window)
    assert not one.apply.isEnabled()
    assert not one.revert.isEnabled()
    spin(one, "Parallel").setValue(4)
    assert one.apply.isEnabled()
    one.revert.click()
    assert spin(one, "Parallel").value() == 2
    assert not one.apply.isEnabled()


def test_apply_shows_what_it_will_restart(window: MainWindow, qtbot: QtBot) -> None:
    one = card(window)
    spin(one, "Parallel").setValue(4)
    qtbot.waitUntil(lambda: "chat-1 and chat-2: restarted one after the other" in one.apply.toolTip())
    assert "Parallel 2 → 4" in one.apply.toolTip()
    one.revert.click()
    spin(one, "Workers").setValue(3)
    qtbot.waitUntil(lambda: one.apply.toolTip() == "chat-3: started.")
    spin(one, "Workers").setValue(1)
    qtbot.waitUntil(lambda: one.apply.toolTip() == "chat-2: stopped when the running requests have ended.")


def test_many_steps_of_a_slider_make_one_forecast(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, asked, plan_text = card(window), list[Settings](), preview.plan_text
    monkeypatch.setattr(preview, "plan_text", lambda old, wanted: asked.append(wanted) or plan_text(old, wanted))
    for parallel in range(3, 15):
        spin(one, "Parallel").setValue(parallel)
        assert one.apply.isEnabled()
    assert asked == []
    qtbot.waitUntil(lambda: "Parallel 2 → 14" in one.apply.toolTip())
    assert len(asked) == 1


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
    words = "chat-1 does not run with these settings: It did not answer in time"
    qtbot.waitUntil(lambda: any(text.startswith(words) for text in alert_texts(window)))
    assert card(window).apply.isEnabled()
    assert card(window).draft.parallel == 4


def test_memory_fit_follows_the_slider(window: MainWindow, qtbot: QtBot) -> None:
    one = card(window)
    bar, verdict = named(one, FitBar, "Memory fit of pool chat"), labelled(one, "Memory fit")
    before = bar.accessibleDescription()
    assert verdict.text().endswith("fits")
    slider(one, "Context length").setValue(8)
    qtbot.waitUntil(lambda: bar.accessibleDescription() != before)
    assert "too much" in verdict.text()
    assert verdict.property("tone") == "danger"


def test_the_other_pools_are_counted_with_all_their_workers_and_without_this_one(
    window: MainWindow, client: FakeClient
) -> None:
    chat, embedding = SETTINGS.pools
    for workers in (1, 3):
        pools = (msgspec.structs.replace(chat, workers=workers), embedding)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        needed = forecast_of(client.snapshot, pools[0]).total.total
        said = named(card(window, "embedding"), FitBar, "Memory fit of pool embedding").accessibleDescription()
        assert said.endswith(f"other pools {fmt.size(needed)}")
        chats = named(card(window), FitBar, "Memory fit of pool chat").accessibleDescription()
        assert chats.endswith(f"other pools {fmt.size(forecast_of(client.snapshot, embedding).total.total)}")


def test_the_memory_bar_is_that_of_the_ollama_that_runs(window: MainWindow, client: FakeClient) -> None:
    """The models' layers differ: before 0.30 a runner of llama.cpp kept the whole context of all of them."""
    models = tuple(
        msgspec.structs.replace(model, architecture="gemma2", sliding_window=1024) for model in client.snapshot.models
    )
    client.push(snapshot(models=models))
    before = named(card(window), FitBar, "Memory fit of pool chat").accessibleDescription()
    client.push(snapshot(models=models, ollama_version="0.24.0"))
    after = named(card(window), FitBar, "Memory fit of pool chat").accessibleDescription()
    pool = client.snapshot.settings.pools[0]
    assert after != before
    assert fmt.size(forecast_of(client.snapshot, pool).total.kv) in after


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
    assert (
        "other pools"
        in named(card(window, "embedding"), FitBar, "Memory fit of pool embedding").accessibleDescription()
    )


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


def test_nothing_is_normal_while_the_pools_cannot_serve(theme: Theme) -> None:
    for changes, words in (
        ({}, "The pools cannot serve: their workers have no models"),
        ({"missing": (NOMIC,)}, "Some models are with another server alone"),
        ({"missing": ()}, "Everything is running normally"),
    ):
        told = snapshot(**of_a_service(**changes))  # type: ignore[arg-type]
        ready = tuple(one for one in told.instances if one.managed)
        assert summary(msgspec.structs.replace(told, requests=(), instances=ready)) == words


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


def test_the_summary_is_shown_while_there_is_no_alert(window: MainWindow, client: FakeClient) -> None:
    ready = tuple(record for record in snapshots.instances() if record.phase.name == "READY")
    client.push(snapshot(instances=ready))
    assert "12 requests wait for a free slot" in shown(window.overview)
    client.push(snapshot(instances=ready, paused=True))
    assert "12 requests wait for a free slot" not in shown(window.overview)
    assert any(text.startswith("The queue is paused") for text in shown(window.overview))


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
    """The numbers of the pool, and those above, are the sums of the numbers in the rows, as the bars show them."""
    first, second, *others = snapshots.instances()
    drains = msgspec.structs.replace(first, in_flight=6, slots=0, draining=True)
    idle = msgspec.structs.replace(second, in_flight=0, slots=3)
    stops = msgspec.structs.replace(others[0], pool=CHAT, phase=Phase.STOPPING, in_flight=1, slots=0)
    pools = (PoolRecord(snapshots.CHAT, Role.CHAT, in_flight=7, slots=3),)
    client.push(snapshot(pools=pools, instances=(drains, idle, stops)))
    table = window.overview.instances
    rows = [table.index(row, instances.LOAD) for row in range(3)]
    assert [row.data() for row in rows] == ["6 / 6", "0 / 3", "1 / 1"]
    assert [row.data(LOAD_ROLE) for row in rows] == [1, 0, 1]
    texts = shown(window.overview)
    assert "7 of 10 slots busy" in texts
    assert "7" in texts
    assert "/ 10" in texts


@pytest.mark.parametrize("name", ["Parallel", "Workers"])
def test_a_slider_and_its_number_begin_at_the_same_value(window: MainWindow, client: FakeClient, name: str) -> None:
    """Also where that is the number that a field begins with."""
    small = PoolSettings(PoolName("small"), workers=1, parallel=1)
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(*SETTINGS.pools, small))))
    one = card(window, "small")
    assert spin(one, name).value() == 1
    slider(one, name).setValue(slider(one, name).value() + 1)
    assert spin(one, name).value() == 2
