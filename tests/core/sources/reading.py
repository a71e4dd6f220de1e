"""Short ways to make sources, and to say what is read of them.

They ask the reader of the format alone: mistakes in names and values are those of every source.
"""

from textwrap import dedent

from ollama_panel.core.sources import READERS
from ollama_panel.core.sources.record import Reading, Source, SourceKind, TextFile


def reading(kind: SourceKind, text: str, *, path: str = "x", system: str = "", **files: str) -> Reading:
    """Return what is read of a text, and of further files by their names, with a dot for two lines (`a__b`: `a.b`)."""
    more = (TextFile(name.replace("__", "."), dedent(text)) for name, text in files.items())
    return READERS[kind](Source(kind, (TextFile(path, dedent(text)), *more), system))


def codes(found: Reading) -> list[str]:
    """Return the codes of the mistakes."""
    return [one.code for one in found.mistakes]
