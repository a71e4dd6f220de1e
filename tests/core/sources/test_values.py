"""Mistakes in names and values, whatever the source."""

import pytest

from ollama_panel.core.notices.templates import Level
from ollama_panel.core.sources import codes, read
from ollama_panel.core.sources.record import Reading, Source, SourceKind, TextFile
from tests.core.sources.machine.readings import codes_of, mended, reading

UNIT = "/etc/systemd/system/ollama.service"
START = "[Service]\nExecStart=/usr/bin/ollama serve\n"


def _unit(assignment: str, more: str = "") -> Reading:
    return reading(SourceKind.SYSTEMD, UNIT, f'{START}Environment="{assignment}"\n{more}')


def test_a_source_of_no_known_format_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_panel.core.sources.READERS", {})
    assert read(Source(SourceKind.PANEL, (TextFile("x"),))).problem is not None


@pytest.mark.parametrize(
    ("assignment", "code", "line"),
    [
        ("OLLAMA_NUM_CTX=8192", codes.FOLKLORE, ""),
        ("OLLAMA_NEW_ENGINE=1", codes.DEAD_VARIABLE, ""),
        ("LLAMA_ARG_CTX_SIZE=1", codes.DEAD_VARIABLE, ""),
        ("OLLAMA_NONSENSE=1", codes.UNKNOWN_VARIABLE, ""),
        ("OLLAMA_NUM_PARALELL=2", codes.MISSPELT, 'Environment="OLLAMA_NUM_PARALLEL=2"'),
        ("HSA_OVERRIDE_GFX_VERSION=gfx1030", codes.GFX_FORMAT, 'Environment="HSA_OVERRIDE_GFX_VERSION=10.3.0"'),
        ("OLLAMA_GPU_OVERHEAD=1024", codes.BAD_VALUE, 'Environment="OLLAMA_GPU_OVERHEAD=1073741824"'),
        ("OLLAMA_ORIGINS=http://a http://b", codes.BAD_VALUE, 'Environment="OLLAMA_ORIGINS=http://a,http://b"'),
    ],
)
def test_a_mistake_is_named_and_mended_where_it_is_clear_what_is_meant(assignment: str, code: str, line: str) -> None:
    found = _unit(assignment)
    assert codes_of(found) == {code}
    assert mended(found, code) == f"{START}{line}" + ("\n" if line else "")


@pytest.mark.parametrize(
    "assignment",
    [
        "OLLAMA_LLM_LIBRARY=cuda",
        "OLLAMA_KEEP_ALIVE=forever",
        "OLLAMA_NUM_PARALLEL=four",
        "OLLAMA_MODELS=models",
        "OLLAMA_FLASH_ATTENTION=on",
    ],
)
def test_a_value_that_only_a_person_can_set_right_is_named(assignment: str) -> None:
    found = _unit(assignment)
    assert codes_of(found) == {codes.BAD_VALUE}
    assert found.mistakes[0].mended is None


@pytest.mark.parametrize(
    "assignment",
    [
        "OLLAMA_NUM_PARALLEL=0",
        "OLLAMA_DEBUG=INFO",
        "OLLAMA_NEW_ENGINE=false",
        "OLLAMA_KEEP_ALIVE=-1",
        "OLLAMA_API_KEY=x",
        "OLLAMA_BASE_URL=http://x",
        "OLLAMA_ORIGINS=*",
        "X_MINE=anything",
    ],
)
def test_what_ollama_prints_itself_and_what_is_of_others_is_silent(assignment: str) -> None:
    assert codes_of(_unit(assignment)) == set()


def test_a_quantised_cache_needs_flash_attention() -> None:
    cache = 'Environment="OLLAMA_KV_CACHE_TYPE=q8_0"\n'
    assert codes_of(_unit("OLLAMA_FLASH_ATTENTION=0", cache)) == {codes.KV_WITHOUT_FLASH}
    assert codes_of(_unit("OLLAMA_FLASH_ATTENTION=1", cache)) == set()
    assert codes_of(_unit("OLLAMA_DEBUG=1", cache)) == set()


@pytest.mark.parametrize("address", ["0.0.0.0", "0.0.0.0:11434", "[::]:11434", "http://0.0.0.0", ":11434"])
def test_a_whole_service_that_listens_everywhere_is_open(address: str) -> None:
    found = _unit(f"OLLAMA_HOST={address}")
    assert codes_of(found) == {codes.OPEN_TO_NETWORK}
    assert found.mistakes[0].told.level is Level.WARNING


def test_a_drop_in_a_container_and_a_loopback_address_are_not_told_as_open() -> None:
    everywhere = '[Service]\nEnvironment="OLLAMA_HOST=0.0.0.0"\n'
    assert codes_of(reading(SourceKind.SYSTEMD, f"{UNIT}.d/x.conf", everywhere)) == set()
    run = everywhere + "ExecStart=/usr/bin/docker run -e OLLAMA_HOST ollama/ollama\n"
    assert codes_of(reading(SourceKind.SYSTEMD, UNIT, run)) == set()
    assert codes_of(_unit("OLLAMA_HOST=127.0.0.1:11434")) == set()


@pytest.mark.parametrize("comment", ["bge-m3", "serves nomic-embed-text:latest only", "for qwen3.5:9b and lfm2.5"])
def test_more_parallel_does_nothing_where_only_serial_models_are_named(comment: str) -> None:
    found = _unit("OLLAMA_NUM_PARALLEL=4", f"# {comment}\n")
    assert codes_of(found) == {codes.PARALLEL_WITHOUT_EFFECT}
    assert 'Environment="OLLAMA_NUM_PARALLEL=1"' in mended(found, codes.PARALLEL_WITHOUT_EFFECT)


@pytest.mark.parametrize("comment", ["bge-m3 and llama3.1:8b", "for embeddings", "qwen3:8b", "see issue-12", ""])
def test_other_models_or_none_keep_it_silent(comment: str) -> None:
    assert codes_of(_unit("OLLAMA_NUM_PARALLEL=4", f"# {comment}\n")) == set()
    assert codes_of(_unit("OLLAMA_NUM_PARALLEL=1", "# bge-m3\n")) == set()


def test_a_line_in_which_the_reader_has_found_a_mistake_is_not_judged_again() -> None:
    text = "OLLAMA_KEEP_ALIVE=24h # keep\n"
    assert codes_of(reading(SourceKind.ENVIRONMENT_FILE, "/etc/default/ollama", text)) == {codes.COMMENT_IN_VALUE}


def test_a_folder_that_a_shell_fills_in_is_right_and_in_a_unit_it_is_not() -> None:
    assert codes_of(reading(SourceKind.SHELL, "~/.zshrc", "export OLLAMA_MODELS=~/models\n")) == set()
    assert codes_of(_unit("OLLAMA_MODELS=~/models")) == {codes.NOT_EXPANDED}
