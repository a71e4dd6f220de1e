"""What notices offer to do at once: the words of the button, and the settings that result."""

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.context_notices import raised
from ollama_panel.core.notices import Offer, RaiseContext, UseStore
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.store_notices import using
from ollama_panel.gui.format import number


def accepted(settings: Settings, offer: Offer) -> Settings:
    """Return the settings after an offer was accepted."""
    match offer:
        case RaiseContext():
            return raised(settings, offer)
        case UseStore():
            return using(settings, offer)


def label_of(offer: Offer) -> str:
    """Return the text of the button."""
    match offer:
        case RaiseContext(tokens=tokens):
            text = QCoreApplication.translate("offers", "Raise to {tokens}")
            return text.format(tokens=number(tokens))
        case UseStore():
            return QCoreApplication.translate("offers", "Use that folder")


def tip_of(offer: Offer) -> str:
    """Return what the button does."""
    match offer:
        case RaiseContext(pools=pools, tokens=tokens):
            text = QCoreApplication.translate(
                "offers", "Gives {pools} a context of {tokens} tokens; its workers restart one after another"
            )
            return text.format(pools=", ".join(pools), tokens=number(tokens))
        case UseStore(path=path):
            text = QCoreApplication.translate(
                "offers", "Sets the folder of the models to {path}; the workers restart one after another"
            )
            return text.format(path=path)
