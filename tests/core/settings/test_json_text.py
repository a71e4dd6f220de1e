"""JSON that people wrote: every encoding that editors choose is read, and errors say where and what."""

import codecs
import json

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings import codec, json_text
from ollama_panel.core.settings.tree import Settings

TEXT = '{\r\n  "ollama": {"models_dir": "/srv/Modèles"},\r\n  "proxy": {"port": 12345}\r\n}\r\n'


def wrong(raw: bytes) -> str:
    with pytest.raises(PanelError) as caught:
        json_text.decode(raw)
    return str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.encode("utf-16-le"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 le", "utf-16 be", "utf-32", "utf-16 without mark"],
)
def test_every_encoding_of_an_editor_is_read_and_utf_8_is_written(raw: bytes) -> None:
    assert json_text.decode(raw) == json.loads(TEXT)
    settings, problems = codec.load(raw)
    assert problems == ()
    assert (settings.proxy.port, settings.ollama.models_dir) == (12345, "/srv/Modèles")
    assert "Modèles".encode() in codec.dump(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n  // mine\n  "a": 1}', "line 2, column 3: JSON has no comments"),
        ('{"a": 1, # mine\n}', "line 1, column 10: JSON has no comments"),
        ('{"a": /* one */ 1}', "line 1, column 7: JSON has no comments"),
        ('{"a": 1} // mine', "line 1, column 10: JSON has no comments"),
        ("['a']", 'line 1, column 2: names and texts need double quotes (")'),
        ('{"a": True}', "line 1, column 7: True is not known: write true, false or null"),
        ('{"a":\n None}', "line 2, column 2: None is not known: write true, false or null"),
        ("{port: 1}", 'line 1, column 2: the name port needs double quotes (")'),
        ('{"a": 1\n "b": 2}', "line 2, column 2: a comma is missing before this"),
        ('{"a" 1}', "line 1, column 6: a colon is missing between a name and its value"),
        ('{"a": 1}}', "line 1, column 9: something follows after the last bracket"),
        ('{"a": 1', "line 1, column 8: the text ends too early: a bracket or a value is missing"),
        ("", "line 1, column 1: the text ends too early: a bracket or a value is missing"),
        ('{"a": "b', "line 1, column 7: the closing quote of a text is missing"),
        ('{"a": "b\n}', "line 1, column 9: a text has a line break or a tab in it, or its closing quote is missing"),
        ('{"a": "C:\\models"}', "line 1, column 10: a backslash in a text is written twice"),
        ('{"a": ;}', "line 1, column 7: this is not what JSON has here (Expecting value)"),
    ],
)
def test_an_error_has_its_line_its_column_and_its_name(text: str, said: str) -> None:
    assert wrong(text.encode()) == f"It is not valid JSON: {said}."
    assert wrong(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == f"It is not valid JSON: {said}."


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a":[1,\n]}', '{"a": 1,\n\n }\n'])
def test_a_comma_too_many_is_named_where_it_stands(text: str) -> None:
    assert wrong(text.encode()) == "It is not valid JSON: line 1, column 8: there is a comma after the last value."


def test_a_place_counts_characters_not_bytes() -> None:
    assert "line 2, column 5" in wrong('{"ä": "ö",\n"ü" 1}'.encode())


def test_another_encoding_is_named_at_its_first_character() -> None:
    assert wrong('{\n "a": "Modèles"}'.encode("cp1252")) == (
        "It is not valid JSON: line 2, column 11: this is not UTF-8: save the file in that encoding."
    )


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_what_python_does_not_read_is_one_sentence(raw: bytes) -> None:
    assert wrong(raw) == "It has a number with too many digits, or brackets too deep within brackets."


@pytest.mark.parametrize("value", ["1e400", "NaN", "-Infinity", '"\\ud800"', "10000000000000000000000000"])
def test_a_value_that_nobody_can_use_costs_only_itself(value: str) -> None:
    settings, problems = codec.load(f'{{"proxy": {{"queue_timeout_s": {value}, "port": 12345}}}}'.encode())
    assert (settings.proxy.port, settings.proxy.queue_timeout_s) == (12345, Settings().proxy.queue_timeout_s)
    assert [problem.where for problem in problems] == ["proxy.queue_timeout_s"]
