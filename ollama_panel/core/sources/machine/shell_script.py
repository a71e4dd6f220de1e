"""What a shell script does with variables: which it sets, which it exports, and what it starts with them.

Commands are taken in the order in which they stand: conditions count as met, functions as called once. A loop goes
round for each of its words where these are known, as one that starts a server for each card, else once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

import msgspec

from ollama_panel.core.sources.machine import commands
from ollama_panel.core.sources.machine.commands import Command
from ollama_panel.core.sources.machine.shell_words import Filled, Line, Part, Quoting, Scanner, Word, filled
from ollama_panel.core.sources.record import TextFile

_NO_FILES: Mapping[str, TextFile] = MappingProxyType({})
_DECLARING = frozenset(("export", "declare", "typeset", "readonly", "local"))
_LOGIN_SESSION = "launchctl"
_PARAMETERS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
_MOST_SERVICES = frozenset(
    ("systemctl", "service", "brew", "rc-service", "supervisorctl", "snap", "sc", "net", "s6-svc")
)
_RANGE = re.compile(r"\{(?P<low>\d{1,5})\.\.(?P<high>\d{1,5})\}|\$\(seq (?:(?P<first>\d{1,5}) )?(?P<last>\d{1,5})\)")
_MOST_ROUNDS = 32
"""How many rounds all loops of a script go together; after that each goes round once."""
_STARTING = frozenset(("start", "restart", "reload-or-restart", "try-restart", "kickstart", "enable"))


class Happens(Enum):
    """What a step of a script is."""

    SET = "set"
    EXPORT = "export"
    KEEP = "keep"
    UNSET = "unset"
    STARTS = "starts"
    SERVICE = "service"
    ASKS = "asks"
    LOGIN_SET = "login_set"
    LOGIN_UNSET = "login_unset"


class Step(msgspec.Struct, frozen=True):
    """A step: SET and EXPORT (to what it starts), KEEP (for the shell alone again) and UNSET of the variable `name`.

    STARTS is a server by `command`, in front of which `own` are set; SERVICE is one that a service manager starts, and
    ASKS a command of Ollama. LOGIN_SET is `launchctl setenv`. It is on the lines `first` to `last` of `file`.
    `computed` are the variables with values that only a command tells, as `$(nproc)`.
    """

    kind: Happens
    file: TextFile
    first: int
    last: int
    name: str = ""
    value: str = ""
    unfilled: bool = False
    command: Command = Command()
    own: tuple[tuple[str, str], ...] = ()
    computed: frozenset[tuple[str, str]] = frozenset()


def computed_of(values: Iterable[tuple[str, str, Filled]]) -> frozenset[tuple[str, str]]:
    """Return the variables, with their values, of which only a command tells the value."""
    return frozenset((name, value) for name, value, word in values if word.computed)


class Runner:
    """Goes through scripts. `files` are those that a script may read, by their paths; `home` is "" if unknown."""

    def __init__(self, files: Mapping[str, TextFile] = _NO_FILES, home: str = "") -> None:
        self._files = files
        self._home = home
        self._values = dict[str, str]()
        self._all_exported = False
        self._parameters = tuple[str, ...]()
        self._reading = list[str]()
        self._rounds = 0
        self.steps = list[Step]()

    def run(self, file: TextFile, parameters: Sequence[str] = ()) -> tuple[Step, ...]:
        """Return the steps of a script, whose parameters begin with $0."""
        self._values |= dict(zip(("0", *_PARAMETERS), parameters, strict=False))
        self._parameters = tuple(parameters[1:])
        self._reading.append(file.path)
        self._lines(file, list(Scanner(file.text).lines()))
        self._reading.pop()
        return tuple(self.steps)

    def _lines(self, file: TextFile, lines: Sequence[Line]) -> None:
        """Take commands; a loop over words that are known goes round for each of them."""
        at = 0
        while at < len(lines):
            name, values, end = self._loop(lines, at)
            for index, value in enumerate(values):
                if index and self._rounds >= _MOST_ROUNDS:
                    break
                self._rounds += 1
                self._values[name] = value
                self._lines(file, lines[at + 1 : end])
            if values:
                at = end
            else:
                self._line(file, lines[at])
            at += 1

    def _loop(self, lines: Sequence[Line], start: int) -> tuple[str, list[str], int]:
        """Return the variable of a loop, its values, and where it ends; no values = it is none, or they are unknown."""
        words = lines[start].words
        if len(words) < 4 or (words[0].keyword, words[2].keyword) != ("for", "in"):
            return "", [], start
        values = [value for word in words[3:] for value in _spelled_out(self._filled(word))]
        depth = 0
        for at in range(start + 1, len(lines)):
            depth += {"do": 1, "done": -1}.get(lines[at].mark, 0)
            if depth == 0 and lines[at].mark == "done":
                return words[1].bare, values, at
        return "", [], start

    def _line(self, file: TextFile, line: Line) -> None:
        spread = self._spread(line.words)
        words = [self._filled(word) for word in spread]
        count = next((at for at, word in enumerate(spread) if not _begins_assignment(word)), len(spread))
        own = [(*given, word) for word in words[:count] if (given := commands.assignment(word.text))]
        if count < len(words):
            self._command(file, line, words[count:], own)
            return
        for name, value, word in own:
            self._set(file, line, name, value, word)

    def _spread(self, words: Sequence[Word]) -> list[Word]:
        """Return words with `"$@"` as the parameters that it stands for."""
        spread = list[Word]()
        for word in words:
            if word.bare in ("$@", "$*", "${@}"):
                spread += [_literal(text) for text in self._parameters]
            else:
                spread.append(word)
        return spread

    def _filled(self, word: Word) -> Filled:
        return filled(word, self._values.get, self._home)

    def _set(self, file: TextFile, line: Line, name: str, value: str, word: Filled) -> None:
        self._values[name] = value
        at = (file, line.first, line.last)
        computed = computed_of([(name, value, word)])
        self.steps.append(Step(Happens.SET, *at, name, value, word.unfilled, computed=computed))
        if self._all_exported:
            self.steps.append(Step(Happens.EXPORT, *at, name))

    def _command(self, file: TextFile, line: Line, words: list[Filled], own: list[tuple[str, str, Filled]]) -> None:
        texts = [word.text for word in words]
        at = (file, line.first, line.last)
        inner = commands.unwrapped(texts)
        before = tuple((name, value) for name, value, _ in own)
        match texts[0]:
            case name if name in _DECLARING:
                self._declare(file, line, words)
            case "unset":
                self.steps += [Step(Happens.UNSET, *at, name) for name in texts[1:] if not name.startswith("-")]
            case "set":
                self._option(texts[1:])
            case "." | "source":
                self._read(texts[1:2])
            case "eval":
                self.run(TextFile(file.path, "\n" * (line.first - 1) + " ".join(texts[1:])))
            case _ if inner.script:
                self._inner_script(at, inner, before, computed_of(own))
            case _ if inner.serves:
                unfilled = any(word.unfilled for _, _, word in own)
                computed = computed_of(own)
                self.steps.append(
                    Step(Happens.STARTS, *at, command=inner, own=before, unfilled=unfilled, computed=computed)
                )
            case _ if inner.asks:
                self.steps.append(Step(Happens.ASKS, *at, command=inner, own=before))
            case _:
                self._session(at, inner.words)

    def _inner_script(
        self,
        at: tuple[TextFile, int, int],
        inner: Command,
        before: tuple[tuple[str, str], ...],
        computed: frozenset[tuple[str, str]],
    ) -> None:
        """Go through the script of an inner shell, which changes no variables of this one."""
        file, first, _ = at
        runner = Runner(self._files, self._home)
        steps = runner.run(TextFile(file.path, "\n" * (first - 1) + inner.script), inner.parameters or ("sh",))
        computed = computed.union(*(step.computed for step in steps))
        for step in steps:
            if step.kind is Happens.STARTS:
                exported = exported_by(steps, step)
                sets = (*inner.sets, *exported.items())
                command = through(inner, step.command, sets)
                self.steps.append(
                    msgspec.structs.replace(
                        step,
                        file=at[0],
                        first=at[1],
                        last=at[2],
                        command=command,
                        own=(*before, *step.own),
                        computed=computed,
                    )
                )
            elif step.kind in (Happens.SERVICE, Happens.ASKS, Happens.LOGIN_SET, Happens.LOGIN_UNSET):
                self.steps.append(step)

    def _declare(self, file: TextFile, line: Line, words: list[Filled]) -> None:
        """Take `export`, and what can export: `declare -x`, `typeset -x`."""
        flags = "".join(word.text for word in words[1:] if word.text.startswith("-"))
        exports = words[0].text == "export" or "x" in flags
        at = (file, line.first, line.last)
        names = [word for word in words[1:] if not word.text.startswith("-")]
        for word in names:
            given = commands.assignment(word.text)
            name = given[0] if given else word.text
            if given:
                self._set(file, line, *given, word)
            if exports:
                self.steps.append(Step(Happens.KEEP if "n" in flags else Happens.EXPORT, *at, name))

    def _option(self, texts: Sequence[str]) -> None:
        if "-a" in texts or " ".join(texts) == "-o allexport" or any(t.startswith("-") and "a" in t for t in texts):
            self._all_exported = True
        if "+a" in texts or " ".join(texts) == "+o allexport":
            self._all_exported = False

    def _read(self, texts: Sequence[str]) -> None:
        found = next(
            (path for path in self._files if texts and path.rsplit("/", 1)[-1] == texts[0].rsplit("/", 1)[-1]), None
        )
        if found is not None and found not in self._reading:
            self.run(self._files[found])

    def _session(self, at: tuple[TextFile, int, int], words: Sequence[str]) -> None:
        """Take commands to service managers, and what they set for a whole session."""
        name, rest = (commands.program(words[0]), list(words[1:])) if words else ("", [])
        if name == _LOGIN_SESSION and rest[:1] == ["setenv"] and len(rest) > 2:
            for variable, value in zip(rest[1::2], rest[2::2], strict=False):
                self.steps.append(Step(Happens.LOGIN_SET, *at, variable, value))
        elif name == _LOGIN_SESSION and rest[:1] == ["unsetenv"]:
            self.steps += [Step(Happens.LOGIN_UNSET, *at, variable) for variable in rest[1:]]
        elif starts_service(name, rest):
            self.steps.append(Step(Happens.SERVICE, *at, command=Command(words=tuple(words))))


def _spelled_out(word: Filled) -> list[str]:
    """Return the values of a word of a loop: `{0..3}` and `$(seq 0 3)` are several."""
    found = _RANGE.fullmatch(word.text)
    if found is None:
        return [] if word.open else [word.text]
    low, high = int(found["low"] or found["first"] or 1), int(found["high"] or found["last"])
    return [str(number) for number in range(low, min(high, low + _MOST_ROUNDS) + 1)]


def starts_service(name: str, rest: Sequence[str]) -> bool:
    """Return whether a command lets a service manager start Ollama."""
    manages = name in _MOST_SERVICES or name == _LOGIN_SESSION
    return manages and bool(_STARTING & set(rest)) and any("ollama" in word.lower() for word in rest)


def _begins_assignment(word: Word) -> bool:
    """Return whether a word is an assignment: its name and the sign must not be quoted."""
    first = word.parts[0] if word.parts else None
    return first is not None and first.quoting is Quoting.NONE and commands.assignment(first.text) is not None


def _literal(text: str) -> Word:
    return Word((Part(text, Quoting.LITERAL),))


def through(outer: Command, inner: Command, sets: tuple[tuple[str, str], ...]) -> Command:
    """Return a command within another: a variable must get through both."""
    passes = outer.passes
    if inner.passes is not None:
        passes = inner.passes if passes is None else passes & inner.passes
        sets = tuple(one for one in sets if one[0] in inner.passes)
    return msgspec.structs.replace(
        inner,
        sets=(*sets, *inner.sets),
        passes=passes,
        unset=outer.unset | inner.unset,
        by=inner.by or outer.by,
    )


def exported_by(steps: Sequence[Step], until: Step) -> dict[str, str]:
    """Return what a script has exported of its own when a step comes."""
    values, exported = dict[str, str](), set[str]()
    for step in steps:
        if step is until:
            break
        match step.kind:
            case Happens.SET:
                values[step.name] = step.value
            case Happens.EXPORT:
                exported.add(step.name)
            case Happens.KEEP:
                exported.discard(step.name)
            case Happens.UNSET:
                values.pop(step.name, None)
                exported.discard(step.name)
            case _:
                pass
    return {name: value for name, value in values.items() if name in exported}
