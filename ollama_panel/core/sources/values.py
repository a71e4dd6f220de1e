"""Mistakes in the values of variables, whatever the source."""

from ollama_panel.core.sources.record import Reading, Source


def with_value_mistakes(source: Source, reading: Reading) -> Reading:
    """Return a reading with the mistakes that are in the names and values of what reaches its servers."""
    del source
    return reading
