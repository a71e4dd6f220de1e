import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.machine import powershell_text
from ollama_panel.core.sources.machine.powershell_text import Kind
from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, mended, mistakes, reading


def _script(text: str) -> Reading:
    return reading(SourceKind.POWERSHELL, "start.ps1", text)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("$env:X_A = '1'", "1"),
        ('$env:X_A="1"', "1"),
        ("$env:X_A = 1", "1"),
        ("${env:X_A} = 'a b'", "a b"),
        ("$Env:X_A = 'it''s $x'", "it's $x"),
        ('$env:X_A = "say `"hi`" `$x"', 'say "hi" $x'),
        ("$b = 'x'\n$env:X_A = \"$b/y\"", "x/y"),
        ("$env:X_A = $env:USERPROFILE", "$env:USERPROFILE"),
        ("Set-Item -Path Env:X_A -Value '1'", "1"),
        ("New-Item Env:\\X_A 1", "1"),
        ("[Environment]::SetEnvironmentVariable('X_A', '1')", "1"),
        ('[System.Environment]::SetEnvironmentVariable("X_A", "1", "Process")', "1"),
        ("if ($true) {\n  $env:X_A = '1'\n}", "1"),
        ("$env:X_A = '0'; $env:X_A = '1' # one", "1"),
        ("<# $env:X_A = '0' #>\n$env:X_A = `\n  '1'", "1"),
        ("$env:X_A = \u20181\u2019", "1"),
    ],
)
def test_what_is_set_here_reaches_what_is_started_here(line: str, value: str) -> None:
    assert _script(f"{line}\nollama serve\n").variables == {"X_A": value}


@pytest.mark.parametrize(
    "line",
    [
        "ollama serve",
        "& 'C:\\Ollama\\ollama.exe' serve",
        "Start-Process ollama serve",
        "Start-Process -FilePath 'ollama.exe' -ArgumentList 'serve' -NoNewWindow",
        'Start-Process "ollama app.exe"',
        "$ollama = Join-Path $env:LOCALAPPDATA 'x\\ollama.exe'\nStart-Process $ollama -ArgumentList serve",
    ],
)
def test_ways_to_start_a_server(line: str) -> None:
    assert _script(f"$env:OLLAMA_DEBUG = '1'\n{line}\n").variables == {"OLLAMA_DEBUG": "1"}


@pytest.mark.parametrize(
    "line", ["$env:OLLAMA_DEBUG = $null", "Remove-Item Env:OLLAMA_DEBUG", "$env:OLLAMA_DEBUG = ''"]
)
def test_ways_to_take_a_variable_away(line: str) -> None:
    assert _script(f"$env:OLLAMA_DEBUG = '1'\n{line}\nollama serve\n").variables == {}


@pytest.mark.parametrize(
    "line",
    [
        "[Environment]::SetEnvironmentVariable('OLLAMA_DEBUG', '1', 'User')",
        '[System.Environment]::SetEnvironmentVariable("OLLAMA_DEBUG","1",[System.EnvironmentVariableTarget]::Machine)',
        "setx OLLAMA_DEBUG 1",
        "$variables = [ordered]@{\n  'OLLAMA_DEBUG' = '1'\n}\nforeach ($one in $variables.GetEnumerator()) { "
        "[Environment]::SetEnvironmentVariable($one.Key, $one.Value, 'User') }",
    ],
)
def test_what_is_set_for_the_user_reaches_what_is_started_later(line: str) -> None:
    found = _script(f"{line}\n")
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1"}, {codes.RESTART_NEEDED})


def test_a_variable_of_powershell_alone_is_told() -> None:
    found = _script("$OLLAMA_DEBUG = '1'\nollama serve\n")
    assert mistakes(found) == [(codes.NOT_EXPORTED, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.NOT_EXPORTED) == "$env:OLLAMA_DEBUG = '1'\nollama serve\n"


def test_set_as_in_batch_files_is_told() -> None:
    found = _script("set OLLAMA_DEBUG=1\nollama serve\n")
    assert mistakes(found) == [(codes.BAD_SYNTAX, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.BAD_SYNTAX) == '$env:OLLAMA_DEBUG = "1"\nollama serve\n'


def test_what_is_set_for_a_window_that_starts_no_server_is_told() -> None:
    assert codes_of(_script("$env:OLLAMA_DEBUG = '1'\n")) == {codes.CLIENT_SIDE}
    assert codes_of(_script("$env:OLLAMA_HOST = 'x'\nollama list\n")) == set()


def test_tokens_have_their_lines_and_brackets_keep_a_statement_open() -> None:
    found = list(powershell_text.statements("a (\n  'b'\n)\n\nc @'\nx\n'@\n"))
    assert [[(one.text, one.line) for one in tokens] for tokens in found] == [
        [("a", 1), ("(", 1), ("b", 2), (")", 3)],
        [("c", 5), ("x", 5)],
    ]
    assert found[1][1].kind is Kind.TEXT


@pytest.mark.parametrize(
    "text", ["'", '"', "@'\n", "<#", "$env:X_A =", "(((", "`", "${", "[Environment]::SetEnvironmentVariable("]
)
def test_a_script_that_is_cut_off_is_read_to_its_end(text: str) -> None:
    assert _script(text).problem is None
