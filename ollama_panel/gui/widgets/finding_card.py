"""One finding of the doctor: how serious it is, why it matters, what shows it, and what mends it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.findings import EditFiles, Evidence, Finding, RunCommands
from ollama_panel.gui import resources
from ollama_panel.gui.doctor_texts import (
    ICONS,
    TONES,
    Counts,
    commands_of,
    evidence_text,
    fix_label,
    fix_text,
    headline,
    level_text,
    opens_dialog,
    place_text,
)
from ollama_panel.gui.notices import notice_text, ways_of
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import Card, button, flat_button, label, set_property
from ollama_panel.gui.widgets.command_box import CommandBox
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.finding_difference import FindingDifference
from ollama_panel.gui.widgets.state_pill import StatePill
from ollama_panel.gui.widgets.ways import Ways

_EDGE, _MARGIN, _ICON, _CHEVRON = 3, 11, 18, 16
"""Pixels: the coloured edge at the left, what it leaves free above and below, and the icons."""
_WIDEST = 260
"""Pixels: the most that the text of the button takes."""
_BESIDE_FROM = 600
"""Pixels of the card from which the buttons stand beside the text before them, not below it."""
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class FindingCard(Card):
    """Shows a finding, open or closed. The signals have the finding; `copy_wanted` asks for a text in the clipboard."""

    fix_wanted = Signal(object)
    ignore_wanted = Signal(object)
    commands_wanted = Signal(object)
    toggled = Signal(object, bool)
    copy_wanted = Signal(str)

    def __init__(self, theme: Theme, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self.finding = finding
        self.is_open = False
        self._shown: Finding | None = None
        self._file = ""
        self.icon = label()
        self.icon.setFixedSize(_ICON, _ICON + 2)
        self.told, self.why = label("", "section", wrap=True), label("", "muted", wrap=True)
        set_property(self.told, "role", "title")
        self.pill = StatePill(theme)
        self.place, self.beside = ElidedLabel("", "caption"), ElidedLabel("", "caption")
        self.place.elided = Qt.TextElideMode.ElideMiddle  # its end is the number of the line
        self.beside.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.difference = FindingDifference(theme)
        self.commands = CommandBox(theme)
        self.ways = Ways(theme, self.copy_wanted.emit)
        self.evidence = label("", wrap=True)
        self.evidence.setObjectName("code")
        self.first, self.note = ElidedLabel(), ElidedLabel("", "caption")
        self.first.setObjectName("code")
        self.does = label("", "caption", wrap=True)
        for one in (self.told, self.why, self.evidence, self.does):
            one.setTextInteractionFlags(_SELECTABLE)
        self.more, self.ignore = flat_button("", ""), _plain()
        self.copy, self.fix = button("", small=True), button("", small=True)
        self._lay_out()
        self.more.clicked.connect(lambda: self.toggled.emit(self.finding, not self.is_open))
        self.ignore.clicked.connect(lambda: self.ignore_wanted.emit(self.finding))
        self.copy.clicked.connect(lambda: self.commands_wanted.emit(self.finding))
        self.fix.clicked.connect(lambda: self.fix_wanted.emit(self.finding))
        theme.changed.connect(self._restyle)

    def show_finding(self, finding: Finding, *, is_open: bool, primary: bool, mending: bool, ready: bool) -> None:
        """Show a finding.

        `primary`: its fix is what the page advises. `mending`: that is under way. `ready`: the engine takes commands.
        """
        self.finding = finding
        has_more = _has_more(finding)
        self.is_open = is_open and has_more
        if finding != self._shown:
            self._shown = finding
            self._show_texts()
        self._show_details()
        self.more.setVisible(has_more)
        self.copy.setVisible(self.is_open and isinstance(finding.fix, EditFiles | RunCommands))
        self.fix.setText(self.tr("Under way…") if mending else self._label())
        self.fix.setVisible(finding.fix is not None)
        set_property(self.fix, "primary", primary)
        self.fix.setEnabled(ready and (not mending or opens_dialog(finding)))
        self.ignore.setEnabled(ready and not mending)
        self.copy.setEnabled(ready)
        self._name()
        self._turn()
        self._restyle()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        tone = QColor(getattr(self._theme.tokens, TONES[self.finding.level]))
        painter.fillRect(QRect(1, _MARGIN, _EDGE, self.height() - 2 * _MARGIN), tone)
        painter.end()

    def _turn(self) -> None:
        """Put the buttons beside the text before them or below it."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        beside = self.width() >= _BESIDE_FROM or (self.finding.fix is None and not self.is_open)
        self._actions.setDirection(across if beside else down)

    def _show_texts(self) -> None:
        finding = self.finding
        self.told.setText(headline(finding.told))
        self.why.setText(notice_text(finding.why))
        self.why.setVisible(finding.why is not None)
        self.pill.show_state(level_text(finding.level), TONES[finding.level])
        self.setAccessibleName(f"{level_text(finding.level)}: {self.told.text()}")
        fix = finding.fix
        self._file = ""
        change = self.tr("{action}: {finding}").format(action=self.difference.title, finding=self.told.text())
        self.difference.setAccessibleName(change)
        if isinstance(fix, EditFiles) and fix.files:
            self._file, before, after = fix.files[0]
            self.difference.show_change(self._file, before, after)
        name = self.tr("{action}: {finding}").format(action=self.tr("Commands that mend it"), finding=self.told.text())
        self.commands.show_command("\n".join(commands_of(finding)), name)
        self.ways.show_lines((*ways_of(finding.told), *ways_of(finding.why)))
        self.first.show_text(evidence_text(finding.evidence[0]) if finding.evidence else "")
        self.note.show_text("" if finding.evidence else fix_text(finding))

    def _show_details(self) -> None:
        """Show evidence, difference and commands where it is open, and where it is closed the first evidence alone."""
        finding, shown, with_file = self.finding, self.is_open, self.is_open and bool(self._file)
        here = [one for one in finding.evidence if with_file and _is_of(one, self._file)]
        others = [one for one in finding.evidence if one not in here]
        self.place.show_text(self._place(here))
        beside = others.pop(0) if with_file and len(others) == 1 else None
        self.beside.show_text(evidence_text(beside) if beside is not None else "")
        for one in (self.place, self.beside, self.difference):
            one.setVisible(with_file)
        self.evidence.setText("\n".join(map(evidence_text, others)))
        self.evidence.setVisible(shown and bool(others))
        self.commands.setVisible(shown and bool(commands_of(finding)))
        self.ways.setVisible(shown and bool(ways_of(finding.told) or ways_of(finding.why)))
        self.first.setVisible(not shown and bool(finding.evidence))
        self.note.setVisible(not shown and not finding.evidence)
        self.does.setText(fix_text(finding))
        self.does.setVisible(shown)

    def _place(self, here: list[Evidence]) -> str:
        """Return the name of the file that the difference is of, with the line that is meant and how many more."""
        fix = self.finding.fix
        more = len(fix.files) - 1 if isinstance(fix, EditFiles) else 0
        where = next((place_text(one) for one in here if one.line), self._file)
        return " ".join(filter(None, (where, Counts().more_files(more) if more > 0 else "")))

    def _name(self) -> None:
        """Give each button a name of its own: others on the page have the same text."""
        told = self.told.text()
        named = self.tr("{action}: {finding}")
        details = self.tr("Less") if self.is_open else self.tr("Details")
        self.more.setToolTip(self.tr("Hides evidence and fix") if self.is_open else self.tr("Shows evidence and fix"))
        self.more.setAccessibleName(named.format(action=details, finding=told))
        tips = (
            (self.ignore, self.tr("Sets it aside, below the others; it counts no more")),
            (self.copy, self.tr("Copies the commands that mend it, to type them yourself")),
            (self.fix, self._tip()),
        )
        for made, tip in tips:
            made.setToolTip(tip)
            made.setAccessibleName(named.format(action=made.text(), finding=told))

    def _label(self) -> str:
        """Return the text of the button that mends it, cut where it would need all the room; the tooltip has all."""
        return self.fontMetrics().elidedText(fix_label(self.finding), Qt.TextElideMode.ElideRight, _WIDEST)

    def _tip(self) -> str:
        told, first = fix_text(self.finding), self.tr("Shows first what it does.")
        label = fix_label(self.finding)
        parts = (label if label != self._label() else "", first if opens_dialog(self.finding) else "", told)
        return "\n".join(filter(None, parts))

    def _restyle(self) -> None:
        colours, level = self._theme.tokens, self.finding.level
        tone = getattr(colours, TONES[level])
        self.icon.setPixmap(resources.pixmap(ICONS[level], tone, _ICON, self.devicePixelRatioF()))
        self.more.setIcon(resources.icon("up" if self.is_open else "down", colours.muted, size=_CHEVRON))
        self.copy.setIcon(resources.icon("copy", colours.text, disabled=colours.muted, size=14))
        self.copy.setIconSize(QSize(14, 14))
        self.update()

    def _lay_out(self) -> None:
        self.ignore.setText(self.tr("Ignore"))
        self.copy.setText(self.tr("Copy commands"))
        title = QHBoxLayout()
        title.setSpacing(MD)
        title.addWidget(self.told, 1)
        title.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        places = QHBoxLayout()
        places.setSpacing(MD)
        places.addWidget(self.place, 3)
        places.addWidget(self.beside, 2)
        said, buttons = QHBoxLayout(), QHBoxLayout()
        for one in (self.first, self.note, self.does):
            said.addWidget(one, 1)
        buttons.setSpacing(SM)
        buttons.addStretch()
        for made in (self.more, self.ignore, self.copy, self.fix):
            buttons.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        self._actions = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._actions.setSpacing(SM)
        self._actions.addLayout(said, 1)
        self._actions.addLayout(buttons)
        lines = QVBoxLayout()
        lines.setSpacing(SM - 2)
        lines.addLayout(title)
        lines.addWidget(self.why)
        lines.addLayout(places)
        for part in (self.difference, self.evidence, self.ways, self.commands):
            lines.addWidget(part)
        lines.addSpacing(2)
        lines.addLayout(self._actions)
        row = QHBoxLayout()
        row.setSpacing(MD)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self.body.setContentsMargins(LG + 2, MD, LG, MD)
        self.body.addLayout(row)


def _is_of(one: Evidence, file: str) -> bool:
    """Return whether evidence is from a file, whose path may begin with the home folder."""
    return one.path == file or (one.path.startswith("~") and file.endswith(one.path[1:]))


def _plain() -> QPushButton:
    made = button("", small=True)
    made.setProperty("plain", True)
    return made


def _has_more(finding: Finding) -> bool:
    """Return whether an open card says more than a closed one."""
    edits = isinstance(finding.fix, EditFiles) and bool(finding.fix.files)
    ways = ways_of(finding.told) or ways_of(finding.why)
    return edits or bool(commands_of(finding)) or len(finding.evidence) > 1 or bool(ways)
