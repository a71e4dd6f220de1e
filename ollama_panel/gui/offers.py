"""What alerts offer to do at once: the words of the buttons."""

from collections.abc import Iterator

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ollama_panel.core.findings import Remedy
from ollama_panel.core.notices import ChangePools, FollowUpdates, Offer, RaiseContext, UseStore
from ollama_panel.gui.format import number

DOWNLOAD = "https://ollama.com/download"

_REMEDIES = {
    Remedy.OPEN_LOG: (
        QT_TRANSLATE_NOOP("offers", "Open log"),
        QT_TRANSLATE_NOOP("offers", "Opens the folder with the panel's log"),
    ),
    Remedy.RESTART_ENGINE: (
        QT_TRANSLATE_NOOP("offers", "Restart engine"),
        QT_TRANSLATE_NOOP("offers", "Starts a new engine; instances start again"),
    ),
    Remedy.USE_NEXT_PORT: (
        QT_TRANSLATE_NOOP("offers", "Use next free port"),
        QT_TRANSLATE_NOOP("offers", "Sets the next port that is free; clients must use the new address"),
    ),
    Remedy.LISTEN_AGAIN: (
        QT_TRANSLATE_NOOP("offers", "Try again"),
        QT_TRANSLATE_NOOP("offers", "Tries to listen now; the panel also does so every few seconds"),
    ),
    Remedy.SWITCH_ON: (
        QT_TRANSLATE_NOOP("offers", "Switch on"),
        QT_TRANSLATE_NOOP("offers", "Answers clients on the panel's address"),
    ),
    Remedy.RESUME: (
        QT_TRANSLATE_NOOP("offers", "Resume"),
        QT_TRANSLATE_NOOP("offers", "Sends waiting requests to the instances again"),
    ),
    Remedy.START: (
        QT_TRANSLATE_NOOP("offers", "Start again"),
        QT_TRANSLATE_NOOP("offers", "Starts it now, with as many tries as at first"),
    ),
    Remedy.RESTART: (
        QT_TRANSLATE_NOOP("offers", "Restart"),
        QT_TRANSLATE_NOOP("offers", "Replaces the server's process"),
    ),
    Remedy.START_ALL: (
        QT_TRANSLATE_NOOP("offers", "Start all"),
        QT_TRANSLATE_NOOP("offers", "Starts every managed instance that is stopped"),
    ),
    Remedy.INSTALL: (
        QT_TRANSLATE_NOOP("offers", "Install Ollama"),
        QT_TRANSLATE_NOOP("offers", "Opens {url} in your browser"),
    ),
    Remedy.TAKE_OVER: (
        QT_TRANSLATE_NOOP("offers", "Take over"),
        QT_TRANSLATE_NOOP("offers", "Does the steps that are left, until the panel listens at that address"),
    ),
    Remedy.UNDO_TAKE_OVER: (
        QT_TRANSLATE_NOOP("offers", "Go back"),
        QT_TRANSLATE_NOOP("offers", "Undoes the steps that were done, until Ollama listens there as before"),
    ),
    Remedy.TAKE_GPU_BACK: (
        QT_TRANSLATE_NOOP("offers", "Take it back"),
        QT_TRANSLATE_NOOP("offers", "Requests that wait are answered again; the models are loaded as they are needed"),
    ),
    Remedy.ROLL_OUT: (
        QT_TRANSLATE_NOOP("offers", "Try again"),
        QT_TRANSLATE_NOOP("offers", "Starts a successor with the settings once more; the worker serves on meanwhile"),
    ),
    Remedy.CONNECT: (
        QT_TRANSLATE_NOOP("offers", "What to change…"),
        QT_TRANSLATE_NOOP("offers", "Opens the page that shows how programs come to the panel"),
    ),
}
"""The text of the button of each remedy, and what it does."""


def label_of(offer: Remedy | Offer) -> str:
    """Return the text of the button."""
    match offer:
        case Remedy():
            return _translated(_REMEDIES[offer][0])
        case RaiseContext(tokens=tokens):
            text = QCoreApplication.translate("offers", "Raise to {tokens}")
            return text.format(tokens=number(tokens))
        case FollowUpdates():
            return QCoreApplication.translate("offers", "Follow updates from now on")
        case UseStore():
            return QCoreApplication.translate("offers", "Use that folder")
        case ChangePools():
            return ", ".join(_changes(offer))


def tip_of(offer: Remedy | Offer) -> str:
    """Return what the button does."""
    match offer:
        case Remedy():
            return _translated(_REMEDIES[offer][1]).format(url=DOWNLOAD)
        case RaiseContext(pools=pools, tokens=tokens):
            text = QCoreApplication.translate(
                "offers", "Gives {pools} a context of {tokens} tokens; its workers restart one after another"
            )
            return text.format(pools=", ".join(pools), tokens=number(tokens))
        case FollowUpdates():
            return QCoreApplication.translate("offers", "Workers restart one after another when they are idle")
        case UseStore(path=path):
            text = QCoreApplication.translate(
                "offers", "Sets the folder of the models to {path}; the workers restart one after another"
            )
            return text.format(path=path)
        case ChangePools(pools=pools):
            text = QCoreApplication.translate("offers", "Changes {pools}; its workers restart one after another")
            return text.format(pools=", ".join(pools))


def _changes(offer: ChangePools) -> Iterator[str]:
    if offer.context_length is not None:
        text = QCoreApplication.translate("offers", "Context {tokens}")
        yield text.format(tokens=number(offer.context_length))
    if offer.workers is not None:
        text = QCoreApplication.translate("offers", "Workers {number}")
        yield text.format(number=number(offer.workers))
    if offer.parallel is not None:
        text = QCoreApplication.translate("offers", "Parallel {number}")
        yield text.format(number=number(offer.parallel))
    yield from (f"{name}={value}" for name, value in offer.environment)


def _translated(text: object) -> str:
    """Return a text in the language of the window; PySide's types tell of marked texts only that they are objects."""
    return QCoreApplication.translate("offers", str(text))
