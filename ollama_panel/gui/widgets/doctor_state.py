"""What the page of the doctor says in place of findings: not checked yet, checking, all is well, or why it failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.doctor.figures import has_no_server
from ollama_panel.core.findings import CheckState, DoctorRecord
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, XL, XS
from ollama_panel.gui.widgets.card import Card, button, label, set_property

_ICON = 28
"""Pixels."""


class DoctorState(Card):
    """A card with a sentence; it is hidden where the findings say all."""

    check_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self._look = ("pulse", "muted")
        self.icon, self.title, self.text = label(), label("", "title", wrap=True), label("", "muted", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.check = button(self.tr("Check now"), self.tr("Looks at servers, settings, memory and requests"))
        self.check.clicked.connect(self.check_wanted)
        words = QVBoxLayout()
        words.setSpacing(XS)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(LG)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.check, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.setContentsMargins(XL, XL - 4, XL, XL - 4)
        self.body.addLayout(row)
        theme.changed.connect(self._restyle)

    def show_record(self, record: DoctorRecord, *, ready: bool) -> None:
        """Show the state of a record. `ready`: the engine takes commands."""
        look, title, text = self._words(record)
        self._look = look
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        first = record.report is None and record.problem is None
        self.check.setText(self.tr("Check now") if first else self.tr("Try again"))
        self.check.setVisible(first or record.problem is not None)
        set_property(self.check, "primary", first)
        self.check.setEnabled(ready and not record.running)
        self.setVisible(bool(title))
        self._restyle()

    def _words(self, record: DoctorRecord) -> tuple[tuple[str, str], str, str]:
        """Return icon and tone, headline and text; an empty headline hides the card."""
        if record.problem is not None:
            return ("error", "danger"), self.tr("The doctor could not look"), notice_text(record.problem)
        if record.report is None and record.running:
            text = self.tr("It reads settings, logs, processes and the system; nothing is changed.")
            return ("pulse", "info"), self.tr("Looking at this machine…"), text
        if record.report is None:
            text = self.tr("The first check comes by itself, when the panel has started and has time.")
            return ("pulse", "muted"), self.tr("Not checked yet"), text
        if record.open:
            return ("pulse", "muted"), "", ""
        checks = record.report.checks
        unseen = sum(one.state is CheckState.UNKNOWN for one in checks)
        told = self.tr("%n check(s) were made, and nothing is to be mended.", "", len(checks) - unseen)
        if unseen:
            told = " ".join((told, self.tr("%n could not be made.", "", unseen)))
        if has_no_server(record.report.figures):
            none = self.tr("When there is one, the doctor also looks at its settings, its models and its log.")
            return ("info", "info"), self.tr("No server of Ollama runs on this machine"), " ".join((told, none))
        return ("check", "ok"), self.tr("All is well"), told

    def _restyle(self) -> None:
        name, tone = self._look
        colour = getattr(self._theme.tokens, tone)
        self.icon.setPixmap(resources.pixmap(name, colour, _ICON, self.devicePixelRatioF()))
