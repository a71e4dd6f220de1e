import pytest

from ollama_panel.core.applying.connections import at_work, look

_STATE = "\t cubic wscale:7,7 rto:204 rtt:0.02/0.01 mss:32768 cwnd:10 bytes_sent:9 "


def _socket(times: str) -> str:
    return f"0      0      127.0.0.1:11434      127.0.0.1:50000\n{_STATE}{times}\n"


@pytest.mark.parametrize(
    ("times", "works"),
    [
        ("lastsnd:60000 lastrcv:3000 lastack:3000", True),  # a request is read, nothing was answered yet
        ("lastrcv:8000 lastack:4", True),  # a stream: written a moment ago, to a request of 8 s ago
        ("lastsnd:300 lastrcv:60000 lastack:300", True),
        ("lastsnd:400 lastrcv:401 lastack:400", False),  # a poll that was answered at once
        ("lastsnd:90000 lastrcv:90900 lastack:90000", False),  # kept open after an answer
        ("lastsnd:5 lastrcv:5 lastack:5", False),  # just opened
    ],
)
def test_a_connection_is_at_work_by_what_came_last(times: str, works: bool) -> None:
    assert at_work(_socket(times)) == int(works)


def test_several_connections_are_counted() -> None:
    assert at_work(_socket("lastsnd:9 lastrcv:5") * 2 + _socket("lastsnd:4 lastrcv:5")) == 2
    assert at_work("") == 0


def test_the_question_names_the_port() -> None:
    assert ":11434" in look(11434)
