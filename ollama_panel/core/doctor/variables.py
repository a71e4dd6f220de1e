"""A fix that sets variables of a server that is known by its id, as in an alert."""

from collections.abc import Mapping

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import drop_in
from ollama_panel.core.findings import EditFiles


def setting_fix(facts: Facts, server: str, variables: Mapping[str, str]) -> EditFiles | None:
    """Return the fix that gives the server of this id these variables; None if it is of no unit that is known."""
    found = next((one for one in facts.servers if one.id == server), None)
    return drop_in(facts, found, variables) if found is not None else None
