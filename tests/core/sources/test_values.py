"""Mistakes in values."""

from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import Source, SourceKind, TextFile


def test_a_source_of_no_known_format_says_so() -> None:
    reading = read(Source(SourceKind.PANEL, (TextFile("x"),)))
    assert reading.problem is not None
