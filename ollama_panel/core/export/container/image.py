"""Ollama's image of containers: its tag, what is in it where, and what reaches the GPU from it.

Source: `docs/docker.mdx` and the `Dockerfile` of Ollama 0.32. The image is at Docker Hub; podman needs its whole name.
"""

import re
import shlex
from collections.abc import Iterable

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Accelerator, Deployment, Site, Step
from ollama_panel.core.export.parts import NUL, variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import is_cloud_name
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings

PORT = 11434
DATA = "/root/.ollama"
"""Where the server has its models and its key."""
STORE = f"{DATA}/models"
VOLUME = "ollama"
"""The volume for `DATA` in Ollama's documentation: containers that were started by it have their models there."""
PROBE = ("ollama", "ps")
"""The command by which a container knows that its server answers: there is no curl in the image."""
DEVICES: dict[Accelerator, tuple[str, ...]] = {
    Accelerator.ROCM: ("/dev/kfd", "/dev/dri"),
    Accelerator.VULKAN: ("/dev/dri",),
}
"""The devices that a container needs besides its image; NVIDIA's own toolkit gives it theirs."""

_RELEASE = re.compile(r"(?!0\.0\.0)\d+\.\d+\.\d+(?:-rc\d+)?", re.ASCII)


def image(site: Site) -> str:
    """Return the image with the tag for a version and an accelerator."""
    newest = "rocm" if site.accelerator is Accelerator.ROCM else "latest"
    return f"docker.io/ollama/ollama:{tag(site) or newest}"


def tag(site: Site) -> str:
    """Return the tag of a release for an accelerator, "" if the newest is wanted.

    That is also the case for a version that is no release, such as 0.0.0 of a build of one's own: it has no image.
    """
    if not _RELEASE.fullmatch(site.ollama):
        return ""
    return f"{site.ollama}-rocm" if site.accelerator is Accelerator.ROCM else site.ollama


def require_reachable(accelerator: Accelerator) -> None:
    """Raise PanelError if no container reaches the GPU."""
    if accelerator is Accelerator.METAL:
        raise PanelError(notice("export.container.no_metal"))


def environment(instance: InstanceSpec, site: Site, place: Notice) -> dict[str, str]:
    """Return the variables of an instance as they are in its container, where it listens on every address.

    The store is a mount, and its folder on the host is no folder of the container. Raises PanelError if a name is
    invalid, or a value has a NUL, which no environment can hold.
    """
    own = {name: value for name, value in variables(instance, NUL, place).items() if name != "OLLAMA_MODELS"}
    vulkan = {"OLLAMA_VULKAN": "1"} if site.accelerator is Accelerator.VULKAN else {}
    return {**vulkan, **own, "OLLAMA_HOST": f"0.0.0.0:{PORT}"}


def store_of(instance: InstanceSpec) -> str:
    """Return the folder of the host with the models of an instance, "" if they are in the volume."""
    return instance.environment.get("OLLAMA_MODELS", "")


def models(settings: Settings, instances: Iterable[InstanceSpec]) -> tuple[str, ...]:
    """Return the models that are meant for the pools of instances and are on no cloud, each once."""
    pools = {instance.pool for instance in instances}
    named = (model for pool in settings.pools if pool.name in pools for model in pool.models)
    return tuple(dict.fromkeys(model for model in named if not is_cloud_name(model)))


def example_model(role: Role) -> str:
    """Return a model to pull where nobody has named one: those of Ollama's documentation."""
    return "nomic-embed-text" if role is Role.EMBEDDING else "llama3.2"


def preparations(site: Site) -> tuple[Step, ...]:
    """Return what Docker needs for the GPU, once for a machine."""
    if site.accelerator is not Accelerator.NVIDIA:
        return ()
    command = "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"
    return (Step(notice("export.container.toolkit"), command),)


def pulls(deployment: Deployment, command: str) -> tuple[Step, ...]:
    """Return the step that fills the volume, if it is used: `command` and a model pull that model."""
    empty = [instance for instance in deployment.instances if not store_of(instance)]
    if not empty:
        return ()
    named = models(deployment.settings, empty) or dict.fromkeys(example_model(instance.role) for instance in empty)
    commands = "\n".join(f"{command} {shlex.quote(model)}" for model in named)
    return (Step(notice("export.container.pull", volume=VOLUME), commands),)
