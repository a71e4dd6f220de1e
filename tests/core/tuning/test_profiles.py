"""Profiles: made of a pool or of a tuning, put on a pool, and kept in a list."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord, ProfileSource
from ollama_panel.core.tuning.record import TuningState
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from tests.fakes.tunings import HERE, POOL, tuning

SECRET = {"HF_TOKEN": "hf_abcdefgh", "OLLAMA_DEBUG": "1"}


def test_a_profile_of_a_pool_is_all_its_settings() -> None:
    found = profiles.of_pool("night", POOL, HERE)
    assert found == Profile("night", POOL, ProfileSource.HAND, HERE)
    assert profiles.in_force(found, POOL)


def test_a_profile_of_a_tuning_has_the_best_settings_and_all_that_was_tried() -> None:
    record = tuning()
    found = profiles.of_tuning("balanced", record)
    assert found.settings == msgspec.structs.replace(POOL, parallel=16)
    assert (found.source, found.provenance, found.tuning) == (ProfileSource.TUNED, HERE, "t-1")
    assert (found.goal, found.workload) == (Goal.BALANCED, WorkloadKind.CHAT)
    assert found.outcomes == record.outcomes
    shown = ProfileRecord.of(found)
    assert shown.measured is not None
    assert shown.measured.tokens_per_s.mean == 433.0


def test_a_tuning_without_a_verdict_makes_no_profile() -> None:
    with pytest.raises(PanelError, match="The tuning t-1 has no result that could be saved"):
        profiles.of_tuning("balanced", tuning(state=TuningState.CANCELLED))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x07"])
def test_a_profile_needs_a_name_that_can_be_written(name: str) -> None:
    with pytest.raises(PanelError, match=r"^name must be"):
        profiles.of_pool(name, POOL, HERE)


def test_secrets_stay_with_the_pool() -> None:
    pool = msgspec.structs.replace(POOL, environment=SECRET)
    found = profiles.of_pool("night", pool, HERE)
    assert found.settings.environment == {"OLLAMA_DEBUG": "1"}
    assert profiles.in_force(found, pool)
    changed = msgspec.structs.replace(found, settings=msgspec.structs.replace(found.settings, environment={"A": "1"}))
    assert profiles.applied(changed, pool).environment == {"A": "1", "HF_TOKEN": "hf_abcdefgh"}


def test_a_pool_of_another_name_keeps_what_it_is_for() -> None:
    batch = PoolSettings(PoolName("batch"), role=Role.BATCH, models=("qwen3:32b",))
    found = profiles.applied(profiles.of_pool("night", POOL, HERE), batch)
    assert (found.name, found.role, found.models) == ("batch", Role.BATCH, ("qwen3:32b",))
    assert (found.parallel, found.context_length) == (POOL.parallel, POOL.context_length)


def test_profiles_are_listed_by_name_and_a_new_one_takes_the_place_of_one_of_its_name() -> None:
    first, second = (profiles.of_pool(name, POOL, HERE) for name in ("night", "Day"))
    kept = profiles.with_profile(profiles.with_profile((), first), second)
    assert [one.name for one in kept] == ["Day", "night"]
    newer = profiles.of_pool("night", msgspec.structs.replace(POOL, parallel=8), HERE)
    assert profiles.with_profile(kept, newer) == (second, newer)
    assert profiles.without_profile(kept, "Day") == (first,)


def test_a_profile_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(PanelError, match=r'^There is no profile "day", and no other one\.$'):
        profiles.find((), "day")
    with pytest.raises(PanelError, match=r'^There is no profile "day"; there are night\.$'):
        profiles.without_profile((profiles.of_pool("night", POOL, HERE),), "day")
