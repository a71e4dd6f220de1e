"""The folder for Kubernetes: kustomize builds it, Kubernetes knows its fields, HAProxy its configuration."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.cluster.kubernetes import FOLDER
from ollama_panel.core.export.deployment import Accelerator, Site, Words
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import KeyRule, ProxySettings, Settings
from tests.core.export.cluster.kubelet import expanded, needs_schemas, require_valid, variables
from tests.core.export.samples import TRICKY, instances, names, nasty, pools, printable

LONG = {"LONG": "x$" * 5_000, "LINES": "a\nb\r\n#c: d\n", "REFERENCE": "$(OLLAMA_HOST) $$(A) $$$"}
RENDERED = [Accelerator.NVIDIA, Accelerator.ROCM, Accelerator.CPU]
KUSTOMIZE = next(
    (command for command in (["kustomize", "build"], ["kubectl", "kustomize"]) if shutil.which(command[0])),
    None,
)

needs_kustomize = pytest.mark.skipif(KUSTOMIZE is None, reason="kustomize is not installed")
needs_haproxy = pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not installed")
needs_shellcheck = pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")


def kubernetes(settings: Settings, accelerator: Accelerator = Accelerator.NVIDIA, words: Words = english) -> Export:
    site = Site(accelerator=accelerator, ollama="0.32.15")
    specs = instances(settings)
    return render("kubernetes", settings, specs, version="1.2.3", date="2026-11-23", words=words, site=site)


def with_models(*models: str) -> Settings:
    (chat, embedding) = pools().pools
    others = msgspec.structs.replace(embedding, models=())
    return Settings(pools=(msgspec.structs.replace(chat, models=models), others))


def objects(export: Export) -> dict[tuple[str, str], Any]:
    """Return the objects of an export's own files by their kind and name."""
    files = [file for file in export.files if file.name.endswith(".yaml")]
    found = [one for file in files for one in yaml.safe_load_all(file.text)]
    return {(one["kind"], one["metadata"]["name"]): one for one in found if one["kind"] != "Kustomization"}


def saved(export: Export, folder: Path) -> Path:
    for file in export.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")
    return folder / FOLDER


def built(export: Export, folder: Path) -> dict[tuple[str, str], Any]:
    """Return the objects that kustomize makes of an export."""
    assert KUSTOMIZE is not None
    child = subprocess.run([*KUSTOMIZE, str(saved(export, folder))], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stderr) == (0, "")
    return {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(child.stdout)}


def pod(found: dict[tuple[str, str], Any], name: str = "chat") -> Any:
    return found["StatefulSet", name]["spec"]["template"]["spec"]


def meant(settings: Settings) -> dict[str, str]:
    (first, *_) = instances(settings)
    return first.environment | {"OLLAMA_HOST": "0.0.0.0:11434"}


@given(st.dictionaries(names, printable, max_size=4))
def test_every_value_is_read_back(environment: dict[str, str]) -> None:
    settings = pools(environment)
    (container,) = pod(objects(kubernetes(settings)))["containers"]
    assert variables(container) == meant(settings)


def test_the_kubelet_replaces_what_is_not_escaped() -> None:
    assert expanded("$(A) $$(A) $(B) $A $", {"A": "1"}) == "1 $(A) $(B) $A $"


@needs_kustomize
@pytest.mark.parametrize("words", [english, nasty])
@pytest.mark.parametrize("accelerator", RENDERED)
def test_kustomize_builds_the_objects_with_the_very_values(
    tmp_path: Path, accelerator: Accelerator, words: Words
) -> None:
    settings = pools(TRICKY | LONG)
    export = kubernetes(settings, accelerator, words)
    found = built(export, tmp_path)
    assert variables(pod(found)["containers"][0]) == meant(settings)
    (configuration,) = [one for (kind, _), one in found.items() if kind == "ConfigMap"]
    assert configuration["data"]["haproxy.cfg"] == export.files[-1].text
    (volume,) = found["Deployment", "ollama"]["spec"]["template"]["spec"]["volumes"]
    assert volume["configMap"]["name"] == configuration["metadata"]["name"], "a new configuration starts HAProxy anew"
    assert {one["metadata"]["namespace"] for (kind, _), one in found.items() if kind != "Namespace"} == {"ollama"}


@needs_schemas
@pytest.mark.parametrize("accelerator", RENDERED)
def test_kubernetes_knows_every_field(tmp_path: Path, accelerator: Accelerator) -> None:
    found = objects(kubernetes(with_models("llama3.1:8b"), accelerator))
    assert [kind for kind, _ in found] == ["Namespace", *["Service", "StatefulSet"] * 2, "Deployment", "Service"]
    require_valid(list(found.values()), tmp_path)


@needs_haproxy
@pytest.mark.parametrize("words", [english, nasty])
def test_haproxy_accepts_its_configuration_while_no_worker_is_there(tmp_path: Path, words: Words) -> None:
    folder = saved(kubernetes(pools(TRICKY), words=words), tmp_path)
    command = ["haproxy", "-c", "-f", str(folder / "haproxy.cfg")]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr


