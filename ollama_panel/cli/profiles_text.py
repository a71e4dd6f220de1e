"""Profiles as text for the command line: a table of all, and everything of one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ollama_panel.cli import output, pools, tuning_text
from ollama_panel.core.columns import aligned
from ollama_panel.core.notices.render import ENGLISH, render
from ollama_panel.core.profile_answers import ProfileAnswer, ProfileShown
from ollama_panel.core.text import printable
from ollama_panel.core.tuning.profile import Profile, ProfileSource
from ollama_panel.core.tuning.trial import Estimate, Measurement

_HEAD = ("PROFILE", "POOL", "WORKERS", "PARALLEL", "CONTEXT", "TOKENS/S", "FROM", "MADE", "IN FORCE")
_SOURCES = {
    ProfileSource.TUNED: "a tuning",
    ProfileSource.HAND: "settings by hand",
    ProfileSource.IMPORTED: "a file",
}


def table(profiles: Sequence[ProfileShown]) -> Iterator[str]:
    """Yield a table of profiles, and below it what does not hold any more."""
    yield from map(printable, aligned([_HEAD, *map(_row, profiles)]))
    stale = [(one.name, one.problem) for one in profiles if one.problem is not None]
    if stale:
        yield ""
    yield from (printable(f"{name}: {render(problem)}") for name, problem in stale)


def _row(one: ProfileShown) -> tuple[str, ...]:
    settings = one.settings
    numbers = (settings.workers, settings.parallel, settings.context_length)
    rate = output.UNKNOWN if one.measured is None else estimate(one.measured.tokens_per_s)
    where = ",".join(one.in_force) or output.UNKNOWN
    return (one.name, settings.name, *map(str, numbers), rate, _SOURCES[one.source], _day(one.provenance.at), where)


def shown(answer: ProfileAnswer) -> Iterator[str]:
    """Yield everything of a profile: its settings, where it is from, what it gives, and what was tried.

    It may be from outside, and hold commands for a terminal.
    """
    return map(printable, _shown(answer))


def _shown(answer: ProfileAnswer) -> Iterator[str]:
    profile = answer.profile
    yield f"{profile.name}, made from {_SOURCES[profile.source]} on {_day(profile.provenance.at)}."
    if answer.in_force:
        yield f"In force: {', '.join(answer.in_force)}."
    if answer.problem is not None:
        yield render(answer.problem)
    yield ""
    yield from pools.lines([profile.settings], load=False)
    yield ""
    yield from _origin(profile)
    if profile.verdict is not None:
        yield from map(render, (profile.verdict.headline, *profile.verdict.lines))
        if profile.verdict.after is not None:
            yield _figures(profile.verdict.after)
        yield ""
        it = profile.verdict
        yield from tuning_text.table_of(profile.outcomes, it.present, it.best, profile.goal)


def _origin(profile: Profile) -> Iterator[str]:
    it = profile.provenance
    model = f"{it.model} ({it.digest[:12]})" if it.digest else it.model
    driver, ollama, panel = (
        f"{name} {version}" if version else ""
        for name, version in (("driver", it.driver), ("Ollama", it.ollama), ("Ollama Panel", it.panel))
    )
    parts = [part for part in (it.hardware, driver, ollama, model, it.power, panel) if part]
    if parts:
        yield f"On {', '.join(parts)}."


def _figures(it: Measurement) -> str:
    parts = [f"{estimate(it.tokens_per_s)} tokens/s"]
    if it.token_p50_s is not None:
        parts.append(f"{it.token_p50_s * 1000:.3g} ms per token (p50)")
    if it.first_token_p95_s is not None:
        parts.append(f"first token within {ENGLISH.seconds(round(it.first_token_p95_s, 1))} (p95)")
    return f"Measured: {', '.join(parts)}."


def estimate(it: Estimate) -> str:
    """Return a mean with its interval."""
    return f"{it.mean:.1f}" if it.half_width is None else f"{it.mean:.1f} ± {it.half_width:.1f}"


def saved(profile: Profile) -> str:
    """Return what was saved, in a sentence."""
    it = profile.settings
    workers = output.counted(it.workers, "worker")
    return f"Saved as {profile.name}: {workers}, parallel {it.parallel}, context {it.context_length:,}."


def _day(at: float) -> str:
    """Return the day of a Unix time here."""
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d}"
