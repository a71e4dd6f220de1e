"""What the bar of a pool's card counts beside the pools."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.snapshot import Budget, BudgetSource
from ollama_panel.gui import preview
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import labelled, named
from tests.gui.snapshots import CHAT, SETTINGS, snapshot


def test_memory_fit_counts_what_models_may_use_and_what_others_do(window: MainWindow, client: FakeClient) -> None:
    """The card has 24 GiB, of which the log gives models 16; a server of the user's has 4 and a game 5."""
    gib = 1 << 30
    budget = Budget(16 * gib, 7 * gib, BudgetSource.LOG, others=5 * gib + 1)
    bar, verdict = (
        named(window.overview.pool_cards[CHAT], FitBar, "Memory fit of pool chat"),
        labelled(window.overview.pool_cards[CHAT], "Memory fit"),
    )
    client.push(snapshot(sample=msgspec.structs.replace(snapshots.sample(110.0), budget=budget)))
    assert "/ 16.0 GiB" in verdict.text()
    assert bar.accessibleDescription().endswith("other programs 5.0 GiB")
    assert "Models may use 16.0 GiB: as Ollama's log says." in bar.toolTip()
    *workers, server = snapshots.instances()
    model = snapshots.loaded(ModelName("x:1b"), 4, 1)
    client.push(snapshot(instances=(*workers, msgspec.structs.replace(server, models=(model,)))))
    assert "other servers 4.4 GiB" in bar.accessibleDescription()


@pytest.mark.parametrize("source", BudgetSource)
def test_the_fit_says_where_the_memory_was_read(source: BudgetSource) -> None:
    budget = Budget(1 << 30, 0, source)
    draft = SETTINGS.pools[0]
    told = preview.fit(snapshot(sample=msgspec.structs.replace(snapshots.sample(), budget=budget)), draft).why
    assert preview.source_text(source) in told


def test_what_nobody_would_see_in_the_bar_does_not_make_it_new() -> None:
    def inputs(others: int) -> tuple[object, ...]:
        budget = Budget(16 << 30, 16 << 30, BudgetSource.DRIVER, others)
        return preview.inputs(snapshot(sample=msgspec.structs.replace(snapshots.sample(), budget=budget)))

    assert inputs(1 << 30) == inputs((1 << 30) + (1 << 20))
    assert inputs(1 << 30) != inputs(2 << 30)


def test_the_fit_says_why_the_context_is_shorter_than_that_of_the_pool() -> None:
    """The embedding model was trained with 2,048 tokens."""
    _, embedding = SETTINGS.pools
    assert "trained with" not in preview.fit(snapshot(), embedding).why
    longer = msgspec.structs.replace(embedding, context_length=8192)
    why = preview.fit(snapshot(), longer).why
    assert "nomic-embed-text:latest: no context is longer than the 2,048 tokens that it was trained with." in why


def test_the_fit_says_that_the_models_own_file_sets_the_context() -> None:
    chat, _ = SETTINGS.pools
    assert "num_ctx" not in preview.fit(snapshot(), chat).why
    models = tuple(msgspec.structs.replace(one, num_ctx=2048) for one in snapshot().models)
    own = preview.fit(snapshot(models=models), chat).why
    assert " x 2,048 tokens in each worker" in own
    assert "its own file sets this context (num_ctx), so that of the pool changes nothing." in own


def test_a_pool_without_workers_does_not_fit_but_has_none() -> None:
    draft = msgspec.structs.replace(SETTINGS.pools[0], workers=0)
    assert preview.fit(snapshot(), draft).verdict == "no workers"


def test_without_a_sample_nothing_is_known_of_the_memory() -> None:
    fit = preview.fit(snapshot(sample=None), SETTINGS.pools[0])
    assert fit.total is None
    assert "Models may use" not in fit.why


def test_the_fit_says_whether_it_is_measured(window: MainWindow, client: FakeClient) -> None:
    """Of the chat model a load with one slot of 2,048 tokens was measured."""
    card = window.overview.pool_cards[CHAT]
    client.push(snapshot())
    assert labelled_texts(card) >= {"Memory fit", "estimated"}
    load = MeasuredLoad(
        "0.32.15", "cpu", True, 2048, 1, 512, "f16", True, (DeviceBytes("CUDA0", 5 << 30, 1 << 30, 1 << 30),), 1 << 30
    )
    models = tuple(msgspec.structs.replace(facts, loads=(load,)) for facts in snapshot().models)
    client.push(snapshot(models=models, ollama_version="0.32.15"))
    assert labelled_texts(card) >= {"Memory fit", "measured on this machine"}
    told = labelled(card, "Memory fit").toolTip()
    assert "measured" not in told
    assert "from a load on this machine with 1 x 2,048 tokens (Ollama 0.32.15)." in told


def labelled_texts(card: QWidget) -> set[str]:
    return {one.text() for one in card.findChildren(QLabel)}
