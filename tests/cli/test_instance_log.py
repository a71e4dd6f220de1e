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


def written(folder: Path, *lines: str, name: str = "chat-1.log") -> None:
    """Write a log as the panel does."""
    path = folder / "logs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"2026-03-02T08:15:00.000+00:00 {line}\n" for line in lines), encoding="utf-8")


def test_older_lines_come_from_the_files(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    written(tmp_path, *(f"line {number}" for number in range(1, 101)), name="chat-1.log.1")
    later = [f"line {number}" for number in range(101, 999)]
    written(tmp_path, *later[:201], "--- Process 7 was started: ollama serve", *later[201:])
    printed = panel("logs", "-n", "9999", "chat-1", "--state-dir", tmp_path).out.splitlines()
    plain = [line for line in printed if " --- " not in line]
    assert [line.rpartition("line ")[2] for line in plain] == [str(number) for number in range(1, 1001)]
    few = panel("logs", "-n", "750", "chat-1", "--state-dir", tmp_path).out.splitlines()
    assert (len(few), few[0]) == (750, "2026-03-02T08:15:00.000+00:00 line 251")


def test_without_a_panel_the_files_are_read(panel: Panel, tmp_path: Path) -> None:
    written(tmp_path, "first", "second", "third")
    outcome = panel("logs", "-n", "2", "chat-1", "--state-dir", tmp_path)
    assert outcome.out == "2026-03-02T08:15:00.000+00:00 second\n2026-03-02T08:15:00.000+00:00 third\n"
    assert (outcome.status, outcome.err) == (
        0,
        f"No panel runs: these are the last lines of {tmp_path / 'logs' / 'chat-1.log'}.\n",
    )


def test_without_a_panel_there_is_nothing_to_follow(panel: Panel, tmp_path: Path) -> None:
    written(tmp_path, "first")
    outcome = panel("logs", "-f", "chat-1", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")


def test_without_a_panel_a_log_that_is_not_there_is_said_with_those_that_are(panel: Panel, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    assert panel("logs", "x-1", "--state-dir", tmp_path).err == f"There is no log of x-1 in {folder}.\n"
    written(tmp_path, "first")
    told = f"There is no log of x-1 in {folder}; there are those of chat-1.\n"
    assert panel("logs", "x-1", "--state-dir", tmp_path) == (1, "", told)
