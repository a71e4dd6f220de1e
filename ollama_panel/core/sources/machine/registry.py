"""What `reg query` prints of the environment of a user or of the machine on Windows."""

import re

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.names import is_ollamas
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Reading, ServerConfig, Source

_VALUE = re.compile(r"^ {4}(?P<name>.+?)(?: {4}|\t)(?P<type>REG_\w+)(?: {4}|\t)?(?P<value>.*)$")
_TEXTS = frozenset(("REG_SZ", "REG_EXPAND_SZ"))
_KEY = re.compile(r"^HKEY_", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"\\Environment$", re.IGNORECASE)


def read(source: Source) -> Reading:
    """Return the variables that programs get when they are started; those of the user win over the machine's.

    `%NAME%` stays as it is in one of type REG_EXPAND_SZ: what it is depends on the user.
    """
    file = source.files[0]
    collected, of_environment = Collected(), True
    for number, line in enumerate(editing.lines_of(file.text), 1):
        if _KEY.match(line):
            of_environment = _ENVIRONMENT.search(line.strip()) is not None
        found = _VALUE.match(line)
        if found is None or not of_environment or not is_ollamas(found["name"]):
            continue
        place = at(file, number)
        if found["type"] in _TEXTS:
            collected.take(found["name"], found["value"], place)
        else:
            collected.leave(
                found["name"], found["value"], place, notice("source.no_text_in_registry", type=found["type"])
            )
    if not collected.assignments:
        return Reading(source.kind, source.path)
    first = collected.assignments[0]
    told = mistake(codes.RESTART_NEEDED, notice("source.restart_needed"), file, first.place.line)
    return Reading(source.kind, source.path, (ServerConfig(assignments=collected.assignments),), (), (told,))
