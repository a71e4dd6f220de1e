"""Export for Kubernetes: a folder for `kubectl apply --kustomize`, with all workers, and HAProxy before them.

HAProxy's configuration is the one of its own target, with the names of the pods.
"""

import shlex
from collections.abc import Iterator

from ollama_panel.core.export.cluster import pods
from ollama_panel.core.export.cluster.workers import CARDS, NAMESPACE, VOLUME_SIZE, labels, require_cards
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import (
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
from ollama_panel.core.export.proxy import haproxy
from ollama_panel.core.export.yaml_text import document, dumped
from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import KeyRule

TARGET = Target(
    "kubernetes",
    Group.CLUSTER,
    notice("export.kubernetes.title"),
    notice("export.kubernetes.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.RESTARTS, Aspect.QUEUE}),
)

FOLDER = "kubernetes"
_HAPROXY_FILE = "haproxy.cfg"
_FRONT_FILE, _NAMESPACE_FILE = "haproxy.yaml", "namespace.yaml"
_ZONE = f"{NAMESPACE}.svc.cluster.local"
"""Whole names of Services end so unless the cluster has another domain; HAProxy searches none."""
_KUBECTL = f"kubectl --namespace {NAMESPACE}"


def render(deployment: Deployment) -> Export:
    """Return the folder. Raises PanelError if a cluster has no such card, or a file cannot hold a value."""
    require_cards(deployment.site.accelerator)
    names = labels(deployment.instances, frozenset({pods.FRONT, "haproxy", "namespace", "kustomization"}))
    pools = {names[pool]: _pool(deployment, pool, names[pool]) for pool in names}
    resources = [_NAMESPACE_FILE, *(f"{name}.yaml" for name in pools), _FRONT_FILE]
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "resources": resources,
        "configMapGenerator": [{"name": pods.CONFIGURATION, "files": [_HAPROXY_FILE]}],
    }
    texts = {
        "kustomization.yaml": document(deployment, kustomization),
        _NAMESPACE_FILE: document(deployment, namespace),
        **{f"{name}.yaml": text for name, text in pools.items()},
        _FRONT_FILE: _commented(deployment, "export.kubernetes.one_queue") + _documents(*pods.front()),
        _HAPROXY_FILE: haproxy.configuration(deployment, _front(deployment, names)),
    }
    files = tuple(
        ExportFile(f"{FOLDER}/{name}", text, Syntax.HAPROXY if name == _HAPROXY_FILE else Syntax.YAML)
        for name, text in texts.items()
    )
    return Export(files, tuple(_steps(deployment, names)))


def _pool(deployment: Deployment, pool: PoolName, name: str) -> str:
    workers = _workers(deployment, pool)
    head = _commented(deployment, "export.kubernetes.pool", pool=pool, size=VOLUME_SIZE)
    return head + _documents(pods.headless_service(name), pods.stateful_set(name, len(workers), deployment, workers[0]))


def _commented(deployment: Deployment, code: str, **values: str) -> str:
    return f"{commented(deployment)}#\n# {deployment.provenance.line(code, **values)}\n"


def _documents(*values: object) -> str:
    return "---\n".join(map(dumped, values))


def _workers(deployment: Deployment, pool: PoolName) -> list[InstanceSpec]:
    return [instance for instance in deployment.instances if instance.pool == pool]


def _front(deployment: Deployment, names: dict[PoolName, str]) -> haproxy.Front:
    """Return how HAProxy stands in the cluster, whose pods may call it without a key unless one is always needed."""
    return haproxy.Front(
        binds=(f":{image.PORT}",),
        addresses=tuple(
            f"{_pod(instance, names)}.{names[instance.pool]}.{_ZONE}:{image.PORT}" for instance in deployment.instances
        ),
        needs_key=deployment.settings.proxy.require_key is KeyRule.ALWAYS,
        by_name=True,
    )


def _pod(instance: InstanceSpec, names: dict[PoolName, str]) -> str:
    return f"{names[instance.pool]}-{instance.number}"


def _steps(deployment: Deployment, names: dict[PoolName, str]) -> Iterator[Step]:
    instances = deployment.instances
    card = CARDS.get(deployment.site.accelerator)
    if card is not None:
        columns = f"NODE:.metadata.name,CARDS:.status.allocatable.{card.replace('.', chr(92) + '.')}"
        told = notice("export.cluster.cards", cards=len(instances), resource=card)
        yield Step(told, f"kubectl get nodes --output custom-columns={shlex.quote(columns)}")
    if deployment.settings.proxy.require_key is KeyRule.ALWAYS:
        yield Step(notice("export.haproxy.keys", file=_HAPROXY_FILE), "printf %s 'KEY' | sha256sum")
    yield Step(notice("export.kubernetes.apply", folder=FOLDER), f"kubectl apply --kustomize {FOLDER}")
    awaited = (*(f"statefulset/{name}" for name in names.values()), f"deployment/{pods.FRONT}")
    waits = "\n".join(f"{_KUBECTL} rollout status {one} --timeout=1h" for one in awaited)
    yield Step(notice("export.kubernetes.wait"), waits)
    empty = [one for one in instances if not image.models(deployment.settings, [one])]
    if empty:
        pulls = (f"{_pod(one, names)} -- ollama pull {image.example_model(one.role)}" for one in empty)
        yield Step(notice("export.kubernetes.pull"), "\n".join(f"{_KUBECTL} exec {pull}" for pull in pulls))
    first = _pod(instances[0], names)
    yield Step(notice("export.container.proof"), f"{_KUBECTL} logs {first} | grep 'server config'")
    yield Step(
        notice("export.kubernetes.use", url=f"http://{pods.FRONT}.{NAMESPACE}:{image.PORT}", worker=first),
        f"{_KUBECTL} port-forward service/{pods.FRONT} {image.PORT}:{image.PORT}",
    )
