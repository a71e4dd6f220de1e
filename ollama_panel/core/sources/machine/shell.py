"""Profiles and scripts of sh, bash and zsh, and scripts with `launchctl setenv`."""

import re
from collections.abc import Sequence

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes, editing
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine.commands import Command
from ollama_panel.core.sources.machine.homes import home_of
from ollama_panel.core.sources.machine.shell_script import Happens, Runner, Step
from ollama_panel.core.sources.names import is_ollamas, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, Place, Reading, ServerConfig, Source

_PROFILE = re.compile(
    r"(^|/)(\.?(bash|zsh|z|k)(rc|env|profile|login)|\.?profile|\.login|\.bash_(profile|login|aliases)|bash\.bashrc|\.xprofile|\.xsessionrc)$"
    r"|(^|/)profile\.d/|(^|/)zsh/(zshrc|zshenv|zprofile)$|(^|/)\.zshrc\.d/|(^|/)\.bashrc\.d/"
)
_BLANK = re.compile(
    r"^(?P<before>\s*(?:(?P<export>export|declare\s+-x|typeset\s+-x)\s+)?)(?P<name>[A-Z_][A-Z0-9_]*)"
    r"(?P<sign>\s+=\s*|=\s+)(?P<value>[^\s#]\S*)"
)
_FISH = re.compile(r"(?P<before>\s*set)(?P<options>\s+-[a-zA-Z]+)?(?=\s+\w)")
_MOST_SERVERS = 64
"""Each server gets all that the script exports before: thousands of both would fill the memory."""
_PLAIN_VALUE = re.compile(r"[\"'\d./~-]|true|false")


def is_profile(path: str) -> bool:
    """Return whether a path is that of a file that shells read as they start."""
    return _PROFILE.search(path) is not None


def read(source: Source) -> Reading:
    """Return what a profile or a script does for servers that it starts, or that are started from its shell."""
    own, *others = source.files
    steps = Runner({file.path: file for file in others}, home_of(own.path)).run(own)
    return reading(source, steps, (*written_with_blanks(source), *_not_filled_in(steps)))


def read_login_session(source: Source) -> Reading:
    """Return what a script sets for a whole login session of macOS, and so for the app and for agents."""
    own, *others = source.files
    steps = Runner({file.path: file for file in others}, home_of(own.path)).run(own)
    collected = Collected()
    for step in steps:
        if step.kind is Happens.LOGIN_SET and is_setting(step.name):
            collected.take(step.name, step.value, at(step.file, step.first))
        elif step.kind is Happens.LOGIN_UNSET:
            collected.drop(notice("source.taken_away"), {step.name})
    if not collected.variables:
        return reading(source, steps, written_with_blanks(source))
    first = next(step for step in steps if step.kind is Happens.LOGIN_SET)
    lost = mistake(codes.LOST_AT_REBOOT, notice("source.lost_at_reboot"), first.file, first.first)
    rest = reading(source, [step for step in steps if step.kind is not Happens.SERVICE], ())
    server = ServerConfig(assignments=collected.assignments)
    return Reading(source.kind, source.path, (server,), rest.others, (lost, *rest.mistakes))


def reading(source: Source, steps: Sequence[Step], found: Sequence[Mistake]) -> Reading:
    """Return what the steps of a script mean for servers."""
    starts = [step for step in steps if step.kind is Happens.STARTS]
    if len(starts) > _MOST_SERVERS:
        problem = notice("source.too_many_servers", path=source.path, most=_MOST_SERVERS)
        return Reading(source.kind, source.path, problem=problem)
    if starts:
        servers = tuple(_without_computed(_server(steps, start), steps) for start in starts)
        lost = tuple(one for start in starts for one in _held_back(steps, start))
        late = tuple(_set_late(steps, starts[-1]))
        loose = _not_exported(steps, starts)
        return Reading(source.kind, source.path, servers, (), _unique((*found, *lost, *late, *loose)))
    collected = _session(steps)
    if not collected.assignments:
        return Reading(source.kind, source.path, mistakes=_unique(found))
    service = next((step for step in steps if step.kind is Happens.SERVICE), None)
    asks = any(step.kind is Happens.ASKS for step in steps)
    if is_profile(source.path) or (service is None and not asks):
        server = _without_computed(ServerConfig(assignments=collected.assignments), steps)
        return Reading(source.kind, source.path, (server,), (), _unique((*found, *_not_exported(steps, []))))
    collected.drop(notice("source.client_only"), fate=Fate.CLIENT)
    told = [_not_for_service(steps, service)] if service is not None else []
    return Reading(source.kind, source.path, (), collected.assignments, _unique((*found, *told)))


