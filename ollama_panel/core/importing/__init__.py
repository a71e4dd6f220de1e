"""Configuration sources as settings of the panel: what is taken, what is not and why, and what is wrong. Pure.

`planned` is given the readings of sources (`core.sources`) and the settings, and returns the settings as they would be
with the import, and what is said of it.
"""

from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Here, Import, ImportPlan, OfferId

__all__ = ["Here", "Import", "ImportPlan", "OfferId", "planned"]
