"""The file of variables of Homebrew: read back as Homebrew reads it."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

RUBY = shutil.which("ruby")
BLANKS = "\0\t\n\v\f\r "
"""What Ruby's `strip` takes away."""

HOMEBREW = """\
found = $stdin.each_line.map(&:strip).reject { |line| line.empty? || line.start_with?("#") }
$stdout.binmode
found.each do |line|
  key, value = line.split("=", 2)
  print key.strip, "=", value.strip, "\\0"
end
"""

held = {name: value for name, value in TRICKY.items() if value == value.strip(BLANKS)}


def as_homebrew_reads_it(text: str) -> dict[str, str]:
    """Return the variables of a file as `effective_environment_variables` of Homebrew does."""
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return {name.strip(BLANKS): value.strip(BLANKS) for name, value in pairs}


def wanted(settings: dict[str, str]) -> dict[str, str]:
    first = instances(pools(settings))[0].environment
    of_formula = {"OLLAMA_FLASH_ATTENTION": "", "OLLAMA_KV_CACHE_TYPE": ""}
    return of_formula | {name: value for name, value in first.items() if name != "OLLAMA_HOST"}


@pytest.mark.parametrize("words", [render, nasty])
def test_homebrew_reads_the_variables_of_the_first_worker(words: Words) -> None:
    (file,) = exported("homebrew", pools(held), words=words).files
    assert as_homebrew_reads_it(file.text) == wanted(held)
    assert file.place == "~/.homebrew/services/ollama.env"


@pytest.mark.skipif(not RUBY, reason="ruby is not installed")
def test_ruby_reads_the_same() -> None:
    text = exported("homebrew", pools(held | {"LONG": "x" * 10_240}), words=nasty).text
    seen = subprocess.run([str(RUBY), "-e", HOMEBREW], input=text.encode(), capture_output=True, check=True).stdout
    assert dict(line.split("=", 1) for line in seen.decode().split("\0") if line) == as_homebrew_reads_it(text)


@given(st.dictionaries(names, printable.map(lambda text: text.strip(BLANKS)), max_size=5))
def test_any_value_without_blanks_around_it_survives(environment: dict[str, str]) -> None:
    assert as_homebrew_reads_it(exported("homebrew", pools(environment)).text) == wanted(environment)


def test_what_the_formula_sets_by_itself_is_taken_back_unless_the_settings_have_it() -> None:
    ours = exported("homebrew", pools({"OLLAMA_KV_CACHE_TYPE": "q4_0"})).text
    assert "OLLAMA_FLASH_ATTENTION=\n" in ours
    assert "OLLAMA_KV_CACHE_TYPE=q4_0\n" in ours
    both = exported("homebrew", pools({"OLLAMA_KV_CACHE_TYPE": "q4_0", "OLLAMA_FLASH_ATTENTION": "1"})).text
    assert "formula" not in both


@pytest.mark.parametrize("value", ["two\nlines", "back\rto start", "nul\0", "bell\a"])
def test_a_control_character_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="line break or control character, which Homebrew's file of variables"):
        exported("homebrew", pools({"MOTD": value}))


@pytest.mark.parametrize("value", [" a", "a\t"])
def test_a_blank_that_homebrew_would_take_away_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="MOTD in the environment of pool chat begins or ends with a blank"):
        exported("homebrew", pools({"MOTD": value}))
