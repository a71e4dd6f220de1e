"""How the inputs of a request are divided."""

from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.embedding_parts import (
    BYTES_PER_TOKEN,
    INPUT_TOKENS,
    LEAST_TOKENS,
    PART_INPUTS,
    PART_US,
    Places,
    divide,
)

TWO_FREE = Places(2, 2)
TEXT = 400


def lengths(parts: list[tuple[int, int]]) -> list[int]:
    return [end - begin for begin, end in parts]


def test_inputs_of_equal_length_are_divided_equally() -> None:
    assert lengths(divide([TEXT] * 256, TWO_FREE, bulk=True)) == [16] * 16
    assert lengths(divide([TEXT] * 8, TWO_FREE, bulk=False)) == [4, 4]


def test_each_slot_gets_the_same_number_of_parts() -> None:
    assert lengths(divide([TEXT] * 40, Places(4, 4), bulk=True)) == [10] * 4
    assert sorted(lengths(divide([TEXT] * 100, Places(3, 3), bulk=True))) == [11] * 8 + [12]


def test_parts_are_balanced_by_length_and_not_by_number() -> None:
    parts = divide([4000] * 4 + [40] * 60, TWO_FREE, bulk=True)
    assert lengths(parts)[0] < 3
    assert max(lengths(parts)) == PART_INPUTS


def test_one_input_is_one_part_however_long() -> None:
    assert divide([1_000_000], TWO_FREE, bulk=True) == []


def test_a_short_request_is_divided_only_if_several_slots_are_free() -> None:
    assert divide([TEXT] * 8, Places(2, 1), bulk=False) == []
    assert divide([TEXT] * 8, Places(2, 0), bulk=False) == []
    assert divide([4] * 3, TWO_FREE, bulk=False) == []


def test_a_long_list_is_divided_even_for_one_slot_so_that_others_can_go_between() -> None:
    assert lengths(divide([TEXT] * 64, Places(1, 0), bulk=True)) == [16] * 4
    assert lengths(divide([TEXT] * 64, Places(0, 0), bulk=True)) == [16] * 4
    assert divide([TEXT] * 12, Places(1, 1), bulk=True) == []


def test_a_part_takes_no_longer_than_half_a_second_by_what_was_measured() -> None:
    slow = Places(2, 2, token_us=10_000.0)
    weight = TEXT / BYTES_PER_TOKEN + INPUT_TOKENS
    for begin, end in divide([TEXT] * 32, slow, bulk=True):
        assert end - begin == 1 or (end - begin) * weight * 10_000.0 <= PART_US


@given(
    st.lists(st.integers(2, 20_000), max_size=300),
    st.integers(0, 9),
    st.integers(0, 9),
    st.none() | st.floats(1, 1e6),
    st.booleans(),
)
def test_parts_have_all_inputs_in_order(
    sizes: list[int], slots: int, free: int, token_us: float | None, bulk: bool
) -> None:
    parts = divide(sizes, Places(slots, min(free, slots), token_us), bulk=bulk)
    assert len(parts) != 1
    if parts:
        assert [begin for begin, _ in parts] == [0, *(end for _, end in parts[:-1])]
        assert parts[-1][1] == len(sizes)
        assert all(0 < count <= PART_INPUTS for count in lengths(parts))
    if len(sizes) > PART_INPUTS and bulk and sum(sizes) > LEAST_TOKENS * BYTES_PER_TOKEN:
        assert parts
