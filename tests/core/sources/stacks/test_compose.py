"""Compose files, as Compose reads them."""

import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading

ENV = {"SLOTS": "SLOTS=3\n"}


def compose(text: str, system: str = "", **files: str) -> Reading:
    return reading(SourceKind.COMPOSE, text, path="compose.yaml", system=system, **files)


def service(body: str, name: str = "ollama", image: str = "ollama/ollama") -> str:
    """Return a file with one service; `body` are further lines of it."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"services:\n  {name}:\n    image: {image}\n{lines}"


@pytest.mark.parametrize(
    ("body", "variables"),
    [
        ("environment:\n  - A=1\n  - B=x=y\n  - C=", {"A": "1", "B": "x=y", "C": ""}),
        (
            "environment: {A: 1, B: 'x', C: true, D: 012, E: 1e3, F: on}",
            {"A": "1", "B": "x", "C": "true", "D": "10", "E": "1000", "F": "on"},
        ),
        ("environment: [A=1, A=2]", {"A": "2"}),
        ("environment:\n  A:\n  B: ''", {"B": ""}),
        (
            "environment:\n  A: ${SLOTS:-4}\n  B: ${SLOTS-5}\n  C: $$x\n  D: ${E:-${F:-7}}",
            {"A": "4", "B": "5", "C": "$x", "D": "7"},
        ),
        ("environment:\n  A: >-\n    one\n    two", {"A": "one two"}),
        ("environment:\n  PATH: /bin\n  NVIDIA_VISIBLE_DEVICES: all\n  A: 1", {"A": "1"}),
    ],
)
def test_a_server_gets_what_compose_makes_of_its_variables(body: str, variables: dict[str, str]) -> None:
    assert compose(service(body)).variables == variables


def test_env_fills_the_file_and_env_file_comes_before_environment() -> None:
    found = compose(
        service("env_file: [ollama.env]\nenvironment:\n  - A=${SLOTS}\n  - SLOTS"),
        ollama__env='export A=9\nB="two # words" # comment\nC=one # comment\n',
        __env="SLOTS=3\n",
    )
    assert found.variables == {"A": "3", "B": "two # words", "C": "one", "SLOTS": "3"}
    overruled = [one for one in found.servers[0].assignments if one.fate is Fate.OVERRULED]
    assert [(one.name, one.value, one.place.path, one.place.line) for one in overruled] == [("A", "9", "ollama.env", 1)]


def test_anchors_merges_and_extends_are_followed() -> None:
    found = compose("""\
        x-env: &env {A: 1, B: 2}
        services:
          base: &base
            image: ollama/ollama
            environment: {<<: *env, B: 3}
            profiles: [never]
          one:
            extends: base
            profiles: !reset []
            environment: {C: 4}
          two:
            <<: *base
            profiles: []
    """)
    assert [one.variables for one in found.servers] == [{"A": "1", "B": "3", "C": "4"}, {"A": "1", "B": "3"}]
    assert found.servers[0].assignments[0].place.text == "x-env: &env {A: 1, B: 2}"


def test_a_file_that_overrides_adds_to_the_variables_of_a_service() -> None:
    found = compose(
        service("environment: [A=1, B=1]"),
        docker__override="services: {ollama: {environment: {B: 2, C: 3}, mem_limit: 4g}}",
    )
    assert found.variables == {"A": "1", "B": "2", "C": "3"}
    assert found.servers[0].memory_limit == 4 * 1024**3


def test_a_server_has_its_ports_its_card_its_memory_and_its_folders() -> None:
    [server] = compose("""\
        services:
          ollama:
            container_name: gpt
            image: docker.io/ollama/ollama:0.32.0
            ports: ["127.0.0.1:11435:11434", "8080:80", {target: 11434, published: "11436"}, "[::1]:1-2:11433-11434"]
            volumes: ["/srv/ollama:/root/.ollama", "data:/data", {type: bind, source: ./x, target: /x}]
            deploy:
              resources:
                limits: {memory: 5G}
                reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}
    """).servers
    assert (server.name, server.image) == ("gpt", "docker.io/ollama/ollama:0.32.0")
    assert server.ports == ("127.0.0.1:11435", "11436", "[::1]:2")
    assert (server.gpu, server.memory_limit) == (True, 5 * 1024**3)
    assert server.folders == {"/root/.ollama": "/srv/ollama", "/x": "./x"}


@pytest.mark.parametrize(
    ("body", "gpu"),
    [
        ("gpus: all", True),
        ("runtime: nvidia", True),
        ("devices: ['/dev/kfd:/dev/kfd', /dev/dri]", True),
        ("environment: [NVIDIA_VISIBLE_DEVICES=all]", None),
        ("mem_limit: 5g", False),
    ],
)
def test_whether_a_service_is_given_a_card(body: str, gpu: bool | None) -> None:
    assert compose(service(body)).servers[0].gpu is gpu


def test_a_service_of_another_program_is_a_client() -> None:
    found = compose("""\
        services:
          webui:
            image: ghcr.io/open-webui/open-webui:main
            environment: {OLLAMA_BASE_URL: "http://ollama:11434", WEBUI_NAME: x}
          pull:
            image: ollama/ollama
            entrypoint: /bin/sh
            command: -c "sleep 3; OLLAMA_HOST=ollama:11434 ollama pull bge-m3"
          ollama:
            image: ollama/ollama
    """)
    assert [(one.name, one.models) for one in found.servers] == [("ollama", ("bge-m3",))]
    assert [(one.name, one.fate) for one in found.others] == [("OLLAMA_BASE_URL", Fate.CLIENT)]
    assert codes(found) == []


def test_a_server_in_the_image_of_another_program_is_one() -> None:
    found = compose(service("environment: [A=1]\nports: ['3000:8080']", "web", "ghcr.io/open-webui/open-webui:ollama"))
    assert (found.variables, codes(found)) == ({"A": "1"}, [])


def test_services_with_profiles_start_only_with_these() -> None:
    text = "services: {a: {image: ollama/ollama, profiles: [cpu], environment: [A=1]}, %s}"
    beside = text % "b: {image: ollama/ollama, environment: [A=2]}"
    assert [one.name for one in compose(beside).servers] == ["b"]
    assert [one.fate for one in compose(beside).others] == [Fate.IGNORED]
    assert [one.name for one in compose(beside, __env="COMPOSE_PROFILES=cpu").servers] == ["a", "b"]
    alone = text % "b: {image: ollama/ollama, profiles: [gpu]}"
    assert [one.name for one in compose(alone).servers] == ["a", "b"]


def test_replicas_are_servers_of_their_own() -> None:
    assert [one.name for one in compose(service("deploy: {replicas: 2}")).servers] == ["ollama-1", "ollama-2"]
    assert compose(service("deploy: {replicas: 0}")).servers == ()


MISTAKES = [
    ("no-gpu-in-container", "platform: linux/arm64", ""),
    ("no-gpu-in-container", "mem_limit: 5g", "Darwin"),
    ("no-gpu-in-container", "environment: [NVIDIA_VISIBLE_DEVICES=all]", "Darwin"),
    ("quotes-inside", 'environment:\n  - OLLAMA_KEEP_ALIVE="24h"', ""),
    ("quotes-inside", "environment:\n  - OLLAMA_KEEP_ALIVE='24h'", ""),
    ("quotes-inside", "environment: ['OLLAMA_KEEP_ALIVE=\"24h\"']", ""),
    ("blank-around-equals", "environment:\n  - OLLAMA_NUM_PARALLEL = 4", ""),
    ("blank-around-equals", "environment:\n  - 'OLLAMA_NUM_PARALLEL =4'", ""),
    ("blank-around-equals", 'environment: ["OLLAMA_NUM_PARALLEL\\t= 4"]', ""),
    ("loopback-in-container", "environment: [OLLAMA_HOST=127.0.0.1]", ""),
    ("loopback-in-container", "environment: {OLLAMA_HOST: 'localhost:11434'}", ""),
    ("loopback-in-container", "environment:\n  - OLLAMA_HOST=http://[::1]:11434\nports: ['11434:11434']", ""),
    ("wrong-port", "ports: ['11434:8080']", ""),
    ("wrong-port", "ports: ['11434:11434']\nenvironment: [OLLAMA_HOST=0.0.0.0:11435]", ""),
    ("wrong-port", "ports: [{target: 80, published: 11434}]", ""),
    ("unset-variable", "environment: ['OLLAMA_NUM_PARALLEL=${SLOTS}']", ""),
    ("unset-variable", "environment: {OLLAMA_NUM_PARALLEL: $SLOTS}", ""),
    ("unset-variable", "environment: {OLLAMA_NUM_PARALLEL: '${SLOTS:?}'}", ""),
    ("not-expanded", "environment: {OLLAMA_ORIGINS: 'http://a$'}", ""),
    ("not-expanded", "environment: ['OLLAMA_ORIGINS=$(hostname)']", ""),
    ("not-expanded", "environment: {OLLAMA_ORIGINS: '${}'}", ""),
    ("wrong-shape", "environment:\n  - OLLAMA_NUM_PARALLEL: 4", ""),
    ("wrong-shape", "environment:\n  - {OLLAMA_NUM_PARALLEL: 4}", ""),
    ("wrong-shape", "environment:\n  - OLLAMA_NUM_PARALLEL:\n      4", ""),
    ("duplicate-key", "environment: [OLLAMA_NUM_PARALLEL=4]\nenvironment: [OLLAMA_MAX_QUEUE=5]", ""),
    ("duplicate-key", "environment:\n  OLLAMA_NUM_PARALLEL: 4\n  OLLAMA_NUM_PARALLEL: 5", ""),
    ("duplicate-key", "image: ollama/ollama:0.32.0", ""),
    ("unreadable-file", "env_file: ollama.env", ""),
    ("unreadable-file", "env_file: [a/ollama.env]", ""),
    ("unreadable-file", "env_file: [{path: ollama.env, required: true}]", ""),
]


@pytest.mark.parametrize(("code", "body", "system"), MISTAKES)
def test_a_mistake_is_named_and_is_gone_from_what_mends_it(code: str, body: str, system: str) -> None:
    found = compose(service(body), system)
    assert codes(found) == [code]
    mended = found.mistakes[0].mended
    if mended is not None:
        assert codes(compose(mended, system)) == []


@pytest.mark.parametrize(
    ("body", "system"),
    [
        ("platform: linux/arm64\ngpus: all", ""),
        ("platform: linux/arm64\nmem_limit: 5g", "Linux"),
        ('environment:\n  OLLAMA_KEEP_ALIVE: "24h"', ""),
        ('environment:\n  - "OLLAMA_KEEP_ALIVE=24h"', ""),
        ("environment: ['OLLAMA_HOST=127.0.0.1']\nnetwork_mode: host", ""),
        ("environment: [OLLAMA_HOST=0.0.0.0:11435]\nports: ['11434:11435']", ""),
        ("ports: ['80:80', '11434:11434']", ""),
        ("environment: {OLLAMA_NUM_PARALLEL: '${SLOTS:-4}'}", ""),
        ("environment: {OLLAMA_KEEP_ALIVE: '${KEEP:-}'}", ""),
        ("environment: {X_A: 'a$$'}", ""),
        ("env_file: [{path: ollama.env, required: false}]", ""),
    ],
)
def test_what_is_right_is_silent(body: str, system: str) -> None:
    assert codes(compose(service(body), system)) == []


@pytest.mark.parametrize("line", ["OLLAMA_NUM_PARALLEL=4", "export OLLAMA_KEEP_ALIVE=1h", 'OLLAMA_MAX_QUEUE: "5"'])
def test_what_is_in_env_alone_reaches_no_container(line: str) -> None:
    found = compose(service("environment: [A=1]"), __env=f"# for Ollama\n{line}\n")
    assert codes(found) == ["not-passed-on"]
    assert [(one.fate, one.place.line) for one in found.others] == [(Fate.IGNORED, 2)]


def test_what_is_in_env_and_named_in_the_file_is_passed_on() -> None:
    env = "OLLAMA_NUM_PARALLEL=4\nOLLAMA_BASE_URL=http://x\nPORT=3\n"
    for body in ("env_file: .env", "environment: [OLLAMA_NUM_PARALLEL]", "environment: {A: '${OLLAMA_NUM_PARALLEL}'}"):
        assert codes(compose(service(body), __env=env)) == []


@pytest.mark.parametrize("name", ["OLLAMA_NUM_PARALLEL", "OLLAMA_KEEP_ALIVE", "OLLAMA_MAX_LOADED_MODELS"])
def test_a_variable_of_the_server_at_a_client_does_nothing(name: str) -> None:
    found = compose(service(f"environment: ['{name}=4', 'OLLAMA_HOST=http://x']", "web", "open-webui"))
    assert (codes(found), found.servers) == (["client-side"], ())


@pytest.mark.parametrize("text", ["services: [", "\tx", "a: b", "", "{" * 3000, "services:\n  a: *b\n"])
def test_what_is_no_compose_file_says_so(text: str) -> None:
    assert compose(text).problem is not None


def test_an_anchor_that_holds_itself_ends() -> None:
    assert compose("services: &a\n  ollama: {image: ollama/ollama, <<: *a, environment: *a}\n").problem is None
