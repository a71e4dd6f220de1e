"""What the panel's HTTP API takes and answers about profiles, as records; see `core.panel_api`."""

from typing import Any

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.provenance import problem_of_profile
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profile_file, profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord


class ProfileShown(ProfileRecord, frozen=True, kw_only=True):
    """A profile without all that was tried. `problem` says why it does not hold on this machine any more.

    `in_force` are the pools that have its settings.
    """

    problem: Notice | None
    in_force: tuple[PoolName, ...]

    @classmethod
    def shown(cls, profile: Profile, snapshot: Snapshot) -> "ProfileShown":
        """Return what is shown of a profile on the machine of a snapshot."""
        record = ProfileRecord.of(profile)
        fields = {name: getattr(record, name) for name in record.__struct_fields__}
        return cls(**fields, problem=problem_of_profile(snapshot, record), in_force=pools_with(record, snapshot))


class Profiles(msgspec.Struct, frozen=True):
    """All profiles, by name."""

    profiles: tuple[ProfileShown, ...]


class ProfileAnswer(msgspec.Struct, frozen=True):
    """A profile with all that was tried; the other fields are those of `ProfileShown`."""

    profile: Profile
    problem: Notice | None
    in_force: tuple[PoolName, ...]

    @classmethod
    def of(cls, profile: Profile, snapshot: Snapshot) -> "ProfileAnswer":
        """Return the answer for a profile on the machine of a snapshot."""
        record = ProfileRecord.of(profile)
        return cls(profile, problem_of_profile(snapshot, record), pools_with(record, snapshot))


class NewProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From what a profile is made: the result of a tuning, by its id; or the settings of a pool; or a `profile`.

    That is one as it is answered, of this panel or of another one. Exactly one of the three is given.
    """

    tuning: str | None = None
    pool: str | None = None
    profile: dict[str, Any] | None = None

    def imported(self, name: str) -> Profile:
        """Return the `profile` under another name. Raises PanelError if none is given, or it is not valid."""
        if self.profile is None:
            raise PanelError(notice("profiles.from_what"))
        return profile_file.of_content({**self.profile, "name": name})


def pools_with(profile: ProfileRecord, snapshot: Snapshot) -> tuple[PoolName, ...]:
    """Return the pools that have the settings of a profile."""
    return tuple(pool.name for pool in snapshot.settings.pools if profiles.in_force(profile, pool))
