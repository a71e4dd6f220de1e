import pytest

from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.reading import reading

ALL = {
    "OLLAMA_HOST": "0.0.0.0",
    "OLLAMA_ORIGINS": "*",
    "OLLAMA_MODELS": "/Volumes/x/models",
    "OLLAMA_CONTEXT_LENGTH": "8192",
}


def app(text: str) -> Reading:
    return reading(SourceKind.APP, text, path="db.sqlite")


@pytest.mark.parametrize(
    "text",
    [
        '[{"expose":1,"browser":1,"models":"/Volumes/x/models","context_length":8192,"airplane_mode":0}]',
        '{"settings": {"Expose": true, "Browser": true, "Models": "/Volumes/x/models", "ContextLength": 8192}}',
        "expose = 1\nbrowser = 1\nmodels = /Volumes/x/models\ncontext_length = 8192\nairplane_mode = 0\n",
    ],
)
def test_the_server_gets_what_the_app_sets(text: str) -> None:
    assert app(text).variables == ALL


def test_what_is_not_set_is_not_passed() -> None:
    found = app('[{"expose":0,"browser":0,"models":"","context_length":0}]')
    assert (found.variables, len(found.servers)) == ({}, 1)


def test_an_older_app_had_a_mode_without_the_cloud() -> None:
    found = app("expose = 0\nairplane_mode = 1\n")
    assert found.variables == {"OLLAMA_NO_CLOUD": "1"}
    assert found.servers[0].assignments[0].place.line == 2


@pytest.mark.parametrize("text", ["", "[]", "3", '{"id": "x", "first-time-run": true}'])
def test_what_has_no_settings_says_so(text: str) -> None:
    assert app(text).problem is not None