def _without_computed(server: ServerConfig, steps: Sequence[Step]) -> ServerConfig:
    """Return a server without the values that only a command tells when the script runs."""
    computed = frozenset[tuple[str, str]]().union(*(step.computed for step in steps))

    def known(one: Assignment) -> Assignment:
        if one.fate is not Fate.TAKEN or (one.name, one.value) not in computed:
            return one
        return msgspec.structs.replace(one, fate=Fate.IGNORED, why=notice("source.computed"))

    return msgspec.structs.replace(server, assignments=tuple(map(known, server.assignments)))


def _session(steps: Sequence[Step]) -> Collected:
    """Return what whoever is started from a shell gets after all steps."""
    collected = Collected()
    exported = _exported(steps)
    for step in steps:
        if step.kind is Happens.SET and is_ollamas(step.name):
            place = at(step.file, step.first)
            if step.name in exported:
                collected.take(step.name, step.value, place)
            else:
                collected.leave(step.name, step.value, place, notice("source.is_not_exported"))
        elif step.kind is Happens.UNSET:
            collected.drop(notice("source.taken_away"), {step.name})
    return collected


def _exported(steps: Sequence[Step]) -> set[str]:
    exported = set[str]()
    for step in steps:
        if step.kind is Happens.EXPORT:
            exported.add(step.name)
        elif step.kind is Happens.KEEP:
            exported.discard(step.name)
    return exported


def _server(steps: Sequence[Step], start: Step) -> ServerConfig:
    """Return a server with what reaches it: what is exported, then what is in front of it, then what wrappers set."""
    index = _index(steps, start)
    before, after = steps[:index], steps[index + 1 :]
    collected, command = Collected(), start.command
    _take_exported(collected, before, command)
    place = at(start.file, start.first)
    for name, value in start.own:
        _take(collected, name, value, place, command)
    for name, value in command.sets:
        if is_setting(name):
            collected.take(name, value, place)
    for step in after:
        if step.kind is Happens.SET and is_ollamas(step.name):
            collected.leave(step.name, step.value, at(step.file, step.first), notice("source.is_late"))
    return ServerConfig(assignments=collected.assignments, command=command.words, image=command.image)


def _take_exported(collected: Collected, before: Sequence[Step], command: Command) -> None:
    exported = _exported(before)
    for step in before:
        place = at(step.file, step.first)
        if step.kind is Happens.UNSET:
            collected.drop(notice("source.taken_away"), {step.name})
        elif step.kind is Happens.SET and step.name in exported:
            _take(collected, step.name, step.value, place, command)
        elif step.kind is Happens.SET and is_ollamas(step.name):
            collected.leave(step.name, step.value, place, notice("source.is_not_exported"))


def _take(collected: Collected, name: str, value: str, place: Place, command: Command) -> None:
    """Take a variable from outside a command, as far as it gets inside."""
    if command.reaches(name) and is_setting(name):
        collected.take(name, value, place)
    elif is_ollamas(name):
        collected.leave(name, value, place, notice("source.held_back", program=command.by))


def _index(steps: Sequence[Step], step: Step) -> int:
    """Return where a very step is: in a loop there may be others like it."""
    return next(index for index, one in enumerate(steps) if one is step)


def _held_back(steps: Sequence[Step], start: Step) -> list[Mistake]:
    """Name what a wrapper such as sudo keeps from the server."""
    before = steps[: _index(steps, start)]
    exported = _exported(before)
    names = [
        *(step.name for step in before if step.kind is Happens.SET and step.name in exported),
        *(name for name, _ in start.own),
    ]
    given = {name for name, _ in start.command.sets}
    lost = list(dict.fromkeys(n for n in names if is_ollamas(n) and not start.command.reaches(n) and n not in given))
    if not lost:
        return []
    line, mended = editing.line_at(start.file.text, start.first), None
    if start.command.by == "sudo" and line.count("sudo ") == 1:
        new = line.replace("sudo ", f"sudo --preserve-env={','.join(lost)} ")
        mended = editing.with_lines(start.file.text, start.first, start.first, (new,))
    told = notice("source.wrapper_without_variable", names=tuple(lost), program=start.command.by)
    return [
        mistake(codes.WRAPPER_WITHOUT_VARIABLE, told, start.file, start.first, name=name, mended=mended)
        for name in lost[:1]
    ]


