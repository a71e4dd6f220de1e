"""What is done with profiles: made of a pool or of a tuning, put on a pool, and kept in a list."""

from collections.abc import Iterable

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.settings.tree_values import Label
from ollama_panel.core.tuning.profile import Profile, ProfileRecord, ProfileSource
from ollama_panel.core.tuning.record import Provenance, TuningRecord


def of_pool(name: str, pool: PoolSettings, provenance: Provenance) -> Profile:
    """Return a profile with the settings that a pool has. Raises PanelError if the name is none."""
    return valid(Profile(name, without_secrets(pool), ProfileSource.HAND, provenance))


def of_tuning(name: str, record: TuningRecord) -> Profile:
    """Return a profile with the best settings of a tuning, and all that was tried.

    Raises PanelError if the name is none, or if the tuning has no verdict.
    """
    if record.verdict is None:
        raise PanelError(notice("profiles.no_verdict", tuning=forms.quoted(record.id)))
    return valid(
        Profile(
            name=name,
            settings=without_secrets(record.verdict.best.applied(record.settings)),
            source=ProfileSource.TUNED,
            provenance=record.provenance,
            goal=record.task.goal,
            workload=record.task.workload,
            outcomes=record.outcomes,
            verdict=record.verdict,
            tuning=record.id,
        )
    )


def valid(profile: Profile) -> Profile:
    """Return a profile. Raises PanelError if its name is none."""
    if wrong := forms.problem(Label, profile.name):
        told = notice("setting.not_that", expected=wrong, given=forms.quoted(profile.name))
        raise PanelError(notice("setting.refused", where="name", wrong=told))
    return profile


def without_secrets(pool: PoolSettings) -> PoolSettings:
    """Return a pool without its secret variables: profiles are shown, and sent to other machines."""
    return msgspec.structs.replace(pool, environment=_open(pool.environment))


def applied(profile: Profile | ProfileRecord, pool: PoolSettings) -> PoolSettings:
    """Return a pool with the settings of a profile. It keeps its name and its secret variables.

    A pool of another name keeps its role and its models, too: they say what the pool is for.
    """
    secrets = {name: value for name, value in pool.environment.items() if name not in _open(pool.environment)}
    wanted = msgspec.structs.replace(
        profile.settings, name=pool.name, environment={**profile.settings.environment, **secrets}
    )
    if profile.settings.name == pool.name:
        return wanted
    return msgspec.structs.replace(wanted, role=pool.role, models=pool.models)


def in_force(profile: Profile | ProfileRecord, pool: PoolSettings) -> bool:
    """Return whether a pool has the settings of a profile."""
    return applied(profile, pool) == pool


def find(profiles: Iterable[Profile], name: str) -> Profile:
    """Return a profile. Raises PanelError if there is none of that name."""
    known = {profile.name: profile for profile in profiles}
    if name not in known:
        shown = forms.quoted(name)
        raise PanelError(
            notice("profiles.unknown", name=shown, known=tuple(known)) if known else notice("profiles.none", name=shown)
        )
    return known[name]


def with_profile(profiles: Iterable[Profile], profile: Profile) -> tuple[Profile, ...]:
    """Return profiles by name with one more, which takes the place of one of the same name."""
    others = (one for one in profiles if one.name != profile.name)
    return tuple(sorted((*others, profile), key=lambda one: one.name.casefold()))


def without_profile(profiles: Iterable[Profile], name: str) -> tuple[Profile, ...]:
    """Return profiles without one. Raises PanelError if there is none of that name."""
    gone = find(profiles := tuple(profiles), name)
    return tuple(one for one in profiles if one is not gone)


def _open(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that are no secrets."""
    shown = redact.environment(environment)
    return {name: value for name, value in environment.items() if shown[name] == value}
