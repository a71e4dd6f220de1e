"""Mistakes in configuration sources, each with the lines that show it and with its mended file.

A mistake beside which the server has the value all the same, from another place, is none.
"""

from collections.abc import Callable, Iterable, Iterator

from ollama_panel.core.doctor import subjects
from ollama_panel.core.doctor.check import Applies, Check
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.fixes import edit, is_plain, read_with
from ollama_panel.core.doctor.in_force import InForce, holds, in_force, is_set_but, of_runners, version_of
from ollama_panel.core.doctor.mac_fixes import lasting
from ollama_panel.core.doctor.server_sources import is_of_whole_machine, outside_panels, server_of_reading
from ollama_panel.core.findings import Area, Evidence, Finding, Fix, RunCommands
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment import find
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate, Mistake, Reading, SourceKind

_NOT_TAKEN = frozenset(
    {
        *(codes.NOTHING_SET, codes.COMMENTED_OUT, codes.OUTSIDE_SECTION, codes.WRONG_SECTION, codes.WRONG_PLACE),
        *(codes.EXPORT_IN_ENVIRONMENT_FILE, codes.BLANK_AROUND_EQUALS, codes.BAD_SYNTAX, codes.NUMBER_NOT_TEXT),
        *(codes.UNREADABLE_FILE, codes.WRONG_SHAPE, codes.DUPLICATE_KEY),
    }
)
_SWITCHED_OFF = frozenset({codes.NOTHING_SET, codes.COMMENTED_OUT})
"""What is not set at all, perhaps on purpose."""
_CHANGED = frozenset({codes.COMMENT_IN_VALUE, codes.QUOTES_INSIDE, codes.NOT_EXPANDED, codes.UNSET_VARIABLE})
_LOST_ON_THE_WAY = frozenset(
    {
        *(codes.WRAPPER_WITHOUT_VARIABLE, codes.NOT_EXPORTED, codes.SET_AFTER_START, codes.NOT_PASSED_ON),
        *(codes.CLIENT_SIDE, codes.WRONG_UNIT, codes.OPTION_BEHIND_IMAGE),
    }
)
_NAMES = frozenset({codes.DEAD_VARIABLE, codes.FOLKLORE, codes.UNKNOWN_VARIABLE, codes.MISSPELT})
_VALUES = frozenset({codes.GFX_FORMAT, codes.BAD_VALUE, codes.KV_WITHOUT_FLASH})
_PASSING = frozenset({codes.LOST_AT_REBOOT, codes.EDITS_LOST})
_IN_CONTAINERS = frozenset({codes.NO_GPU_IN_CONTAINER, codes.LOOPBACK_IN_CONTAINER, codes.WRONG_PORT})
_GROUPS = (_NOT_TAKEN, _CHANGED, _LOST_ON_THE_WAY, _NAMES, _VALUES, _PASSING, _IN_CONTAINERS)

_ELSEWHERE = frozenset({codes.OPEN_TO_NETWORK, codes.RESTART_NEEDED, codes.NOT_EVALUATED})
"""What the facts of the machine tell better than a file: who listens, and what the server runs with. What the panel
cannot evaluate is no fault of the machine."""

_UNSEEN_BY_SERVER = _NOT_TAKEN | _LOST_ON_THE_WAY
"""Mistakes by which a server does not get a value; it may have it from another place."""

_SHOWN_AGAIN = frozenset({SourceKind.PROCESS, SourceKind.DOCKER_INSPECT})
"""Sources that show what others have set."""


def _told_elsewhere(facts: Facts, reading: Reading, mistake: Mistake) -> bool:
    """Return whether another check, or another source, tells the same, or whether it is no mistake on this machine."""
    match mistake.code:
        case code if code in _ELSEWHERE:
            known = True
        case codes.PARALLEL_WITHOUT_EFFECT:
            known = bool(facts.loaded)  # then the models that are loaded are judged
        case codes.NO_GPU_IN_CONTAINER:
            known = facts.machine.system == "Darwin" and any(one.running for one in facts.containers)
        case codes.LOST_AT_REBOOT:
            known = _is_set_at_login(facts, reading)
        case codes.DEAD_VARIABLE:
            known = _is_read_here(facts, reading, mistake.name)
        case _:
            known = False
    return known or (reading.kind in _SHOWN_AGAIN and _is_shown_again(facts, reading, mistake))


