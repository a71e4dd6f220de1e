"""The pods of Kubernetes: workers that are ready when they have their models, and HAProxy before them."""

from typing import Any

from ollama_panel.core.export.cluster.workers import CARDS, VOLUME_SIZE, environment, escaped
from ollama_panel.core.export.container import image
from ollama_panel.core.export.deployment import Accelerator, Deployment
from ollama_panel.core.export.yaml_text import Block, Row
from ollama_panel.core.launch import InstanceSpec

FRONT = "ollama"
"""The name of what stands before the workers; clients in the namespace find it by this name."""
CONFIGURATION = "haproxy"
HAPROXY_IMAGE = "docker.io/library/haproxy:3.2"
"""The newest version with long support; as user 99 (`haproxy`), with its configuration where `_CONFIGURED` is."""

_CONFIGURED = "/usr/local/etc/haproxy"
_HAPROXY_USER = 99
_DRAIN_S, _END_S = 120, 150
"""Seconds for which a worker that is to end still answers, while HAProxy already sends new requests elsewhere, and
after which it is killed."""
_LONGEST_ANSWER_S = 600
_PULL = """\
ollama serve &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
until ollama ps >/dev/null 2>&1; do
    kill -0 "$server" || exit 1
    sleep 1
done
for model; do
    ollama pull "$model" || exit 1
done
"""
_STARTED = {"periodSeconds": 2, "timeoutSeconds": 5, "failureThreshold": 90}
_READY = {"periodSeconds": 5, "timeoutSeconds": 5, "failureThreshold": 3}
_ALIVE = {"periodSeconds": 10, "timeoutSeconds": 10, "failureThreshold": 6}


def selector(name: str) -> dict[str, str]:
    """Return the labels by which the pods of a pool, or of HAProxy, are found."""
    return {"app.kubernetes.io/name": "ollama", "app.kubernetes.io/component": name}


def headless_service(name: str) -> dict[str, Any]:
    """Return the Service that gives each pod of a pool a name of its own in the DNS."""
    ports = [{"name": "http", "port": image.PORT, "targetPort": "http"}]
    spec = {"clusterIP": "None", "selector": selector(name), "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def stateful_set(name: str, workers: int, deployment: Deployment, instance: InstanceSpec) -> dict[str, Any]:
    """Return the workers of a pool, which are like `instance`. The first is number 1, as it is here."""
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": Row(["ReadWriteOnce"]), "resources": {"requests": {"storage": VOLUME_SIZE}}},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name},
        "spec": {
            "serviceName": name,
            "replicas": workers,
            "ordinals": {"start": 1},
            "podManagementPolicy": "Parallel",
            "selector": {"matchLabels": selector(name)},
            "template": {"metadata": {"labels": selector(name)}, "spec": _worker(deployment, instance)},
            "volumeClaimTemplates": [claim],
        },
    }


def _worker(deployment: Deployment, instance: InstanceSpec) -> dict[str, Any]:
    variables, mounts = environment(deployment, instance), [{"name": "data", "mountPath": image.DATA}]
    common = {"image": image.image(deployment.site), "env": variables, "volumeMounts": mounts}
    probed = {"httpGet": {"path": "/api/version", "port": "http"}}
    card = CARDS.get(deployment.site.accelerator)
    models = image.models(deployment.settings, [instance])
    pulling = {"name": "models", **common, "command": Row(["/bin/sh", "-c"]), "args": _arguments(models)}
    spec: dict[str, Any] = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": _END_S,
        **({"initContainers": [pulling]} if models else {}),
        "containers": [
            {
                "name": "ollama",
                **common,
                "ports": [{"name": "http", "containerPort": image.PORT}],
                **({"resources": {"limits": {card: 1}}} if card else {}),
                "startupProbe": {**probed, **_STARTED},
                "readinessProbe": {**probed, **_READY},
                "livenessProbe": {**probed, **_ALIVE},
                "lifecycle": {"preStop": {"exec": {"command": Row(["sleep", str(_DRAIN_S)])}}},
            }
        ],
    }
    if deployment.site.accelerator is Accelerator.NVIDIA:
        spec["tolerations"] = [{"key": card, "operator": "Exists", "effect": "NoSchedule"}]
    return spec


def _arguments(models: tuple[str, ...]) -> list[str]:
    """Return the script that pulls models, the name that it has, and the models."""
    return [Block(escaped(_PULL)), "models", *map(escaped, models)]


def front() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return HAProxy's Deployment and its Service. There is one, because each would have a queue of its own."""
    ports = [{"name": "http", "port": image.PORT, "targetPort": "http"}]
    spec = {"selector": selector(FRONT), "ports": ports}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": FRONT}, "spec": spec}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": FRONT},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": selector(FRONT)},
            "template": {"metadata": {"labels": selector(FRONT)}, "spec": _haproxy()},
        },
    }
    return deployment, service


def _haproxy() -> dict[str, Any]:
    probed = {"tcpSocket": {"port": "http"}}
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": _LONGEST_ANSWER_S,
        "securityContext": {"runAsNonRoot": True, "runAsUser": _HAPROXY_USER, "runAsGroup": _HAPROXY_USER},
        "containers": [
            {
                "name": "haproxy",
                "image": HAPROXY_IMAGE,
                "ports": [{"name": "http", "containerPort": image.PORT}],
                "readinessProbe": {**probed, **_READY},
                "livenessProbe": {**probed, **_ALIVE},
                "lifecycle": {"preStop": {"exec": {"command": Row(["sleep", "5"])}}},
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": Row(["ALL"])},
                },
                "volumeMounts": [{"name": CONFIGURATION, "mountPath": _CONFIGURED, "readOnly": True}],
            }
        ],
        "volumes": [{"name": CONFIGURATION, "configMap": {"name": CONFIGURATION}}],
    }
