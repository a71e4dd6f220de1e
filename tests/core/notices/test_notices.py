import msgspec
import pytest

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.templates import Level


def test_a_notice_has_the_level_of_its_template_and_survives_json() -> None:
    told = notice("prompt_cut.to", model="a", client="web", kept=4096, advice=notice("advice.trained"))
    assert told.level is Level.WARNING
    assert msgspec.json.decode(msgspec.json.encode(told), type=Notice) == told


def test_names_with_bytes_that_are_no_text_survive_json() -> None:
    name = b"b\xff{x}%".decode("utf-8", "surrogateescape")
    owner = notice("port.owner", name=name, pid=7)
    told = notice("access.management_off", method="POST", path=name)
    methods = notice("panel.method", path="/panel", methods=("GET", name))
    assert [one.values for one in (owner, told, methods)] == [
        {"name": "b?{x}%", "pid": 7},
        {"method": "POST", "path": "b?{x}%"},
        {"path": "/panel", "methods": ("GET", "b?{x}%")},
    ]
    assert msgspec.json.decode(msgspec.json.encode(owner), type=Notice) == owner


def test_a_notice_that_could_not_be_rendered_is_not_made() -> None:
    with pytest.raises(KeyError):
        notice("no.such_code")
    with pytest.raises(TypeError, match="kept"):
        notice("prompt_cut.to", model="a", client="web", advice=notice("advice.trained"))
