import pytest

from ollama_panel.core.client_rules import ClientRule, lasting_name, rule_of, with_rule
from ollama_panel.core.ids import ClientId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import Settings

FLOOD = ClientId("rag_indexer.py (pid 4711)")
BATCH = ClientRule(RequestClass.BATCH, 0.5, 2)


@pytest.mark.parametrize(
    ("client", "name"),
    [
        ("rag_indexer.py (pid 4711)", "rag_indexer.py"),
        ("a (b) (pid 12)", "a (b)"),
        ("two\nlines (pid 12)", "two\nlines"),
        ("pid 4711", "pid 4711"),  # a process without a name
        ("the key", "the key"),
        ("local/ann", "local/ann"),
        ("192.168.1.7", "192.168.1.7"),
        ("(pid 4711)", "(pid 4711)"),
    ],
)
def test_only_the_number_of_a_process_does_not_last(client: str, name: str) -> None:
    assert lasting_name(ClientId(client)) == name


def test_a_rule_holds_for_all_processes_of_a_name() -> None:
    settings = with_rule(Settings(), FLOOD, BATCH)
    assert rule_of(settings.scheduling, ClientId("rag_indexer.py (pid 1)")) == BATCH
    assert rule_of(settings.scheduling, ClientId("rag_indexer")) == ClientRule()


def test_what_a_rule_leaves_open_is_not_in_the_settings() -> None:
    others = with_rule(Settings(), ClientId("editor"), ClientRule(weight=2.0))
    assert with_rule(with_rule(others, FLOOD, BATCH), FLOOD, ClientRule()) == others
    assert others.scheduling.weights == {"editor": 2.0}
    assert with_rule(others, ClientId("editor"), ClientRule()) == Settings()
