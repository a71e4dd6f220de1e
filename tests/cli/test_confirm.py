"""The question before a command changes anything."""

import pytest

from ollama_panel.cli.confirm import agreed


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    return monkeypatch


@pytest.mark.parametrize(("typed", "does"), [("y", True), (" Yes ", True), ("", False), ("n", False), ("yo", False)])
def test_only_a_yes_is_one(terminal: pytest.MonkeyPatch, typed: str, does: bool) -> None:
    asked = list[str]()
    terminal.setattr("builtins.input", lambda question: asked.append(question) or typed)
    assert (agreed("Do it?", yes=False), asked) == (does, ["Do it? [y/N] "])


def test_the_end_of_input_is_a_no(terminal: pytest.MonkeyPatch) -> None:
    def ended(_: str) -> str:
        raise EOFError

    terminal.setattr("builtins.input", ended)
    assert not agreed("Do it?", yes=False)


def test_without_a_terminal_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert agreed("Do it?", yes=True)
    assert not agreed("Do it?", yes=False)
    assert "--yes" in capsys.readouterr().err
