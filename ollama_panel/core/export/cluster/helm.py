"""Export as values of the common Helm chart (github.com/otwld/ollama-helm): a file per pool, a release per worker.

A release of its own gives each worker a volume of its own: the chart's replicas share one, which most storage cannot
give to several nodes, and pull their models into it at the same time.
"""

import re
from collections.abc import Iterator

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.cluster.workers import (
    CARDS,
    NAMESPACE,
    VOLUME_SIZE,
    environment,
    labels,
    require_cards,
)
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import (
    Accelerator,
    Aspect,
    Deployment,
    Export,
    ExportFile,
    Group,
    Step,
    Syntax,
    Target,
)
from ollama_panel.core.export.parts import commented
from ollama_panel.core.export.yaml_text import dumped
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.sources.stacks.helm import POOL, WORKERS

TARGET = Target(
    "helm",
    Group.CLUSTER,
    notice("export.helm.title"),
    notice("export.helm.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.RESTARTS}),
)

CHART, VERSION = "otwld/ollama", "1.77.0"
"""The chart in its repository, and the version whose values these are."""
_REPOSITORY = "https://helm.otwld.com/"
_VENDOR = {Accelerator.NVIDIA: "nvidia", Accelerator.ROCM: "amd"}
_MODEL = re.compile(r"[\w./:@-]+", re.ASCII)
"""The chart puts the names of models into a script of a shell, without quotes."""


def render(deployment: Deployment) -> Export:
    """Return a file of values for each pool.

    Raises PanelError if a cluster has no such card, or the chart cannot hold a value or the name of a model.
    """
    require_cards(deployment.site.accelerator)
    names = labels(deployment.instances)
    firsts = {instance.pool: instance for instance in reversed(deployment.instances)}
    files = tuple(
        ExportFile(_file(name), _text(deployment, firsts[pool], name), Syntax.YAML) for pool, name in names.items()
    )
    return Export(files, tuple(_steps(deployment, names)))


def _file(name: str) -> str:
    return f"values-{name}.yaml"


def _release(instance: InstanceSpec, names: dict[PoolName, str]) -> str:
    """Return the name of a worker's release, which the chart gives to all that belongs to it."""
    return f"ollama-{names[instance.pool]}-{instance.number}"


def _text(deployment: Deployment, instance: InstanceSpec, name: str) -> str:
    provenance, site = deployment.provenance, deployment.site
    models = image.models(deployment.settings, [instance])
    workers = sum(one.pool == instance.pool for one in deployment.instances)
    for model in models:
        if not _MODEL.fullmatch(model):
            raise PanelError(notice("export.helm.no_model", model=model, pool=instance.pool))
    card = {"enabled": True, "type": _VENDOR[site.accelerator], "number": 1} if site.accelerator in CARDS else None
    values = {
        **({"image": {"tag": image.tag(site)}} if image.tag(site) else {}),
        "replicaCount": 1,
        "ollama": {"gpu": card or {"enabled": False}, "models": {"pull": list(models)}},
        "extraEnv": [one for one in environment(deployment, instance) if one["name"] != "OLLAMA_HOST"],
        "podAnnotations": {POOL: instance.pool, WORKERS: str(workers)},
        "persistentVolume": {"enabled": True, "size": VOLUME_SIZE},
    }
    told = (
        provenance.line("export.helm.chart", chart=CHART, version=VERSION),
        provenance.line("export.helm.release", pool=instance.pool, size=VOLUME_SIZE),
    )
    return commented(deployment) + "#\n" + "".join(f"# {line}\n" for line in told) + dumped(values)


def _steps(deployment: Deployment, names: dict[PoolName, str]) -> Iterator[Step]:
    instances = deployment.instances
    yield Step(notice("export.helm.repository"), f"helm repo add otwld {_REPOSITORY} && helm repo update otwld")
    options = f"--version {VERSION} --namespace {NAMESPACE} --create-namespace --wait --timeout 1h"
    commands = (
        f"helm upgrade --install {_release(one, names)} {CHART} {options} --values {_file(names[one.pool])}"
        for one in instances
    )
    yield Step(notice("export.helm.install"), "\n".join(commands))
    first = _release(instances[0], names)
    logs = f"kubectl --namespace {NAMESPACE} logs deployment/{first} | grep 'server config'"
    yield Step(notice("export.container.proof"), logs)
    urls = tuple(f"http://{_release(one, names)}.{NAMESPACE}:{image.PORT}" for one in instances)
    yield Step(notice("export.helm.use", urls=urls))
