"""What the panel's HTTP API answers about profiles."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.profile_answers import NewProfile, ProfileAnswer, ProfileShown
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileSource
from tests.fakes.tunings import HERE, POOL, tuning

TUNED = profiles.of_tuning("balanced", tuning())


def snapshot(**pool: object) -> Snapshot:
    """Return a panel with the pool, changed, that runs another version of Ollama than the profile was measured with."""
    settings = msgspec.structs.replace(Settings(), pools=(msgspec.structs.replace(POOL, **pool),))
    return Snapshot(at=1.0, settings=settings, ollama_version="0.33.0")


@pytest.mark.parametrize(("parallel", "pools"), [(2, ()), (16, ("chat",))])
def test_a_profile_is_shown_with_the_pools_that_have_it_and_with_what_has_changed(
    parallel: int, pools: tuple[str, ...]
) -> None:
    here = snapshot(parallel=parallel)
    shown, whole = ProfileShown.shown(TUNED, here), ProfileAnswer.of(TUNED, here)
    assert shown.in_force == whole.in_force == pools
    assert shown.problem == whole.problem
    assert shown.problem is not None
    assert shown.problem.code == "validity.changed"
    assert (shown.name, shown.settings, shown.measured) == ("balanced", TUNED.settings, TUNED.verdict.after)


def test_settings_by_hand_are_not_to_be_measured_again() -> None:
    shown = ProfileShown.shown(profiles.of_pool("night", POOL, HERE), snapshot())
    assert shown.problem is not None
    assert shown.problem.code == "validity.made"


def test_a_profile_as_it_is_answered_can_be_imported_under_another_name() -> None:
    answered: dict[str, object] = msgspec.to_builtins(TUNED)
    found: Profile = NewProfile(profile=answered).imported("copy")
    assert found == msgspec.structs.replace(TUNED, name="copy", source=ProfileSource.IMPORTED)
    with pytest.raises(PanelError, match="made of one of these three"):
        NewProfile().imported("copy")
