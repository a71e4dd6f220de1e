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


def shape(value: Any) -> Any:
    """Return what stays of JSON from run to run: its names, and the codes and texts that programs read."""
    match value:
        case dict():
            kept = ("code", "state", "phase", "status", "name", "scopes", "parallel")
            return {name: one if name in kept else shape(one) for name, one in value.items()}
        case list():
            return [shape(one) for one in value]
        case bool() | None:
            return "switch or null"
        case int() | float():
            return "number or null"
        case _:
            return re.sub(r"\d+", "0", value)


def shape_of(line: str) -> Any:
    """Return the shape of a line of output, which may begin with a word or two before its JSON."""
    word, brace, rest = line.partition("{")
    if not brace:
        return re.sub(r"\d+", "0", line.strip()) if not re.fullmatch(r"\s*\d+ \d{3}", line) else line.split()
    text = line if not word else ("{" + line + "" if word.startswith('"effects"') else brace + rest)
    return word.strip(), shape(json.loads(text))


def without_null(known: Any, now: Any) -> Any:
    """Return `now` with null wherever `known` has it: a figure that may be unknown."""
    if isinstance(known, dict) and isinstance(now, dict):
        return {name: without_null(known.get(name), one) for name, one in now.items()}
    if isinstance(known, list) and isinstance(now, list) and len(known) == len(now):
        return [without_null(*pair) for pair in zip(known, now, strict=True)]
    if isinstance(known, tuple) and isinstance(now, tuple):
        return tuple(without_null(*pair) for pair in zip(known, now, strict=True))
    return known if {known, now} == {"switch or null", "number or null"} else now


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
            known = [shape_of(line) for line in one.printed.splitlines()]
            found = [shape_of(line) for line in again.printed.splitlines()]
            assert len(known) == len(found), again.printed
            assert [without_null(*pair) for pair in zip(known, found, strict=True)] == known, one.command
