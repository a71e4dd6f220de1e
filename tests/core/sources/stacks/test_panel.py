import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.export.samples import exported, instances, pools
from tests.core.sources.reading import reading


def panel(text: str) -> Reading:
    return reading(SourceKind.PANEL, text, path="settings.json")


def test_the_export_has_the_workers_as_they_are() -> None:
    settings = pools({"A": "1"})
    found = panel(exported("json", settings).text)
    workers = instances(settings)
    assert [(one.name, one.variables) for one in found.servers] == [(one.id, one.environment) for one in workers]
    assert [one.models for one in found.servers] == [("llama3.1:8b",)] * 2 + [("nomic-embed-text",)]


def test_settings_have_the_workers_of_their_pools() -> None:
    found = panel(codec.dump(pools({"A": "1"})).decode())
    assert [one.name for one in found.servers] == ["chat-1", "chat-2", "embed-1"]
    assert found.servers[0].variables == {"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_CONTEXT_LENGTH": "8192", "A": "1"}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"settings": {}}'])
def test_what_is_not_of_the_panel_says_so(text: str) -> None:
    assert panel(text).problem is not None


@pytest.mark.parametrize("text", ['{"pools": 3}', '{"instances": [3]}', '{"pools": [{"name": 4}]}'])
def test_wrong_types_are_no_error(text: str) -> None:
    panel(text)
