"""Copies what a tuning has found: as text, as a table, and its curve as a picture."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from ollama_panel.core.tuning import report
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.tuning_texts import moment
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.toasts import Toast

_SCALE = 2.0
"""A picture has at least so many pixels for each of the screen's, so that it is sharp in a document."""


def copy_text(client: EngineClient, record: TuningRecord) -> None:
    """Copy a tuning as text in the user's language."""
    text = report.as_text(record, notice_text, moment(record.provenance.at))
    results.copy(client, text, QCoreApplication.translate("tuning", "The result of the tuning as text"))


def copy_table(client: EngineClient, record: TuningRecord) -> None:
    """Copy the trials of a tuning as CSV."""
    results.copy(client, report.as_csv(record), QCoreApplication.translate("tuning", "The trials of the tuning as CSV"))


def copy_picture(client: EngineClient, card: QWidget) -> None:
    """Copy what a card shows as a picture."""
    picture = QPixmap(card.size() * _SCALE)
    picture.setDevicePixelRatio(_SCALE)
    picture.fill(Qt.GlobalColor.transparent)
    card.render(picture)
    QGuiApplication.clipboard().setPixmap(picture)
    translate = QCoreApplication.translate
    client.announce(Toast(translate("tuning", "Copied"), translate("tuning", "The curve of the tuning as a picture")))
