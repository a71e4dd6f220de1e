"""Sources in which values hold each other do not grow without end."""

import pytest

from ollama_panel.core import sources
from ollama_panel.core.sources.filling import MOST_FILLED, Room
from ollama_panel.core.sources.record import Reading, Source, SourceKind, TextFile

ROUNDS = 24
"""So often a value is doubled; one line of 16 characters would come to 256 MiB."""
TEXT = "x" * 16


def doubled(first: str, line: str, last: str) -> str:
    return "".join([first, *(line.format(new=number, old=number - 1) for number in range(1, ROUNDS + 1)), last])


def read(kind: SourceKind, path: str, text: str) -> Reading:
    return sources.read(Source(kind, (TextFile(path, text),)))


BOMBS = {
    SourceKind.SHELL: doubled(f"A0={TEXT}\n", "A{new}=$A{old}$A{old}\n", f"export OLLAMA_HOST=$A{ROUNDS}\n"),
    SourceKind.FISH: doubled(
        f"set -g A0 {TEXT}\n", "set -g A{new} $A{old}$A{old}\n", f"set -gx OLLAMA_HOST $A{ROUNDS}"
    ),
    SourceKind.BATCH: doubled(f"set A0={TEXT}\n", "set A{new}=%A{old}%%A{old}%\n", f"setx OLLAMA_HOST %A{ROUNDS}%\n"),
    SourceKind.POWERSHELL: doubled(
        f"$A0 = '{TEXT}'\n", '$A{new} = "$A{old}$A{old}"\n', f'$env:OLLAMA_HOST = "$A{ROUNDS}"\n'
    ),
    SourceKind.NIX: doubled(
        f'let A0 = "{TEXT}"; ',
        'A{new} = "${{A{old}}}${{A{old}}}"; ',
        f"in {{ services.ollama = {{ enable = true; host = A{ROUNDS}; }}; }}",
    ),
    SourceKind.KUBERNETES: doubled(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ollama/ollama\n    env:\n"
        f"    - {{name: A0, value: {TEXT}}}\n",
        "    - {{name: A{new}, value: '$(A{old})$(A{old})'}}\n",
        f"    - {{name: OLLAMA_HOST, value: $(A{ROUNDS})}}\n",
    ),
}


@pytest.mark.parametrize("kind", BOMBS, ids=lambda kind: kind.value)
def test_a_value_that_is_doubled_line_by_line_stays_short(kind: SourceKind) -> None:
    reading = read(kind, "/srv/bomb", BOMBS[kind])
    values = [one.value for server in reading.servers for one in server.assignments]
    assert all(len(value) <= 2 * MOST_FILLED for value in values)


def test_a_file_of_compose_and_its_variables_stay_short() -> None:
    text = "services:\n  ollama:\n    image: ollama/ollama\n    environment:\n      OLLAMA_HOST: ${A24}\n"
    env = TextFile("/srv/.env", doubled(f"A0={TEXT}\n", "A{new}=${{A{old}}}${{A{old}}}\n", ""))
    reading = sources.read(Source(SourceKind.COMPOSE, (TextFile("/srv/compose.yaml", text), env)))
    assert len(reading.variables["OLLAMA_HOST"]) <= 2 * MOST_FILLED


def test_mappings_that_merge_each_other_twice_are_merged_once() -> None:
    text = doubled("x0: &a0 {OLLAMA_HOST: here}\n", "x{new}: &a{new} {{<<: [*a{old}, *a{old}]}}\n", "")
    text += f"services:\n  ollama:\n    image: ollama/ollama\n    environment: *a{ROUNDS}\n"
    assert read(SourceKind.COMPOSE, "/srv/compose.yaml", text).variables == {"OLLAMA_HOST": "here"}


def test_sets_that_hold_each_other_twice_are_not_gone_through_to_the_end() -> None:
    text = doubled("let a0 = { x = 1; }; ", "a{new} = {{ x = a{old}; y = a{old}; }}; ", "")
    text += f"in {{ services.ollama.enable = true; services.ollama.environmentVariables = a{ROUNDS}; }}"
    assert read(SourceKind.NIX, "/etc/nixos/configuration.nix", text).problem is None


def test_services_that_extend_each_other_in_every_document_have_few_layers() -> None:
    one = "services:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}, image: ollama/ollama}\n---\n"
    assert len(read(SourceKind.COMPOSE, "/srv/compose.yaml", one * 30).servers) == 2


def test_numbers_of_thousands_of_digits_are_texts() -> None:
    text = f"services:\n  ollama:\n    image: ollama/ollama\n    environment:\n      OLLAMA_HOST: {'9' * 5000}\n"
    assert read(SourceKind.COMPOSE, "/srv/compose.yaml", text).variables["OLLAMA_HOST"] == "9" * 5000


def test_there_is_room_for_so_much_and_no_more() -> None:
    room = Room()
    assert [room.has("x" * MOST_FILLED), room.has("x")] == [True, False]


@pytest.mark.parametrize("kind", [SourceKind.SHELL, SourceKind.FISH])
def test_a_script_that_starts_a_server_on_each_line_is_not_read(kind: SourceKind) -> None:
    reading = read(kind, "/srv/start", "OLLAMA_NUM_PARALLEL=4 ollama serve &\n" * 65)
    assert (reading.servers, reading.problem is not None) == ((), True)
    assert len(read(kind, "/srv/start", "OLLAMA_NUM_PARALLEL=4 ollama serve &\n" * 64).servers) == 64
