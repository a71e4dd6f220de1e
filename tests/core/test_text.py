import pytest

from ollama_panel.core.text import valid_text


@pytest.mark.parametrize("text", ["", "ollama", "日本 \U0001f999", 'a "b"\n{c} %s'])
def test_valid_text_stays(text):
    assert valid_text(text) == text


@pytest.mark.parametrize("name", [b"b\xff\xfe", b"\xc3", b"\xed\xa0\xbd"])
def test_bytes_that_are_no_text_become_question_marks(name):
    text = valid_text(name.decode("utf-8", "surrogateescape"))
    assert text == "".join(chr(byte) if byte < 128 else "?" for byte in name)
    assert text.encode()


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert valid_text("\ud83e!") == "?!"
