import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading


def helm(text: str) -> Reading:
    return reading(SourceKind.HELM, text, path="values.yaml")


def test_values_of_the_chart_are_a_server() -> None:
    [server, again] = helm("""\
        replicaCount: 2
        image: {tag: 0.32.0}
        ollama:
          gpu: {enabled: true, type: nvidia}
          models: {pull: [a, b], run: [a], create: [{name: c}]}
        extraEnv:
          - {name: A, value: "1"}
          - {name: A, value: "2"}
        resources: {limits: {memory: 8Gi}}
        service: {type: NodePort, nodePort: 31434}
    """).servers
    assert again == server
    assert (server.variables, server.models, server.gpu) == ({"A": "2"}, ("a", "b", "c"), True)
    assert (server.image, server.memory_limit, server.ports) == ("ollama/ollama:0.32.0", 8 * 1024**3, ("31434",))


def test_the_chart_may_be_a_part_of_another() -> None:
    found = helm("""\
        ollama:
          enabled: true
          ollama: {gpu: {enabled: false}, models: [a]}
          extraEnv: [{name: A, value: x}]
        extraEnvVars: [{name: OLLAMA_BASE_URL, value: http://x}]
    """)
    assert [(one.name, one.variables, one.models, one.gpu) for one in found.servers] == [
        ("ollama", {"A": "x"}, ("a",), False)
    ]
    assert [(one.name, one.fate) for one in found.others] == [("OLLAMA_BASE_URL", Fate.CLIENT)]


def test_a_part_that_is_not_enabled_starts_nothing() -> None:
    found = helm("ollama: {enabled: false, extraEnv: [{name: A, value: x}]}")
    assert (found.servers, [one.fate for one in found.others]) == ((), [Fate.IGNORED])


@pytest.mark.parametrize(
    "text",
    [
        "ollama: {models: []}\nextraEnv: []",
        "image: {repository: ollama/ollama}\nextraEnvVars: [{name: A, value: x}]",
        "env: {OLLAMA_NUM_PARALLEL: 4}",
    ],
)
def test_other_charts_of_ollama_are_known(text: str) -> None:
    assert len(helm(text).servers) == 1


@pytest.mark.parametrize(
    ("code", "entries"),
    [
        ("number-not-text", "[{name: OLLAMA_NUM_PARALLEL, value: 2}]"),
        ("number-not-text", "[{name: OLLAMA_FLASH_ATTENTION, value: yes}]"),
        ("number-not-text", "[{name: OLLAMA_KEEP_ALIVE, value: -1}]"),
        ("wrong-shape", "{OLLAMA_NUM_PARALLEL: '2'}"),
        ("wrong-shape", "\n  OLLAMA_NUM_PARALLEL: '2'"),
        ("wrong-shape", "{name: OLLAMA_NUM_PARALLEL, value: '2'}"),
    ],
)
def test_a_mistake_is_named_and_is_gone_from_what_mends_it(code: str, entries: str) -> None:
    found = helm(f"ollama: {{models: []}}\nextraEnv: {entries}\n")
    assert codes(found) == [code]
    mended = found.mistakes[0].mended
    if mended is not None:
        assert codes(helm(mended)) == []


@pytest.mark.parametrize("entries", ["{}", "[]", "[{name: OLLAMA_NUM_PARALLEL, value: '2'}]"])
def test_what_is_right_is_silent(entries: str) -> None:
    assert codes(helm(f"ollama: {{models: []}}\nextraEnv: {entries}\n")) == []


@pytest.mark.parametrize("text", ["", "a: [", "replicaCount: 1", "ollama: x"])
def test_what_is_no_chart_of_ollama_says_so(text: str) -> None:
    assert helm(text).problem is not None
