"""Whatever a server has, its worker has after the import, or the preview says where it went, or why it went nowhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Here, Import
from ollama_panel.core.launch import Inherited, plan_instances
from ollama_panel.core.ollama.environment_table import VARIABLES
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources import read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Reading, Source, TextFile
from tests.core.importing.servers import unit

SOURCES = Path(__file__).parents[1] / "sources"
HOME = "/home/ann"
OF_PANEL = {"OLLAMA_ORIGINS": "origins", "OLLAMA_HOST": "network"}
"""Variables that become settings of the panel, or are offered."""


def _rows() -> Iterator[tuple[TextFile, ...]]:
    for line in (SOURCES / "configs.jsonl").read_text(encoding="utf-8").splitlines():
        yield tuple(TextFile(path, text) for path, text in json.loads(line)["files"])
    table = yaml.safe_load((SOURCES / "spellings.yaml").read_text(encoding="utf-8"))
    for of_code in table.values():
        for one in (*of_code["wrong"], of_code["right"]):
            more = (TextFile(path, text) for path, text in one.get("more", {}).items())
            yield TextFile(one["path"], one["text"]), *more


def _reading(files: tuple[TextFile, ...]) -> Reading:
    kind = kind_of(files[0].path, files[0].text)
    assert kind is not None
    return read(Source(kind, files))


def _told(made: Import) -> set[str]:
    """Return the variables of which the preview says that they are in no environment."""
    plan = made.plan
    untaken = {one.name for one in (*plan.ignored, *plan.wrong) if not getattr(one, "taken", False)}
    offered = {name for name, offer in OF_PANEL.items() if any(one.id.value == offer for one in plan.offers)}
    taken = {"OLLAMA_ORIGINS"} if any(one.key == "proxy.allowed_origins" for one in plan.taken) else set[str]()
    return untaken | offered | taken


def _lost(reading: Reading, *, gpu: bool) -> list[str]:
    here = Here(8, gpu)
    made = planned([reading], Settings(), here=here)
    specs = plan_instances(made.settings, ["ollama"], here.cores, gpu, inherited=Inherited(home=HOME))
    told = _told(made)
    return [
        f"{name}={value}"
        for server in reading.servers
        for name, value in server.variables.items()
        if name not in told and not any(_is(value, spec.environment.get(name)) for spec in specs)
    ]


def _is(value: str, found: str | None) -> bool:
    """Return whether a worker has a value; the panel fills in the home folder, as its author has meant it."""
    home = ("~", "$HOME", "${HOME}", "%USERPROFILE%")
    return found is not None and found in (value, *(value.replace(one, HOME, 1) for one in home))


@pytest.mark.parametrize("gpu", [True, False])
@pytest.mark.parametrize("files", [*_rows()], ids=lambda files: files[0].path)
def test_no_variable_of_a_source_is_lost_in_silence(files: tuple[TextFile, ...], gpu: bool) -> None:
    assert _lost(_reading(files), gpu=gpu) == []


@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.text(max_size=12)), st.booleans())
def test_no_value_of_any_variable_is_lost_in_silence(variables: dict[str, str], gpu: bool) -> None:
    assert _lost(unit(variables), gpu=gpu) == []


@pytest.mark.parametrize("value", ["", " ", "\t", '"', "'", "\xa0"])
def test_a_models_folder_that_is_empty_for_ollama_is_told_to_be_none(value: str) -> None:
    assert _lost(unit({"OLLAMA_MODELS": value}), gpu=True) == []
