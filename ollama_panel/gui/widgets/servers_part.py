"""The part of the machine page about Ollama: all its servers on this computer, and the program that the panel runs."""

from itertools import pairwise
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ollama_panel.core.ollama.programs import Program
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.format import UNKNOWN
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.layout import drop_rows
from ollama_panel.gui.widgets.replacement_row import ReplacementRow
from ollama_panel.gui.widgets.server_row import ServerRow, is_of_a_panel

_FEW = 6
"""Servers that show at once, so that what is below them is on the first screen."""


class ServersPart(Card):
    """The program with its version, the others that are installed, and a row for each server."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Ollama on this computer"), parent)
        self._client = client
        self.rows: dict[str, ServerRow] = {}
        self.replaced: dict[str, ReplacementRow] = {}
        self._stops: list[QWidget] = []
        self._shown: tuple[object, ...] = ()
        self.refresh = button(self.tr("Look again"), self.tr("Looks now; else it is done once a minute"), small=True)
        self.refresh.clicked.connect(lambda: client.spawn(results.refresh_servers(client)))
        self.heading.addWidget(self.refresh)
        self.program = label("", wrap=True)
        self.body.addWidget(self.program)
        self.none = label("", "muted", wrap=True)
        self.body.addWidget(self.none)
        self.programs = label("", "muted", wrap=True)
        self.program.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.programs.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.programs)
        self._replaced, self._list = QVBoxLayout(), QVBoxLayout()
        self.body.addLayout(self._replaced)
        self.body.addLayout(self._list)
        self.all = button("", self.tr("The servers that no panel has started come first"), small=True)
        self.all.setCheckable(True)
        self.all.toggled.connect(self.show_all)
        self.body.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_all(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the program and the servers."""
        panel = snapshot.demo, snapshot.ollama_binary, snapshot.ollama_version
        shown = (panel, snapshot.programs, snapshot.found_servers, snapshot.replacements)
        if shown == self._shown:
            return
        self._shown = shown
        self.program.setText(
            self.tr("The panel runs {program}, version {version}").format(
                program=self.tr("a simulation") if snapshot.demo else snapshot.ollama_binary or UNKNOWN,
                version=snapshot.ollama_version or UNKNOWN,
            )
        )
        others = [one for one in snapshot.programs if snapshot.demo or one.path != snapshot.ollama_binary]
        self.programs.setText("\n".join(map(self._program, others)))
        self.programs.setVisible(bool(others))
        found = {one.id: one for one in sorted(snapshot.found_servers or (), key=is_of_a_panel)}
        replaced = {one.id: one for one in snapshot.replacements}
        nothing = self.tr("No Ollama server runs on this computer.")
        self.none.setText(self.tr("Looking for Ollama servers…") if snapshot.found_servers is None else nothing)
        self.none.setVisible(not found)
        drop_rows(self.rows, found, self._list)
        drop_rows(self.replaced, replaced, self._replaced)
        for name, one in replaced.items():
            if name not in self.replaced:
                self.replaced[name] = ReplacementRow(self._client, name)
                self._replaced.addWidget(self.replaced[name])
            self.replaced[name].show_replacement(one, found.values())
        for place, (name, server) in enumerate(found.items()):
            if name not in self.rows:
                self.rows[name] = ServerRow(self._client)
            if self._list.indexOf(self.rows[name]) != place:
                self._list.insertWidget(place, self.rows[name])
            self.rows[name].show_server(server, replaced=name in replaced)
        self.show_all(self.all.isChecked())
        self._order_tabs()

    def show_all(self, on: bool) -> None:
        """Show all servers, or only the first few."""
        self.all.setChecked(on)
        for row in self.rows.values():
            row.setVisible(on or self._list.indexOf(row) < _FEW)
        count = len(self.rows)
        self.all.setText(self.tr("Show fewer") if on else self.tr("Show all %n server(s)", "", count))
        self.all.setVisible(count > _FEW)

    def _order_tabs(self) -> None:
        """Let Tab go through the rows from top to bottom; Qt takes the order in which they were made."""
        rows = sorted(self.rows.values(), key=self._list.indexOf)
        stops: list[QWidget] = [one.give_back for one in self.replaced.values()]
        stops += [stop for row in rows for stop in row.stops]
        if stops == self._stops:
            return
        self._stops = stops
        for before, after in pairwise((self.refresh, *stops, self.all)):
            QWidget.setTabOrder(before, after)

    def take_over(self, old: Self) -> None:
        """Open what the user has opened on a part that this one replaces in another language."""
        for name, row in old.rows.items():
            if row.toggle.isChecked() and name in self.rows:
                self.rows[name].show_details(True)
        self.show_all(old.all.isChecked())

    def _program(self, one: Program) -> str:
        if one.problem is not None:
            return self.tr("{path}: {problem}").format(path=one.path, problem=notice_text(one.problem))
        return self.tr("{path}: version {version}").format(path=one.path, version=one.version)
