"""How programs are set up for the panel: a list of them, and the settings of the chosen one to copy."""

import sys
from collections.abc import Container
from itertools import count
from typing import Self

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ollama_panel.core.connect import guides
from ollama_panel.core.connect.endpoint import KEY_TO_FILL_IN, endpoint_of
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Place, Way
from ollama_panel.core.connect.seen import seen
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.exposure import requires_key
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import resources, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, button, label, needed_height, set_tone
from ollama_panel.gui.widgets.code_view import CodeView
from ollama_panel.gui.widgets.guide_choice import PROGRAM, TAB, ProgramList, WayTabs
from ollama_panel.gui.widgets.inputs import ComboBox
from ollama_panel.gui.widgets.layout import scrolled

HEIGHT = 404
"""Pixels in which each guide is told without a second scroll bar, but for a long text to copy."""
ALL_ROWS = 490
"""Pixels in which the list shows all programs."""
_CODE, _FIND = 96, 120
"""Pixels: the least height of the text to copy, the width of the search."""


class GuidesCard(Card):
    """The guides. A key that is made here is in the texts until the page is left, and nowhere else.

    `copy_wanted` has the text to put on the clipboard, and what it is, in words that no key is in.
    """

    copy_wanted = Signal(str, str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Set up a program"), parent)
        self._client, self._theme = client, theme
        self._snapshot = client.snapshot
        self._guides: dict[str, Guide] = {}
        self._endpoint: Endpoint | None = None
        self._unreachable: Notice | None = None
        self._came: frozenset[str] = frozenset()
        self._keys: dict[str, tuple[str, str]] = {}
        self._making = False
        self._ways: dict[str, str] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find"))
        self.search.setAccessibleName(self.tr("Find a program"))
        self.search.setFixedWidth(_FIND)
        self.search.textChanged.connect(self._filter)
        self._glass = self.search.addAction(
            resources.icon("search", "#000000"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.make_key = button(self.tr("Make a key"))
        self.make_key.clicked.connect(lambda: client.spawn(self._make_key()))
        self.place_of = ComboBox()
        self.place_of.setAccessibleName(self.tr("Where the program runs"))
        self.place_of.setToolTip(self.tr("The address, and the commands, are those for a program that runs there"))
        for text, place in self._places():
            self.place_of.addItem(text, place)
        self.place_of.activated.connect(lambda: self.show_snapshot(self._snapshot))
        self.heading.addWidget(self.place_of)
        self.heading.addWidget(self.make_key)
        self.heading.addWidget(self.search)
        self.list = ProgramList()
        self.list.setAccessibleName(self.tr("Programs"))
        self.list.currentItemChanged.connect(lambda: self._show_guide())
        self.tabs = WayTabs(self._choose_way)
        self.code = CodeView(theme, self.tr("Settings to copy"))
        self.code.copy_wanted.connect(self._copy)
        self.key_line, self.place, self.text, self.version = (
            label("", role, wrap=True) for role in ("", "muted", "muted", "caption")
        )
        for one in (self.key_line, self.place, self.text):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def chosen(self) -> Guide | None:
        """The guide that is shown."""
        return self._guides.get(self.list.currentItem().data(PROGRAM)) if self.list.currentRow() >= 0 else None

    @property
    def guides(self) -> tuple[Guide, ...]:
        """All guides."""
        return tuple(self._guides.values())

    @property
    def needs_key(self) -> bool:
        """Whether clients must send a key."""
        return requires_key(self._snapshot.settings.proxy)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the guides for the panel as it is, and which of the programs have come."""
        self._snapshot = snapshot
        endpoint, unreachable = self._find_endpoint()
        if self._endpoint is None or unreachable != self._unreachable or _basis(endpoint) != _basis(self._endpoint):
            self._endpoint, self._unreachable = endpoint, unreachable
            self._guides = {guide.id: guide for guide in guides(endpoint)}
            self._show_guide()
        if self.list.count() == 0:
            for guide in self._guides.values():
                self.list.add(guide.id, guide.name)
            self.list.setCurrentRow(0)
        came = seen(self._guides.values(), snapshot.clients)
        if came != self._came:
            self._came = came
            self._mark()
        self._show_key(self.chosen)

    def _places(self) -> list[tuple[str, tuple[Place, ClientSystem]]]:
        """Return where a program can run: the titles, and the places with their systems."""
        own = ClientSystem.of(sys.platform)
        return [
            (self.tr("On this machine"), (Place.HERE, own)),
            (self.tr("In a container"), (Place.CONTAINER, own)),
            (self.tr("Elsewhere: Linux"), (Place.ELSEWHERE, ClientSystem.LINUX)),
            (self.tr("Elsewhere: macOS"), (Place.ELSEWHERE, ClientSystem.MACOS)),
            (self.tr("Elsewhere: Windows"), (Place.ELSEWHERE, ClientSystem.WINDOWS)),
        ]

    def _find_endpoint(self) -> tuple[Endpoint, Notice | None]:
        """Return the address for where the program runs; or that for this machine, and why there is no other."""
        key = KEY_TO_FILL_IN if self.needs_key else ""
        place, system = self.place_of.currentData()
        try:
            return endpoint_of(self._snapshot, key=key, system=system, place=place), None
        except PanelError as error:
            return endpoint_of(self._snapshot, key=key, system=system), error.notice

    def show_program(self, program: str) -> None:
        """Choose the guide of this id."""
        self.search.clear()
        for item in self.list.rows():
            if item.data(PROGRAM) == program:
                self.list.setCurrentItem(item)

    def take_over(self, old: Self) -> None:
        """Go on with what the user has chosen on a card that this one replaces in another language."""
        self.place_of.setCurrentIndex(old.place_of.currentIndex())
        self.show_snapshot(self._client.snapshot)
        self._ways, self._keys = dict(old._ways), dict(old._keys)
        if old.chosen is not None:
            self.show_program(old.chosen.id)
        self.search.setText(old.search.text())
        self._show_guide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.body.activate()
        self._fit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and self._keys:
            self._keys.clear()
            self._show_guide()

    def _shown(self) -> Guide | None:
        """Return the chosen guide, with the key that was made for it."""
        plain = self.chosen
        if plain is None or self._endpoint is None or plain.id not in self._keys:
            return plain
        _, key = self._keys[plain.id]
        with_key = msgspec.structs.replace(self._endpoint, key=key)
        return next(guide for guide in guides(with_key) if guide.id == plain.id)

    def _show_guide(self) -> None:
        guide = self._shown()
        if guide is None:
            return
        titles = [(way.id, _title(way)) for way in guide.ways]
        way = self._way(guide)
        self.tabs.show_titles(titles, way.id)
        self.code.show_text("" if self._unreachable else way.text.rstrip("\n"), way.language)
        self.code.copy_button.setEnabled(self._unreachable is None)
        self._show_key(guide)
        self.place.setText(self.tr("Goes into {file}").format(file=way.file) if way.file else "")
        self.place.setVisible(bool(way.file))
        needed = self._endpoint.note if self._endpoint is not None else None
        told = (needed, way.note, guide.running, guide.key if self.needs_key else None, guide.timeout)
        self.text.setText("\n".join(notice_text(one) for one in told if one is not None))
        version = self.tr("As {program} {version} has it").format(program=guide.name, version=guide.version)
        self.version.setText(version)
        self.version.setToolTip(guide.source)
        self._fit()

    def _fit(self) -> None:
        """Give the sentences the room that they need, and the text to copy the rest."""
        layout = self._below.layout()
        room = self.list.height() - TAB - 2 * SM - _CODE
        if layout is not None:
            self.told.setFixedHeight(max(0, min(room, needed_height(layout, self.told.width()))))

    def _way(self, guide: Guide) -> Way:
        return next((way for way in guide.ways if way.id == self._ways.get(guide.id)), guide.ways[0])

    def _show_key(self, guide: Guide | None) -> None:
        if guide is None:
            return
        name, key = self._keys.get(guide.id, ("", ""))
        if self._unreachable is not None:
            told = notice_text(self._unreachable)
        elif key:
            told = self.tr("The key “{name}” is in the text above until you leave this page, and is never shown again.")
            told = told.format(name=name)
        elif self.needs_key and guide.sends_key:
            told = self.tr("The panel asks for a key: make one for this program.")
        else:
            told = ""
        set_tone(self.key_line, "ok" if key and self._unreachable is None else "warn")
        if told != self.key_line.text() or self.key_line.isHidden() is bool(told):
            self.key_line.setText(told)
            self.key_line.setVisible(bool(told))
            self._fit()
        possible = self.needs_key and guide.sends_key and not (key or self._making or self._unreachable)
        self.make_key.setEnabled(possible)
        if not self.needs_key:
            tip = self.tr("No key is needed")
        elif not guide.sends_key:
            tip = self.tr("This program cannot send a key")
        else:
            tip = self.tr("Makes a key for this program and puts it into the text below, once")
        self.make_key.setToolTip(tip)

    async def _make_key(self) -> None:
        guide = self.chosen
        if guide is None:
            return
        taken = {one.name for one in self._snapshot.settings.proxy.api_keys}
        name = _free_name(guide.id, taken)
        text, detail = self.tr("The key “{name}” was made").format(name=name), self.tr("It is in the text to copy.")
        self._making = True
        self.code.setFocus()  # else the grey button hands the focus to the search
        self._show_key(guide)
        try:
            key = await self._client.make_key(name, (Scope.USE,))
        finally:
            if tasks.exists(self):
                self._making = False
                self._show_key(guide)
        self._client.announce(Toast(text, detail, undo=lambda: self._revoke(guide.id, name)))
        if tasks.exists(self):
            self._keys[guide.id] = name, key
            self._show_guide()

    async def _revoke(self, guide: str, name: str) -> None:
        """Take a key back, out of the text, too: nobody should copy what opens nothing any more."""
        await self._client.remove_key(name)
        if tasks.exists(self) and self._keys.get(guide, ("", ""))[0] == name:
            del self._keys[guide]
            self._show_guide()

    @Slot()
    def _copy(self) -> None:
        guide = self._shown()
        if guide is not None:
            way = self._way(guide)
            self.copy_wanted.emit(way.text, f"{guide.name} · {_title(way)}")

    def _choose_way(self, way: str) -> None:
        guide = self.chosen
        if guide is not None:
            self._ways[guide.id] = way
            self._show_guide()

    @Slot()
    def _filter(self) -> None:
        words = self.search.text().strip().lower()
        for item in self.list.rows():
            item.setHidden(words not in item.text().lower())
        if self.list.currentItem().isHidden():
            shown = next((item for item in self.list.rows() if not item.isHidden()), None)
            if shown is not None:
                self.list.setCurrentItem(shown)

    def _mark(self) -> None:
        """Set the ticks of the programs that have come."""
        tick = resources.icon("check", self._theme.tokens.ok)
        for item in self.list.rows():
            self.list.mark(item, tick if item.data(PROGRAM) in self._came else None, self.tr("{program}, has come"))

    def _restyle(self) -> None:
        self._mark()
        self._glass.setIcon(resources.icon("search", self._theme.tokens.muted, size=16))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SM)
        top.addWidget(self.tabs)
        top.addStretch()
        self._below = QWidget()
        lines = QVBoxLayout(self._below)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        for one in (self.key_line, self.place, self.text, self.version):
            lines.addWidget(one)
        lines.addStretch()
        right = QVBoxLayout()
        right.setSpacing(SM)
        right.addLayout(top)
        right.addWidget(self.code, 1)
        self.told = scrolled(self._below, self)
        right.addWidget(self.told)
        self.code.setMinimumHeight(_CODE)
        columns = QHBoxLayout()
        columns.setSpacing(LG - 2)
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        self.body.setSpacing(SM)
        self.body.addLayout(columns, 1)


def _title(way: Way) -> str:
    return way.title if isinstance(way.title, str) else notice_text(way.title)


def _basis(endpoint: Endpoint) -> tuple[object, ...]:
    """Return what the texts are made of: not the arithmetic of the time-out, which changes with each request."""
    fields = msgspec.structs.asdict(endpoint) | {"timeout": endpoint.timeout.seconds}
    return tuple(fields.values())


def _free_name(wanted: str, taken: Container[str]) -> str:
    """Return a name for a key: the wanted one, or the first numbered one that no key has."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)
