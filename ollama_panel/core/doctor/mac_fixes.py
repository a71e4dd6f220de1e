"""What keeps on a Mac what is lost there: at a reboot, or when Homebrew writes the file of its service anew."""

from collections.abc import Mapping

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import is_plain
from ollama_panel.core.doctor.in_force import is_of_server
from ollama_panel.core.doctor.server_sources import label_of
from ollama_panel.core.export.machine import homebrew
from ollama_panel.core.export.machine.launchd import agent_of_app
from ollama_panel.core.findings import EditFiles
from ollama_panel.core.sources.machine.launchd import HOMEBREWS_JOB, OF_FORMULA
from ollama_panel.core.sources.record import Reading, SourceKind


def lasting(facts: Facts, reading: Reading) -> EditFiles | None:
    """Return the new file that sets the variables of a source for good; None if there is no place for them."""
    variables = {name: value for name, value in reading.variables.items() if is_of_server(name) is not None}
    if not facts.machine.home or facts.machine.system != "Darwin" or not all(map(is_plain, variables.values())):
        return None
    if reading.kind is SourceKind.LAUNCHCTL:
        return _for_app(facts, variables)
    labels = [label_of(reading, one) for one in reading.servers]
    if reading.kind is SourceKind.LAUNCH_AGENT and labels and labels[0].startswith(HOMEBREWS_JOB):
        own = {name: value for name, value in variables.items() if OF_FORMULA.get(name) != value}
        return _for_homebrew(facts, labels[0], own) if own else None
    return None


def _for_app(facts: Facts, variables: Mapping[str, str]) -> EditFiles | None:
    """Return an agent that sets them at each login; the session has them already."""
    own = {name: value for name, value in variables.items() if name != "OLLAMA_HOST"}
    place, text = agent_of_app(own)
    path = _at_home(facts, place)
    if not own or any(one.path == path for one in facts.sources):
        return None
    return EditFiles(((path, "", text),))


def _for_homebrew(facts: Facts, label: str, variables: Mapping[str, str]) -> EditFiles:
    text = "".join(f"{name}={value}\n" for name, value in variables.items())
    path = _at_home(facts, homebrew.PLACE)
    return EditFiles(((path, "", text),), "homebrew", label, wanted=dict(variables))


def _at_home(facts: Facts, place: str) -> str:
    return f"{facts.machine.home}{place.removeprefix('~')}"
