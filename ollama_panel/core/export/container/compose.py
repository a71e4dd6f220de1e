"""Export as a Compose file: one service per worker, each with its port, health check and store.

Compose replaces `$NAME` and `${NAME}` in every value, and `$$` is one dollar sign (Compose specification, chapter 12).
"""

from typing import Any

from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import (
    Accelerator,
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Provenance,
    Site,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.meanings import meaning, without_panel
from ollama_panel.core.export.parts import commented
from ollama_panel.core.export.yaml_text import Row, dumped
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice

TARGET = Target(
    "compose",
    Group.CONTAINER,
    notice("export.compose.title"),
    notice("export.compose.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_FILE = "compose.yaml"
_PLACE = f"~/ollama/{_FILE}"
"""The name of the folder is that of the project, and so the beginning of the names of its containers."""
_HEALTH = {
    "test": Row(["CMD", *image.PROBE]),
    "interval": "10s",
    "timeout": "5s",
    "retries": 6,
    "start_period": "30s",
}
_CARDS = {"driver": "nvidia", "count": "all", "capabilities": Row(["gpu"])}


def render(deployment: Deployment) -> Export:
    """Return the file. Raises PanelError if no container reaches the GPU, or it cannot hold a variable."""
    instances, provenance, site = deployment.instances, deployment.provenance, deployment.site
    image.require_reachable(site.accelerator)
    services = (
        f"\n  # {provenance.line('export.container.worker', worker=instance.id, url=instance.url)}\n"
        + dumped({instance.id: _service(instance, site)}, indent=2)
        + _variables(instance, site, provenance)
        for instance in instances
    )
    volume = dumped({"volumes": {image.VOLUME: {"name": image.VOLUME}}})
    text = "".join(
        [
            commented(deployment),
            f"#\n# {provenance.line('export.container.local')}\n{without_panel(provenance)}services:",
            *services,
            "\n" + volume if not all(map(image.store_of, instances)) else "",
        ]
    )
    return Export((ExportFile(_FILE, text, Syntax.YAML, _PLACE),), _steps(deployment))


def escaped(text: str) -> str:
    """Return a value in which Compose replaces nothing."""
    return text.replace("$", "$$")


def _service(instance: InstanceSpec, site: Site) -> dict[str, Any]:
    service: dict[str, Any] = {
        "image": image.image(site),
        "restart": "unless-stopped",
        "ports": [f"{instance.host}:{instance.port}:{image.PORT}"],
        "volumes": [_store(image.store_of(instance))],
        "healthcheck": _HEALTH,
    }
    if site.accelerator is Accelerator.NVIDIA:
        service["deploy"] = {"resources": {"reservations": {"devices": [_CARDS]}}}
    if site.accelerator in image.DEVICES:
        service["devices"] = [f"{device}:{device}" for device in image.DEVICES[site.accelerator]]
    return service


def _variables(instance: InstanceSpec, site: Site, provenance: Provenance) -> str:
    """Return the variables of a service, the last part of it, each with what it means."""
    variables = image.environment(instance, site, notice("export.compose.file"))
    lines = ["    environment:\n"]
    for name, value in variables.items():
        if told := meaning(name, provenance):
            lines.append(f"      {told}")
        lines.append(dumped({name: escaped(value)}, indent=6))
    return "".join(lines)


def _store(folder: str) -> str | dict[str, str]:
    """Return what is mounted; in the short form a colon would end the path of a folder."""
    if not folder:
        return f"{image.VOLUME}:{image.DATA}"
    return {"type": "bind", "source": escaped(folder), "target": image.STORE}


def _steps(deployment: Deployment) -> tuple[Step, ...]:
    first = deployment.instances[0]
    compose = f"docker compose --file {_PLACE}"
    return (
        *image.preparations(deployment.site),
        Step(notice("export.compose.up", path=_PLACE), f"{compose} up --detach --remove-orphans --wait"),
        *image.pulls(deployment, f"{compose} exec {first.id} ollama pull"),
        Step(notice("export.container.proof"), f"{compose} logs {first.id} | grep 'server config'"),
    )
