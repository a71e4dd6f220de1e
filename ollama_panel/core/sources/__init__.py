"""Configuration sources: where people set Ollama's variables, and what of it reaches a server. Pure.

`read` gives each text to the reader of its format. A reader follows whoever reads the source on the machine (systemd,
launchd, Compose, a shell), not what its author may have meant; where the two differ, it names a `Mistake`.
"""

from collections.abc import Callable, Mapping

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import machine, stacks
from ollama_panel.core.sources.record import Reading, Source, SourceKind
from ollama_panel.core.sources.values import with_value_mistakes

Reader = Callable[[Source], Reading]

_MARK_OF_UTF16 = "\ufffd\ufffd"
"""The byte order mark of UTF-16 where a file is read as UTF-8."""
READERS: Mapping[SourceKind, Reader] = {**machine.READERS, **stacks.READERS}


def read(source: Source) -> Reading:
    """Return what a source says; it never fails: what cannot be read is the `problem` of the reading."""
    reader = READERS.get(source.kind)
    if reader is None:
        return Reading(source.kind, source.path, problem=notice("source.unknown", path=source.path))
    if source.kind is not SourceKind.PROCESS and "\0" in source.files[0].text:
        code = "source.utf16" if source.files[0].text.startswith(_MARK_OF_UTF16) else "source.no_text_file"
        return Reading(source.kind, source.path, problem=notice(code, path=source.path))
    reading = with_value_mistakes(source, reader(source))
    if any(one.mended is not None for one in reading.mistakes):
        return msgspec.structs.replace(reading, source=source)
    return reading