def _set_late(steps: Sequence[Step], start: Step) -> list[Mistake]:
    """Name what is set for good only after the last server has been started."""
    after = steps[_index(steps, start) + 1 :]
    exported = _exported(steps)
    return [
        mistake(
            codes.SET_AFTER_START,
            notice("source.set_after_start", name=step.name),
            step.file,
            step.first,
            name=step.name,
        )
        for step in after
        if step.kind is Happens.SET and is_ollamas(step.name) and step.name in exported
    ]


def _not_exported(steps: Sequence[Step], starts: Sequence[Step]) -> list[Mistake]:
    """Name variables that stay in the shell: another program sees only those that are exported."""
    exported = _exported(steps) | {name for start in starts for name, _ in (*start.own, *start.command.sets)}
    last = _index(steps, starts[-1]) if starts else len(steps)
    return [
        mistake(
            codes.NOT_EXPORTED,
            notice("source.fish_not_exported" if _FISH.match(_line(step)) else "source.not_exported", name=step.name),
            step.file,
            step.first,
            name=step.name,
            mended=_with_export(step),
        )
        for step in steps[:last]
        if step.kind is Happens.SET and is_ollamas(step.name) and step.name not in exported
    ]


def _line(step: Step) -> str:
    return editing.line_at(step.file.text, step.first)


def _with_export(step: Step) -> str | None:
    line = _line(step)
    if fish := _FISH.match(line):
        new = f"{fish['before']}{fish['options'] or ' -g'}x{line[fish.end() :]}"
    elif line.lstrip().startswith(f"{step.name}="):
        new = f"{line[: len(line) - len(line.lstrip())]}export {line.lstrip()}"
    else:
        return None
    return editing.with_lines(step.file.text, step.first, step.first, (new,))


def _not_for_service(steps: Sequence[Step], service: Step) -> Mistake:
    first = next(step for step in steps if step.kind is Happens.SET and is_ollamas(step.name))
    told = notice("source.not_for_service", name=first.name, command=" ".join(service.command.words))
    return mistake(codes.CLIENT_SIDE, told, first.file, first.first, name=first.name)


def _not_filled_in(steps: Sequence[Step]) -> list[Mistake]:
    """Name folders whose quotes keep the shell from filling in a variable or the home."""
    return [
        mistake(
            codes.NOT_EXPANDED,
            notice("source.quoted_so", name=step.name, given=step.value),
            step.file,
            step.first,
            name=step.name,
            mended=_unquoted(step),
        )
        for step in steps
        if step.kind is Happens.SET and step.unfilled and is_ollamas(step.name)
    ]


def _unquoted(step: Step) -> str | None:
    """Return the file with the home in double quotes, in which a shell fills in variables, but not `~`."""
    line = editing.line_at(step.file.text, step.first)
    home = re.sub(r"^~(?=/|$)", "$HOME", step.value)
    for quoted in (f"'{step.value}'", f'"{step.value}"'):
        if line.count(quoted) == 1 and '"' not in home and "`" not in home:
            return editing.with_lines(step.file.text, step.first, step.first, (line.replace(quoted, f'"{home}"'),))
    return None


def written_with_blanks(source: Source) -> tuple[Mistake, ...]:
    """Name assignments with a blank at the sign, which a shell takes for a command and its words."""
    own, found = source.files[0], list[Mistake]()
    for number, line in enumerate(editing.lines_of(own.text), 1):
        match = _BLANK.match(line)
        if match is None or not is_ollamas(match["name"]):
            continue
        if match["sign"][0] == "=" and not match["export"] and not _PLAIN_VALUE.match(match["value"]):
            continue
        new = f"{match['before']}{match['name']}={line[match.start('value') :]}"
        mended = editing.with_lines(own.text, number, number, (new,))
        told = notice("source.blank_around_equals", name=match["name"])
        found.append(mistake(codes.BLANK_AROUND_EQUALS, told, own, number, name=match["name"], mended=mended))
    return tuple(found)


def _unique(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """Return mistakes once each; a line with a blank is no further mistake."""
    blank = {(one.place, one.name) for one in mistakes if one.code == codes.BLANK_AROUND_EQUALS}
    seen = dict[tuple[str, str, int, str], Mistake]()
    for one in mistakes:
        if one.code == codes.BLANK_AROUND_EQUALS or (one.place, one.name) not in blank:
            seen.setdefault((one.code, one.place.path, one.place.line, one.name), one)
    return tuple(seen.values())
