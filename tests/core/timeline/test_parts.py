import pytest
from msgspec.structs import replace as replaced

from ollama_panel.core.records import Usage
from ollama_panel.core.timeline.parts import Parts, Times, parts_of

WARM = Times(1.0, 3.0, None, 4.0, 9.0, loading=False, stream=True)
COUNTED = Usage(100, 50, 5_500_000_000, 200_000_000, 600_000_000, 4_500_000_000)


def times(**changed: object) -> Times:
    known = {name: getattr(WARM, name) for name in Times.__struct_fields__}
    return Times(**{**known, **changed})  # type: ignore[arg-type]


def test_by_the_clock_a_stream_has_a_queue_a_prompt_and_an_answer() -> None:
    assert parts_of(WARM, None) == Parts(2.0, 0.0, 1.0, 5.0, None, None)


def test_what_ollama_counts_goes_before_the_clock_and_tells_the_rest() -> None:
    parts = parts_of(WARM, COUNTED)
    assert (parts.queue_s, parts.load_s, parts.prompt_s, parts.answer_s) == (2.0, 0.2, 0.6, 4.5)
    assert parts.inside_s == pytest.approx(0.2)
    assert parts.proxy_s == pytest.approx(0.5)
    assert sum(part or 0 for part in (parts.queue_s, parts.load_s, parts.prompt_s, parts.answer_s, 0.2, 0.5)) == (
        pytest.approx(8.0)
    )


def test_a_load_ends_when_the_instance_says_so() -> None:
    assert parts_of(times(loading=True, loaded=3.6), None).load_s == pytest.approx(0.6)
    assert parts_of(times(loading=True, loaded=3.6), None).prompt_s == pytest.approx(0.4)


def test_a_load_that_nobody_tells_of_cannot_be_told_from_the_prompt() -> None:
    parts = parts_of(times(loading=True), None)
    assert (parts.load_s, parts.prompt_s, parts.answer_s) == (None, None, 5.0)


def test_an_answer_in_one_piece_has_parts_only_if_ollama_counts_them() -> None:
    assert parts_of(times(stream=False, first_byte=9.0), None) == Parts(2.0, 0.0, None, None, None, None)
    assert parts_of(times(stream=False, first_byte=9.0), COUNTED).prompt_s == 0.6


def test_what_is_not_there_yet_is_unknown() -> None:
    assert parts_of(times(dispatched=None, first_byte=None, finished=None), None) == Parts()
    assert parts_of(times(first_byte=None, finished=None), None) == Parts(2.0, 0.0, None, None, None, None)
    assert parts_of(times(finished=None), None) == Parts(2.0, 0.0, 1.0, None, None, None)


def test_no_part_is_negative_though_clocks_differ() -> None:
    parts = parts_of(WARM, replaced(COUNTED, total_ns=9_000_000_000, load_ns=5_000_000_000))
    assert parts.proxy_s == 0.0
    assert parts.inside_s == 0.0
