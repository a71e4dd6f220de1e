"""The text of a JSON file that people edit: its encodings, and what is wrong with it, at which line and column.

msgspec reads what is valid. The standard library's decoder, which knows the place of an error, reads the rest: numbers
beyond a float and halves of surrogate pairs, too, so that they cost one value and not the whole file.
"""

import json
import re

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.text import valid_text

_CLOSED = re.compile(r",[ \t\r\n]*[]}]")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_STARTS = {"//": "json.comment", "/*": "json.comment", "#": "json.comment", "'": "json.single_quotes"}
_MESSAGES = {
    "Unterminated string": "json.open_quote",
    "Invalid \\": "json.backslash",
    "Expecting ',' delimiter": "json.no_comma",
    "Expecting ':' delimiter": "json.no_colon",
    "Extra data": "json.goes_on",
    "Invalid control character at": "json.two_lines",
}
"""What stands at an error, and what the decoder says of it, as far as the cause is clear."""


def decode(raw: bytes) -> object:
    """Return the content of JSON in UTF-8, or in UTF-16 or UTF-32, with or without a byte order mark.

    Raises PanelError, which names the line and the column, if it is not valid.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_slowly(raw)


def _decode_slowly(raw: bytes) -> object:
    encoding = json.detect_encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(encoding, "replace")
        raise PanelError(_at(before, len(before), notice("json.not_utf8"))) from error
    try:
        return _with_valid_text(json.loads(text))
    except json.JSONDecodeError as error:
        place = _comma_too_many(text, error.pos)
        reason = _reason(text, error) if place is None else notice("json.trailing_comma")
        raise PanelError(_at(text, error.pos if place is None else place, reason)) from error
    except (ValueError, RecursionError) as error:  # more digits, or more brackets within brackets, than Python reads
        raise PanelError(notice("json.too_much")) from error


def _at(text: str, place: int, reason: Notice) -> Notice:
    line = text.count("\n", 0, place) + 1
    return notice("json.invalid", line=line, column=place - text.rfind("\n", 0, place), reason=reason)


def _comma_too_many(text: str, place: int) -> int | None:
    """Return the place of a comma after the last value; Python 3.13 finds the comma, earlier ones the bracket."""
    comma = place if text[place : place + 1] == "," else len(text[:place].rstrip()) - 1
    return comma if text[comma : comma + 1] == "," and _CLOSED.match(text, comma) else None


def _reason(text: str, error: json.JSONDecodeError) -> Notice:
    """Return what is wrong at the place of an error; what people write who know other languages comes first."""
    here = text[error.pos :]
    word = _WORD.match(here)
    if not here.strip():
        return notice("json.ends")
    if word and word[0].lower() in ("true", "false", "null", "none"):
        return notice("json.word", word=word[0])
    if word and error.msg.startswith("Expecting property name"):
        return notice("json.bare_name", name=word[0])
    known = [code for start, code in _STARTS.items() if here.startswith(start)]
    known += [code for start, code in _MESSAGES.items() if error.msg.startswith(start)]
    return notice(known[0]) if known else notice("json.other", words=error.msg)


def _with_valid_text(content: object) -> object:
    """Return content without halves of surrogate pairs, which can be written in no encoding."""
    match content:
        case str():
            return valid_text(content)
        case list():
            return [_with_valid_text(one) for one in content]
        case dict():
            return {valid_text(name): _with_valid_text(value) for name, value in content.items()}
        case _:
            return content
