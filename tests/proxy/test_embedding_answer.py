"""The answers to parts, put together as one instance answers the whole."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ollama.api import Dialect
from ollama_panel.proxy.embedding_answer import BadAnswerError, Totals, read

NUMBERS = st.sampled_from(["0", "-0.0", "1e-7", "0.30000001192092896", "-1.5E+3", "123456789.123456789", "null"])
BLANKS = st.text(" \t\r\n", max_size=2)


def native(vectors: str, count: int = 5) -> bytes:
    counters = f'"total_duration":70,"load_duration":3,"prompt_eval_count":{count}'
    return f'{{"model":"a","embeddings":[{vectors}],{counters}}}'.encode()


def openai(*vectors: str, tokens: int = 5) -> bytes:
    data = ",".join(
        f'{{"object":"embedding","embedding":{vector},"index":{index}}}' for index, vector in enumerate(vectors)
    )
    usage = f'{{"prompt_tokens":{tokens},"total_tokens":{tokens}}}'
    return f'{{"object":"list","data":[{data}],"model":"a","usage":{usage}}}\n'.encode()


def joined(dialect: Dialect, answers: list[tuple[bytes, int]], total_ns: int = 100) -> bytes:
    totals, vectors, first = Totals(), list[bytes](), 0
    for body, inputs in answers:
        answer = read(body, dialect, inputs, first)
        totals.add(answer)
        vectors.append(answer.vectors)
        first += inputs
    head, tail = totals.frame(dialect, total_ns)
    return head + b",".join(vectors) + tail


def test_native_answers_become_one_with_their_counters_added_up() -> None:
    whole = joined(Dialect.NATIVE, [(native("[0.1,2e-5],[1,2]", 7), 2), (native("[3,4.50]", 4), 1)])
    assert whole == (
        b'{"model":"a","embeddings":[[0.1,2e-5],[1,2],[3,4.50]],"total_duration":100,"load_duration":3,'
        b'"prompt_eval_count":11}'
    )


def test_answers_in_the_dialect_of_openai_are_numbered_anew() -> None:
    whole = joined(Dialect.OPENAI, [(openai("[0.1]", '"AAA="', tokens=7), 2), (openai("[3]", tokens=4), 1)])
    assert whole == (
        b'{"object":"list","data":[{"object":"embedding","embedding":[0.1],"index":0},'
        b'{"object":"embedding","embedding":"AAA=","index":1},{"object":"embedding","embedding":[3],"index":2}],'
        b'"model":"a","usage":{"prompt_tokens":11,"total_tokens":11}}\n'
    )


def test_elements_out_of_order_are_put_in_order() -> None:
    body = b'{"data":[{"index":1,"embedding":[1]},{"index":0,"embedding":[0]}],"usage":{"prompt_tokens":1}}'
    whole = json.loads(joined(Dialect.OPENAI, [(body, 2), (body, 2)]))
    assert [(one["index"], one["embedding"][0]) for one in whole["data"]] == [(0, 0), (1, 1), (2, 0), (3, 1)]


def test_a_counter_that_only_a_later_answer_has_is_there() -> None:
    body = b'{"model":"a","embeddings":[[1]]}'
    whole = json.loads(joined(Dialect.NATIVE, [(body, 1), (native("[2]", 4), 1)]))
    assert whole["prompt_eval_count"] == 4


@st.composite
def spelled(draw: st.DrawFn, dialect: Dialect) -> tuple[bytes, list[str]]:
    """Return an answer in any order of its fields, with any blanks, and its vectors as they are written."""
    blank = lambda: draw(BLANKS)  # noqa: E731
    numbers = st.lists(NUMBERS, max_size=3).map(lambda found: "[" + ",".join(found) + "]")
    vectors = draw(st.lists(numbers | st.just("null") | st.just('"AA\\/A="'), min_size=1, max_size=4))
    if dialect is Dialect.NATIVE:
        members = {"embeddings": "[" + ",".join(blank() + one + blank() for one in vectors) + "]"}
        members |= {"prompt_eval_count": "3", "model": '"\\u0061"'}
    else:
        data = (f'{{{blank()}"index":{place},"embedding":{blank()}{one}}}' for place, one in enumerate(vectors))
        members = {"data": "[" + (blank() + ",").join(data) + "]", "usage": '{"total_tokens":3,"prompt_tokens":3}'}
    names = draw(st.permutations(list(members)))
    pairs = [f'{blank()}"{name}"{blank()}:{blank()}{members[name]}{blank()}' for name in names]
    again = ['"model":"first"'] if draw(st.booleans()) else []
    return ("{" + ",".join([*again, *pairs]) + "}" + blank()).encode(), vectors


@pytest.mark.parametrize("dialect", [Dialect.NATIVE, Dialect.OPENAI])
@given(data=st.data())
def test_whatever_the_spelling_vectors_stay_in_order_as_they_are_written(dialect: Dialect, data: st.DataObject) -> None:
    answers = data.draw(st.lists(spelled(dialect), min_size=1, max_size=4))
    whole = joined(dialect, [(body, len(vectors)) for body, vectors in answers])
    parsed, wanted = json.loads(whole), list(itertools.chain(*(vectors for _, vectors in answers)))
    found = parsed["embeddings"] if dialect is Dialect.NATIVE else [one["embedding"] for one in parsed["data"]]
    assert found == [json.loads(one) for one in wanted]
    at = 0
    for vector in wanted:
        at = whole.index(vector.encode(), at) + len(vector)
    if dialect is Dialect.OPENAI:
        assert [one["index"] for one in parsed["data"]] == list(range(len(wanted)))
    tokens: Any = parsed["prompt_eval_count"] if dialect is Dialect.NATIVE else parsed["usage"]["total_tokens"]
    assert tokens == 3 * len(answers)


@pytest.mark.parametrize("dialect", [Dialect.NATIVE, Dialect.OPENAI])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"embeddings":null,"data":null,"usage":null}',
        b'{"embeddings":[[1]],"data":[{"index":0}],"usage":{"prompt_tokens":1}}',
        b'{"embeddings":[[1],[2],[3]],"data":[{"index":0},{"index":1},{"index":2}],"usage":{"prompt_tokens":1}}',
        b'{"embeddings":[[1],[2]],"data":[{"index":0},{"index":0}],"prompt_eval_count":-1,"usage":{"prompt_tokens":1}}',
        b'{"embeddings":[[1],[2]],"data":[{"index":0},{}],"prompt_eval_count":"x","usage":{"prompt_tokens":1}}',
        b'{"embeddings":{},"data":{"index":0},"usage":{"prompt_tokens":1}}',
    ],
)
def test_what_is_no_answer_to_two_inputs_is_told(dialect: Dialect, body: bytes) -> None:
    with pytest.raises(BadAnswerError):
        read(body, dialect, 2, 0)


@pytest.mark.parametrize(("dialect", "body"), [(Dialect.NATIVE, native("[1],[2]")), (Dialect.OPENAI, openai("1", "2"))])
def test_an_answer_that_is_cut_anywhere_is_told(dialect: Dialect, body: bytes) -> None:
    for length in range(len(body.rstrip())):
        with pytest.raises(BadAnswerError):
            read(body[:length], dialect, 2, 0)
