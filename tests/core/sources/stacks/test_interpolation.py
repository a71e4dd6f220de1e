import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.sources.stacks.interpolation import Filled, filled

SET = {"A": "1", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("$A ${A} $$A", Filled("1 1 $A")),
        ("${EMPTY-x}${EMPTY:-y}", Filled("y")),
        ("${B:-${A}}${B-}", Filled("1")),
        ("${A:+x}${EMPTY:+y}${EMPTY+z}", Filled("xz")),
        ("$B", Filled("", ("B",))),
        ("${B:?must be set}", Filled("", ("B",))),
        ("${A", Filled("${A", (), True)),
        ("a$", Filled("a$", (), True)),
        ("$(id)", Filled("$(id)", (), True)),
        ("${A!x}", Filled("1", (), True)),
    ],
)
def test_compose_fills_a_value(text: str, right: Filled) -> None:
    assert filled(text, SET) == right


@given(st.text("$A{}:-?+x", max_size=40))
def test_filling_ends_whatever_is_written(text: str) -> None:
    filled(text, SET)


@given(st.text())
def test_a_value_with_its_dollars_doubled_stays_as_it_is(text: str) -> None:
    assert filled(text.replace("$", "$$"), SET) == Filled(text)
