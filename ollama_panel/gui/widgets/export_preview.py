"""The text of an export: what it is like, what differs from what is installed, and what the tools say of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from ollama_panel.core.applying.record import Applying, FileState
from ollama_panel.core.applying.told import of_applying
from ollama_panel.core.export.deployment import ExportFile, Syntax
from ollama_panel.core.export.difference import changed_lines, lines_of
from ollama_panel.gui import resources
from ollama_panel.gui.export_actions import proof_line, tone_of
from ollama_panel.gui.models.export_files import ComparedFile
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import Card, button, label, set_tone
from ollama_panel.gui.widgets.count_tab import CountTab
from ollama_panel.gui.widgets.difference_view import DifferenceView
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.export_options import ExportOptions
from ollama_panel.gui.widgets.layout import scroll_like
from ollama_panel.gui.widgets.numbered_text import NumberedText
from ollama_panel.gui.widgets.state_pill import StatePill

_ICON = 16
_LEAST = 260
"""Pixels: the least height of the text."""


class ExportPreview(Card):
    """The card in the middle of the page. The buttons are its owner's to connect."""

    file_chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self._files: tuple[ComparedFile, ...] = ()
        self._problem = ""
        self.preview = CountTab(theme, self.tr("Preview"), self.tr("Shows the text of the export"), "first")
        self.difference = CountTab(
            theme, self.tr("Difference"), self.tr("Shows what differs from what is installed on this machine"), "last"
        )
        self.tabs = QButtonGroup(self)
        self.tabs.addButton(self.preview, 0)
        self.tabs.addButton(self.difference, 1)
        self.preview.setChecked(True)
        self.pill = StatePill(theme)
        self.pill.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.options = ExportOptions()
        self.place, self.count, self.changed = ElidedLabel("", "caption"), label("", "caption"), label("", "caption")
        set_tone(self.changed, "ok")
        self.text = NumberedText(theme, self.tr("Preview of the export"))
        self.text.setMinimumHeight(_LEAST)
        self.compared = DifferenceView(theme)
        self.problem = label("", wrap=True)
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem.setMargin(MD)
        self._stack = QStackedWidget()
        for page in (self.text, self.compared, self.problem):
            self._stack.addWidget(page)
        self.said = label("", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_tone(self.said, "danger")
        self.said.hide()
        self.applying = label("", wrap=True)
        self.applying.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.applying.hide()
        self.copy = button(self.tr("Copy"), self.tr("Copies the text of this file"))
        self.save = button(self.tr("Save as…"), self.tr("Writes the text to a file"))
        self.over_ssh, self.apply = button(self.tr("Over SSH…")), button(self.tr("Apply here…"), primary=True)
        self.tabs.idToggled.connect(lambda: self._show())
        self.options.file.currentIndexChanged.connect(self._choose_file)
        theme.changed.connect(self._restyle)
        self._lay_out()
        self._restyle()

    @property
    def file(self) -> ExportFile | None:
        """The file that is shown."""
        found = self._current
        return found.file if found is not None else None

    @property
    def _current(self) -> ComparedFile | None:
        if not self._files:
            return None
        return self._files[max(0, min(self.options.file.currentIndex(), len(self._files) - 1))]

    def show_export(self, files: Sequence[ComparedFile], problem: str = "") -> None:
        """Show the files of an export; `problem` says why it is not known what is installed."""
        self._files, self._problem = tuple(files), problem
        self.options.show_files([(one.file.name, self._state(one)) for one in files])
        several = len(files) > 1
        self.save.setText(self.tr("Save all…") if several else self.tr("Save as…"))
        tip = self.tr("Writes all files into a folder") if several else self.tr("Writes the text to a file")
        self.save.setToolTip(tip)
        self._let_click(True)
        self._show()

    def show_problem(self, text: str, *, wrong: bool) -> None:
        """Say why there is no export, `wrong` = somebody has to mend something."""
        self._files = ()
        self.options.show_files([])
        self.problem.setText(text)
        set_tone(self.problem, "danger" if wrong else "muted")
        self.show_verdict("", "muted")
        self._let_click(False)
        self._show()

    def show_verdict(self, text: str, tone: str, tip: str = "", said: str = "") -> None:
        """Show whether a tool has accepted the text, and what one has said that has not."""
        self.pill.show_state(text, tone)
        self.pill.setToolTip(tip)
        self.said.setText(said)
        self.said.setVisible(bool(said))

    def show_applying(self, one: Applying | None) -> None:
        """Show how far an export is that is put into force, None = it is not."""
        self.applying.setVisible(one is not None)
        if one is None:
            return
        self.applying.setText("\n".join(filter(None, (notice_text(of_applying(one)), proof_line(one)))))
        set_tone(self.applying, tone_of(one))

    def let_apply(self, why_not: str, *, ready: bool) -> None:
        """Enable what puts the export into force; `why_not` says why that is not possible."""
        tips = (
            (self.apply, self.tr("Shows what would change, and asks")),
            (self.over_ssh, self.tr("Puts it in force on another machine, after a question")),
        )
        for made, tip in tips:
            made.setEnabled(ready and not why_not)
            made.setToolTip(why_not or tip)

    def take_over(self, old: "ExportPreview") -> None:
        """Show the file and the tab that another one shows, scrolled as there."""
        self.options.file.setCurrentIndex(old.options.file.currentIndex())
        self.tabs.button(old.tabs.checkedId()).setChecked(True)
        scroll_like(self.text, old.text)

    def _let_click(self, on: bool) -> None:
        for one in (self.copy, self.save):
            one.setEnabled(on)

    def _choose_file(self) -> None:
        self._show()
        self.file_chosen.emit()

    def _state(self, one: ComparedFile) -> str:
        if one.differs:
            return self.tr("differs")
        states = {other.change.state for other in self._files if other.change is not None}
        new = one.change is not None and one.change.state is FileState.NEW
        return self.tr("new") if new and len(states) > 1 else ""

    def _show(self) -> None:
        one = self._current
        if one is None:
            self._show_caption("", "", "")
            self.difference.show_count("")
            self.text.show_text("", Syntax.TEXT, {})
            self._stack.setCurrentWidget(self.problem)
            return
        lines = changed_lines(one.rows) if one.differs else ()
        self.text.show_text(one.file.text, one.file.syntax, dict.fromkeys(lines, "ok"))
        number = sum(row.matters for row in one.rows) if one.differs else 0
        self.difference.show_count(self.tr("%n line(s)", "", number) if number else "")
        count = self.tr("%n line(s)", "", len(lines_of(one.file.text)))
        changed = self.tr("%n new or changed", "", len(lines)) if lines else ""
        self._show_caption(self._place(one), count + (self.tr(", ") if changed else ""), changed)
        if self.difference.isChecked():
            self._show_difference(one)
            self._stack.setCurrentWidget(self.compared)
        else:
            self._stack.setCurrentWidget(self.text)

    def _place(self, one: ComparedFile) -> str:
        if one.change is not None:
            return one.change.path
        if len(self._files) > 1:  # the choice above names it already
            return one.file.place or self.tr("the steps say where it goes")
        return one.file.place or one.file.name

    def _show_caption(self, place: str, count: str, changed: str) -> None:
        self.place.show_text(place)
        self.count.setText(count)
        self.changed.setText(changed)

    def _show_difference(self, one: ComparedFile) -> None:
        change = one.change
        if not one.file.place:
            self.compared.tell(self.tr("This text has no fixed place on a machine, so there is nothing to compare."))
        elif change is None:
            self.compared.tell(self._problem or self.tr("What is installed is being read…"))
        elif change.state is FileState.UNREADABLE:
            self.compared.tell(notice_text(change.problem))
        elif change.state is FileState.NEW:
            self.compared.tell(self.tr("Nothing is installed there yet: every line is new."))
        elif change.state is FileState.SAME:
            self.compared.tell(self.tr("What is installed is the same."))
        else:
            self.compared.show_rows(one.rows, one.file.syntax)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for made, name in ((self.copy, "copy"), (self.save, "save"), (self.over_ssh, "server")):
            made.setIcon(resources.icon(name, colours.text, disabled=colours.muted, size=_ICON))
            made.setIconSize(QSize(_ICON, _ICON))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self.preview)
        top.addWidget(self.difference)
        top.addSpacing(SM)
        top.addStretch(1)
        top.addWidget(self.pill, 100)
        caption = QHBoxLayout()
        caption.setSpacing(0)
        caption.addWidget(self.place, 1)
        caption.addSpacing(SM)
        caption.addWidget(self.count)
        caption.addWidget(self.changed)
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        buttons.addWidget(self.over_ssh)
        buttons.addWidget(self.apply)
        self.body.setSpacing(SM)
        self.body.addLayout(top)
        self.body.addWidget(self.options)
        self.body.addLayout(caption)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.said)
        self.body.addWidget(self.applying)
        self.body.addSpacing(SM)
        self.body.addLayout(buttons)
