"""What the watchdog of hung instances says of one, with the folder of what it has found."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.opening import open_path
from ollama_panel.gui.tokens import MD, SM, XS
from ollama_panel.gui.widgets.card import button, label, set_property

_TONES = {WatchdogState.QUIET: "", WatchdogState.ASKING: "warn"}


class WatchdogLine(QFrame):
    """Is hidden while there is no doubt about the instance, and nothing was found before a restart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = ""
        self.text = label("", wrap=True)
        self.count = label("", "caption", wrap=True)
        self.evidence = button(self.tr("Open the evidence folder"), small=True)
        self.evidence.clicked.connect(lambda: open_path(self._folder))
        words = QVBoxLayout()
        words.setSpacing(XS)
        words.addWidget(self.text)
        words.addWidget(self.count)
        row = QHBoxLayout(self)
        row.setContentsMargins(MD, SM, MD, SM)
        row.setSpacing(SM)
        row.addLayout(words, 1)
        row.addWidget(self.evidence)
        self.show_record(WatchdogRecord())

    def show_record(self, record: WatchdogRecord) -> None:
        """Show what is known of an instance."""
        self._folder = record.evidence
        told = notice_text(record.told)
        count = self.tr("Restarted by the watchdog: %n time(s)", "", record.restarts) if record.restarts else ""
        self.text.setText(told)
        self.text.setVisible(bool(told))
        self.count.setText(count)
        self.count.setVisible(bool(count))
        self.evidence.setEnabled(bool(record.evidence))
        self.evidence.setToolTip(
            record.evidence or self.tr("Nothing was kept yet: it is written before the watchdog restarts a worker")
        )
        quiet = record.state is WatchdogState.QUIET
        set_property(self, "banner", _TONES.get(record.state, "danger") or "dismissed")
        self.setVisible(not quiet or bool(record.restarts or record.evidence))
