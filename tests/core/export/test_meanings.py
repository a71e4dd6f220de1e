"""Comments beside variables."""

from ollama_panel.core.export.deployment import Provenance
from ollama_panel.core.export.meanings import meaning, without_panel
from tests.core.export.samples import nasty

HERE = Provenance("1.2.3", "2026-11-23")


def test_a_variable_that_is_known_is_explained_in_one_line() -> None:
    assert meaning("OLLAMA_NUM_PARALLEL", HERE) == "# Requests that a loaded model works on at once\n"
    assert meaning("MOTD", HERE) == ""


def test_words_of_any_language_stay_in_their_line() -> None:
    there = Provenance("1.2.3", "2026-11-23", words=nasty)
    for line in (meaning("OLLAMA_HOST", there), without_panel(there)):
        assert line.startswith("# ")
        assert len(line.splitlines()) == line.count("\n") == 1
