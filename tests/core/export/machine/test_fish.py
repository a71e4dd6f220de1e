"""The fish script: exact values, and words that stay in their quotes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.machine.fish import assignments, printed, quoted
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

FISH = shutil.which("fish")
needs_fish = pytest.mark.skipif(not FISH, reason="fish is not installed")
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)

_WORD = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)


def fish(script: str) -> bytes:
    return subprocess.run([str(FISH), "--no-config", "-c", script], capture_output=True, check=True).stdout


def read_back(environment: dict[str, str]) -> dict[str, str]:
    """Let fish run the assignments, and return what a program would see."""
    (first, *_) = instances(pools(environment))
    seen = fish(f"env -i {assignments(first)} env -0").decode()
    return dict(line.split("=", 1) for line in seen.split("\0") if line)


@given(words)
def test_a_word_is_read_back_by_the_rules_of_single_quotes(text: str) -> None:
    """Of backslashes only those before a quote or a backslash are special (fish-doc, Quotes)."""
    word = quoted(text)
    assert _WORD.fullmatch(word)
    assert re.sub(r"\\([\\'])", r"\1", word[1:-1]) == text


@needs_fish
def test_a_program_sees_exactly_the_environment_of_the_instance() -> None:
    long = {**TRICKY, "LINES": "two\nlines\n", "LONG": "x y\\\"'$%`" * 1024}
    (first, *_) = instances(pools(long))
    assert read_back(long) == first.environment


@needs_fish
@settings(max_examples=40)
@given(st.dictionaries(names, printable | words, max_size=5))
def test_any_value_survives_fish(environment: dict[str, str]) -> None:
    seen = read_back(environment)
    assert {name: seen[name] for name in environment} == environment


@needs_fish
def test_words_of_any_language_are_printed_as_they_are_with_the_arguments_of_the_function() -> None:
    ready = notice("export.shell.ready", worker="\x01", url="\x02")
    said = fish(f"function say\n{printed(ready, nasty)}\nend\nsay 'chat 1' 'http://[::1]'").decode()
    assert said == nasty(notice("export.shell.ready", worker="chat 1", url="http://[::1]")) + "\n"


def test_a_null_character_is_refused() -> None:
    with pytest.raises(PanelError, match="fish script cannot hold"):
        exported("fish", pools({"A": "\0"}))


@needs_fish
@pytest.mark.parametrize("words", [render, nasty])
def test_fish_accepts_the_script(words: Words, tmp_path: Path) -> None:
    script = tmp_path / "start.fish"
    script.write_text(exported("fish", pools(TRICKY), words=words).text, encoding="utf-8", newline="\n")
    checked = subprocess.run([str(FISH), "--no-execute", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
