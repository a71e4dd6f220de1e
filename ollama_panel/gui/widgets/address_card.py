"""The address that clients use, in the forms of the three dialects, and who can reach it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.settings.addresses import local_url
from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM, XL
from ollama_panel.gui.widgets.card import Card, button, flat_button, label
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.state_pill import StatePill

_ONE_ROW_FROM = 860
"""Pixels of the card from which on all of it has room in one row."""


class AddressCard(Card):
    """Three groups: the address, its forms for OpenAI's and Anthropic's clients, and who can reach it.

    `copy_wanted` has the text to put on the clipboard; `settings_wanted` is emitted when the user wants to change who
    can reach the panel.
    """

    copy_wanted = Signal(str)
    settings_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._openai_url = self._other_url = ""
        self.address = label("", "address")
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title = label(self.tr("Address (Ollama)"), "caption", of=self.address)
        self.copy = button(self.tr("Copy"), self.tr("Copy the address for Ollama's clients"), small=True)
        self.copy.setAccessibleName(self.tr("Copy the address for Ollama's clients"))
        self.openai, self.anthropic = label("", "value"), label("", "value")
        self.copy_openai = self._copy_button(self.tr("Copy the address for clients of OpenAI's API"))
        self.copy_anthropic = self._copy_button(self.tr("Copy the address for clients of Anthropic's API"))
        self.reach = StatePill(theme)
        self.reach_title = label("", "caption", of=self.reach)
        self.access = ElidedLabel("", "muted")
        self.copy_other = self._copy_button(self.tr("Copy the address for other machines"))
        self.change = button(self.tr("Change"), self.tr("Opens the settings of the proxy"))
        self.change.setProperty("link", True)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.address.text()))
        self.copy_openai.clicked.connect(lambda: self.copy_wanted.emit(self._openai_url))
        self.copy_anthropic.clicked.connect(lambda: self.copy_wanted.emit(self.address.text()))
        self.copy_other.clicked.connect(lambda: self.copy_wanted.emit(self._other_url))
        self.change.clicked.connect(self.settings_wanted)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the address that is listened on, or the one that the settings name while there is none."""
        proxy, settings = snapshot.proxy, snapshot.settings.proxy
        url = proxy.url or local_url(settings.host, settings.port)
        self.address.setText(url)
        usual, second = self.tr("Address (Ollama)"), snapshot.second_proxy.url
        self.title.setText(self.tr("{address}, and {second}").format(address=usual, second=second) if second else usual)
        self._openai_url = f"{url}/v1"
        port = url.rpartition(":")[2]
        self.openai.setText(f"…:{port}/v1")
        self.anthropic.setText(f"…:{port}")
        self.openai.setToolTip(self._openai_url)
        self.anthropic.setToolTip(url)
        local, key = is_loopback(settings.host), requires_key(settings)
        if not proxy.url:
            self.reach.show_state(self.tr("Starting") if snapshot.starting else self.tr("Nobody"), "muted")
        elif local:
            self.reach.show_state(self.tr("This machine only"), "ok")
        else:
            self.reach.show_state(self.tr("Other machines, too"), "ok" if key else "warn")
        self._other_url = next(iter(proxy.others), "")
        self.access.show_text(self.tr("key needed") if key else self.tr("no key needed"))
        who = self.tr("Who can reach it")
        self.reach_title.setText(f"{who} · {self._other_url}" if self._other_url else who)
        self.copy_other.setVisible(bool(self._other_url))
        for one in (self.copy, self.copy_openai, self.copy_anthropic):
            one.setEnabled(bool(proxy.url))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _ONE_ROW_FROM
        row = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._whole.setDirection(row)
        self._before_reach.setVisible(wide)

    def _copy_button(self, name: str) -> QToolButton:
        return flat_button(name, name)

    def _lay_out(self) -> None:
        self.body.setContentsMargins(LG, LG, LG, LG)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(XL)
        big = QHBoxLayout()
        big.setSpacing(SM)
        big.addWidget(self.address)
        big.addWidget(self.copy)
        first.addLayout(_titled(self.title, big))
        first.addWidget(_line())
        forms = QGridLayout()
        forms.setHorizontalSpacing(SM - 4)
        forms.setVerticalSpacing(4)
        for column, (name, value, copy) in enumerate(
            (("OpenAI", self.openai, self.copy_openai), ("Anthropic", self.anthropic, self.copy_anthropic))
        ):
            forms.addWidget(label(name, "caption", of=value), 0, 3 * column)
            forms.addWidget(value, 1, 3 * column)
            forms.addWidget(copy, 1, 3 * column + 1)
        forms.setColumnMinimumWidth(2, LG)
        first.addLayout(forms)
        first.addStretch()
        self._before_reach = _line()
        who = QHBoxLayout()
        who.setSpacing(SM)
        who.addWidget(self.reach)
        who.addWidget(self.access, 1)
        who.addWidget(self.copy_other)
        who.addWidget(self.change)
        second.addWidget(self._before_reach)
        second.addLayout(_titled(self.reach_title, who), 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._whole.setSpacing(LG)
        self._whole.addLayout(first)
        self._whole.addLayout(second, 1)
        self.body.addLayout(self._whole)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        self.copy.setIcon(resources.icon("copy", colours.text, disabled=colours.muted, size=16))
        for one in (self.copy_openai, self.copy_anthropic, self.copy_other):
            one.setIcon(resources.icon("copy", colours.muted, size=16))


def _titled(title: QLabel, row: QHBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(title)
    column.addLayout(row)
    return column


def _line() -> QFrame:
    """Return a thin vertical line between two groups."""
    line = QFrame()
    line.setObjectName("upright")
    return line
