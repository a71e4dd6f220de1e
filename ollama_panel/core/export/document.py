"""Export as one JSON document: all settings, and the resulting instances. The document explains its fields."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.export.parts import Export, Provenance, Target, header
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings

TARGET = Target("json", notice("export.json.title"), notice("export.json.summary"))

_MEANING = {
    "settings": "export.json.settings",
    "settings.pools[].workers": "export.json.workers",
    "settings.pools[].parallel": "export.json.parallel",
    "settings.pools[].context_length": "export.json.context_length",
    "instances": "export.json.instances",
    "instances[].url": "export.json.url",
    "instances[].argv": "export.json.argv",
    "instances[].environment": "export.json.environment",
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
        meaning={path: provenance.line(code) for path, code in _MEANING.items()},
        panel_version=provenance.version,
        date=provenance.date,
        settings=msgspec.structs.replace(settings, proxy=proxy),
        instances=tuple(_instance(instance) for instance in instances),
    )
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    return Export("ollama-panel.json", text, notice("export.json.use"))


def _instance(spec: InstanceSpec) -> _Instance:
    return _Instance(spec.id, spec.pool, spec.role.value, spec.url, spec.argv, spec.environment)
