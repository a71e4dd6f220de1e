"""What servers answer, as it reaches the facts."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.doctor.asking.answers import asking, loaded_of, showing, shown_of, versions_of
from ollama_panel.core.doctor.asking.printed import MOST_BYTES, Block, blocks, script
from ollama_panel.core.doctor.facts import LoadedFacts
from tests.fakes.waiting import DEADLINE_S

PS = {
    "models": [
        {
            "name": "qwen3:8b",
            "size": 900,
            "size_vram": 800,
            "context_length": 4096,
            "details": {"family": "qwen3", "families": None},
        }
    ]
}
SHOW = {
    "details": {"family": "bert"},
    "capabilities": ["embedding"],
    "model_info": {"general.architecture": "bert", "bert.block_count": 24},
}


def block(name: str, word: str, answer: object) -> Block:
    return Block(name, (word,), msgspec.json.encode(answer).decode())


def test_versions_and_loaded_models_by_process() -> None:
    found = [block("version", "7", {"version": "0.32.15"}), block("ps", "7", PS), block("ps", "8", {"models": None})]
    assert versions_of(found) == {7: "0.32.15"}
    assert loaded_of(found) == (LoadedFacts(7, "qwen3:8b", 900, 800, 4096, "qwen3"),)


def test_a_server_that_answers_nonsense_tells_nothing() -> None:
    found = [Block("version", ("7",), "<html>"), Block("ps", ("7",), ""), Block("version", (), "{}")]
    assert (versions_of(found), loaded_of(found)) == ({}, ())


def test_a_loaded_model_is_completed_by_its_file() -> None:
    loaded = (LoadedFacts(7, "bge-m3"), LoadedFacts(8, "other", family="llama"))
    (first, second) = shown_of(loaded, [block("show", "7 bge-m3", SHOW), Block("show", ("8 other",), "")])
    assert first == LoadedFacts(7, "bge-m3", family="bert", layers=24, embedding=True)
    assert second == loaded[1]


def test_names_and_urls_are_words_of_a_shell() -> None:
    assert "ask ps 7 'http://[::1]:1/api/ps'" in asking({7: "http://[::1]:1"})
    script = showing([LoadedFacts(7, "it's")], {7: "http://127.0.0.1:1"})
    assert """'7 it'"'"'s'""" in script


@pytest.mark.skipif(sys.platform == "win32", reason="a script of POSIX")
@pytest.mark.parametrize(
    ("name", "text"), [("curl", "exec yes '[{'"), ("date", "read n <now; echo $((n + 9)) | tee now")]
)
def test_a_server_that_never_ends_and_ones_that_hang_end(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "now").write_text("0\n")
    for program, does in {"curl": "echo '{}'", name: text}.items():
        (tmp_path / program).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / program).chmod(0o755)
    urls = dict.fromkeys(range(3), "http://127.0.0.1:1")
    found = subprocess.run(
        ("sh",), input=script(asking(urls), ""), env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, cwd=tmp_path,
        capture_output=True, text=True, check=True, timeout=DEADLINE_S,
    )  # fmt: skip
    told = list(blocks(found.stdout))
    assert len(told) == (6 if name == "curl" else 0)
    assert all(len(one.text) <= MOST_BYTES + 1 for one in told)
    assert versions_of(told) == {}
