"""The programs that use Ollama now, and which of them crowds out the others."""

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.first_run.programs import Program, crowding, programs
from ollama_panel.core.ids import ClientId
from tests.core.first_run.machines import of_service

URL = "http://127.0.0.1:11434"


def past(name: str, connections: int, pid: int | None = None, **more: object) -> BypassRecord:
    return BypassRecord(Origin.PROGRAM, URL, name, pid, connections=connections, **more)  # type: ignore[arg-type]


def test_while_nobody_has_looked_the_programs_are_unknown() -> None:
    assert programs(of_service(bypassing=None)) is None
    assert programs(of_service(bypassing=())) == ()


def test_all_processes_of_a_program_are_one_and_the_largest_comes_first() -> None:
    seen = (past("open-webui", 2, 2210), past("rag_indexer.py", 12, 4121), past("rag_indexer.py", 12, 4122))
    assert programs(of_service(bypassing=seen)) == (
        Program("rag_indexer.py", Origin.PROGRAM, (4121, 4122), 24),
        Program("open-webui", Origin.PROGRAM, (2210,), 2),
    )


def test_another_machine_is_known_by_its_address() -> None:
    seen = (BypassRecord(Origin.NETWORK, URL, address="10.0.0.7", connections=1, requests=8),)
    assert programs(of_service(bypassing=seen)) == (Program("10.0.0.7", Origin.NETWORK, (), 1, 8),)


def test_a_program_that_has_ended_its_connections_is_shown_for_a_minute() -> None:
    gone, just_now = past("rag", 0, last_seen=10.0), past("chat", 0, last_seen=95.0)
    found = programs(of_service(at=100.0, bypassing=(gone, just_now)))
    assert found is not None
    assert [one.name for one in found] == ["chat"]


def test_clients_of_the_panel_come_after_those_past_it() -> None:
    through = ClientRecord("aider", ClientId("aider (pid 7)"), requests=3, running=1)
    found = programs(of_service(bypassing=(past("open-webui", 2),), clients=(through,)))
    assert found is not None
    assert [(one.name, one.past, one.connections) for one in found] == [("open-webui", True, 2), ("aider", False, 1)]


def test_a_program_with_many_more_connections_than_the_others_crowds_them_out() -> None:
    flood, chat = Program("rag", Origin.PROGRAM, connections=24), Program("chat", Origin.PROGRAM, connections=2)
    assert crowding((chat, flood)) == flood
    assert crowding((flood,)) == flood


def test_a_few_connections_or_equal_ones_crowd_nobody_out() -> None:
    assert crowding((Program("chat", Origin.PROGRAM, connections=3),)) is None
    several = [Program(name, Origin.PROGRAM, connections=6) for name in ("a", "b")]
    assert crowding(several) is None
    assert crowding(()) is None


def test_no_rule_can_be_made_for_a_program_without_a_name() -> None:
    assert crowding((Program("", Origin.OTHER_USER, connections=24),)) is None


def test_a_client_of_the_panel_crowds_nobody_out() -> None:
    assert crowding((Program("rag", Origin.PROGRAM, connections=24, past=False),)) is None
