"""Export as one JSON document: all settings, and the resulting instances. The document explains its fields."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.export.parts import Export, Provenance, Target, header
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import Settings

TARGET = Target("json", "JSON", "All settings and the command, address and environment of every worker, for programs.")

_MEANING = {
    "settings": "The panel's settings, as in its settings.json, without API keys.",
    "settings.pools[].workers": "How many Ollama servers the pool runs.",
    "settings.pools[].parallel": "OLLAMA_NUM_PARALLEL of each: requests that a loaded model works on at once.",
    "settings.pools[].context_length": "OLLAMA_CONTEXT_LENGTH of each: tokens per request.",
    "instances": "The servers that result from the settings, in the order of the pools.",
    "instances[].url": "Where the server answers.",
    "instances[].argv": "The command that starts it.",
    "instances[].environment": "The variables to add to the environment that the command inherits.",
}


class _Instance(msgspec.Struct, frozen=True):
    id: str
    pool: str
    role: str
    url: str
    argv: tuple[str, ...]
    environment: dict[str, str]


class _Document(msgspec.Struct, frozen=True):
    about: tuple[str, ...]
    meaning: dict[str, str]
    panel_version: str
    date: str
    settings: Settings
    instances: tuple[_Instance, ...]


def render(settings: Settings, instances: Sequence[InstanceSpec], provenance: Provenance) -> Export:
    """Return the document, without the digests of API keys."""
    proxy = msgspec.structs.replace(settings.proxy, api_keys=())
    document = _Document(
        about=tuple(header(settings, provenance)),
        meaning=_MEANING,
        panel_version=provenance.version,
        date=provenance.date,
        settings=msgspec.structs.replace(settings, proxy=proxy),
        instances=tuple(_instance(instance) for instance in instances),
    )
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    return Export("ollama-panel.json", text, "For programs: the field `meaning` explains the other fields.")


def _instance(spec: InstanceSpec) -> _Instance:
    return _Instance(spec.id, spec.pool, spec.role.value, spec.url, spec.argv, spec.environment)
