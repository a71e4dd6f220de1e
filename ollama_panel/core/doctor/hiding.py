"""Takes secrets out of what was read of sources, before it is among the facts.

The texts of files keep their lines, so that a fix can put its own into the file as it is (`core.doctor.mending`).
"""

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.applying import shown
from ollama_panel.core.source_secrets import Secrets
from ollama_panel.core.sources.record import Assignment, Mistake, Reading, ServerConfig, Source


def hidden(reading: Reading) -> Reading:
    """Return a reading without the secret values of variables, and without the logins of URLs."""
    secrets = Secrets([reading])
    return msgspec.structs.replace(
        reading,
        servers=tuple(_server(one, secrets) for one in reading.servers),
        others=tuple(_assignment(one, secrets) for one in reading.others),
        mistakes=tuple(_mistake(one, secrets) for one in reading.mistakes),
        source=reading.source and _source(reading.source),
    )


def _server(server: ServerConfig, secrets: Secrets) -> ServerConfig:
    assignments = tuple(_assignment(one, secrets) for one in server.assignments)
    command = tuple(map(secrets.text, redact.command(server.command)))
    return msgspec.structs.replace(server, assignments=assignments, command=command)


def _assignment(one: Assignment, secrets: Secrets) -> Assignment:
    value = secrets.text(redact.variable(one.name, one.value))
    why = one.why and secrets.notice(one.why, one.name)
    return msgspec.structs.replace(one, value=value, place=secrets.place(one.place), why=why)


def _mistake(one: Mistake, secrets: Secrets) -> Mistake:
    mended = one.mended and shown.without_secrets(one.mended)
    return msgspec.structs.replace(
        one, told=secrets.notice(one.told, one.name), place=secrets.place(one.place), mended=mended
    )


def _source(source: Source) -> Source:
    files = tuple(msgspec.structs.replace(one, text=shown.without_secrets(one.text)) for one in source.files)
    return msgspec.structs.replace(source, files=files)
