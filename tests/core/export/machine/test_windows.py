"""The scripts for Windows: a parser of PowerShell accepts them, and reads the very values back."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.machine.windows import argument, quoted
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

WORD = re.compile(r"'((?:[^'‘’‚‛]|['‘’‚‛]{2})*)'(?!['‘’‚‛])")  # noqa: RUF001 - the quotes of PowerShell
ASSIGNMENT = re.compile(rf"\$env:(\w+) = (?:\$null|{WORD.pattern})")
ENTRY = re.compile(rf"    '(\w+)' = {WORD.pattern}")
QUOTES = st.text("'‘’‚‛\"“”` $", max_size=8)  # noqa: RUF001 - the quotes of PowerShell


def unquoted(body: str) -> str:
    """Return the text of a single-quoted word: of two quotes PowerShell keeps the second (`ScanStringLiteral`)."""
    return re.sub(r"['‘’‚‛](['‘’‚‛])", r"\1", body)  # noqa: RUF001


def of_worker(text: str) -> dict[str, str]:
    """Return the variables that the script of a worker sets."""
    found = [ASSIGNMENT.fullmatch(line) for line in text.split("\n") if line.startswith("$env:")]
    assert all(found)
    return {one[1]: unquoted(one[2]) for one in found if one is not None and one[2] is not None}


def of_app(text: str) -> dict[str, str]:
    """Return the variables that the script sets for the user."""
    inside = text.split("[ordered]@{\n", 1)[1].split("\n}\n", 1)[0]
    found = [ENTRY.fullmatch(line) for line in inside.split("\n") if not line.startswith("    # ")]
    assert all(found)
    return {one[1]: unquoted(one[2]) for one in found if one is not None}


def test_the_first_worker_is_the_app_and_each_other_has_a_script() -> None:
    install, *workers = exported("windows", pools()).files
    assert (install.name, install.place) == ("install-ollama-workers.ps1", "")
    assert [file.place for file in workers] == [
        "~/AppData/Local/OllamaPanel/ollama-chat-2.ps1",
        "~/AppData/Local/OllamaPanel/ollama-embed-1.ps1",
    ]
    assert "$workers = @('ollama-chat-2', 'ollama-embed-1')\n" in install.text


@pytest.mark.parametrize("words", [render, nasty])
def test_every_worker_has_exactly_its_variables(words: Words) -> None:
    settings = pools(TRICKY)
    app, *further = instances(settings)
    install, *workers = exported("windows", settings, words=words).files
    assert of_app(install.text) == {name: value for name, value in app.environment.items() if name != "OLLAMA_HOST"}
    assert [of_worker(file.text) for file in workers] == [one.environment for one in further]


@given(st.dictionaries(names, printable | QUOTES, max_size=5))
def test_any_value_survives(environment: dict[str, str]) -> None:
    install, worker, _ = exported("windows", pools(environment)).files
    assert {name: of_app(install.text)[name] for name in environment} == environment
    assert {name: of_worker(worker.text)[name] for name in environment} == environment


def test_a_worker_does_not_get_what_is_meant_for_the_app() -> None:
    _, chat, embedding = exported("windows", pools({"OLLAMA_KEEP_ALIVE": "-1"})).files
    assert "$env:OLLAMA_KEEP_ALIVE = '-1'" in chat.text
    assert "$env:OLLAMA_KEEP_ALIVE = $null" in embedding.text


@pytest.mark.parametrize("words", [render, nasty])
def test_a_parser_of_powershell_accepts_the_scripts(words: Words) -> None:
    language = pytest.importorskip("tree_sitter_powershell").language()
    tree_sitter = pytest.importorskip("tree_sitter")
    parser = tree_sitter.Parser(tree_sitter.Language(language))
    values = TRICKY | {"LONG": "x" * 10_240}
    install, chat, embedding = exported("windows", pools(values), words=words).files
    for file in (install, chat, embedding):
        assert not parser.parse(file.text.encode()).root_node.has_error
    for file in (install, chat):
        read = {unquoted(word[1:-1]) for word in verbatim(parser.parse(file.text.encode()).root_node)}
        assert set(values.values()) <= read


def verbatim(node: Any) -> Iterator[str]:
    """Yield the single-quoted words below a node of tree-sitter."""
    if node.type == "verbatim_string_characters":
        yield node.text.decode()
    for child in node.children:
        yield from verbatim(child)


def test_windows_powershell_reads_the_files_as_utf_8() -> None:
    for file in exported("windows", pools({"A": "模型"})).files:
        assert file.text.startswith("\ufeff# Made by")


@pytest.mark.parametrize(
    ("text", "written"),
    [("it's", "'it''s'"), ("“a” ‘b’", "'“a” ‘‘b’’'"), ("`$x`", "'`$x`'"), ("", "''")],  # noqa: RUF001
)
def test_only_single_quotes_of_any_form_are_doubled(text: str, written: str) -> None:
    assert quoted(text) == written


@given(st.lists(st.text('ab \t"\\', max_size=6), min_size=1, max_size=3))
def test_arguments_are_quoted_as_windows_takes_them_apart(texts: list[str]) -> None:
    assert " ".join(map(argument, texts)) == subprocess.list2cmdline(texts)


def test_a_program_of_windows_is_kept_and_another_is_that_of_the_installer() -> None:
    theirs = exported("windows", pools(), [r"D:\my ollama\ollama.exe", "a b"]).files[1].text
    assert "$ollama = 'D:\\my ollama\\ollama.exe'\n" in theirs
    assert "-ArgumentList '\"a b\" serve'" in theirs
    usual = exported("windows", pools()).files[1].text
    assert "$ollama = (Join-Path $env:LOCALAPPDATA 'Programs\\Ollama\\ollama.exe')\n" in usual
    assert "-ArgumentList 'serve'" in usual


def test_a_folder_of_another_system_is_left_out_and_told() -> None:
    export = exported("windows", pools({"OLLAMA_MODELS": "/srv/models"}))
    assert "/srv/models" not in export.text
    assert "OLLAMA_MODELS is left out: /srv/models is no folder of Windows." in render(export.instructions)
    kept = exported("windows", pools({"OLLAMA_MODELS": r"D:\models"}))
    assert r"$env:OLLAMA_MODELS = 'D:\models'" in kept.text


def test_names_that_differ_in_case_are_refused_in_a_sentence() -> None:
    with pytest.raises(PanelError, match="Path and PATH in the environment of pool chat are the same variable"):
        exported("windows", pools({"Path": "a", "PATH": "b"}))


@pytest.mark.parametrize("value", ["two\nlines", "back\rto start", "nul\0"])
def test_a_control_character_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="which a PowerShell script cannot hold"):
        exported("windows", pools({"MOTD": value}))
    with pytest.raises(PanelError, match="path of Ollama"):
        exported("windows", pools(), [f"C:\\{value}"])


def test_one_worker_needs_no_task() -> None:
    files = exported("windows", pools(workers=0)).files
    assert len(files) == 1
    assert "$workers = @()\n" in files[0].text
    assert Path(files[0].name).suffix == ".ps1"
