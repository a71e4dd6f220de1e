"""The rows of the programs that have come, and of those that go past the panel, in the same columns."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.bypass import BypassRecord, Origin, of_program
from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.records import RequestClass
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client_menu import ClientMenu, ClientRules
from ollama_panel.gui.models.request_texts import class_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import button, label, set_property
from ollama_panel.gui.widgets.delegates import brush
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.inputs import ComboBox
from ollama_panel.gui.widgets.state_pill import StatePill

HEIGHT = 44
_WIDE, _NARROW = (130, 158, 174, 66, 82, 146), (128, 154, 42, 58, 66, 138)
"""The widths in pixels of the columns from the second on: way, class, share, requests, waits, action."""
_BAR = 6


def in_columns(row: QHBoxLayout, cells: Sequence[QWidget]) -> None:
    """Lay the seven cells of a row into the columns; the first one takes what the others leave."""
    row.setContentsMargins(SM, 0, SM, 0)
    row.setSpacing(0)
    for place, cell in enumerate(cells):
        row.addWidget(cell, int(place == 0))
    set_widths(cells, narrow=False)


def set_widths(cells: Sequence[QWidget], *, narrow: bool) -> None:
    """Set the widths of the columns of a row."""
    for cell, width in zip(cells[1:], _NARROW if narrow else _WIDE, strict=True):
        cell.setFixedWidth(width)


class _Row(QFrame):
    """What both kinds of rows have: a name with a line below it, the way, and the figures."""

    def __init__(self, theme: Theme, kind: QWidget, action: QWidget) -> None:
        """`kind` is the cell of the class, `action` the last one."""
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.name, self.facts = ElidedLabel(), ElidedLabel("", "caption")
        self.way = StatePill(theme)
        self.share = ShareBar(theme)
        self.requests, self.waits = _figure(), _figure()
        names = QWidget()
        lines = QVBoxLayout(names)
        lines.setContentsMargins(0, 4, SM, 4)
        lines.setSpacing(0)
        lines.addWidget(self.name)
        lines.addWidget(self.facts)
        self._cells = (names, _cell(self.way), kind, self.share, self.requests, self.waits, action)
        in_columns(QHBoxLayout(self), self._cells)

    def set_narrow(self, narrow: bool) -> None:
        """Make the columns narrower where there is no room; the share has no bar then."""
        set_widths(self._cells, narrow=narrow)


class ClientRow(_Row):
    """A program that comes through the panel. Its class is chosen in the row, everything else by a right click."""

    def __init__(self, theme: Theme, rules: ClientRules) -> None:
        self.classes = ComboBox()
        super().__init__(theme, _cell(self.classes, stretched=True), QWidget())
        self._rules = rules
        self.record: ClientRecord | None = None
        self.classes.setProperty("small", True)
        self.classes.setToolTip(
            self.tr("Interactive goes first, batch waits for others; a right click on the row has weight and limit")
        )
        for kind in (None, RequestClass.INTERACTIVE, RequestClass.BATCH):
            self.classes.addItem("" if kind is None else class_text(kind), kind)
        self.classes.activated.connect(self._choose)
        self.way.show_state(self.tr("Panel"), "ok")

    def show_client(self, record: ClientRecord) -> None:
        """Show what is known of a client."""
        if record is self.record:
            return
        self.record = record
        self.name.show_text(record.name)
        self.facts.show_text(" · ".join(self._facts(record)))
        newest = record.classes[-1] if record.classes else None
        word = self.tr("auto: {kind}").format(kind=class_text(newest)) if newest else self.tr("auto")
        if word != self.classes.itemText(0):
            self.classes.setItemText(0, word)
        if not self.classes.view().isVisible():
            self.classes.setCurrentIndex(max(0, self.classes.findData(record.request_class)))
        self.classes.setAccessibleName(self.tr("Class of {client}").format(client=record.name))
        self.share.show_share(record.share, "accent")
        self.requests.setText(fmt.number(record.requests))
        self.waits.setText(fmt.duration(record.wait_p95_s))
        self.setToolTip("\n".join(self._details(record)))

    def menu(self) -> ClientMenu | None:
        """Return the menu of a right click on the client, None if there is none yet."""
        return ClientMenu(self._rules, self.record.client, self) if self.record is not None else None

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(event.globalPos())
        event.accept()

    def _choose(self, place: int) -> None:
        if self.record is not None:
            self._rules.set_class(self.record.client, self.classes.itemData(place))

    def _facts(self, record: ClientRecord) -> list[str]:
        facts = []
        if record.turned_away:
            facts.append(self.tr("{count} refused: no valid key").format(count=fmt.number(record.turned_away)))
        if record.processes > 1:
            facts.append(self.tr("%n process(es)", "", record.processes))
        elif record.process is not None:
            facts.append(self.tr("process {pid}").format(pid=record.process.pid))
        elif record.address:
            agent = record.agent.partition(" ")[0]
            facts.append(agent if agent and record.address == record.name else record.address)
        if record.key and record.key != record.name:
            facts.append(self.tr("key “{key}”").format(key=record.key))
        if record.user:
            facts.append(self.tr("user {user}").format(user=record.user))
        facts += record.paths[-1:]
        return facts

    def _details(self, record: ClientRecord) -> list[str]:
        lines = [
            self.tr("ended {ended}, running {running}, waiting {waiting}").format(
                ended=fmt.number(record.requests),
                running=fmt.number(record.running),
                waiting=fmt.number(record.waiting),
            ),
            self.tr("failed {failed}, cancelled {cancelled}").format(
                failed=fmt.number(record.failed), cancelled=fmt.number(record.cancelled)
            ),
            self.tr("first token, p95: {time}").format(time=fmt.duration(record.first_token_p95_s)),
            self.tr("models: {models}").format(models=", ".join(record.models) or fmt.UNKNOWN),
        ]
        if record.process is not None and record.process.program:
            lines.append(self.tr("program: {path}").format(path=record.process.program))
        if record.agent:
            lines.append(self.tr("says of itself: {agent}").format(agent=record.agent))
        return lines


class BypassRow(_Row):
    """A program that goes past the panel, with the way out. `wanted` is emitted when the user asks for that."""

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        self.change = button("", small=True)
        self._kind = label("", "muted")
        super().__init__(theme, _cell(self._kind), _cell(self.change, at_right=True))
        self.record: BypassRecord | None = None
        self._now = False
        self._kind.setText(self.tr("unknown"))
        self.change.setText(self.tr("What to change…"))
        self.change.setToolTip(self.tr("Says how its requests get into the queue"))
        self.change.clicked.connect(lambda: self.wanted.emit(self.record))

    def show_bypass(self, record: BypassRecord, *, now: bool) -> None:
        """Show what is known of a program; `now`: it still goes past the panel."""
        if (record, now) == (self.record, self._now):
            return
        self.record, self._now = record, now
        set_property(self, "row", "warn" if now else "")
        if now:
            self.way.show_state(self.tr("Past the queue"), "warn")
        else:
            self.way.show_state(self.tr("Went past"), "muted")
        name = bypass_name(record)
        self.name.show_text(name)
        self.facts.show_text(" · ".join(self._facts(record)))
        self.change.setAccessibleName(self.tr("What to change for {program}").format(program=name))
        self.share.show_share(None, "warn")
        self.requests.setText(fmt.UNKNOWN if record.requests is None else f"≥ {fmt.number(record.requests)}")
        self.waits.setText(fmt.UNKNOWN)
        if record.program:
            self.setToolTip(self.tr("program: {path}").format(path=record.program))

    def _facts(self, record: BypassRecord) -> list[str]:
        facts = []
        if record.processes > 1:
            facts.append(self.tr("%n process(es)", "", record.processes))
        elif record.pid is not None:
            facts.append(self.tr("process {pid}").format(pid=record.pid))
        if record.address:
            facts.append(self.tr("from {address}").format(address=record.address))
        facts.append(record.url)
        if record.user:
            facts.append(self.tr("of user {user}").format(user=record.user))
        return facts


def bypass_name(record: BypassRecord) -> str:
    """Return the name of a program that goes past the panel, or what is known of it, to begin a line with."""
    if record.name and record.origin in (Origin.PROGRAM, Origin.BROWSER):
        return record.name
    told = notice_text(of_program(record))
    return told[:1].upper() + told[1:]


class ShareBar(QWidget):
    """A share from 0 to 1 as a bar with its percentage, or the percentage alone where there is no room for both."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share: float | None = None
        self._tone = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_share(self, share: float | None, tone: str) -> None:
        """Show a share in the colour of a token; None = unknown."""
        if (share, tone) != (self._share, self._tone):
            self._share, self._tone = share, tone
            self.setAccessibleName(self.tr("Share of the work: {share}").format(share=fmt.percent(share, 1.0)))
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._theme.tokens
        room = self.width() - 78
        text = QRectF(self.rect())
        if room >= LG:
            bar = QRectF(0, (self.height() - _BAR) / 2, room, _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brush(colours.track))
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            if self._share:
                bar.setWidth(max(_BAR, room * min(1.0, self._share)))
                painter.setBrush(brush(getattr(colours, self._tone)))
                painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            text.setLeft(room + SM)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), fmt.percent(self._share, 1.0))
        painter.end()


def _figure() -> QLabel:
    made = label()
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def _cell(widget: QWidget, *, at_right: bool = False, stretched: bool = False) -> QWidget:
    """Return a cell with a widget at its left or right, or as wide as the cell but for a gap."""
    cell = QWidget()
    row = QHBoxLayout(cell)
    row.setContentsMargins(0, 0, 0 if at_right else SM, 0)
    if at_right:
        row.addStretch()
    row.addWidget(widget, int(stretched))
    if not (at_right or stretched):
        row.addStretch()
    return cell
