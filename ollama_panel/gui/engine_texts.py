"""The engine's texts in the user's language: fixed texts, and templates of sentences with values.

A text that is not listed here stays as it is, for example Ollama's own log lines.
"""

import re
from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_KNOWN = (
    # Sample.memory_label
    QT_TRANSLATE_NOOP("engine", "GPU memory"),
    QT_TRANSLATE_NOOP("engine", "Unified memory"),
    QT_TRANSLATE_NOOP("engine", "System memory"),
    QT_TRANSLATE_NOOP("engine", "Memory"),
    # core.changes: the reasons for a restart
    QT_TRANSLATE_NOOP("engine", "share of the cores"),
    QT_TRANSLATE_NOOP("engine", "another Ollama"),
    QT_TRANSLATE_NOOP("engine", "port"),
    # core.ollama.runners: the source of a model's number of slots
    QT_TRANSLATE_NOOP("engine", "log line"),
    QT_TRANSLATE_NOOP("engine", "runner command line"),
    QT_TRANSLATE_NOOP("engine", "environment"),
    QT_TRANSLATE_NOOP("engine", "forced by Ollama"),
    QT_TRANSLATE_NOOP("engine", "unknown: 1"),
    # core.export
    QT_TRANSLATE_NOOP("engine", "systemd drop-in"),
    QT_TRANSLATE_NOOP("engine", "systemd units"),
    QT_TRANSLATE_NOOP("engine", "Shell script"),
    # Instances
    QT_TRANSLATE_NOOP("engine", "It was running already: its environment is not the panel's to change."),
    QT_TRANSLATE_NOOP("engine", "It did not answer in time and was killed."),
    QT_TRANSLATE_NOOP("engine", "It has stopped answering."),
)

_TEMPLATES = (
    QT_TRANSLATE_NOOP("engine", "The engine has stopped: {why}. The log has the details."),
    QT_TRANSLATE_NOOP("engine", "The engine has stopped: {why}."),
    QT_TRANSLATE_NOOP("engine", "Restarting {id}: {why}."),
    QT_TRANSLATE_NOOP("engine", "Starting {id}."),
    QT_TRANSLATE_NOOP("engine", "Stopping {id} when its requests have ended."),
    QT_TRANSLATE_NOOP("engine", "Port {port} is taken by another program."),
    QT_TRANSLATE_NOOP("engine", "Port {port} is taken by {owner}."),
    QT_TRANSLATE_NOOP("engine", "Nothing answers at {url}; it is used again as soon as something does."),
    QT_TRANSLATE_NOOP("engine", "Starting again (try {number} of {all})."),
    QT_TRANSLATE_NOOP("engine", "{why} It is started again (try {number} of {all})."),
    QT_TRANSLATE_NOOP("engine", "{why} After {all} tries the panel gave up: find the cause in its log, then start it."),
)

# Qt's marker is typed as returning any object; it returns its text.
KNOWN = frozenset(map(str, _KNOWN))
TEMPLATES = tuple(map(str, _TEMPLATES))
_FIELD = re.compile(r"\\{(\w+)\\}")
_PATTERNS = tuple((template, re.compile(_FIELD.sub(r"(?P<\1>.+?)", re.escape(template)))) for template in TEMPLATES)


def engine_text(text: str) -> str:
    """Return a text of the engine in the user's language; a text that is not listed is returned unchanged."""
    if text in KNOWN:
        return QCoreApplication.translate("engine", text)
    template, values = _template_of(text)
    if not template:
        return text
    return QCoreApplication.translate("engine", template).format(
        **{name: engine_text(value) for name, value in values.items()}
    )


@lru_cache(maxsize=256)
def _template_of(text: str) -> tuple[str, dict[str, str]]:
    """Return the template that matches a text, and its values; the template is "" if none does."""
    for template, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return template, found.groupdict()
    return "", {}
