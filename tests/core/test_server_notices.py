"""What is told of found servers."""

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices.render import render
from ollama_panel.core.server_notices import of_log, of_owner
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner, OwnerKind


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        (Owner(OwnerKind.PANEL), "this panel"),
        (Owner(OwnerKind.USER_UNIT, "llm.service", "llm.service", user_unit=True), "systemd of the user: llm.service"),
        (Owner(OwnerKind.DESKTOP_APP, "Ollama"), "the Ollama app"),
        (Owner(OwnerKind.BY_HAND, "bash"), "by hand, in bash"),
        (Owner(OwnerKind.BY_HAND), "by hand"),
        (Owner(), "unknown"),
    ],
)
def test_the_owner_in_words(owner: Owner, words: str) -> None:
    assert render(of_owner(owner)) == words


@pytest.mark.parametrize("kind", OwnerKind)
def test_every_owner_has_words(kind: OwnerKind) -> None:
    assert render(of_owner(Owner(kind, "name")))


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (LogSource(LogKind.FILE, "/var/log/ollama.log"), "the file /var/log/ollama.log"),
        (LogSource(LogKind.JOURNAL, command="journalctl -u a.service"), "shown by journalctl -u a.service"),
        (LogSource(LogKind.TERMINAL, "/dev/pts/4"), "the terminal /dev/pts/4"),
        (LogSource(LogKind.NOTHING), "thrown away"),
        (LogSource(LogKind.PANEL), "kept by the panel: ollama-panel logs chat-1"),
    ],
)
def test_the_log_in_words(log: LogSource, words: str) -> None:
    told = of_log(FoundServer("7", 7, 0.0, Owner(), log=log, instance=InstanceId("chat-1")))
    assert told is not None
    assert render(told) == words


def test_a_log_that_nothing_tells() -> None:
    assert of_log(FoundServer("7", 7, 0.0, Owner())) is None
