import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.machine import unit_file, unit_mistakes
from ollama_panel.core.sources.record import Mistake, TextFile


def _found(text: str) -> list[Mistake]:
    return list(unit_mistakes.of_unit(TextFile("x.conf", text), unit_file.parse(text)))


@pytest.mark.parametrize(
    ("text", "code", "mended"),
    [
        ("Environment=OLLAMA_DEBUG=1\n", codes.OUTSIDE_SECTION, "[Service]\nEnvironment=OLLAMA_DEBUG=1\n"),
        (
            "[Unit]\nEnvironment=OLLAMA_DEBUG=1\n",
            codes.WRONG_SECTION,
            "[Unit]\n[Service]\nEnvironment=OLLAMA_DEBUG=1\n",
        ),
        ("[Service]\nOLLAMA_DEBUG=1\n", codes.BAD_SYNTAX, '[Service]\nEnvironment="OLLAMA_DEBUG=1"\n'),
        ("[Service]\n#Environment=OLLAMA_DEBUG=1\n", codes.COMMENTED_OUT, "[Service]\nEnvironment=OLLAMA_DEBUG=1\n"),
        (
            "#[Service]\n; Environment=OLLAMA_DEBUG=1\n",
            codes.NOTHING_SET,
            "[Service]\nEnvironment=OLLAMA_DEBUG=1\n",
        ),
        (
            '[Service]\nEnvironment="export OLLAMA_DEBUG=1"\n',
            codes.EXPORT_IN_ENVIRONMENT_FILE,
            '[Service]\nEnvironment="OLLAMA_DEBUG=1"\n',
        ),
        (
            "[Service]\nEnvironment=\"OLLAMA_HOST='x'\"\n",
            codes.QUOTES_INSIDE,
            '[Service]\nEnvironment="OLLAMA_HOST=x"\n',
        ),
    ],
)
def test_a_mistake_is_named_once_and_its_mended_text_has_none(text: str, code: str, mended: str) -> None:
    (found,) = _found(text)
    assert (found.code, found.mended) == (code, mended)
    assert _found(mended) == []


@pytest.mark.parametrize(
    "text",
    [
        "[Service]\nEnvironment=OLLAMA_DEBUG=1\n#Environment=OLLAMA_HOST=x\n",
        "[Unit]\nDescription=OLLAMA_DEBUG=1\n",
        "[Service]\nEnvironment=PATH=$PATH\nFoo=1\n",
        "# [Service]\n# see the manual\n",
        "[Service]\nEnvironment=OLLAMA_ORIGINS=chrome-extension://$x\n",
    ],
)
def test_what_is_right_is_not_told(text: str) -> None:
    assert _found(text) == []


def test_an_assignment_is_taken_out_of_its_line() -> None:
    file = TextFile("x", '[Service]\nEnvironment=A=1 "B=2 3"\nEnvironment=C=1\n')
    assert unit_mistakes.without(file, 2, "B") == "[Service]\nEnvironment=A=1\nEnvironment=C=1\n"
    assert unit_mistakes.without(file, 3, "C") == '[Service]\nEnvironment=A=1 "B=2 3"\n'
    assert unit_mistakes.without(file, 1, "C") is None
