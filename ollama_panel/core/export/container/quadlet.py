"""Export as quadlets of Podman (5.4; its key words are those of 4.5): systemd runs a container for each worker.

Podman's generator makes a service of each file, whose command line has the variables: `$` and `%` are doubled for
systemd, and a volume, whose parts are separated by colons, has no quotes (podman-systemd.unit(5)).
"""

import re

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import service_managers
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import (
    Accelerator,
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Site,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.meanings import without_panel
from ollama_panel.core.export.parts import commented, variables
from ollama_panel.core.export.service_managers import Services
from ollama_panel.core.export.unit_text import CONTROL, environment, plain
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.worker_units import CONTAINER, UNIT_PREFIX, unit_name

TARGET = Target(
    "quadlet",
    Group.CONTAINER,
    notice("export.quadlet.title"),
    notice("export.quadlet.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_VOLUME = f"{image.VOLUME}.volume"
_NO_SOURCE = re.compile(r'[\x00-\x1f\x7f:"]')
_NVIDIA = "nvidia.com/gpu=all"
"""All cards by the name that the Container Device Interface has for them (nvidia-ctk)."""
_PULL_S = 900
"""How long the first start may take, which pulls the image; systemd's own limit is 90 seconds."""


def render(deployment: Deployment) -> Export:
    """Return a quadlet for each instance, and one for the volume of the models unless the settings name a folder."""
    instances, manager = deployment.instances, service_managers.of(deployment.site)
    image.require_reachable(deployment.site.accelerator)
    containers = tuple(_container(instance, deployment) for instance in instances)
    files = containers if all(map(image.store_of, instances)) else (*containers, _volume(deployment))
    units = [unit_name(instance.id) for instance in instances]
    start = f"{service_managers.reload(manager)}\n{service_managers.on_units(manager, 'restart', units)}"
    podman = f"{manager.sudo}podman exec {UNIT_PREFIX}{instances[0].id} ollama pull"
    return Export(
        files,
        (
            *_preparations(deployment.site),
            Step(notice("export.quadlet.install", target="systemd-units"), service_managers.install(manager, files)),
            Step(notice("export.quadlet.start"), start),
            *service_managers.linger(manager),
            *image.pulls(deployment, podman),
            service_managers.proof(manager, units),
        ),
    )


def _container(instance: InstanceSpec, deployment: Deployment) -> ExportFile:
    provenance, site = deployment.provenance, deployment.site
    variables(instance, CONTROL, notice("export.quadlet.file"))
    values = image.environment(instance, site, notice("export.quadlet.file"))
    told = {name: value.replace("$", "$$") for name, value in values.items()}
    description = plain(provenance.line("export.units.description", worker=instance.id, url=instance.url))
    text = (
        f"{commented(deployment)}{without_panel(provenance)}\n"
        f"[Unit]\nDescription={description}\nWants=network-online.target\nAfter=network-online.target\n\n"
        f"[Container]\nContainerName={UNIT_PREFIX}{instance.id}\nImage={image.image(site)}\n"
        f"PublishPort={instance.host}:{instance.port}:{image.PORT}\n{_store(instance)}"
        f"{_devices(site)}{_label(instance, site)}"
        f"HealthCmd={' '.join(image.PROBE)}\nHealthInterval=30s\nHealthTimeout=10s\n"
        f"{environment(told, provenance)}\n"
        f"[Service]\nRestart=always\nRestartSec=3\nTimeoutStartSec={_PULL_S}\n\n"
        "[Install]\nWantedBy=default.target\n"
    )
    return _file(f"{UNIT_PREFIX}{instance.id}{CONTAINER}", text, service_managers.of(site))


def _store(instance: InstanceSpec) -> str:
    """Return the line that mounts the models."""
    folder = image.store_of(instance)
    if not folder:
        return f"Volume={_VOLUME}:{image.DATA}\n"
    if _NO_SOURCE.search(folder) or not folder.startswith("/"):
        raise PanelError(notice("export.quadlet.no_folder", folder=folder))
    source = folder.replace("%", "%%").replace("$", "$$")
    return f"Volume={source}:{image.STORE}\n"


def _devices(site: Site) -> str:
    """Return the lines that give a container the cards; a user's own container needs the user's groups for some."""
    devices = (_NVIDIA,) if site.accelerator is Accelerator.NVIDIA else image.DEVICES.get(site.accelerator, ())
    groups = "PodmanArgs=--group-add=keep-groups\n" if site.of_user and site.accelerator in image.DEVICES else ""
    return "".join(f"AddDevice={device}\n" for device in devices) + groups


def _label(instance: InstanceSpec, site: Site) -> str:
    """Return the line without which SELinux keeps cards and folders of the host from a container."""
    needed = image.store_of(instance) or _devices(site)
    return "SecurityLabelDisable=true\n" if needed else ""


def _volume(deployment: Deployment) -> ExportFile:
    text = f"{commented(deployment)}\n[Volume]\nVolumeName={image.VOLUME}\n"
    return _file(_VOLUME, text, service_managers.of(deployment.site))


def _file(name: str, text: str, manager: Services) -> ExportFile:
    return ExportFile(name, text, Syntax.INI, f"{manager.quadlets}/{name}")


def _preparations(site: Site) -> tuple[Step, ...]:
    """Return what Podman needs for the cards of NVIDIA, once for a machine and after an update of the driver."""
    if site.accelerator is not Accelerator.NVIDIA:
        return ()
    return (Step(notice("export.quadlet.toolkit"), "sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"),)
