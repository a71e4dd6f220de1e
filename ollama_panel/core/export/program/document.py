"""Export as one JSON document: all settings, and the resulting instances. The document explains its fields."""

import msgspec

from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.parts import hash_of, header
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings

TARGET = Target(
    "json",
    Group.PROGRAM,
    notice("export.json.title"),
    notice("export.json.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.KEPT, Aspect.FAIRNESS}),
)

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
    hash: str
    settings: Settings
    instances: tuple[_Instance, ...]


def render(deployment: Deployment) -> Export:
    """Return the document, without the digests of API keys."""
    settings, provenance = deployment.settings, deployment.provenance
    proxy = msgspec.structs.replace(settings.proxy, api_keys=())
    document = _Document(
        about=tuple(header(deployment)),
        meaning={path: provenance.line(code) for path, code in _MEANING.items()},
        panel_version=provenance.version,
        date=provenance.date,
        hash=hash_of(settings),
        settings=msgspec.structs.replace(settings, proxy=proxy),
        instances=tuple(_instance(instance) for instance in deployment.instances),
    )
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    file = ExportFile("ollama-panel.json", text, Syntax.JSON)
    return Export((file,), (Step(notice("export.json.use")),))


def _instance(spec: InstanceSpec) -> _Instance:
    return _Instance(spec.id, spec.pool, spec.role.value, spec.url, spec.argv, spec.environment)
