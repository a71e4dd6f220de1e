"""Property lists of launchd: agents and daemons, Homebrew's services, and agents that set variables for a login.

Their keys are those of launchd.plist(5). The text is XML; a binary one must be turned into XML before.
"""

import plistlib
import re
from collections.abc import Iterator, Sequence
from xml.parsers.expat import ExpatError

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment_kinds import taken
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine.environment_text import is_name
from ollama_panel.core.sources.machine.homes import is_unfilled
from ollama_panel.core.sources.machine.shell_script import Happens, Step
from ollama_panel.core.sources.machine.starting import Started, started, step_inside
from ollama_panel.core.sources.names import is_ollamas, is_servers_alone, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Fate, Mistake, Place, Reading, ServerConfig, Source, TextFile

HOMEBREWS_JOB = "homebrew.mxcl."
"""How the names of Homebrew's jobs begin; `brew services` writes their files anew."""
OF_FORMULA = {"OLLAMA_FLASH_ATTENTION": "1", "OLLAMA_KV_CACHE_TYPE": "q8_0"}
"""What Homebrew's formula sets itself (`Formula/o/ollama.rb`)."""
_KEY = (
    r"<key>\s*{name}\s*</key>\s*<(?P<type>string|integer|real)>(?P<value>[^<]*)</(?P=type)>"
    r"|<key>\s*{name}\s*</key>\s*<(?:true|false|string)\s*/>"
)
_PAIRS = re.compile(r'launchctl\s+setenv\s+"\$1"\s+"\$2"')

_BROKEN = (ExpatError, ValueError, AttributeError, OverflowError, LookupError, TypeError, RecursionError)
"""What `plistlib` raises for XML that is no property list."""


def read(source: Source) -> Reading:
    """Return what a property list sets for the server that it starts, or for all programs of a login."""
    file = source.files[0]
    try:
        agent = plistlib.loads(file.text.encode())
    except (*_BROKEN, plistlib.InvalidFileException):
        agent = None
    if not isinstance(agent, dict):
        return Reading(source.kind, source.path, problem=notice("source.no_plist", path=source.path))
    label = str(agent.get("Label", ""))
    start = started(tuple(_command(agent)))
    login = _login_variables(file, start)
    if login.assignments:
        return Reading(source.kind, source.path, (ServerConfig(assignments=login.assignments),))
    collected, found = _environment(file, agent)
    if not start.command.serves:
        return _of_other_program(source, label, collected)
    found += step_inside(start.command, collected, file, _line_of(file.text, "ProgramArguments"))
    found += _edits_lost(file, label, collected)
    theirs = tuple(one for one in collected.assignments if is_setting(one.name))
    name = "" if label in ("homebrew.mxcl.ollama", "com.ollama.ollama") else label
    server = ServerConfig(name, theirs, start.command.words, start.command.image)
    return Reading(source.kind, source.path, (server,), (), tuple(found))


def _command(agent: dict[str, object]) -> Iterator[str]:
    """Yield the words of its command; `Program` is what runs, and the first of the words is then only a name."""
    words = agent.get("ProgramArguments")
    given = [str(word) for word in words] if isinstance(words, list) else []
    program = agent.get("Program")
    if isinstance(program, str):
        yield program
        yield from given[1:]
    else:
        yield from given


