"""The header and the check of names and values."""

import re

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Deployment, Provenance
from ollama_panel.core.export.parts import commented, hash_of, service_variables, variables
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings
from tests.core.export.samples import instances, pools

NOTHING = re.compile(r"(?!)")


def test_every_line_of_the_header_is_a_comment() -> None:
    provenance = Provenance("1.2.3", "2026-11-23", hardware=("RTX 4090 24 GiB", "driver 570.86"))
    lines = commented(Deployment(pools(), instances(pools()), provenance)).splitlines()
    assert len(lines) == 5
    assert lines[3:] == ["# RTX 4090 24 GiB, driver 570.86", f"# Hash of the settings: {hash_of(pools())}"]
    assert all(line.startswith("# ") for line in lines)


def test_the_header_says_that_pinned_models_are_loaded_by_the_panel_alone() -> None:
    first, *others = pools().pools
    pinned = msgspec.structs.replace(first, preload=("qwen3:8b", "bge\nm3"))
    deployment = Deployment(Settings(pools=(pinned, *others)), instances(pools()), Provenance("1.2.3", "2026-11-23"))
    (line,) = [one for one in commented(deployment).splitlines() if "Pinned" in one]
    assert line == (
        "#     Pinned models, which the panel loads at each start and nobody does without it: qwen3:8b and bge m3"
    )


def test_a_value_that_a_target_cannot_hold_is_named_with_its_pool() -> None:
    (first, *_) = instances(pools({"MOTD": "two\nlines"}))
    with pytest.raises(PanelError, match=r"MOTD in the environment of pool chat .* a systemd unit cannot hold"):
        variables(first, re.compile("\n"), notice("export.unit"))


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A=B", "A\n", "É"])
def test_only_letters_digits_and_underscores_make_a_name(name: str) -> None:
    (first, *_) = instances(pools({name: "x"}))
    with pytest.raises(PanelError, match="not a variable name"):
        variables(first, NOTHING, notice("export.unit"))


def test_a_folder_that_is_not_set_is_that_of_the_service_and_another_empty_value_stays() -> None:
    (first, *_) = instances(pools({"OLLAMA_MODELS": "", "OLLAMA_KEEP_ALIVE": ""}))
    told = service_variables(first, NOTHING, notice("export.unit"))
    assert first.environment.keys() - told.keys() == {"OLLAMA_MODELS"}
    assert told["OLLAMA_KEEP_ALIVE"] == ""
