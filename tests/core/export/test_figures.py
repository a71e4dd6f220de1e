"""The figures of a measured profile in the header of an export."""

import re

import msgspec
import pytest

from ollama_panel.core.export import render, targets
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.trial import Estimate
from tests.core.export.samples import OLLAMA
from tests.fakes.tunings import CURVE, HERE, POOL, rates, tuning

TUNED = ProfileRecord.of(profiles.of_tuning("balanced", tuning()))
LINE = "measured on 2026-09-21: 433 tokens/s ± 4.33 (llama3.1:8b, NVIDIA GeForce RTX 4090 and Ollama 0.32.15; profile"


def exported(target: str, *known: ProfileRecord, parallel: int = 16) -> str:
    """Return the text of an export of the pool with so many slots."""
    settings = msgspec.structs.replace(Settings(), pools=(msgspec.structs.replace(POOL, parallel=parallel),))
    planned = plan_instances(settings, OLLAMA, cores=8, gpu=True)
    return render(target, settings, planned, version="1.2.3", date="2026-11-23", profiles=known).text


@pytest.mark.parametrize("target", [target.id for target in targets()])
def test_a_pool_with_the_settings_of_a_measured_profile_says_what_it_gave(target: str) -> None:
    text = exported(target, TUNED)
    assert f"{LINE} balanced)" in text
    assert "measured on" not in exported(target, TUNED, parallel=8)
    assert "measured on" not in exported(target)


def test_settings_that_nobody_has_measured_have_no_figures() -> None:
    pool = msgspec.structs.replace(POOL, parallel=16)
    assert "measured on" not in exported("shell", ProfileRecord.of(profiles.of_pool("night", pool, HERE)))


def test_of_several_measurements_the_newest_is_told() -> None:
    later = msgspec.structs.replace(HERE, at=HERE.at + 10 * 86_400)
    newer = ProfileRecord.of(profiles.of_tuning("newer", tuning(rates(CURVE | {16: 440.0}), provenance=later)))
    assert re.findall(r"measured on (\S+): (\d+)", exported("json", newer, TUNED)) == [("2026-10-01", "440")]


def test_what_is_unknown_is_left_out_and_a_name_stays_on_its_line() -> None:
    assert TUNED.measured is not None
    alone = msgspec.structs.replace(TUNED.measured, tokens_per_s=Estimate(433.0))
    bare = msgspec.structs.replace(HERE, hardware="", ollama="")
    told = msgspec.structs.replace(TUNED, name="a\u2028b", measured=alone, provenance=bare)
    assert "measured on 2026-09-21: 433 tokens/s (llama3.1:8b; profile a b)\n" in exported("shell", told)
