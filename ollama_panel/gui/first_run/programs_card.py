"""The programs that use Ollama now, with their connections, and a warning if one of them crowds out the others."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ollama_panel.core.bypass import Origin
from ollama_panel.core.first_run.programs import Program, crowding, programs
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import Card, label, rule, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel

_MOST = 6
"""Rows that show: the card stays on the first screen."""


class ProgramsCard(Card):
    """A row for each program; the list is made anew only when it has changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Programs that use it now"), parent)
        self._theme = theme
        self._shown: object = ()
        self.since = label(self.tr("connections to Ollama"), "caption")
        self.heading.addWidget(self.since)
        self._table = QVBoxLayout()
        self.body.addLayout(self._table)
        self._build_warning()
        self.body.addSpacing(SM)
        self.body.addWidget(self.warning)
        self.body.addStretch(1)
        theme.changed.connect(self._restyle)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the programs of the last look."""
        found = programs(snapshot)
        shown = (found, snapshot.bypassing_unknown)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._table.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._table.addWidget(self._made(snapshot, found))
        flood = crowding(found or ())
        self.warning.setVisible(flood is not None)
        if flood is not None and found is not None:
            self._warn(flood, found)

    def _made(self, snapshot: Snapshot, found: tuple[Program, ...] | None) -> QWidget:
        if found is None:
            unknown = self.tr("Looking for programs…")
            return label(notice_text(snapshot.bypassing_unknown) or unknown, "muted", wrap=True)
        if not found:
            return label(self.tr("No program is connected to Ollama now."), "muted", wrap=True)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, name in enumerate((self.tr("Program"), self.tr("Connections"), self.tr("Last 10 minutes"))):
            head = label(name, "caption")
            grid.addWidget(head, 0, column, right if column == 1 else Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(rule(), 1, 0, 1, 3)
        flood = crowding(found)
        for row, one in enumerate(found[:_MOST], 2):
            grid.setRowMinimumHeight(row, 44)
            grid.addWidget(self._named(one), row, 0)
            count = label(fmt.number(one.connections), "value")
            set_tone(count, "warn" if one is flood else "")
            grid.addWidget(count, row, 1, right)
            grid.addWidget(label(self._does(one), "muted"), row, 2)
        if len(found) > _MOST:
            more = self.tr("and %n more", "", len(found) - _MOST)
            grid.addWidget(label(more, "caption"), _MOST + 2, 0)
        return table

    def _named(self, one: Program) -> QWidget:
        named = QWidget()
        lines = QVBoxLayout(named)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addStretch()
        lines.addWidget(ElidedLabel(one.name or self.tr("unknown")))
        lines.addWidget(ElidedLabel(self.tr(", ").join(self._details(one)), "caption"))
        lines.addStretch()
        return named

    def _details(self, one: Program) -> Iterator[str]:
        if len(one.pids) == 1:
            yield self.tr("process {pid}").format(pid=one.pids[0])
        elif one.pids:
            yield self.tr("%n process(es)", "", len(one.pids))
        if one.past:
            yield {
                Origin.PROGRAM: self.tr("past the queue"),
                Origin.BROWSER: self.tr("a web browser"),
                Origin.OTHER_USER: self.tr("of another user"),
                Origin.CONTAINER: self.tr("in a container"),
                Origin.NETWORK: self.tr("another machine"),
                Origin.LOG: self.tr("told by the server's log"),
            }[one.origin]
        else:
            yield self.tr("through the queue")

    def _does(self, one: Program) -> str:
        return fmt.UNKNOWN if one.requests is None else self.tr("%n request(s)", "", one.requests)

    def _build_warning(self) -> None:
        self.warning = QFrame()
        self.warning.setProperty("banner", "warn")
        self._icon, self._words = QLabel(), label("", wrap=True)
        row = QHBoxLayout(self.warning)
        row.setContentsMargins(MD, MD, MD, MD)
        row.setSpacing(MD - 2)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.warning.hide()
        self._restyle()

    def _warn(self, flood: Program, found: tuple[Program, ...]) -> None:
        total = sum(one.connections for one in found if one.past)
        text = self.tr(
            "{name} holds {held} of {total} connections. Ollama serves in the order of arrival, so all others wait "
            "behind it."
        )
        self._words.setText(text.format(name=flood.name, held=fmt.number(flood.connections), total=fmt.number(total)))

    def _restyle(self) -> None:
        self._icon.setPixmap(resources.icon("warning", self._theme.tokens.warn).pixmap(18, 18))
