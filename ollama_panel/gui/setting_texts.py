"""The titles and meanings of settings in the user's language; `packaging/translations.py` collects them from `core`."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.ollama.environment import Variable
from ollama_panel.core.settings.catalog import find

if TYPE_CHECKING:
    from ollama_panel.core.ollama.environment_answer import KnownVariable


def title(key: str) -> str:
    """Return the title of a setting. Raises KeyError if there is no such key, as all functions here."""
    return QCoreApplication.translate("settings", find(key).title)


def label(key: str) -> str:
    """Return the title of a setting with the unit of its value, if it has one."""
    unit = find(key).unit
    if not unit:
        return title(key)
    text = QCoreApplication.translate("setting_texts", "{title}, {unit}")
    return text.format(title=title(key), unit=QCoreApplication.translate("settings", unit))


def meaning(key: str) -> str:
    """Return what a setting does, and when a change takes effect if that is not at once."""
    return QCoreApplication.translate("settings", find(key).description)


def variable(known: "Variable | KnownVariable") -> str:
    """Return what an environment variable of Ollama does."""
    return QCoreApplication.translate("variables", known.meaning)


def preset(text: str) -> str:
    """Return one of the texts of a preset of variables."""
    return QCoreApplication.translate("presets", text)
