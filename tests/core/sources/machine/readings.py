"""Sources in tests: what is read of a text, in plain values."""

from collections.abc import Sequence

from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Assignment, Fate, Reading, Source, SourceKind, TextFile


def reading(kind: SourceKind, path: str, text: str, *others: tuple[str, str], system: str = "") -> Reading:
    """Return the reading of a source; `others` are further files with their texts."""
    files = (TextFile(path, text), *(TextFile(one, more) for one, more in others))
    return read(Source(kind, files, system))


def mistakes(found: Reading) -> list[tuple[str, str, int]]:
    """Return code, variable and line of each mistake."""
    return [(one.code, one.name, one.place.line) for one in found.mistakes]


def codes_of(found: Reading) -> set[str]:
    """Return the codes of the mistakes."""
    return {one.code for one in found.mistakes}


def assignments(found: Reading) -> Sequence[Assignment]:
    """Return all assignments, those of servers first."""
    return [*(one for server in found.servers for one in server.assignments), *found.others]


def fates(found: Reading) -> list[tuple[str, str, Fate]]:
    """Return each assignment with what becomes of it."""
    return [(one.name, one.value, one.fate) for one in assignments(found)]


def mended(found: Reading, code: str) -> str:
    """Return the text that mends the first mistake of a kind."""
    texts = [one.mended for one in found.mistakes if one.code == code and one.mended is not None]
    return texts[0]