def _environment(file: TextFile, agent: dict[str, object]) -> tuple[Collected, list[Mistake]]:
    """Return its variables: launchd takes texts only, so that it leaves out a number or a truth value."""
    collected, found = Collected(), list[Mistake]()
    variables = agent.get("EnvironmentVariables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        place = at(file, _line_of(file.text, name))
        if isinstance(value, str):
            collected.take(name, value, place)
            found += _in_value(file, name, value, place)
        elif is_ollamas(name):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            collected.leave(name, text, place, notice("source.no_text"))
            told = notice("source.number_in_plist", name=name, given=text)
            mended = _with_string(file.text, name, {"true": "1", "false": "0"}.get(text, text))
            found.append(mistake(codes.NUMBER_NOT_TEXT, told, file, place.line, name=name, mended=mended))
    for name in agent:
        if is_ollamas(name):
            told = notice("source.outside_environment_variables", name=name)
            found.append(mistake(codes.WRONG_SECTION, told, file, _line_of(file.text, name), name=name))
    return collected, found


def _in_value(file: TextFile, name: str, value: str, place: Place) -> Iterator[Mistake]:
    if not is_ollamas(name):
        return
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        code = "source.quotes_taken_off" if taken(name, value) != value.strip() else "source.quotes_inside"
        mended = _with_string(file.text, name, value[1:-1])
        told = notice(code, name=name, given=value)
        yield mistake(codes.QUOTES_INSIDE, told, file, place.line, name=name, mended=mended)
    if is_unfilled(name, value):
        told = notice("source.not_filled_in", name=name, given=value)
        yield mistake(codes.NOT_EXPANDED, told, file, place.line, name=name)


def _line_of(text: str, name: str) -> int:
    found = re.search(rf"<key>\s*{re.escape(name)}\s*</key>", text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _with_string(text: str, name: str, value: str) -> str | None:
    """Return the text with a value as a text, None if its place is not clear."""
    pattern = re.compile(_KEY.replace("{name}", re.escape(name)))
    found = pattern.findall(text)
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    if len(found) != 1:
        return None
    return pattern.sub(lambda _: f"<key>{name}</key><string>{escaped}</string>", text)


def without(text: str, name: str) -> str | None:
    """Return a property list without a variable, None if its place is not clear."""
    pattern = re.compile(r"[ \t]*(?:" + _KEY.replace("{name}", re.escape(name)) + r")(?:[ \t]*\n)?")
    return pattern.sub("", text) if len(pattern.findall(text)) == 1 else None


def _edits_lost(file: TextFile, label: str, collected: Collected) -> list[Mistake]:
    """Name what is not of the formula in a file that `brew services` writes anew at each start."""
    own = [
        one
        for one in collected.assignments
        if is_ollamas(one.name) and one.fate is Fate.TAKEN and OF_FORMULA.get(one.name) != one.value
    ]
    if not own or not label.startswith(HOMEBREWS_JOB):
        return []
    told = notice("source.edits_lost", names=tuple(one.name for one in own))
    return [mistake(codes.EDITS_LOST, told, file, own[0].place.line, name=own[0].name)]


def _of_other_program(source: Source, label: str, collected: Collected) -> Reading:
    collected.drop(notice("source.of_agent", label=label), fate=Fate.CLIENT)
    theirs = tuple(one for one in collected.assignments if is_ollamas(one.name))
    idle = [one for one in theirs if is_servers_alone(one.name)]
    if not idle:
        return Reading(source.kind, source.path, (), theirs)
    file = source.files[0]
    told = notice("source.wrong_agent", names=tuple(one.name for one in idle), label=label)
    mended = without(file.text, idle[0].name)
    found = mistake(codes.WRONG_UNIT, told, file, idle[0].place.line, name=idle[0].name, mended=mended)
    return Reading(source.kind, source.path, (), theirs, (found,))


def _login_variables(file: TextFile, start: Started) -> Collected:
    """Return what an agent sets by `launchctl setenv`, so that it is there again after each login."""
    collected, place = Collected(), at(file, _line_of(file.text, "ProgramArguments"))
    for step in (*start.steps, *_of_pairs(start)):
        if step.kind is Happens.LOGIN_SET and is_name(step.name) and is_setting(step.name):
            collected.take(step.name, step.value, place)
    words: Sequence[str] = start.command.words
    if words[1:2] == ("setenv",) and words[0].endswith("launchctl"):
        for name, value in zip(words[2::2], words[3::2], strict=False):
            collected.take(name, value, place)
    return collected


def _of_pairs(start: Started) -> Iterator[Step]:
    """Yield what a script sets that takes names and values as its parameters, two at a time."""
    command = start.command
    if not _PAIRS.search(command.script):
        return
    file = TextFile("")
    for name, value in zip(command.parameters[1::2], command.parameters[2::2], strict=False):
        yield Step(Happens.LOGIN_SET, file, 1, 1, name, value)