def _is_set_at_login(facts: Facts, reading: Reading) -> bool:
    """Return whether agents set the variables of a source again at each login of a Mac."""
    agents = (one for one in facts.sources if one.kind is SourceKind.LAUNCH_AGENT)
    kept = {name for one in agents for config in one.servers if not config.command for name in config.variables}
    return reading.variables.keys() <= kept


def _is_shown_again(facts: Facts, reading: Reading, mistake: Mistake) -> bool:
    """Return whether a source shows again what others have set, or what a panel gives its workers and checks itself."""
    if any(str(one.pid) in reading.path.split() for one in facts.servers if one.owner.kind is OwnerKind.PANEL):
        return True
    others = (one for one in facts.sources if one.kind not in _SHOWN_AGAIN)
    return any((one.code, one.name) == (mistake.code, mistake.name) for other in others for one in other.mistakes)


def _asked(reading: Reading, mistake: Mistake) -> tuple[str, Fate] | None:
    """Return the value that a line with a mistake is to set, and what becomes of it; None if nobody can say."""
    where = (mistake.place.path, mistake.place.line)
    for one in reading.assignments:
        if (one.place.path, one.place.line) == where and one.name == mistake.name:
            return one.value, one.fate
    value = _when_mended(reading, mistake) if mistake.name else None
    return (value, Fate.IGNORED) if value is not None else None


def _when_mended(reading: Reading, mistake: Mistake) -> str | None:
    """Return what a source would set without a mistake, None if that is not known."""
    if reading.source is None or mistake.mended is None:
        return None
    return read_with(reading.source, mistake.place.path, mistake.mended).variables.get(mistake.name)


def _is_read_here(facts: Facts, reading: Reading, name: str) -> bool:
    """Return whether the servers of a source are of versions that read a variable, though newer ones do not."""
    versions = [version_of(one) for one in _servers(facts, reading)]
    variable = find(name)
    return bool(versions) and all(versions) and all(variable and variable.outside(one) is None for one in versions)


def _servers(facts: Facts, reading: Reading) -> tuple[FoundServer, ...]:
    """Return the servers that a source is meant for: its own, else all of the machine but those of a panel."""
    own = server_of_reading(facts, reading)
    return (own,) if own is not None else outside_panels(facts).servers


def _found(facts: Facts, reading: Reading, mistake: Mistake) -> tuple[str, FoundServer, InForce] | None:
    """Return the value that a line asks for in vain, the server, and what that runs with; None if nobody can say."""
    asked = _asked(reading, mistake) if mistake.code in _UNSEEN_BY_SERVER | _CHANGED else None
    servers = _servers(facts, reading)
    if asked is None or len(servers) != 1:
        return None
    found = in_force(facts, servers[0], mistake.name)
    if mistake.code in _CHANGED and any(one.code in _LOST_ON_THE_WAY for one in reading.mistakes):
        return None  # whatever is written there, the server does not get it
    if found is None or holds(mistake.name, asked[0], found, version_of(servers[0])) is not False:
        return None
    return asked[0], servers[0], found


def _is_in_force_anyway(facts: Facts, reading: Reading, mistake: Mistake) -> bool:
    """Return whether every server has the value, although this line does not give it to them."""
    asked = _asked(reading, mistake) if mistake.code in _UNSEEN_BY_SERVER else None
    if asked is None or asked[1] is Fate.TAKEN or not facts.servers:
        return False
    known = ((server, in_force(facts, server, mistake.name)) for server in _servers(facts, reading))
    return all(
        found is not None and holds(mistake.name, asked[0], found, version_of(server)) is True
        for server, found in known
    )


