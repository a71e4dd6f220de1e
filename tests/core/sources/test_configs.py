"""Sources as people have them: the variables that reach the server, and every mistake in them and no other.

The rows here are made up. Where the collection of real ones lies beside the repository, it is read, too.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ollama_panel.core.sources import read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Reading, Source, TextFile

OWN = Path(__file__).with_name("configs.jsonl")
REAL = Path(__file__).parents[4] / "shared/cases/machines/configs.jsonl"
NEXT_FILE = "#--- "
"""What begins a further file in a text of the collection, followed by its path."""


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _reading(files: list[TextFile]) -> Reading:
    kind = kind_of(files[0].path, files[0].text)
    assert kind is not None
    return read(Source(kind, tuple(files)))


def _in_text(path: str, text: str) -> Iterator[TextFile]:
    first, *others = text.split(NEXT_FILE)
    yield TextFile(path, first)
    for other in others:
        name, _, rest = other.partition("\n")
        yield TextFile(name, rest)


def _check(found: Reading, row: dict[str, Any]) -> None:
    assert found.problem is None
    assert found.variables == row["variables"]
    assert sorted({one.code for one in found.mistakes}) == sorted(row["mistakes"])


@pytest.mark.parametrize("row", _rows(OWN), ids=lambda row: row["about"])
def test_variables_and_mistakes_of_a_source(row: dict[str, Any]) -> None:
    _check(_reading([TextFile(path, text) for path, text in row["files"]]), row)


@pytest.mark.skipif(not REAL.exists(), reason="the collection of real sources is not beside the repository")
def test_variables_and_mistakes_of_real_sources() -> None:
    rows = _rows(REAL)
    assert len(rows) >= 22
    for row in rows:
        _check(_reading(list(_in_text(row["path"], row["text"]))), row)
