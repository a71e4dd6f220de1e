from ollama_panel.core.notices import notice
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.record import Fate, Place, TextFile


def test_a_later_assignment_overrules_an_earlier_one_and_says_where() -> None:
    collected = Collected()
    collected.take("A", "1", Place("x", 1))
    collected.take("A", "2", Place("y", 2))
    first, second = collected.assignments
    assert (first.fate, first.why, second.fate) == (
        Fate.OVERRULED,
        notice("source.overruled", path="y", line=2),
        Fate.TAKEN,
    )
    assert collected.variables == {"A": "2"}


def test_variables_are_taken_away_by_name_or_all_at_once() -> None:
    collected = Collected()
    for name in "ABC":
        collected.take(name, "1", Place("x", 1))
    collected.drop(notice("source.taken_away"), {"B"})
    assert collected.variables == {"A": "1", "C": "1"}
    collected.drop(notice("source.taken_away"))
    assert collected.variables == {}


def test_others_are_added_after_those_that_are_there() -> None:
    first, second = Collected(), Collected()
    first.take("A", "1", Place("x", 1))
    second.take("A", "2", Place("y", 1))
    second.leave("B", "3", Place("y", 2), notice("source.never_read"))
    first.add(second.assignments)
    assert first.variables == {"A": "2"}
    assert [one.fate for one in first.assignments] == [Fate.OVERRULED, Fate.TAKEN, Fate.IGNORED]


def test_a_text_that_mends_nothing_is_none() -> None:
    told, file = notice("source.taken_away"), TextFile("x", "a\n")
    assert mistake("c", told, file, 1, mended="a\n").mended is None
    assert mistake("c", told, file, 1, mended="b\n").mended == "b\n"
