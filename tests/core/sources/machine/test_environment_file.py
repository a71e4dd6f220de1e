import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading

DEFAULTS = "/etc/default/ollama"


def _file(text: str, path: str = DEFAULTS) -> Reading:
    return reading(SourceKind.ENVIRONMENT_FILE, path, text)


def test_a_file_that_a_service_reads_has_no_export_and_no_comments_behind_values() -> None:
    found = _file("export OLLAMA_DEBUG=1\nOLLAMA_KEEP_ALIVE=24h # keep\nOLLAMA_MODELS='/a # b'\n")
    assert found.variables == {"OLLAMA_KEEP_ALIVE": "24h # keep", "OLLAMA_MODELS": "/a # b"}
    assert mistakes(found) == [
        (codes.EXPORT_IN_ENVIRONMENT_FILE, "OLLAMA_DEBUG", 1),
        (codes.COMMENT_IN_VALUE, "OLLAMA_KEEP_ALIVE", 2),
    ]
    assert mended(found, codes.EXPORT_IN_ENVIRONMENT_FILE).splitlines()[0] == "OLLAMA_DEBUG=1"
    assert mended(found, codes.COMMENT_IN_VALUE).splitlines()[1] == "OLLAMA_KEEP_ALIVE=24h"


def test_a_dotenv_file_may_have_both() -> None:
    found = _file("export OLLAMA_DEBUG=1\nOLLAMA_KEEP_ALIVE=24h # keep\n", "/srv/app/.env")
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1", "OLLAMA_KEEP_ALIVE": "24h"}, set())


def test_a_line_of_a_unit_in_a_file_of_variables_is_told() -> None:
    found = _file('Environment="OLLAMA_DEBUG=1"\n')
    assert codes_of(found) == {codes.BAD_SYNTAX}


def test_a_quote_that_is_left_open_is_told() -> None:
    found = _file('OLLAMA_ORIGINS="*\nOLLAMA_DEBUG=1\n')
    assert (found.variables, mistakes(found)) == (
        {"OLLAMA_ORIGINS": "*\nOLLAMA_DEBUG=1\n"},
        [(codes.BAD_SYNTAX, "OLLAMA_ORIGINS", 1)],
    )


def test_a_clients_file_sets_nothing_for_the_server() -> None:
    text = "OLLAMA_BASE_URL=http://localhost:11434\nOLLAMA_NUM_PARALLEL=4\n"
    found = _file(text, ".env")
    assert (found.servers, mistakes(found)) == ((), [(codes.CLIENT_SIDE, "OLLAMA_NUM_PARALLEL", 2)])
    assert {fate for _, _, fate in fates(found)} == {Fate.CLIENT}
    assert mended(found, codes.CLIENT_SIDE) == "OLLAMA_BASE_URL=http://localhost:11434\n"


def test_a_clients_file_with_clients_names_alone_is_right() -> None:
    assert codes_of(_file("OLLAMA_BASE_URL=x\nOLLAMA_MODEL=y\nOLLAMA_HOST=z\n", ".env")) == set()


@pytest.mark.parametrize("path", ["/etc/environment", "/home/ana/.config/environment.d/ollama.conf"])
def test_what_every_program_gets_counts_as_far_as_it_is_ollamas(path: str) -> None:
    assert _file("OLLAMA_DEBUG=1\nMINE=2\n", path).variables == {"OLLAMA_DEBUG": "1"}


def test_what_pam_reads_may_have_export_and_comments() -> None:
    found = _file("export OLLAMA_DEBUG=1 # more\nOLLAMA_KEEP_ALIVE='1h'\n", "/etc/environment")
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1", "OLLAMA_KEEP_ALIVE": "1h"}, set())


def test_the_home_is_filled_in_where_what_reads_the_file_does_it() -> None:
    found = _file("OLLAMA_MODELS=${HOME}/models\n", "/home/ana/.config/environment.d/ollama.conf")
    assert (found.variables, codes_of(found)) == ({"OLLAMA_MODELS": "/home/ana/models"}, set())
    assert codes_of(_file("OLLAMA_MODELS=${HOME}/models\n")) == {codes.NOT_EXPANDED}


def test_a_file_whose_lines_are_all_comments_sets_nothing() -> None:
    found = _file("# OLLAMA_DEBUG=1\n#OLLAMA_HOST=x\n")
    assert mistakes(found) == [(codes.NOTHING_SET, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.NOTHING_SET) == "OLLAMA_DEBUG=1\nOLLAMA_HOST=x\n"


def test_a_mark_at_the_beginning_is_a_part_of_the_first_name_for_systemd() -> None:
    found = _file("\ufeffOLLAMA_DEBUG=1\r\nOLLAMA_KEEP_ALIVE=1h\r\n")
    assert found.variables == {"OLLAMA_KEEP_ALIVE": "1h"}
    assert fates(found)[0] == ("OLLAMA_DEBUG", "1", Fate.IGNORED)
    assert mended(found, codes.BAD_SYNTAX) == "OLLAMA_DEBUG=1\r\nOLLAMA_KEEP_ALIVE=1h\r\n"
