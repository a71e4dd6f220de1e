"""The inputs of a request in its body, however it is written, and the bodies of its parts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.proxy.embedding_inputs import MAX_REST_BYTES, inputs_of

BLANKS = st.text(" \t\r\n", max_size=2)


@st.composite
def written(draw: st.DrawFn, text: str) -> str:
    """Return a JSON string in one of its spellings."""
    escaped = json.dumps(text, ensure_ascii=draw(st.booleans()))
    return escaped.replace("z", "\\u007a") if draw(st.booleans()) else escaped


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, list[str], dict[str, Any]]:
    """Return a body, its inputs, and its other fields."""
    inputs = draw(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=12))
    others = draw(st.dictionaries(st.sampled_from(["model", "truncate", "options", "x"]), st.just({"a": [1, "]"]})))
    blank = lambda: draw(BLANKS)  # noqa: E731
    listed = ",".join(blank() + draw(written(one)) + blank() for one in inputs)
    members = [f'"input"{blank()}:{blank()}[{listed}]', *(f'"{key}":{json.dumps(one)}' for key, one in others.items())]
    ordered = draw(st.permutations(members))
    return (blank() + "{" + (blank() + ",").join(ordered) + blank() + "}" + blank()).encode(), inputs, others


@given(bodies(), st.data())
def test_a_part_has_its_inputs_and_everything_else_as_it_was(
    body: tuple[bytes, list[str], dict[str, Any]], data: st.DataObject
) -> None:
    raw, inputs, others = body
    found = inputs_of(raw)
    assert found is not None
    assert len(found.spans) == len(inputs)
    assert json.loads(found.body(0, len(inputs))) == json.loads(raw)
    begin = data.draw(st.integers(0, len(inputs) - 1))
    end = data.draw(st.integers(begin + 1, len(inputs)))
    assert json.loads(found.body(begin, end)) == others | {"input": inputs[begin:end]}


@pytest.mark.parametrize(
    "body",
    [
        b'{"input":"one"}',
        b'{"input":[]}',
        b'{"input":null}',
        b'{"input":["a",1]}',
        b'{"input":[[1,2],[3]]}',
        b'{"input":[1,2]}',
        b'{"input":["a",null]}',
        b'{"input":["a","b"],"Input":["c"]}',
        b'{"INPUT":["a","b"]}',
        b'{"input":["a","b"],"x":["a","b"]}',
        b'{"input":["a","b"]} {"input":["c"]}',
        b'{"input":["a","b\n"]}',
        b'{"input":["a","b",]}',
        b'{"input":["a","b"}',
        b'[["a","b"]]',
        b'"input"',
        b"",
        b"\xff",
        b'{"input":["a","b"],"x":"%b"}' % (b"x" * MAX_REST_BYTES),
    ],
)
def test_what_is_not_surely_read_as_ollama_reads_it_has_no_parts(body: bytes) -> None:
    assert inputs_of(body) is None


def test_of_a_field_that_is_there_twice_the_last_one_counts_as_in_ollama() -> None:
    found = inputs_of(b'{"input":["x"],"model":"a","input":["a","b"]}')
    assert found is not None
    assert found.body(1, 2) == b'{"input":["x"],"model":"a","input":["b"]}'


def test_text_that_strict_parsers_refuse_is_left_to_ollama() -> None:
    assert inputs_of(b'{"input":["\\ud83d","\\ude00"],"model":"a"}') is None
