"""What the card of a pool says its sliders would give, and the way to measure it."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.whatif import newest
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.window import MainWindow
from tests.fakes.tunings import CURVE, HERE, LLAMA, rates, tuning
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import CHAT, EMBEDDING, NOMIC, SETTINGS, snapshot

POOL = msgspec.structs.replace(SETTINGS.pools[0], workers=1, parallel=8, models=(LLAMA,))
MEASURED = msgspec.structs.replace(HERE, digest="d1")


def with_curve(ollama: str = "0.32.15", **changes: object) -> Snapshot:
    """Return a panel whose chat pool was tuned with a version of Ollama; it runs 0.32.15."""
    record = tuning(rates(CURVE), pool=POOL, provenance=msgspec.structs.replace(MEASURED, ollama=ollama))
    settings = msgspec.structs.replace(SETTINGS, pools=(POOL, SETTINGS.pools[1]))
    return snapshot(**({"settings": settings, "curves": newest((record,)), "sample": None} | changes))


@pytest.fixture
def card(window: MainWindow, client: FakeClient) -> PoolCard:
    client.push(with_curve())
    return window.overview.pool_cards[CHAT]


def told(card: PoolCard) -> list[str]:
    """Return the texts that can be seen."""
    return [one.text() for one in card.prediction.findChildren(QLabel) if one.isVisibleTo(card) and one.text()]


def move(card: PoolCard, value: int, name: str = "Parallel") -> None:
    """Move a slider, and let what follows it be shown."""
    named(card, QSpinBox, f"{name} of pool chat").setValue(value)
    card._forecast_later.timeout.emit()


def test_it_says_what_was_measured_at_the_place_of_the_slider(card: PoolCard) -> None:
    texts = told(card)
    assert texts[0] == "Predicted"
    assert texts[1].startswith("measured ")
    assert {"421", "53", "19 ms per token", "800", "8 at once", "measured"} <= set(texts)
    assert card.prediction.link.isHidden()


def test_between_two_measured_steps_it_says_so(card: PoolCard) -> None:
    move(card, 6)
    assert {"between 4 and 8 slots", "estimated", "350"} <= set(told(card))


def test_beyond_what_was_measured_it_says_nothing_and_leads_to_the_measurement(card: PoolCard) -> None:
    move(card, 48)
    assert "beyond what was measured" in told(card)
    assert told(card).count("—") == 3
    assert not card.prediction.link.isHidden()


def test_of_embeddings_the_texts_are_counted_and_a_request_is_timed(window: MainWindow, client: FakeClient) -> None:
    record = tuning(rates({1: 600.0, 2: 1000.0}), pool=SETTINGS.pools[1], model=NOMIC)
    task = msgspec.structs.replace(record.task, goal=Goal.EMBEDDING, workload=WorkloadKind.EMBEDDINGS)
    here = msgspec.structs.replace(MEASURED, model=NOMIC, digest="d2")
    client.push(snapshot(curves=newest((msgspec.structs.replace(record, task=task, provenance=here),)), sample=None))
    texts = told(window.overview.pool_cards[EMBEDDING])
    assert {"All texts", "30", "texts/s", "measured", "One request", "333", "ms", "1 at once"} == {*texts[2:]}


def test_nothing_moves_while_the_slider_does(card: PoolCard, window: MainWindow, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    before = card.prediction.geometry(), card.apply.geometry(), card.height()
    for value in (6, 16, 48, 12, 1, 8):
        move(card, value)
        assert (card.prediction.geometry(), card.apply.geometry(), card.height()) == before


def test_what_was_measured_with_another_version_is_to_be_measured_again(card: PoolCard, client: FakeClient) -> None:
    client.push(with_curve("0.31.1"))
    assert told(card)[0] == "Measured with Ollama 0.31.1 (now 0.32.15); tune again."
    assert "Predicted" not in told(card)
    assert "421" in told(card)
    assert not card.prediction.link.isHidden()


def test_without_a_measurement_a_link_opens_the_page_with_this_pool_chosen(
    card: PoolCard, client: FakeClient, window: MainWindow
) -> None:
    client.push(with_curve(curves=()))
    assert told(card) == ["Not measured yet"]
    embedding = window.overview.pool_cards[SETTINGS.pools[1].name]
    embedding.prediction.link.click()
    assert window.page_name == "tuning"
    task = window.tuning.form.task
    assert task is not None
    assert task.pool == SETTINGS.pools[1].name


def test_the_profile_in_force_is_named_with_what_does_not_hold(card: PoolCard, client: FakeClient) -> None:
    old = msgspec.structs.replace(MEASURED, ollama="0.31.1")
    kept = ProfileRecord.of(profiles.of_tuning("balanced", tuning(rates({8: 421.0}), pool=POOL, provenance=old)))
    client.push(with_curve(profiles=(kept,)))
    plan = card.apply.toolTip()
    assert plan == (
        "Nothing to apply · profile “balanced” is in force. Measured with Ollama 0.31.1 (now 0.32.15); tune again."
    )
    move(card, 4)
    assert "balanced" not in card.apply.toolTip()


def test_the_menu_of_the_card_applies_a_profile_of_the_pool(card: PoolCard, client: FakeClient, qtbot: QtBot) -> None:
    fast = profiles.of_tuning("fast & good", tuning(rates(CURVE), pool=POOL, provenance=MEASURED))
    elsewhere = profiles.of_pool("elsewhere", SETTINGS.pools[1], MEASURED)
    wanted = Settings(pools=(fast.settings, SETTINGS.pools[1]))
    client.answers["apply_profile"] = wanted
    client.push(with_curve(profiles=tuple(map(ProfileRecord.of, (fast, elsewhere)))))
    card.profile_menu.aboutToShow.emit()
    action, *rest = [one for one in card.profile_menu.actions() if not one.isSeparator()]
    assert (action.text(), action.isChecked()) == ("fast && good\t433 tokens/s", False)
    assert [one.text() for one in rest] == ["Profiles…"]
    action.trigger()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert ("apply_profile", ("fast & good", None)) in client.calls
    assert client.toasts[0].undo is not None
