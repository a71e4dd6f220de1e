"""What was measured with the settings of a pool, for the header of an export."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.profiles import in_force


def of_profiles(settings: Settings, profiles: Iterable[ProfileRecord]) -> dict[PoolName, Notice]:
    """Return for each pool that has the settings of a measured profile what that gave; of several the newest."""
    found = dict[PoolName, Notice]()
    for profile in sorted(profiles, key=lambda one: one.provenance.at):
        told = _told(profile)
        if told is not None:
            found |= {pool.name: told for pool in settings.pools if in_force(profile, pool)}
    return found


def _told(profile: ProfileRecord) -> Notice | None:
    """Return what was measured with a profile, when and on what; None if nothing was."""
    if profile.measured is None:
        return None
    it, rate = profile.provenance, profile.measured.tokens_per_s
    where = (it.model, it.hardware, f"Ollama {it.ollama}" if it.ollama else "")
    values: dict[str, Value] = {
        "name": profile.name,
        "day": datetime.fromtimestamp(it.at, UTC).date().isoformat(),
        "rate": rate.mean,
        "where": tuple(filter(None, where)),
    }
    if rate.half_width is None:
        return notice("export.measured_once", **values)
    return notice("export.measured", **values, half=rate.half_width)
