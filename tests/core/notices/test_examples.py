import ast
import re
from pathlib import Path

import msgspec
import pytest

import ollama_panel
from ollama_panel.core.notices import Notice, templates_requests
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import TEMPLATES
from tests.core.notices.examples import EXAMPLES, example

PRODUCT = Path(ollama_panel.__file__).parent


def test_every_code_has_an_example() -> None:
    assert EXAMPLES.keys() == TEMPLATES.keys(), "add values for the code to tests/core/notices/examples.py"


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_notice_says_all_its_values_in_english(code: str) -> None:
    text = render(example(code))
    assert not re.search(r"[{}—]", text)
    for value in EXAMPLES[code].values():
        for one in value if isinstance(value, tuple) else (value,):
            said = render(one) if isinstance(one, Notice) else one if isinstance(one, str) else ""
            assert said in text


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_notice_is_the_same_after_json(code: str) -> None:
    assert msgspec.json.decode(msgspec.json.encode(example(code)), type=Notice) == example(code)


PUT_TOGETHER = (
    "crash.",
    *("part.", "role.", "effect.", "expected.whole_", "expected.number_"),
    *("stores.folder_by_", "stores.slots_by_", "servers.by_", "doctor.remedy."),
)
"""Codes whose last part is why a process ended, a part of the panel, a role, when or where something is read, the kind
of a limit, who has started a server, or a button of the window."""

OF_REQUESTS = templates_requests.INFO | templates_requests.WARNING | templates_requests.ERROR


@pytest.mark.parametrize("code", OF_REQUESTS)
def test_a_notice_about_a_request_is_a_sentence(code: str) -> None:
    text = OF_REQUESTS[code]
    assert text[0].isupper() or text.startswith("{")
    assert text.endswith((".", ": {cause}"))


def test_every_code_is_used() -> None:
    """A template that no code makes a notice of is dead, and so is its translation."""
    sources = [path for path in PRODUCT.rglob("*.py") if "core/notices/templates" not in path.as_posix()]
    texts = {
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    assert [code for code in TEMPLATES if code not in texts and not code.startswith(PUT_TOGETHER)] == []
