"""What workers become in Kubernetes: the names of their pools, their cards, and their variables.

The kubelet replaces `$(NAME)` in values and arguments, and `$$` is one dollar sign (Kubernetes 1.32, package
`k8s.io/kubernetes/third_party/forked/golang/expansion`).
"""

from collections.abc import Sequence

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import Accelerator, Deployment
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment_devices import CHOOSING

NAMESPACE = "ollama"
CARDS = {Accelerator.NVIDIA: "nvidia.com/gpu", Accelerator.ROCM: "amd.com/gpu"}
"""The resource by which each vendor's device plugin gives a container a card."""
VOLUME_SIZE = "100Gi"
"""Room for the models of a worker, for people to change."""

_NO_PRUNE = "OLLAMA_NOPRUNE"
_NO_CARD = "-1"


def require_cards(accelerator: Accelerator) -> None:
    """Raise PanelError if a cluster cannot give a container such a card."""
    image.require_reachable(accelerator)
    if accelerator is Accelerator.VULKAN:
        raise PanelError(notice("export.cluster.no_vulkan"))


def labels(instances: Sequence[InstanceSpec], taken: frozenset[str] = frozenset()) -> dict[PoolName, str]:
    """Return the name of each pool as a DNS label, where `_` is none; no two pools have one, and none is `taken`."""
    found = dict[PoolName, str]()
    for pool in dict.fromkeys(instance.pool for instance in instances):
        plain = pool.replace("_", "-").rstrip("-")
        number = 1
        label = plain
        while label in taken or label in found.values():
            number += 1
            label = f"{plain}-{number}"
        found[pool] = label
    return found


def environment(deployment: Deployment, instance: InstanceSpec) -> list[dict[str, str]]:
    """Return the variables of the workers of an instance's pool, as a list of a pod.

    Each worker has a volume of its own, which it alone keeps clean, and sees no other card than the one that it gets.
    """
    pool = next(pool for pool in deployment.settings.pools if pool.name == instance.pool)
    variables = image.environment(instance, deployment.site, notice("export.cluster.manifest"))
    left = {name for name, value in variables.items() if name in CHOOSING and value != _NO_CARD}
    if _NO_PRUNE not in pool.environment:
        left.add(_NO_PRUNE)
    return [{"name": name, "value": escaped(value)} for name, value in variables.items() if name not in left]


def escaped(text: str) -> str:
    """Return a value in which the kubelet replaces nothing."""
    return text.replace("$", "$$")
