"""Which programs are recognised when they come."""

import pytest

from ollama_panel.core.clients import ClientRecord, Process
from ollama_panel.core.connect.records import Guide, Marks
from ollama_panel.core.connect.seen import guide_of, seen
from ollama_panel.core.ids import ClientId
from ollama_panel.core.notices import notice


def guide(name: str, *processes: str, agents: tuple[str, ...] = ()) -> Guide:
    told = notice("connect.running.code")
    return Guide(name, name, (), "1", "", told, told, told, Marks(processes, agents))


GUIDES = (
    guide("curl", "curl", agents=("curl/",)),
    guide("aider", "aider"),
    guide("openai", agents=("openai/", "asyncopenai/")),
)


def client(process: str = "", agent: str = "") -> ClientRecord:
    known = Process(7, process) if process else None
    return ClientRecord("x", ClientId("x"), process=known, agent=agent, paths=("/api/chat",))


@pytest.mark.parametrize(
    ("process", "agent", "program"),
    [
        ("curl", "curl/8.14", "curl"),
        ("Aider.exe", "", "aider"),
        ("aider", "OpenAI/Python 2.0", "aider"),
        ("notebook", "AsyncOpenAI/Python 2.0", "openai"),
        ("notebook", "python-httpx/0.28", None),
        ("", "", None),
    ],
)
def test_a_program_is_known_by_its_process_and_else_by_what_it_says(
    process: str, agent: str, program: str | None
) -> None:
    found = guide_of(GUIDES, process, agent)
    assert (found.id if found is not None else None) == program


def test_those_that_came_are_seen() -> None:
    assert seen(GUIDES, [client("curl"), client(agent="openai/1"), client("other")]) == {"curl", "openai"}
    assert seen(GUIDES, []) == frozenset()


def test_one_without_a_valid_key_has_not_come() -> None:
    outside = ClientRecord("x", ClientId("x"), agent="openai/1", turned_away=4)
    assert seen(GUIDES, [outside]) == frozenset()