def _in_registry(reading: Reading, mended: str) -> tuple[Fix | None, Notice | None]:
    """Return the commands that set what is mended in the variables of Windows, of the machine or of its user."""
    if reading.source is None:
        return None, None
    after = read_with(reading.source, reading.path, mended).variables
    new = {name: value for name, value in after.items() if reading.variables.get(name) != value and is_plain(value)}
    whole = " /M" if is_of_whole_machine(reading) else ""
    commands = tuple(f'setx {name} "{value}"{whole}' for name, value in new.items())
    return (RunCommands(commands, by_hand=True), notice("doctor.mend_file")) if commands else (None, None)


def _fix(facts: Facts, reading: Reading, mistake: Mistake) -> tuple[Fix | None, Notice | None]:
    """Return the edit that mends all mistakes of the file, with its label; one of judgement is mended alone."""
    if mistake.code in _PASSING and (kept := lasting(facts, reading)) is not None:
        return kept, notice("doctor.keep_it")
    if mistake.mended is None:
        return None, None
    if reading.kind is SourceKind.REGISTRY:
        return _in_registry(reading, mistake.mended)
    path = mistake.place.path
    together = [one for one in reading.mistakes if one.place.path == path and one.mended is not None]
    together = [one for one in together if not _told_elsewhere(facts, reading, one)]
    if mistake.code == codes.PARALLEL_WITHOUT_EFFECT:
        together = [mistake]
    else:
        together = [one for one in together if one.code != codes.PARALLEL_WITHOUT_EFFECT]
    fix = edit(facts, reading, path, [one.mended for one in together if one.mended is not None])
    if fix is None:
        return None, None
    kinds = {(one.code, one.place.line) for one in together}
    label = notice("doctor.mend_file") if len(kinds) == 1 else notice("doctor.mend_mistakes", count=len(kinds))
    return fix, label


def _finding(check: str, area: Area, facts: Facts, reading: Reading, mistake: Mistake) -> Finding:
    place = mistake.place
    evidence = [Evidence(place.text.strip() or place.path, place.path, place.line)]
    told, why = mistake.told, None
    if (vain := _found(facts, reading, mistake)) is not None:
        value, server, found = vain
        if mistake.code not in _SWITCHED_OFF:
            told, why = is_set_but(mistake.name, value, found), mistake.told
        evidence += [found.evidence, *of_runners(facts, server, mistake.name)]
    fix, label = _fix(facts, reading, mistake)
    subject = ":".join(filter(None, (place.path, mistake.code, mistake.name)))
    return Finding(f"{check}:{subject}", check, area, told, why, tuple(evidence), fix, label)


def _look(check: str, area: Area, has: Callable[[str], bool]) -> Callable[[Facts], Iterable[Finding]]:
    def look(facts: Facts) -> Iterator[Finding]:
        for reading in facts.sources:
            for mistake in reading.mistakes:
                if not has(mistake.code) or _told_elsewhere(facts, reading, mistake):
                    continue
                if not _is_in_force_anyway(facts, reading, mistake):
                    yield _finding(check, area, facts, reading, mistake)

    return look


def _check(
    name: str,
    title: Notice,
    has: Callable[[str], bool],
    area: Area = Area.SETTINGS,
    applies: Applies = subjects.sources,
) -> Check:
    known = f"sources.{name}"
    return Check(known, area, title, _look(known, area, has), applies)


CHECKS = (
    _check("not-taken", notice("doctor.check.not_taken"), _NOT_TAKEN.__contains__),
    _check("changed", notice("doctor.check.changed"), _CHANGED.__contains__),
    _check("lost", notice("doctor.check.lost"), _LOST_ON_THE_WAY.__contains__),
    _check("names", notice("doctor.check.names"), _NAMES.__contains__),
    _check("values", notice("doctor.check.source_values"), _VALUES.__contains__),
    _check("passing", notice("doctor.check.passing"), _PASSING.__contains__, applies=subjects.sources_of_macs),
    _check(
        "containers",
        notice("doctor.check.containers"),
        _IN_CONTAINERS.__contains__,
        Area.GRAPHICS,
        subjects.sources_of_containers,
    ),
    _check("other", notice("doctor.check.other"), lambda code: not any(code in group for group in _GROUPS)),
)
