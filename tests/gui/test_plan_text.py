"""The place of a plan keeps its height, whatever there is to say; and all of it can be read."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import PoolRecord
from ollama_panel.gui.language import Language
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.widgets.plan_text import PlanText
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import CHAT, SETTINGS, snapshot

SIZES = [(880, 600), (1280, 800)]


def places(card: PoolCard) -> list[tuple[QPoint, int, int]]:
    """Return where the controls of a card are, and how large they are."""
    found: list[QWidget] = [*card.findChildren(QSpinBox), *card.findChildren(PlanText), card.revert, card.apply]
    return [(one.mapTo(card, QPoint()), one.width(), one.height()) for one in (*found, card)]


def plan_of(parent: QWidget) -> PlanText:
    (plan,) = parent.findChildren(PlanText)
    return plan


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_when_a_draft_begins_grows_and_ends(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, size: tuple[int, int]
) -> None:
    window.resize(*size)
    card = window.overview.pool_cards[CHAT]
    parallel, workers, _ = card.findChildren(QSpinBox)
    qtbot.waitUntil(lambda: card.apply.geometry().bottom() < card.height())
    before = places(card)
    said = set[str]()
    for change in (
        lambda: parallel.setValue(4),
        lambda: workers.setValue(0),
        lambda: (workers.setValue(64), parallel.setValue(64)),
        card.revert.click,
    ):
        said.add(plan_of(card).text())
        change()
        qtbot.waitUntil(lambda: plan_of(card).text() not in said or card.draft == SETTINGS.pools[0])
        QApplication.sendPostedEvents()
        assert places(card) == before


def reach_every_line(plan: PlanText) -> bool:
    """Whether the bar scrolls as far as the last line, and the text is laid out as high as it needs."""
    text = plan.widget()
    assert isinstance(text, QLabel)
    needed = text.heightForWidth(text.width())
    return text.height() >= needed and plan.verticalScrollBar().maximum() + plan.viewport().height() >= needed


@pytest.fixture(params=["en", "zh_CN"])
def in_language(request: pytest.FixtureRequest, qapp: QApplication, theme: Theme) -> Iterator[None]:
    language = Language(qapp)
    language.use(request.param)
    yield
    language.use("en")


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_of_any_length_can_be_read_to_its_end(
    in_language: None, window: MainWindow, client: FakeClient, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    many = msgspec.structs.replace(SETTINGS.pools[0], workers=40)
    client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(many, SETTINGS.pools[1]))))
    card = window.overview.pool_cards[CHAT]
    parallel, _, context = card.findChildren(QSpinBox)
    context.setValue(5000)
    parallel.setValue(3)
    plan = plan_of(card)
    qtbot.waitUntil(lambda: "chat-40" in plan.text())
    qtbot.waitUntil(lambda: plan.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: reach_every_line(plan))
    assert plan.text() == plan.toolTip() == plan.accessibleDescription()
    assert not plan.geometry().intersects(card.apply.geometry())
    window.activateWindow()
    plan.setFocus()
    qtbot.waitUntil(plan.hasFocus)
    qtbot.keyClick(plan, Qt.Key.Key_PageDown)
    assert plan.verticalScrollBar().value() > 0


def test_what_fits_needs_no_scrolling_and_no_stop_of_the_tab_key(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    card = window.overview.pool_cards[CHAT]
    card.findChildren(QSpinBox)[0].setValue(4)
    plan = plan_of(card)
    qtbot.waitUntil(lambda: "Parallel 2 → 4" in plan.text() and reach_every_line(plan))
    assert plan.verticalScrollBar().maximum() == 0
    assert plan.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_the_progress_of_an_apply_takes_the_same_place(window: MainWindow, client: FakeClient) -> None:
    card = window.overview.pool_cards[CHAT]
    assert plan_of(card).text() == "Nothing to apply"
    before = places(card)
    running = PoolRecord(CHAT, SETTINGS.pools[0].role, progress=notice("rollout.start", instance="chat-2"))
    client.push(snapshot(pools=(running, *snapshot().pools[1:])))
    QApplication.sendPostedEvents()
    assert plan_of(card).text() == "Starting chat-2."
    assert places(card) == before


def test_the_bar_of_the_settings_page_keeps_its_height(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page_named("settings")
    page = window.settings
    port = page.proxy.editors["proxy.port"]
    assert isinstance(port, QLineEdit)

    def place() -> tuple[QPoint, QPoint, int]:
        QApplication.sendPostedEvents()
        return page.apply.mapTo(page, QPoint()), page.revert.mapTo(page, QPoint()), page.height()

    before = place()
    for text in ("11434", "1", "not a port", "11435"):
        port.selectAll()
        qtbot.keyClicks(port, text)
        assert place() == before
    assert isinstance(plan_of(page), QScrollArea)


def test_the_legend_of_the_memory_bar_has_room_before_it_is_long(window: MainWindow, client: FakeClient) -> None:
    card = window.overview.pool_cards[CHAT]
    (bar,) = card.findChildren(FitBar)
    client.push(snapshot(models=(), instances=()))
    QApplication.sendPostedEvents()
    empty = bar.height()
    client.push(snapshot())
    QApplication.sendPostedEvents()
    assert "other pools" in bar.accessibleDescription()
    assert bar.height() == empty


def test_two_pools_need_no_scrolling_in_a_window_of_the_usual_size(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)
    card = window.overview.pool_cards[CHAT]
    qtbot.waitUntil(lambda: card.height() > 200)
    QApplication.sendPostedEvents()
    assert window.overview.area.verticalScrollBar().maximum() == 0
