"""Every control can be reached by keyboard and has an accessible name."""

from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)

from ollama_panel.gui.language import Language
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import page_of
from tests.gui.snapshots import CHAT, LLAMA, SETTINGS, snapshot

PAGES = range(9)


def tab_chain(window: MainWindow) -> list[QWidget]:
    """Return every visible, enabled widget that accepts the focus by Tab, in tab order."""
    chain: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        inner = isinstance(widget.parentWidget(), QAbstractSpinBox)
        if not inner and widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def name_of(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.accessibleName()  # the interface gives the current choice on Linux
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


@pytest.mark.parametrize("page", PAGES)
def test_every_tab_stop_has_an_accessible_name(window: MainWindow, page: int) -> None:
    window.show_page(page)
    nameless = [repr(widget) for widget in tab_chain(window) if not name_of(widget)]
    assert nameless == []


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_a_tab_stop(window: MainWindow, page: int) -> None:
    window.show_page(page)
    chain = tab_chain(window)
    kinds = (QAbstractButton, QSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    current = page_of(window)
    controls = [
        widget
        for kind in kinds
        for widget in current.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and not isinstance(widget.parentWidget(), QAbstractSpinBox)
        if widget.objectName() != "qt_toolbar_ext_button" and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert controls
    assert [repr(widget) for widget in controls if widget not in chain and widget.focusProxy() not in chain] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_tooltip(window: MainWindow, page: int) -> None:
    window.show_page(page)
    current = page_of(window)
    controls = [
        *current.findChildren(QAbstractButton),
        *current.findChildren(QSlider),
        *current.findChildren(QComboBox),
    ]
    silent = [
        widget.accessibleName() or widget.property("text") or repr(widget)
        for widget in controls
        if widget.isVisible()
        and not widget.toolTip()
        and widget.objectName() != "qt_toolbar_ext_button"
        and not isinstance(widget.parentWidget(), QLineEdit)
    ]
    assert silent == []


def test_tooltips_of_sliders_name_the_restart(window: MainWindow) -> None:
    for slider in window.overview.findChildren(QSlider):
        assert (
            "A change restarts" in slider.accessibleDescription() or "A change starts" in slider.accessibleDescription()
        )


def test_the_first_tab_stop_is_in_the_sidebar_and_the_page_follows(window: MainWindow) -> None:
    chain = tab_chain(window)
    inside = [window.sidebar.isAncestorOf(widget) for widget in chain]
    assert inside[0]
    assert inside == sorted(inside, reverse=True)


@pytest.mark.parametrize("page", PAGES)
def test_no_control_is_cut_off_by_the_window(window: MainWindow, page: int) -> None:
    window.resize(1024, 700)
    window.show_page(page)
    for widget in tab_chain(window):
        right = widget.mapTo(window, QPoint(widget.width(), 0)).x()
        assert right <= window.width(), repr(widget)


@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_cut_off_without_an_ellipsis(
    in_language: None, window: MainWindow, client: FakeClient, page: int
) -> None:
    window.resize(window.minimumSize())
    pools = [msgspec.structs.replace(record, queued=10_000, slots=64) for record in snapshot().pools]
    sample = msgspec.structs.replace(snapshots.sample(), queued=20_000, tokens_per_s=12_345.0)
    client.push(snapshot(pools=tuple(pools), sample=sample))
    window.show_page(page)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    labels = [one for one in window.findChildren(QLabel) if one.isVisible() and one.text() and not one.wordWrap()]
    whole = [one for one in labels if not isinstance(one, ElidedLabel)]
    assert [one.text() for one in whole if one.width() < one.sizeHint().width()] == []
    assert len(labels) > len(whole)


def controls(parent: QWidget) -> list[QWidget]:
    """Return the visible widgets that a screen reader meets: what takes the focus, and what has a name of its own."""
    return [
        one
        for one in parent.findChildren(QWidget)
        if one.isVisible()
        and name_of(one)
        and (one.focusPolicy() & Qt.FocusPolicy.TabFocus or one.accessibleName())
        and not isinstance(one.parentWidget(), QAbstractSpinBox)
    ]


def shared_names(parent: QWidget) -> list[tuple[str, str]]:
    """Return role and name of the controls that a screen reader cannot tell apart."""
    said = Counter((QAccessible.queryAccessibleInterface(one).role().name, name_of(one)) for one in controls(parent))
    picture = QAccessible.Role.Client.name  # a chart and the plot in it, which are no controls
    return [(role, name) for (role, name), times in said.items() if times > 1 and role != picture]


@pytest.fixture(params=["en", "zh_CN"])
def in_language(request: pytest.FixtureRequest, qapp: QApplication, theme: Theme) -> Iterator[None]:
    language = Language(qapp)
    language.use(request.param)
    yield
    language.use("en")


@pytest.mark.parametrize("page", PAGES)
def test_no_two_controls_of_a_role_have_the_same_name(in_language: None, window: MainWindow, page: int) -> None:
    window.show_page(page)
    assert shared_names(window) == []


def test_the_controls_of_a_pool_name_it(window: MainWindow) -> None:
    for pool, card in window.overview.pool_cards.items():
        assert [name_of(one) for one in controls(card) if pool not in name_of(one)] == []
    names = [name_of(one) for one in controls(window.overview.pool_cards[CHAT])]
    assert {"Parallel of pool chat", "Apply for pool chat", "Memory fit of pool chat"} <= set(names)


def test_the_fields_of_the_pool_dialog_have_names_of_their_own(in_language: None, window: MainWindow) -> None:
    dialog = PoolDialog(SETTINGS, SETTINGS.pools[0], (LLAMA,), new=False, parent=window)
    dialog.show()
    assert len(controls(dialog)) >= 7
    assert shared_names(dialog) == []
