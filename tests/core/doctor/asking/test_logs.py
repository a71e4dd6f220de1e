"""Logs: how they are asked for, and what of them is kept."""

import pytest

from ollama_panel.core.doctor.asking.logs import logs, logs_of
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner, OwnerKind

CONFIG = 'time=2026-11-30T20:00:00Z level=INFO source=routes.go:1 msg="server config" env="map[{}]"'
WARNING = 'time=2026-11-30T20:00:01Z level=WARN source=x.go:1 msg="odd" url=http://me:pass@proxy'


def test_the_settings_of_the_last_run_and_what_came_after() -> None:
    text = "\n".join(
        (
            CONFIG.format("OLLAMA_NUM_PARALLEL:1"),
            WARNING,
            CONFIG.format("OLLAMA_NUM_PARALLEL:4 HTTPS_PROXY:http://me:pass@proxy"),
            "some words of nobody",
            WARNING,
            'level=ERROR msg="the secret is s3cr3t-value"',
        )
    )
    (log,) = logs_of([Block("log", ("7",), text)], {7: {"OLLAMA_API_KEY": "s3cr3t-value"}})
    assert log.configured["OLLAMA_NUM_PARALLEL"] == "4"
    assert len(log.lines) == 2
    assert "pass" not in str(log)
    assert "s3cr3t" not in str(log)


def test_a_log_that_says_nothing_is_none() -> None:
    assert logs_of([Block("log", ("7",), "\n"), Block("log", (), "x")], {}) == ()


@pytest.mark.parametrize(
    ("log", "kind", "asked"),
    [
        (LogSource(LogKind.FILE, "/a b.log"), OwnerKind.BY_HAND, "if [ -r '/a b.log' ]"),
        (LogSource(LogKind.JOURNAL, command="x"), OwnerKind.SYSTEM_UNIT, "_PID=7"),
        (LogSource(LogKind.CONTAINER), OwnerKind.PODMAN, "podman logs --tail"),
    ],
)
def test_each_log_is_asked_for_where_it_is(log: LogSource, kind: OwnerKind, asked: str) -> None:
    assert asked in logs([FoundServer("7", 7, 0.0, Owner(kind, "llm"), log=log)])


def test_a_log_that_is_nowhere_is_not_asked_for() -> None:
    terminal = LogSource(LogKind.TERMINAL, "/dev/pts/1")
    servers = [FoundServer("7", 7, 0.0, Owner(), log=terminal), FoundServer("8", 8, 0.0, Owner())]
    assert "say log" not in logs(servers)
