import pytest

from ollama_panel.core.sources import value_edits
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Assignment, SourceKind, TextFile


def _given(line: str, name: str = "OLLAMA_A", value: str = "1") -> tuple[TextFile, Assignment]:
    file = TextFile("x", f"before\n{line}\nafter\n")
    return file, Assignment(name, value, at(file, 2))


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (SourceKind.SYSTEMD, "Environment=OLLAMA_A=1"),
        (SourceKind.SYSTEMD, "OLLAMA_A=1"),
        (SourceKind.ENVIRONMENT_FILE, "OLLAMA_A='x y'"),
        (SourceKind.SHELL, "  export OLLAMA_A=1 # why"),
        (SourceKind.FISH, "set -gx OLLAMA_A 1"),
        (SourceKind.BATCH, 'set "OLLAMA_A=1"'),
        (SourceKind.POWERSHELL, "$env:OLLAMA_A = '1'"),
        (SourceKind.COMPOSE, "      - OLLAMA_A=1"),
        (SourceKind.COMPOSE, '      OLLAMA_A: "1"'),
    ],
)
def test_a_line_that_is_the_assignment_alone_goes(kind: SourceKind, line: str) -> None:
    assert value_edits.without(kind, *_given(line)) == "before\nafter\n"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (SourceKind.SHELL, "OLLAMA_A=1 ollama serve"),
        (SourceKind.SHELL, "export OLLAMA_A=1 OLLAMA_B=2"),
        (SourceKind.COMPOSE, "    environment: [OLLAMA_A=1]"),
        (SourceKind.REGISTRY, "    OLLAMA_A    REG_SZ    1"),
    ],
)
def test_a_line_with_more_in_it_stays(kind: SourceKind, line: str) -> None:
    assert value_edits.without(kind, *_given(line)) is None


def test_of_several_in_a_line_of_a_unit_one_goes() -> None:
    given = _given('Environment="OLLAMA_A=1" OLLAMA_B=2')
    assert value_edits.without(SourceKind.SYSTEMD, *given) == "before\nEnvironment=OLLAMA_B=2\nafter\n"


def test_a_value_and_a_name_are_replaced_where_they_are_clear() -> None:
    assert value_edits.with_value(*_given("- OLLAMA_A: '1'"), "2") == "before\n- OLLAMA_A: '2'\nafter\n"
    assert value_edits.with_value(*_given("A=1 OLLAMA_A=1 B=1"), "2") is None
    assert value_edits.renamed(*_given("OLLAMA_A=1"), "OLLAMA_B") == "before\nOLLAMA_B=1\nafter\n"
    assert value_edits.renamed(*_given("OLLAMA_A=$OLLAMA_A"), "OLLAMA_B") is None
