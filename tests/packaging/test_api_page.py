"""docs/api.md: its table is that of the operations, and its commands still print what it shows."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

import api_page

PAGE = api_page.PAGE.read_text(encoding="utf-8")


def knows_json() -> bool:
    """Return whether there is a curl with `--json`, as of 7.82."""
    curl = shutil.which("curl")
    if curl is None or shutil.which("bash") is None:
        return False
    return "--json" in subprocess.run([curl, "--help", "all"], capture_output=True, text=True, check=False).stdout


def fits(known: Any, now: Any) -> bool:
    """Return whether an answer has the names and words of the known one; numbers, and what may be null, may differ."""
    match known, now:
        case dict(), dict():
            return known.keys() == now.keys() and all(fits(one, now[name]) for name, one in known.items())
        case list(), list():
            return all(fits(*pair) for pair in zip(known, now, strict=False))
        case (None, _) | (_, None):
            return True
        case (bool(), bool()) | (int() | float(), int() | float()):
            return isinstance(known, bool) is isinstance(now, bool)
        case str(), str():
            return without_numbers(known) == without_numbers(now)
        case _:
            return False


def line_fits(known: str, now: str) -> bool:
    """Return whether a line of output fits the known one: it may be JSON, after a word, or the end of a JSON object."""
    pairs = [known, now] if not known.startswith('"') else ["{" + known, "{" + now]
    (word, brace, rest), (word_now, _, rest_now) = (one.partition("{") for one in pairs)
    if not brace:  # how often a status came may differ, but not which
        return (without_numbers(known), known.split()[-1:]) == (without_numbers(now), now.split()[-1:])
    return word == word_now and fits(json.loads(brace + rest), json.loads(brace + rest_now))


def without_numbers(text: str) -> str:
    """Return a text with another number for each of its own."""
    return re.sub(r"\d+", "0", text)


@pytest.mark.parametrize(
    ("known", "now", "fitting"),
    [
        ('{"a": 1, "b": [{"c": "x-1"}]}', '{"a": null, "b": [{"c": "x-2"}, {"c": "x-3"}]}', True),
        ('{"a": 1}', '{"a": 1, "b": 2}', False),
        ('{"a": "on"}', '{"a": "off"}', False),
        ('{"a": 1}', '{"a": true}', False),
        ('"effects":[]}', '"effects":[]}', True),
        ("data: {}", "event: {}", False),
        ("  40 200", "  40 200", True),
        ("  40 200", "  40 503", False),
    ],
)
def test_a_line_fits_one_of_the_same_shape(known: str, now: str, *, fitting: bool) -> None:
    assert line_fits(known, now) is fitting


def test_the_table_is_that_of_the_operations() -> None:
    (found,) = api_page.TABLE.findall(PAGE)
    assert found == api_page.table(), "run packaging/api_page.py"


def test_a_block_is_read_as_it_is_written() -> None:
    for block in api_page.BLOCK.findall(PAGE):
        assert api_page.text_of(api_page.steps(block)) == block


@pytest.mark.skipif(not knows_json(), reason="there is no curl with --json (7.82), or no bash")
def test_the_commands_print_what_the_page_shows() -> None:
    shown = [api_page.steps(block) for block in api_page.BLOCK.findall(PAGE)]
    for block, now in zip(shown, api_page.performed(PAGE), strict=True):
        for one, again in zip(block, now, strict=True):
            known, found = one.printed.splitlines(), again.printed.splitlines()
            assert len(known) == len(found), again.printed
            for line, line_now in zip(known, found, strict=True):
                assert line_fits(line, line_now), (one.command, line, line_now)
