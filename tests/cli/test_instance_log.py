"""`logs [-f] [-n LINES] INSTANCE` against a stand-in for the panel."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.conftest import Outcome
from tests.cli.stand_in import Asked, Reply, StandIn, reply, standing_in

Panel = Callable[..., Outcome]
LOGS = "GET /panel/v1/instances/chat-1/logs"
KEPT = [f"line {number}" for number in range(301, 1001)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.replies[LOGS] = answer
        yield stand_in


def answer(asked: Asked) -> Reply:
    query = parse_qs(urlsplit(asked.path).query)
    if "follow" in query:
        return Reply(content=[b"line 1001\nline", b" 1002 \xe2\x80\xa8 with it\n", b"\xff\n"])
    after = int(query["after"][0]) if "after" in query else 800
    return reply({"last": 1000, "lines": [line for line in KEPT if int(line.split()[1]) > after]})


@pytest.mark.parametrize(
    ("arguments", "first", "count"),
    [
        ([], "line 801", 200),
        (["-n", "3"], "line 998", 3),
        (["--lines", "500"], "line 501", 500),
        (["-n", "9999"], "line 301", 700),
    ],
)
def test_the_last_lines_are_printed(
    panel: Panel, server: StandIn, tmp_path: Path, arguments: list[str], first: str, count: int
) -> None:
    printed = panel("logs", *arguments, "chat-1", "--state-dir", tmp_path).out.splitlines()
    assert (printed[0], printed[-1], len(printed)) == (first, "line 1000", count)


def test_no_lines_are_none(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert panel("logs", "-n", "0", "chat-1", "--state-dir", tmp_path) == (0, "", "")


def test_the_lines_that_come_follow_those_that_were_there(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("logs", "-f", "-n", "1", "chat-1", "--state-dir", tmp_path)
    assert outcome == (0, "line 1000\nline 1001\nline 1002 \u2028 with it\n\ufffd\n", "")
    assert parse_qs(urlsplit(server.asked[-1].path).query) == {"after": ["1000"], "follow": ["true"]}


def test_a_panel_that_is_gone_ends_it_with_a_sentence(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    follow = Reply(content=[b"line 1001\n"], breaks=True)
    server.replies[LOGS] = lambda asked: follow if "follow" in asked.path else answer(asked)
    outcome = panel("logs", "-f", "-n", "0", "chat-1", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "line 1001\n")
    assert "does not answer" in outcome.err


def test_a_wrong_name_is_the_sentence_of_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    no = "There is no instance chat/1; there are chat-1."
    server.on("GET /panel/v1/instances/chat%2F1/logs", {"error": no, "code": "instance.unknown"}, 404)
    assert panel("logs", "chat/1", "--state-dir", tmp_path) == (1, "", f"{no}\n")


def test_a_terminal_gets_no_commands_from_a_log(
    panel: Panel, server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.on(LOGS, {"last": 1, "lines": ["a\x1b[31mred\tb"]})
    assert panel("logs", "chat-1", "--state-dir", tmp_path).out == "a\x1b[31mred\tb\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert panel("logs", "chat-1", "--state-dir", tmp_path).out == "a[31mred\tb\n"
