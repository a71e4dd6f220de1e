import inspect
import re

import pytest

from ollama_panel.core.notices.render import English
from ollama_panel.core.notices.templates import FIELD, TEMPLATES

FORMATS = {name for name, _ in inspect.getmembers(English, inspect.isfunction)}


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_template_has_words_of_its_own_and_known_formats(code: str) -> None:
    text = TEMPLATES[code].text
    assert not FIELD.fullmatch(text), "no template is a lone placeholder"
    assert {kind for _, kind in FIELD.findall(text) if kind} <= FORMATS
    assert not re.search(r"[{}]", FIELD.sub("", text)), "a brace that is no field"


def test_no_two_codes_have_the_same_text() -> None:
    texts = [template.text for template in TEMPLATES.values()]
    assert len(set(texts)) == len(texts)
