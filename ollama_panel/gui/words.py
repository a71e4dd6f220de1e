"""The engine's fixed words in the user's language. Sentences with numbers in them stay as the engine made them."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

KNOWN = (
    QT_TRANSLATE_NOOP("engine", "GPU memory"),
    QT_TRANSLATE_NOOP("engine", "Unified memory"),
    QT_TRANSLATE_NOOP("engine", "System memory"),
    QT_TRANSLATE_NOOP("engine", "Memory"),
)


def engine_words(text: str) -> str:
    """Return a fixed text of the engine in the user's language, any other text as it is."""
    return QCoreApplication.translate("engine", text) if text in KNOWN else text
