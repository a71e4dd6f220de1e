"""The YAML of exports."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.export.deployment import Deployment, Provenance
from ollama_panel.core.export.yaml_text import Block, Row, document, dumped
from tests.core.export.samples import TRICKY, instances, pools

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_values_are_in_quotes_and_plain_keys_are_not() -> None:
    value = {"services": {"ollama": {"image": "a:1", "ports": ["1:2"], "on": "off", "y": "n", "n": 3, "up": True}}}
    assert dumped(value) == (
        'services:\n  ollama:\n    image: "a:1"\n    ports:\n      - "1:2"\n'
        '    \'on\': "off"\n    "y": "n"\n    "n": 3\n    up: true\n'
    )


@given(st.recursive(any_text | st.integers() | st.booleans(), lambda v: st.lists(v) | st.dictionaries(any_text, v)))
def test_what_is_written_is_read_back(value: object) -> None:
    assert yaml.safe_load(dumped(value)) == value
    assert yaml.safe_load("a:\n" + dumped({"b": value}, indent=2)) == {"a": {"b": value}}


@given(any_text)
def test_a_text_is_one_line_that_json_readers_of_its_signs_agree_on(text: str) -> None:
    (line,) = dumped({"key": text}).splitlines()
    plain = all(" " <= sign <= "~" for sign in text)
    assert line.startswith('key: "')
    if plain:
        assert json.loads(line.removeprefix("key: ")) == text


@pytest.mark.parametrize("value", [*TRICKY.values(), "x" * 10_000, "yes", "1e3", "12:30", "0o7", "null", "~", ""])
def test_a_text_stays_a_text(value: str) -> None:
    assert yaml.safe_load(dumped([value])) == [value]


@given(any_text)
def test_a_block_is_read_back_whatever_is_in_it(text: str) -> None:
    assert yaml.safe_load(dumped({"file": Block(text)})) == {"file": text}


def test_a_block_of_lines_can_be_read_by_people() -> None:
    assert dumped({"file": Block("a: 1\n  b 'c'\n")}) == "file: |\n  a: 1\n    b 'c'\n"


def test_a_short_list_is_on_one_line() -> None:
    assert dumped({"test": Row(["CMD", "ollama"])}) == 'test: ["CMD", "ollama"]\n'


def test_the_header_is_in_comments() -> None:
    text = document(Deployment(pools(), instances(pools()), Provenance("1.2.3", "2026-11-23")), {"a": "b"})
    assert text.startswith("# Made by Ollama Panel 1.2.3 on 2026-11-23")
    assert yaml.safe_load(text) == {"a": "b"}
