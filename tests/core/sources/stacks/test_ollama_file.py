import pytest

from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.reading import codes, reading


def ollama_file(text: str) -> Reading:
    return reading(SourceKind.OLLAMA_FILE, text, path="~/.ollama/server.json")


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ('{"disable_ollama_cloud": true}', {"OLLAMA_NO_CLOUD": "1"}),
        ('{"disable_ollama_cloud": false}', {}),
        ('{"disable_ollama_cloud": null, "other": 1}', {}),
        ("{}", {}),
        ("[]", {}),
    ],
)
def test_it_has_one_setting(text: str, variables: dict[str, str]) -> None:
    found = ollama_file(text)
    assert (found.variables, codes(found)) == (variables, [])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("wrong-shape", '{"disable_ollama_cloud": "true"}'),
        ("wrong-shape", '{"disable_ollama_cloud": 1}'),
        ("wrong-shape", '{"disable_ollama_cloud": "no"}'),
        ("ignored-key", '{"OLLAMA_NUM_PARALLEL": 4}'),
        ("ignored-key", '{\n"num_parallel": 4}'),
        ("ignored-key", '{"disable_ollama_cloud": false, "keep-alive": "1h"}'),
    ],
)
def test_a_mistake_is_named(code: str, text: str) -> None:
    found = ollama_file(text)
    assert (codes(found), found.variables) == ([code], {})
    assert found.mistakes[0].place.line == text.count("\n") + 1


def test_what_is_no_json_says_so() -> None:
    assert ollama_file("disable_ollama_cloud: true").problem is not None
