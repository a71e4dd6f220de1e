"""What the doctor looked at without a finding, by area, each with its checks when opened; and what it could not see.

Of what it could not see the reasons come first, each once: many checks often have the same.
"""

from collections.abc import Iterable, Sequence
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.findings import Area, CheckResult, CheckState, Figure
from ollama_panel.gui import resources
from ollama_panel.gui.doctor_texts import Counts, area_text, by_area
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XS
from ollama_panel.gui.widgets.card import Card, button, label, rule
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import drop_rows
from ollama_panel.gui.widgets.state_pill import StatePill

_ROW, _OPEN, _ICON, _CHEVRON = 52, 36, 18, 16
"""Pixels: the height of a row, and of one whose checks are below it, and the icons in it."""
_LOOKS = {CheckState.WELL: ("check", "ok"), CheckState.UNKNOWN: ("info", "muted")}


class ChecksCard(Card):
    """The checks that ended in one state; their number is in the pill."""

    def __init__(self, theme: Theme, title: str, state: CheckState, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._theme, self._state = theme, state
        self.rows: dict[Area, AreaRow] = {}
        self.pill = StatePill(theme)
        self.heading.addWidget(self.pill)
        self.nothing = label(self.tr("Nothing yet."), "muted", wrap=True)
        self.body.setSpacing(0)
        self.body.addSpacing(XS)
        self.body.addWidget(self.nothing)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)

    def show_checks(self, checks: Iterable[CheckResult], figures: Sequence[Figure] = ()) -> None:
        """Show those of these checks that ended in the state of this card, with the figures of their areas."""
        areas = by_area(checks, self._state)
        drop_rows(self.rows, areas, self._list)
        for place, (area, those) in enumerate(areas.items()):
            if area not in self.rows:
                self.rows[area] = AreaRow(self._theme, area, self._state)
                self._list.insertWidget(place, self.rows[area])
            self.rows[area].show_checks(those, [notice_text(one.told) for one in figures if one.area is area])
        self.pill.show_state(str(sum(map(len, areas.values()))), _LOOKS[self._state][1])
        self.pill.setVisible(bool(areas))
        self.nothing.setVisible(not areas)

    def take_over(self, old: Self) -> None:
        """Open the areas that are open on a card that this one replaces in another language."""
        for area, row in self.rows.items():
            if area in old.rows:
                row.open(old.rows[area].is_open)


class AreaRow(QWidget):
    """An area: a click or Space shows its checks."""

    def __init__(self, theme: Theme, area: Area, state: CheckState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._area, self._state = theme, area, state
        self._shown: tuple[Sequence[CheckResult], Sequence[str]] = (), ()
        self.is_open = False
        self.head = button("")
        self.head.setProperty("row", True)
        self.head.clicked.connect(lambda: self.open(not self.is_open))
        self.mark, self.name, self.about = label(), label(area_text(area), "section"), ElidedLabel("", "caption")
        self.count, self.chevron = label("", "caption"), label()
        self.details = label("", "caption", wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.hide()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self.open(False)

    def show_checks(self, checks: Sequence[CheckResult], figures: Sequence[str]) -> None:
        """Show how many checks there are, what they looked at, and the figures that they saw."""
        if self._shown == (checks, figures):
            return
        self._shown = checks, figures
        by_reason: dict[str, list[str]] = {}
        for one in checks:
            by_reason.setdefault(notice_text(one.why), []).append(notice_text(one.title))
        titles = " · ".join(title for those in by_reason.values() for title in those)
        reasons = " ".join(filter(None, by_reason))
        counted = " · ".join(figures)
        self.about.show_text(reasons or counted or titles)
        self.count.setText(Counts().checks(len(checks)))
        groups = ([why, *(f"· {title}" for title in those)] for why, those in by_reason.items())
        lines = [counted, *(line for group in groups for line in group)]
        self.details.setText("\n".join(filter(None, lines)))
        self._name()

    def open(self, on: bool) -> None:
        """Show or hide the checks."""
        self.is_open = on
        self.details.setVisible(on)
        self.about.setVisible(not on)
        self.head.setFixedHeight(_OPEN if on else _ROW)
        self._name()
        self._restyle()

    def _name(self) -> None:
        tip = self.tr("Hides the checks") if self.is_open else self.tr("Shows the checks")
        self.head.setToolTip(tip)
        states = {CheckState.WELL: self.tr("well"), CheckState.UNKNOWN: self.tr("not looked at")}
        told = self.tr("{area}, {count}, {state}")
        name = told.format(area=self.name.text(), count=self.count.text(), state=states[self._state])
        self.head.setAccessibleName(name)
        self.head.setAccessibleDescription(tip)

    def _restyle(self) -> None:
        colours, scale = self._theme.tokens, self.devicePixelRatioF()
        icon, tone = _LOOKS[self._state]
        self.mark.setPixmap(resources.pixmap(icon, getattr(colours, tone), _ICON, scale))
        chevron = "up" if self.is_open else "down"
        self.chevron.setPixmap(resources.pixmap(chevron, colours.muted, _CHEVRON, scale))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        first = QHBoxLayout()
        first.addWidget(self.name, 1)
        first.addWidget(self.count)
        words.addStretch()
        words.addLayout(first)
        words.addWidget(self.about)
        words.addStretch()
        inner = QHBoxLayout(self.head)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(MD)
        inner.addWidget(self.mark)
        inner.addLayout(words, 1)
        inner.addWidget(self.chevron)
        for part in (self.mark, self.name, self.about, self.count, self.chevron):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.details.setContentsMargins(_ICON + MD, 0, LG + SM, SM)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(rule())
        whole.addWidget(self.head)
        whole.addWidget(self.details)
