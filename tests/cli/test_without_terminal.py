"""A sentence for somebody who started the program from an icon."""

from collections.abc import Sequence

import pytest

from ollama_panel.cli import without_terminal

SENTENCE = "Type this: sudo apt-get install libxcb-cursor0"


def shown(*programs: str, environ: dict[str, str], system: str = "linux") -> list[str]:
    """Return the command that shows the sentence on a system with some programs, [] if there is none."""
    started: list[Sequence[str]] = []
    done = without_terminal.show(
        SENTENCE, environ, lambda name: f"/usr/bin/{name}" if name in programs else None, started.append, system
    )
    assert done is bool(started)
    return [*started[0]] if started else []


@pytest.mark.parametrize("program", ["zenity", "kdialog", "notify-send", "xmessage"])
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_the_whole_sentence_is_shown_by_a_program_of_the_desktop(program: str, variable: str) -> None:
    command = shown(program, environ={variable: "x"})
    assert command[0] == program
    assert command[-1].endswith(SENTENCE)


def test_a_dialog_that_stays_is_preferred_to_a_notification() -> None:
    assert shown("xmessage", "notify-send", "zenity", environ={"DISPLAY": ":0"})[0] == "zenity"


def test_without_a_display_or_a_program_nothing_is_started() -> None:
    assert shown("zenity", environ={}) == []
    assert shown(environ={"DISPLAY": ":0"}) == []


def test_macos_shows_an_alert_that_gets_the_sentence_as_an_argument() -> None:
    command = shown("osascript", environ={}, system="darwin")
    assert command[0] == "osascript"
    assert command[-1] == SENTENCE
    assert command[1:-1:2] == ["-e", "-e", "-e"]
    assert not any(SENTENCE in line for line in command[:-1])


def test_windows_shows_a_message_box(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes: list[str] = []
    monkeypatch.setattr(without_terminal, "_message_box", lambda sentence: boxes.append(sentence) is None)
    assert without_terminal.show(SENTENCE, {}, system="win32")
    assert boxes == [SENTENCE]
