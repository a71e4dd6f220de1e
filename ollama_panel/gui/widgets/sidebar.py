"""The sidebar: the pages, the state of the proxy, and the menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ollama_panel import __version__
from ollama_panel.core.alerts import PORT_TAKEN, Health, health
from ollama_panel.core.gpu_yield import YieldState
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.settings.addresses import local_url
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.summary import health_tone, summary
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM, XS
from ollama_panel.gui.widgets.card import flat_button, label, rule, set_property, set_tone
from ollama_panel.gui.widgets.gpu_switch import GpuSwitch
from ollama_panel.gui.widgets.nav_button import NavButton

_WIDTH, _WIDEST, _NARROW = 200, 280, 60
"""Widths in pixels: the usual one, the limit for wider fonts, and the one with icons only."""
_HIGH = 680
"""Pixels of height from which on there is room for all lines about the GPU below the pages."""


class Badge(Enum):
    """What the badge of an entry counts: the requests that wait, or what the doctor has found and is open."""

    WAITING = "waiting"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the sidebar: its icon, its title, and its badge, None = it has none."""

    icon: str
    title: str
    badge: Badge | None = None


class Sidebar(QFrame):
    """Selects the current page, by its buttons and by Ctrl+1 to Ctrl+n."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, actions: Actions, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._theme = theme
        self._entries = tuple(entries)
        self._buttons = QButtonGroup(self)
        self.menu = QMenu(self)
        actions.fill_window(self.menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MD, MD + 2, MD, MD)
        layout.setSpacing(XS)
        layout.addLayout(self._build_brand())
        layout.addSpacing(MD)
        for number, entry in enumerate(entries):
            layout.addWidget(self._build_entry(number, entry))
        layout.addStretch()
        self.gpu = GpuSwitch(theme, actions.gpu)
        layout.addWidget(self.gpu)
        layout.addSpacing(XS)
        layout.addLayout(self._build_proxy(actions))
        self._buttons.idClicked.connect(self.chosen)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.setFixedWidth(self._expanded_width())

    def set_compact(self, compact: bool) -> None:
        """Show icons only, in a narrow window; tooltips and accessible names stay."""
        if compact == (self.width() == _NARROW and self.minimumWidth() == _NARROW):
            return
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if compact else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for made in self._buttons.buttons():
            if isinstance(made, QToolButton):
                made.setToolButtonStyle(style)
                set_property(made, "compact", compact)
        self._dot_row.setStretch(0, int(compact))
        for widget in self._text_widgets:
            widget.setVisible(not compact)
        self.gpu.set_compact(compact)
        self.setFixedWidth(_NARROW if compact else self._expanded_width())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.gpu.set_low(event.size().height() < _HIGH)

    def _expanded_width(self) -> int:
        """Return the width that shows all texts, within the limits."""
        return min(max(_WIDTH, self.minimumSizeHint().width()), _WIDEST)

    def select(self, number: int) -> None:
        """Mark a page as the current one."""
        self._buttons.button(number).setChecked(True)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show whether the proxy serves clients, its address or why there is none, the health, and how many wait."""
        self._show_waiting(sum(pool.queued for pool in snapshot.pools))
        self._show_findings(snapshot)
        self.gpu.show_snapshot(snapshot)
        state, address = self._words(snapshot)
        if (state, address) != (self._state.text(), self._address.text()):
            self._state.setText(state)
            self._address.setText(address)
        set_tone(self._dot, health_tone(health(snapshot)))
        told = summary(snapshot)
        if told != self._dot.toolTip():
            self._dot.setAccessibleName(f"{state}: {told}")
            for part in (self._dot, self._state, self._address):
                part.setToolTip(told)

    def _show_waiting(self, count: int) -> None:
        self._show_badge(Badge.WAITING, count, self.tr("%n request(s) wait", "", count), "warn")

    def _show_findings(self, snapshot: Snapshot) -> None:
        """Show how many errors of the doctor are open, or how many warnings if there is no error."""
        levels = [one.level for one in snapshot.doctor.open]
        errors, warnings = levels.count(Level.ERROR), levels.count(Level.WARNING)
        if errors:
            self._show_badge(Badge.FINDINGS, errors, self.tr("%n open error(s)", "", errors), "danger")
        else:
            self._show_badge(Badge.FINDINGS, warnings, self.tr("%n open warning(s)", "", warnings), "warn")

    def _show_badge(self, badge: Badge, count: int, told: str, tone: str) -> None:
        for number, entry in enumerate(self._entries):
            made = self._buttons.button(number)
            if entry.badge is badge and isinstance(made, NavButton):
                made.show_count(count, told, tone)

    def _words(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return the state in a word or two, and the address or the reason that there is none."""
        proxy = snapshot.proxy
        if snapshot.fatal is None and proxy.url:
            if snapshot.paused:
                state = self.tr("Paused")
            elif snapshot.gpu_yield.state is not YieldState.SERVING:
                state = self.tr("Requests wait")
            else:
                well = health(snapshot) is Health.WELL
                state = self.tr("Serving on") if well else self.tr("Needs attention")
            return state, proxy.url.removeprefix("http://")
        if snapshot.starting and not snapshot.fatal and not proxy.problem:
            configured = snapshot.settings.proxy
            return self.tr("Starting…"), local_url(configured.host, configured.port).removeprefix("http://")
        if snapshot.fatal:
            why = self.tr("the engine has stopped")
        elif proxy.problem:
            why = self._why(proxy.problem)
        else:
            why = self.tr("the proxy is off")
        return self.tr("Not serving"), why

    def _why(self, problem: Notice) -> str:
        """Return in a word or two why the proxy cannot listen."""
        if problem.code == PORT_TAKEN:
            return self.tr("port taken")
        if problem.code == "proxy.no_host":
            return self.tr("no such address")
        return self.tr("cannot listen")  # no right to the port, or too many open files, say

    def _build_brand(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SM)
        mark = QLabel()
        mark.setPixmap(resources.app_icon().pixmap(QSize(24, 24)))
        brand = label("Ollama Panel", "brand")
        self._text_widgets: list[QWidget] = [mark, brand]
        row.addWidget(mark)
        row.addWidget(brand)
        row.addStretch()
        self._menu_button = flat_button(self.tr("Menu"), self.tr("Proxy, instances, memory, undo, first steps, quit"))
        self._menu_button.clicked.connect(self._open_menu)
        row.addWidget(self._menu_button)
        return row

    def _build_entry(self, number: int, entry: Entry) -> NavButton:
        made = NavButton(self._theme, entry.title)
        made.has_badge = entry.badge is not None
        made.setToolTip(self.tr("{page} ({keys})").format(page=entry.title, keys=f"Ctrl+{number + 1}"))
        # A button's own shortcut clicks with a visible delay of 100 ms.
        QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self, lambda: self.chosen.emit(number))
        self._buttons.addButton(made, number)
        return made

    def _build_proxy(self, actions: Actions) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SM)
        state, address = QHBoxLayout(), QHBoxLayout()
        self._dot = label("●", "caption")
        self._state = label("", "caption")
        self._address = label("", "value")
        tip = self.tr("Copy the address that clients use")
        self._copy = flat_button(tip, tip)  # "Copy address" is the name of the Overview's button
        self._copy.clicked.connect(actions.copy_address)
        state.setSpacing(6)
        state.addStretch(0)
        self._dot_row = state
        state.addWidget(self._dot)
        state.addWidget(self._state)
        state.addStretch(1)
        version = label(f"v{__version__}", "caption")
        self._text_widgets += [self._state, self._address, version]
        state.addWidget(version)
        address.addWidget(self._address)
        address.addStretch()
        address.addWidget(self._copy)
        column.addWidget(rule())
        column.addLayout(state)
        column.addLayout(address)
        return column

    def _open_menu(self) -> None:
        self.menu.popup(self._menu_button.mapToGlobal(QPoint(0, self._menu_button.height() + XS)))

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for number, entry in enumerate(self._entries):
            self._buttons.button(number).setIcon(resources.icon(entry.icon, colours.muted, checked=colours.accent))
        self._menu_button.setIcon(resources.icon("menu", colours.muted))
        self._copy.setIcon(resources.icon("copy", colours.muted, size=16))