def test_haproxy_sends_to_the_names_that_the_pods_have() -> None:
    export = kubernetes(pools())
    found = objects(export)
    for name, workers in (("chat", 2), ("embed", 1)):
        spec = found["StatefulSet", name]["spec"]
        start = spec["ordinals"]["start"]
        assert spec["replicas"] == workers
        for number in range(start, start + workers):
            address = f"{name}-{number}.{spec['serviceName']}.ollama.svc.cluster.local:11434"
            assert f"server {name}-{number} {address} " in export.files[-1].text
        assert found["Service", spec["serviceName"]]["spec"]["clusterIP"] == "None"
        assert found["Service", name]["spec"]["selector"] == spec["selector"]["matchLabels"]
        assert spec["template"]["metadata"]["labels"] == spec["selector"]["matchLabels"]


def test_each_worker_has_a_card_of_its_vendor_a_volume_and_probes() -> None:
    for accelerator, limits in (
        (Accelerator.NVIDIA, {"nvidia.com/gpu": 1}),
        (Accelerator.ROCM, {"amd.com/gpu": 1}),
        (Accelerator.CPU, None),
    ):
        found = objects(kubernetes(pools(), accelerator))
        (container,) = pod(found)["containers"]
        assert container.get("resources", {}).get("limits") == limits
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys()
        assert container["volumeMounts"] == [{"name": "data", "mountPath": "/root/.ollama"}]
        (claim,) = found["StatefulSet", "chat"]["spec"]["volumeClaimTemplates"]
        assert claim["metadata"]["name"] == "data"


def test_the_cards_store_and_pruning_of_this_machine_stay_here() -> None:
    own = {"OLLAMA_MODELS": "/data", "CUDA_VISIBLE_DEVICES": "1", "HIP_VISIBLE_DEVICES": "-1"}
    (container,) = pod(objects(kubernetes(pools(own))))["containers"]
    assert variables(container).keys() == {
        "OLLAMA_NUM_PARALLEL",
        "OLLAMA_CONTEXT_LENGTH",
        "OLLAMA_HOST",
        "HIP_VISIBLE_DEVICES",
    }


def test_pools_whose_names_are_no_labels_have_names_of_their_own() -> None:
    chat, _ = pools().pools
    settings = Settings(
        pools=tuple(
            msgspec.structs.replace(chat, name=PoolName(name), workers=1) for name in ("a_b", "a-b", "c_", "ollama")
        )
    )
    found = objects(kubernetes(settings))
    assert [name for kind, name in found if kind == "StatefulSet"] == ["a-b", "a-b-2", "c", "ollama-2"]


def test_a_key_is_needed_only_if_it_always_is() -> None:
    for rule, needed in ((KeyRule.ALWAYS, True), (KeyRule.AUTO, False), (KeyRule.NEVER, False)):
        settings = msgspec.structs.replace(pools(), proxy=ProxySettings(require_key=rule))
        export = kubernetes(settings)
        assert ("deny_status 401 unless known_key" in export.files[-1].text) is needed
        assert any("sha256sum" in step.command for step in export.steps) is needed


@pytest.mark.parametrize(
    ("accelerator", "why"), [(Accelerator.METAL, "GPU of a Mac"), (Accelerator.VULKAN, "nvidia, rocm or cpu")]
)
def test_a_card_that_no_cluster_gives_is_refused_in_a_sentence(accelerator: Accelerator, why: str) -> None:
    with pytest.raises(PanelError, match=why):
        kubernetes(pools(), accelerator)


PROGRAM = """\
#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
case "$1" in
    serve) test -z "$NO_SERVER" && exec sleep 60 ;;
    ps) test -z "$NO_SERVER" ;;
    pull) test "$2" != missing ;;
esac
"""


def pulled(tmp_path: Path, *models: str, no_server: str = "") -> tuple[int, list[str]]:
    """Run what a worker does before it starts, with an `ollama` that logs; return its status and the pulls."""
    (before,) = pod(objects(kubernetes(with_models(*models))))["initContainers"]
    program = tmp_path / "ollama"
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    log = tmp_path / "log"
    log.touch()
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOG": str(log), "NO_SERVER": no_server}
    command = [expanded(word, {}) for word in (*before["command"], *before["args"])]
    child = subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL, timeout=60)
    lines = log.read_text(encoding="utf-8").splitlines()
    return child.returncode, [line for line in lines if line.startswith("pull")]


def test_a_worker_pulls_its_models_before_it_is_ready(tmp_path: Path) -> None:
    assert pulled(tmp_path, "llama3.1:8b", "$(id) `id` 'a", "gpt-oss:120b-cloud") == (
        0,
        ["pull llama3.1:8b", "pull $(id) `id` 'a"],
    )


def test_a_worker_does_not_start_without_its_models(tmp_path: Path) -> None:
    assert pulled(tmp_path, "missing", "later") == (1, ["pull missing"])
    assert pulled(tmp_path, "llama3.1:8b", no_server="1")[0] == 1


@needs_shellcheck
def test_shellcheck_has_nothing_to_say_on_what_pulls_models(tmp_path: Path) -> None:
    (before,) = pod(objects(kubernetes(with_models("llama3.1:8b"))))["initContainers"]
    script = tmp_path / "models.sh"
    script.write_text("#!/bin/sh\n" + expanded(before["args"][0], {}), encoding="utf-8")
    child = subprocess.run(["shellcheck", "--norc", str(script)], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout) == (0, "")


def test_models_that_nobody_named_are_pulled_by_hand_into_each_volume() -> None:
    pulls = [step.command for step in kubernetes(with_models("llama3.1:8b")).steps if "ollama pull" in step.command]
    assert pulls == ["kubectl --namespace ollama exec embed-1 -- ollama pull nomic-embed-text"]
    assert "initContainers" not in pod(objects(kubernetes(with_models())))
