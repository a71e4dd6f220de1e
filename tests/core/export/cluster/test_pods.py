"""What HAProxy's pod may do, and how a pod ends."""

from typing import Any

import msgspec

from ollama_panel.core.export.cluster import pods
from ollama_panel.core.export.deployment import Deployment, Provenance
from tests.core.export.samples import instances, pools


def worker(*models: str) -> Any:
    settings = pools()
    (chat, embedding) = settings.pools
    settings = msgspec.structs.replace(settings, pools=(msgspec.structs.replace(chat, models=models), embedding))
    (first, *_) = specs = instances(settings)
    made = pods.stateful_set("chat", 2, Deployment(settings, specs, Provenance("1", "2026-11-23")), first)
    return made["spec"]["template"]["spec"]


def test_haproxy_runs_without_any_right() -> None:
    deployment, _ = pods.front()
    spec = deployment["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert deployment["spec"]["replicas"] == 1, "two would have two queues"
    assert spec["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert not spec["automountServiceAccountToken"]


def test_a_worker_answers_what_it_has_begun_before_it_is_killed() -> None:
    (container,) = worker()["containers"]
    (_, seconds) = container["lifecycle"]["preStop"]["exec"]["command"]
    assert int(seconds) < worker()["terminationGracePeriodSeconds"]


def test_models_are_pulled_into_the_volume_that_the_server_reads() -> None:
    spec = worker("llama3.1:8b")
    (before,), (server,) = spec["initContainers"], spec["containers"]
    assert before["volumeMounts"] == server["volumeMounts"]
    assert before["image"] == server["image"]
    assert before["args"][1:] == ["models", "llama3.1:8b"]
