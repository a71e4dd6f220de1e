"""Objects of Kubernetes, as the kubelet takes them."""

from textwrap import indent

import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading


def kubernetes(text: str, **files: str) -> Reading:
    return reading(SourceKind.KUBERNETES, text, path="ollama.yaml", **files)


def pod(env: str, image: str = "ollama/ollama", more: str = "") -> str:
    """Return a Deployment; `env` are the lines of its list of variables, `more` further lines of its container."""
    container = f"- name: main\n  image: {image}\n{indent(more, '  ')}\n  env:\n{indent(env, '    ')}\n"
    return f"""\
kind: Deployment
metadata: {{name: llm}}
spec:
  template:
    metadata: {{labels: {{app: llm, tier: x}}}}
    spec:
      containers:
{indent(container, "        ")}"""


def test_variables_come_from_everywhere_in_the_order_of_the_kubelet() -> None:
    found = kubernetes(
        pod(
            """\
- {name: B, value: "2"}
- {name: C, value: "$(B)-$$(B)"}
- {name: D, valueFrom: {secretKeyRef: {name: keys, key: d}}}
- {name: E, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- name: F""",
            more="envFrom:\n- configMapRef: {name: settings}\n- {prefix: P_, configMapRef: {name: settings}}",
        )
        + """
---
{kind: ConfigMap, metadata: {name: settings}, data: {A: "1", B: "1"}}
---
{kind: Secret, metadata: {name: keys}, data: {d: c2VjcmV0}}
"""
    )
    assert found.variables == {
        "A": "1",
        "P_A": "1",
        "P_B": "1",
        "B": "2",
        "C": "2-$(B)",
        "D": "secret",
        "F": "",
    }
    assert [(one.name, one.fate) for one in found.servers[0].assignments if one.fate is not Fate.TAKEN] == [
        ("B", Fate.OVERRULED),
        ("E", Fate.IGNORED),
    ]


def test_what_kustomize_makes_is_known() -> None:
    found = kubernetes(
        pod("[]", more="envFrom: [{configMapRef: {name: settings}}]"),
        kustomization__yaml="configMapGenerator: [{name: settings, literals: ['A=\"1\"'], envs: [ollama.env]}]",
        ollama__env="B=2\n",
    )
    assert found.variables == {"A": "1", "B": "2"}


def test_a_server_has_its_card_memory_ports_folders_and_models() -> None:
    found = kubernetes("""\
        kind: List
        items:
        - kind: StatefulSet
          metadata: {name: llm}
          spec:
            replicas: 2
            template:
              metadata: {labels: {app: llm}}
              spec:
                initContainers: [{name: pull, image: ollama/ollama, command: [sh, -c, "ollama pull a:1b"]}]
                volumes: [{name: data, hostPath: {path: /srv}}, {name: x, emptyDir: {}}]
                containers:
                - name: ollama
                  image: ollama/ollama:0.32.0
                  ports: [{name: http, containerPort: 11434, hostPort: 80}]
                  resources: {limits: {nvidia.com/gpu: 1, memory: 8Gi}}
                  volumeMounts: [{name: data, mountPath: /root/.ollama}, {name: x, mountPath: /x}]
        - kind: Service
          spec: {type: NodePort, selector: {app: llm}, ports: [{port: 11434, targetPort: http, nodePort: 30000}]}
    """)
    assert [one.name for one in found.servers] == ["llm-1", "llm-2"]
    server = found.servers[0]
    assert (server.gpu, server.memory_limit, server.ports) == (True, 8 * 1024**3, ("80", "30000"))
    assert (server.folders, server.models) == ({"/root/.ollama": "/srv"}, ("a:1b",))


def test_containers_of_other_programs_are_clients() -> None:
    found = kubernetes(pod("[{name: OLLAMA_BASE_URL, value: http://llm}, {name: X, value: y}]", "open-webui"))
    assert (found.servers, [one.fate for one in found.others], codes(found)) == ((), [Fate.CLIENT], [])


@pytest.mark.parametrize(
    ("code", "env"),
    [
        ("number-not-text", "- {name: OLLAMA_NUM_PARALLEL, value: 2}"),
        ("number-not-text", "- name: OLLAMA_FLASH_ATTENTION\n  value: true"),
        ("number-not-text", "- name: OLLAMA_FLASH_ATTENTION\n  value: on # a boolean of YAML 1.1"),
        ("number-not-text", "- {name: OLLAMA_KEEP_ALIVE, value: -1}"),
        ("unset-variable", "- {name: OLLAMA_ORIGINS, value: $(LATER)}\n- {name: LATER, value: x}"),
        ("unset-variable", '- name: OLLAMA_ORIGINS\n  value: "http://$(HOST)"'),
        ("unset-variable", "- {name: OLLAMA_MODELS, value: /data/$(POD)/models}"),
        ("loopback-in-container", '- {name: OLLAMA_HOST, value: "127.0.0.1:11434"}'),
        ("loopback-in-container", "- {name: OLLAMA_HOST, value: localhost}"),
        ("loopback-in-container", '- name: OLLAMA_HOST\n  value: "[::1]"'),
    ],
)
def test_a_mistake_is_named_and_is_gone_from_what_mends_it(code: str, env: str) -> None:
    found = kubernetes(pod(env))
    assert codes(found) == [code]
    mended = found.mistakes[0].mended
    assert (mended is not None) is (code == "number-not-text")
    if mended is not None:
        assert codes(kubernetes(mended)) == []
        assert kubernetes(mended).servers[0].assignments[0].name in env


@pytest.mark.parametrize("name", ["OLLAMA_NUM_PARALLEL", "OLLAMA_KEEP_ALIVE", "OLLAMA_MAX_QUEUE"])
def test_a_variable_of_the_server_at_a_client_does_nothing(name: str) -> None:
    assert codes(kubernetes(pod(f'- {{name: {name}, value: "4"}}', "open-webui"))) == ["client-side"]


def test_a_number_of_a_config_map_is_none_either() -> None:
    found = kubernetes(
        pod("[]", more="envFrom: [{configMapRef: {name: a}}]")
        + "\n---\n{kind: ConfigMap, metadata: {name: a}, data: {OLLAMA_NUM_PARALLEL: 4}}"
    )
    assert (codes(found), found.variables) == (["number-not-text"], {"OLLAMA_NUM_PARALLEL": "4"})


@pytest.mark.parametrize("value", ['"2"', "'on'", "24h", "!!str 2", "", "$$(X)", "1.2.3"])
def test_what_is_a_text_is_silent(value: str) -> None:
    assert codes(kubernetes(pod(f"- {{name: OLLAMA_ORIGINS, value: {value}}}"))) == []


@pytest.mark.parametrize("text", ["a: {{ .Values.x }}", "kind: Namespace", "", "3", "- 1"])
def test_what_has_no_pods_says_so(text: str) -> None:
    assert kubernetes(text).problem is not None


def test_objects_that_hold_themselves_end() -> None:
    assert kubernetes("kind: Pod\nspec: &a {x: *a, containers: [{name: ollama, image: ollama/ollama}]}").servers
