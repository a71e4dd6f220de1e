import msgspec
import pytest

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level


def test_a_notice_has_the_level_of_its_template_and_survives_json() -> None:
    told = notice("prompt_cut.to", model="a", client="web", kept=4096, advice=notice("advice.trained"))
    assert told.level is Level.WARNING
    assert msgspec.json.decode(msgspec.json.encode(told), type=Notice) == told


def test_a_notice_that_could_not_be_rendered_is_not_made() -> None:
    with pytest.raises(KeyError):
        notice("no.such_code")
    with pytest.raises(TypeError, match="kept"):
        notice("prompt_cut.to", model="a", client="web", advice=notice("advice.trained"))
