import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.machine.batch import commands_of
from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading


def _batch(text: str) -> Reading:
    return reading(SourceKind.BATCH, "start.bat", text)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("set X_A=1", "1"),
        ("set X_A=1 ", "1 "),
        ("@set X_A=a b", "a b"),
        ('set "X_A=a b"', "a b"),
        ('set "X_A=a b" ', "a b"),
        ('set X_A="a b"', '"a b"'),
        ("SET X_A=a=b", "a=b"),
        ("set X_A=a^&b", "a&b"),
        ("set X_A=1& echo x", "1"),
        ("set B=x\nset X_A=%B%\\y", "x\\y"),
        ("set X_A=%USERPROFILE%\\m", "%USERPROFILE%\\m"),
        ("if not defined X_A set X_A=1", "1"),
        ("set X_A=1\nset X_A=2", "2"),
    ],
)
def test_set_takes_what_follows_the_sign(line: str, value: str) -> None:
    assert _batch(f"{line}\nollama serve\n").variables["X_A"] == value


@pytest.mark.parametrize(
    "line",
    [
        "ollama serve",
        "start ollama serve",
        'start "Ollama" /B "C:\\Program Files\\Ollama\\ollama.exe" serve',
        'start "" "%LOCALAPPDATA%\\Programs\\Ollama\\ollama app.exe"',
        "ollama serve > log.txt 2>&1",
    ],
)
def test_what_starts_a_server_gets_the_variables(line: str) -> None:
    assert _batch(f"set OLLAMA_DEBUG=1\r\n{line}\r\n").variables == {"OLLAMA_DEBUG": "1"}


def test_an_empty_value_takes_a_variable_away() -> None:
    assert _batch("set OLLAMA_DEBUG=1\nset OLLAMA_DEBUG=\nollama serve\n").variables == {}


def test_a_blank_before_the_sign_is_a_part_of_the_name() -> None:
    found = _batch("set OLLAMA_DEBUG = 1\nollama serve\n")
    assert (found.variables, mistakes(found)) == ({}, [(codes.BLANK_AROUND_EQUALS, "OLLAMA_DEBUG", 1)])
    assert mended(found, codes.BLANK_AROUND_EQUALS) == "set OLLAMA_DEBUG=1\nollama serve\n"


def test_quotes_are_told_where_a_driver_would_take_them_for_a_part() -> None:
    found = _batch('set CUDA_VISIBLE_DEVICES="0"\nollama serve\n')
    assert codes.QUOTES_INSIDE in codes_of(found)
    assert _batch(mended(found, codes.QUOTES_INSIDE)).variables == {"CUDA_VISIBLE_DEVICES": "0"}


def test_setx_reaches_only_what_is_started_later() -> None:
    found = _batch('setx OLLAMA_DEBUG "1"\n')
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1"}, {codes.RESTART_NEEDED})
    here = _batch("setx OLLAMA_DEBUG 1\nollama serve\n")
    assert (here.variables, codes_of(here)) == ({}, {codes.RESTART_NEEDED})
    both = _batch("setx OLLAMA_DEBUG 1\nset OLLAMA_DEBUG=1\nollama serve\n")
    assert (both.variables, codes_of(both)) == ({"OLLAMA_DEBUG": "1"}, set())


def test_setx_takes_two_words() -> None:
    found = _batch("setx OLLAMA_DEBUG=1\n")
    assert mistakes(found) == [(codes.BAD_SYNTAX, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.BAD_SYNTAX) == 'setx OLLAMA_DEBUG "1"\n'


def test_what_is_set_for_a_window_that_starts_no_server_is_told() -> None:
    found = _batch("set OLLAMA_DEBUG=1\n")
    assert (found.servers, mistakes(found)) == ((), [(codes.CLIENT_SIDE, "OLLAMA_DEBUG", 1)])
    client = _batch("set OLLAMA_HOST=x\nollama run llama3\n")
    assert (codes_of(client), fates(client)) == (set(), [("OLLAMA_HOST", "x", Fate.CLIENT)])


def test_comments_and_lines_that_go_on() -> None:
    text = "rem set A=1\n:: set A=2\n@echo off & echo x\nset B=1^\n2\n"
    assert [(one.text.rstrip(), one.line) for one in commands_of(text)] == [
        ("echo off", 3),
        ("echo x", 3),
        ("set B=12", 4),
    ]
