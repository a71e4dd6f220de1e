"""The page of the doctor: what is wrong on this machine with what mends it, what is well, and what was mended."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Self

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.doctor.report_text import lines
from ollama_panel.core.findings import CheckState, DoctorRecord, Finding, Ignored
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import doctor_actions, resources, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.doctor_texts import opens_dialog, summary_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.bundle_dialog import show_bundle
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.checks_card import ChecksCard
from ollama_panel.gui.widgets.doctor_state import DoctorState
from ollama_panel.gui.widgets.finding_card import FindingCard
from ollama_panel.gui.widgets.fix_dialog import show_fix
from ollama_panel.gui.widgets.layout import PageFrame, drop_rows
from ollama_panel.gui.widgets.mended_card import IgnoredCard, MendedCard

_TWO_COLUMNS_FROM, _THREE_COLUMNS_FROM = 860, 1700
"""Pixels of the page from which what is well stands beside the findings, and what was mended beside that."""
_SIDE, _WIDE_SIDE = 328, 400
"""Pixels: the width of the columns at the right."""
_ANY = 16_777_215
"""Pixels: Qt's QWIDGETSIZE_MAX, no limit."""
_ICON = 16


class DoctorPage(PageFrame):
    """The findings, the worst first. `remedy_wanted` has a finding whose fix is a button of an alert."""

    remedy_wanted = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Doctor"), parent)
        self._client, self._theme = client, theme
        self.cards: dict[str, FindingCard] = {}
        self._opened: dict[str, bool] = {}
        self._revealed = ""
        self._checked_by_key = False
        self._ordered: tuple[QWidget, ...] = ()
        self.copy = button(self.tr("Copy as text"), self.tr("Copies all findings with their evidence"))
        self.bundle = button(
            self.tr("Support bundle…"), self.tr("Gathers what helps others to see what is wrong, without secrets")
        )
        self.check = button(self.tr("Check again"), self.tr("Looks at everything now (F5)"))
        self.state = DoctorState(theme)
        self.ignored = IgnoredCard(theme)
        self.well = ChecksCard(theme, self.tr("All is well with"), CheckState.WELL)
        self.unseen = ChecksCard(theme, self.tr("Could not look at"), CheckState.UNKNOWN)
        self.mended = MendedCard(theme)
        self._connect()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the doctor has found."""
        record, ready = snapshot.doctor, not (snapshot.fatal or snapshot.starting)
        report = record.report
        self._show_summary(record)
        self._keep_focus(running=record.running)
        self.check.setEnabled(ready and not record.running)
        self.check.setText(self.tr("Checking…") if record.running else self.tr("Check again"))
        self.copy.setEnabled(report is not None)
        self.bundle.setEnabled(ready)
        self.state.show_record(record, ready=ready)
        self._show_findings(record, ready=ready)
        self.ignored.show_ignored(record.ignored, ready=ready)
        checks = report.checks if report is not None else ()
        self._place_well(beside=bool(record.open) or not checks)
        self.well.show_checks(checks, report.figures if report is not None else ())
        self.unseen.show_checks(checks)
        self.unseen.setVisible(bool(self.unseen.rows))
        self.mended.show_mended(record.mended, ready=ready and not record.mending)
        self._order_by_place()
        if self._checked_by_key and not record.running:
            self._checked_by_key = False
            if self.area.hasFocus():
                self.check.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def take_over(self, old: Self) -> None:
        self._opened = dict(old._opened)
        self.show_snapshot(self._client.snapshot)
        self.well.take_over(old.well)
        self.unseen.take_over(old.unseen)

    def reveal(self, finding: str) -> None:
        """Open a finding and scroll to it, if there is one of that id."""
        self._opened[finding] = True
        self.show_snapshot(self._client.snapshot)
        if (card := self.cards.get(finding)) is not None:
            card.fix.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, card, lambda: self.area.ensureWidgetVisible(card))

    def check_now(self) -> None:
        """Look at everything now, unless that is under way."""
        if self.check.isEnabled():
            self._client.spawn(self._client.doctor.check())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        two, three = self.width() >= _TWO_COLUMNS_FROM, self.width() >= _THREE_COLUMNS_FROM
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(across if two else down)
        self._right.setDirection(across if three else down)
        side = _WIDE_SIDE if three else _SIDE
        for column in self._sides:
            column.setMinimumWidth(side if two else 0)
            column.setMaximumWidth(side if two else _ANY)

    def _show_summary(self, record: DoctorRecord) -> None:
        if record.report is not None:
            self.set_summary(summary_text(record.report, len(record.open)))
        else:
            self.set_summary(self.tr("What is set and not in force, what fights, what is short, and what mends it"))

    def _keep_focus(self, *, running: bool) -> None:
        """Keep the focus on the page while the button that has it cannot be used; Qt would give it to the menu."""
        if running and (self.check.hasFocus() or self.state.check.hasFocus()):
            self._checked_by_key = True
            self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _order_by_place(self) -> None:
        """Let Tab go from the findings to what is beside and below them, whatever was made first."""
        cards = sorted(self.cards.values(), key=self._findings.indexOf)
        parts = (*cards, self.ignored, *self.well.rows.values(), *self.unseen.rows.values(), self.mended)
        if parts == self._ordered:
            return
        self._ordered = parts
        chain, one = list[QWidget](), self.nextInFocusChain()
        while one is not None and one is not self:
            chain.append(one)
            one = one.nextInFocusChain()
        places = {part: place for place, part in enumerate(parts)}
        order = [
            (place, widget)
            for widget in chain
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and (place := _place_of(widget, places)) is not None
        ]
        order.sort(key=lambda pair: pair[0])
        for (_, first), (_, second) in pairwise(order):
            self.setTabOrder(first, second)

    def _place_well(self, *, beside: bool) -> None:
        """Put what is well beside the findings, or in their place if there are none."""
        self._sides[0].setVisible(beside)
        column, place = (self._stacks[0], 0) if beside else (self._left, 1)
        if column.indexOf(self.well) < 0:
            column.insertWidget(place, self.well)

    def _show_findings(self, record: DoctorRecord, *, ready: bool) -> None:
        found = record.open
        drop_rows(self.cards, {one.id for one in found}, self._findings)
        first = found[0] if found and found[0].level is Level.ERROR else None
        for place, finding in enumerate(found):
            card = self.cards.get(finding.id)
            if card is None:
                card = self.cards[finding.id] = self._made(finding)
            if self._findings.indexOf(card) != place:
                self._findings.insertWidget(place, card)
                card.show()  # at once, not when the event loop runs again: it may get the focus
            card.show_finding(
                finding,
                is_open=self._opened.get(finding.id, finding is first),
                primary=finding is first,
                mending=record.mending == finding.id,
                ready=ready and record.mending in ("", finding.id),
            )

    def _made(self, finding: Finding) -> FindingCard:
        card = FindingCard(self._theme, finding)
        card.fix_wanted.connect(self._fix)
        card.ignore_wanted.connect(lambda one: self._client.spawn(doctor_actions.ignore(self._client, one)))
        card.commands_wanted.connect(lambda one: self._client.spawn(doctor_actions.copy_commands(self._client, one)))
        card.copy_wanted.connect(lambda text: results.copy(self._client, text))
        card.toggled.connect(self._toggle)
        return card

    def _fix(self, finding: Finding) -> None:
        if opens_dialog(finding):
            show_fix(self._client, self._theme, self, finding)
        else:
            self.remedy_wanted.emit(finding)

    def _toggle(self, finding: Finding, on: bool) -> None:
        self._opened[finding.id] = on
        self.show_snapshot(self._client.snapshot)

    def _copy(self) -> None:
        record = self._client.snapshot.doctor
        if record.report is not None:
            text = "\n".join(lines(record, notice_text))
            results.copy(self._client, f"{text}\n", self.summary)

    def _show_again(self, one: Ignored) -> None:
        self._client.spawn(self._client.doctor.show_again(one.finding))

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for made, name in ((self.copy, "copy"), (self.bundle, "folder")):
            made.setIcon(resources.icon(name, colours.text, disabled=colours.muted, size=_ICON))
            made.setIconSize(QSize(_ICON, _ICON))

    def _connect(self) -> None:
        self.copy.clicked.connect(self._copy)
        self.bundle.clicked.connect(lambda: show_bundle(self._client, self._theme, self))
        self.check.clicked.connect(self.check_now)
        self.state.check_wanted.connect(self.check_now)
        self.ignored.show_wanted.connect(self._show_again)
        self.mended.undo_wanted.connect(lambda one: show_fix(self._client, self._theme, self, one))
        again = QShortcut(QKeySequence(Qt.Key.Key_F5), self, self.check_now)
        again.setContext(Qt.ShortcutContext.WindowShortcut)

    def _lay_out(self) -> None:
        for made in (self.copy, self.bundle, self.check):
            self.controls.addWidget(made)
        left = self._left = QVBoxLayout()
        left.setSpacing(LG - 2)
        left.addWidget(self.state)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(LG - 2)
        left.addLayout(self._findings)
        left.addWidget(self.ignored)
        left.addStretch(1)
        self._right = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._right.setSpacing(LG - 2)
        self._sides = (QWidget(), QWidget())
        self._stacks = QVBoxLayout(self._sides[0]), QVBoxLayout(self._sides[1])
        for column, stack, cards in zip(
            self._sides, self._stacks, ((self.well,), (self.unseen, self.mended)), strict=True
        ):
            stack.setContentsMargins(0, 0, 0, 0)
            stack.setSpacing(LG - 2)
            for card in cards:
                stack.addWidget(card)
            stack.addStretch(1)
            self._right.addWidget(column)
        self._right.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(LG - 2)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(self._right)
        self.body.addLayout(self._columns)
        self.body.addStretch(1)


def _place_of(widget: QWidget, places: Mapping[QWidget, int]) -> int | None:
    """Return the place of the part that a widget is in, None if it is in none."""
    one: QWidget | None = widget
    while one is not None and one not in places:
        one = one.parentWidget()
    return None if one is None else places[one]
