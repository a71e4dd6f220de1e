"""Every mistake of sources on a machine in three spellings, what is close to it and right, and what mends it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ollama_panel.core.sources import codes, read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Reading, Source, TextFile

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("spellings.yaml").read_text(encoding="utf-8")
)
WRONG = [(code, one) for code, of_code in TABLE.items() for one in of_code["wrong"]]
RIGHT = [(code, of_code["right"]) for code, of_code in TABLE.items()]
MOST_EDITS = 10


def _files(one: dict[str, Any]) -> tuple[TextFile, ...]:
    more = (TextFile(path, text) for path, text in one.get("more", {}).items())
    return (TextFile(one["path"], one["text"]), *more)


def _reading(files: tuple[TextFile, ...]) -> Reading:
    kind = kind_of(files[0].path, files[0].text)
    assert kind is not None
    return read(Source(kind, files))


@pytest.mark.parametrize("code", TABLE)
def test_a_mistake_has_three_spellings(code: str) -> None:
    assert code in vars(codes).values()
    assert len(TABLE[code]["wrong"]) >= 3


@pytest.mark.parametrize(("code", "one"), WRONG)
def test_it_is_found_in_each_and_nothing_else(code: str, one: dict[str, Any]) -> None:
    files = _files(one)
    found = _reading(files)
    assert {mistake.code for mistake in found.mistakes} == {code}
    for mistake in found.mistakes:
        (file,) = (file for file in files if file.path == mistake.place.path)
        assert mistake.place.text in file.text
        assert 0 <= mistake.place.line <= file.text.count("\n") + 1


@pytest.mark.parametrize(("code", "one"), RIGHT)
def test_what_is_close_to_it_is_silent(code: str, one: dict[str, Any]) -> None:
    assert [mistake.code for mistake in _reading(_files(one)).mistakes if mistake.code == code] == []
    assert _reading(_files(one)).mistakes == ()


@pytest.mark.parametrize(("code", "one"), WRONG)
def test_what_mends_it_leaves_no_mistake_that_could_be_mended(code: str, one: dict[str, Any]) -> None:
    files = _files(one)
    for _ in range(MOST_EDITS):
        edit = next((found for found in _reading(files).mistakes if found.mended is not None), None)
        if edit is None:
            break
        files = tuple(
            TextFile(file.path, edit.mended or "") if file.path == edit.place.path else file for file in files
        )
    left = _reading(files).mistakes
    assert [mistake.code for mistake in left if mistake.mended is not None] == []
    assert files == _files(one) or code not in {mistake.code for mistake in left}


@pytest.mark.parametrize(("code", "one"), WRONG)
def test_a_file_of_windows_is_mended_with_its_own_ends_of_lines(code: str, one: dict[str, Any]) -> None:
    del code
    files = _files(one)
    of_windows = tuple(TextFile(file.path, file.text.replace("\n", "\r\n")) for file in files)
    right = [(found.code, (found.mended or "").replace("\n", "\r\n")) for found in _reading(files).mistakes]
    assert [(found.code, found.mended or "") for found in _reading(of_windows).mistakes] == right


@pytest.mark.parametrize(("code", "one"), WRONG)
def test_a_file_whose_last_line_has_no_end_is_mended_all_the_same(code: str, one: dict[str, Any]) -> None:
    files = _files(one)
    cut = tuple(TextFile(file.path, file.text.removesuffix("\n")) for file in files)
    right = [(found.code, (found.mended or "").removesuffix("\n")) for found in _reading(files).mistakes]
    assert code in dict(right)
    assert [(found.code, (found.mended or "").removesuffix("\n")) for found in _reading(cut).mistakes] == right
