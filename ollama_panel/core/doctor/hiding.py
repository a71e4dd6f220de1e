"""Takes secrets out of what was read of sources, before it is among the facts.

The texts of files keep their lines, so that a fix can put its own into the file as it is (`core.doctor.mending`).
"""

from collections.abc import Callable

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.applying import shown
from ollama_panel.core.notices import Notice
from ollama_panel.core.sources.record import Assignment, Mistake, Place, Reading, ServerConfig, Source

Hide = Callable[[str], str]


def hidden(reading: Reading) -> Reading:
    """Return a reading without the secret values of variables, and without the logins of URLs."""
    hide = redact.hider_of((one.name, one.value) for one in reading.assignments)
    return msgspec.structs.replace(
        reading,
        servers=tuple(_server(one, hide) for one in reading.servers),
        others=tuple(_assignment(one, hide) for one in reading.others),
        mistakes=tuple(_mistake(one, hide) for one in reading.mistakes),
        source=reading.source and _source(reading.source),
    )


def _server(server: ServerConfig, hide: Hide) -> ServerConfig:
    assignments = tuple(_assignment(one, hide) for one in server.assignments)
    command = tuple(hide(word) for word in server.command)
    return msgspec.structs.replace(server, assignments=assignments, command=command)


def _assignment(one: Assignment, hide: Hide) -> Assignment:
    value = hide(redact.variable(one.name, one.value))
    return msgspec.structs.replace(
        one, value=value, place=_place(one.place, hide), why=one.why and _told(one.why, hide)
    )


def _mistake(one: Mistake, hide: Hide) -> Mistake:
    mended = one.mended and shown.without_secrets(one.mended)
    return msgspec.structs.replace(one, told=_told(one.told, hide), place=_place(one.place, hide), mended=mended)


def _source(source: Source) -> Source:
    files = tuple(msgspec.structs.replace(one, text=shown.without_secrets(one.text)) for one in source.files)
    return msgspec.structs.replace(source, files=files)


def _place(place: Place, hide: Hide) -> Place:
    return msgspec.structs.replace(place, text=hide(place.text))


def _told(told: Notice, hide: Hide) -> Notice:
    values = {name: hide(value) if isinstance(value, str) else value for name, value in told.values.items()}
    return msgspec.structs.replace(told, values=values, evidence=tuple(map(hide, told.evidence)))
