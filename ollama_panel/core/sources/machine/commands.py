"""Commands that start Ollama through others: what becomes of the variables on the way."""

import re
from collections.abc import Callable, Sequence

import msgspec

from ollama_panel.core.sources import containers

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ash", "ksh"))
_CONTAINERS = frozenset(("docker", "podman", "nerdctl"))
_OPTIONS_WITH_VALUE = {
    "env": frozenset(("-u", "--unset", "-C", "--chdir", "-S", "--split-string")),
    "sudo": frozenset(("-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R", "--user", "--group")),
    "doas": frozenset(("-u", "-C")),
    "su": frozenset(("-c", "-g", "-G", "-s", "-w", "--command", "--shell", "--group")),
    "runuser": frozenset(("-c", "-g", "-G", "-s", "-u", "-w", "--command", "--shell", "--group", "--user")),
    "sh": frozenset(("-o", "-O", "+o", "+O", "--rcfile", "--init-file")),
}
_PASSING = frozenset(
    (
        *("nohup", "nice", "ionice", "setsid", "exec", "time", "stdbuf", "chrt", "taskset", "numactl", "command"),
        *("caffeinate", "systemd-inhibit", "unbuffer", "prlimit", "start", "screen", "tmux", "builtin", "setpriv"),
        *("disown", "chroot", "timeout", "gosu", "su-exec", "catchsegv", "strace", "dbus-run-session", "daemon"),
    )
)
"""Programs that run another with their own variables."""
_FLAGS_OF_RUN = frozenset(
    (
        *("-d", "--detach", "-i", "-t", "-it", "-ti", "-dit", "--rm", "--privileged", "--init", "--interactive"),
        *("--tty", "--replace", "--read-only", "-P", "--publish-all", "-itd", "-dt", "-td", "-di", "-id"),
    )
)
_SERVE = frozenset(("serve", "start"))
_ENDING = re.compile(r"(?i)\.(exe|bin)$")


class Command(msgspec.Struct, frozen=True):
    """What a command line comes to, from the outside in.

    `words` is the command inside, and `script` what a shell is to run, with its `parameters` from $0 on; () and "" if
    there is none. `sets` are the variables that wrappers set. `passes` are the names of those from outside that go
    through, None = all; `by` is the program that holds back the others. `image` is that of a container.
    """

    words: tuple[str, ...] = ()
    script: str = ""
    parameters: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    unset: frozenset[str] = frozenset()
    passes: frozenset[str] | None = None
    by: str = ""
    image: str = ""

    @property
    def serves(self) -> bool:
        """Whether it starts a server."""
        if self.image:
            return containers.is_image(self.image)
        return len(self.words) > 1 and program(self.words[0]) == "ollama" and _SERVE & set(self.words[1:3]) != set()

    @property
    def asks(self) -> bool:
        """Whether it is one of Ollama's commands that ask a server."""
        return bool(self.words) and program(self.words[0]) == "ollama" and not self.serves and len(self.words) > 1

    def reaches(self, name: str) -> bool:
        """Return whether a variable from outside gets to the command inside."""
        return name not in self.unset and (self.passes is None or name in self.passes)


def program(word: str) -> str:
    """Return the name of a program by its path, without the end of Windows."""
    return _ENDING.sub("", re.split(r"[/\\]", word)[-1]).lower()


def assignment(word: str) -> tuple[str, str] | None:
    """Return the name and the value of a word such as A=B."""
    found = _ASSIGNMENT.fullmatch(word)
    return (found[1], found[2]) if found else None


def unwrapped(words: Sequence[str]) -> Command:
    """Return what a command line comes to."""
    return _inside(Command(words=tuple(words)), 8)


def _inside(outer: Command, depth: int) -> Command:
    words = outer.words
    if not words or depth == 0:
        return outer
    name = program(words[0])
    inner = outer
    if set_here := _assigned_before(words):
        inner = _with(outer, words[len(set_here) :], sets=set_here)
    elif name in _SHELLS:
        inner = _shell(outer, words)
    elif name in _CONTAINERS and {"run", "create"} & set(words[1:3]):
        inner = _container(outer, words, name)
    elif name in _STEPS:
        inner = _STEPS[name](outer, words, name)
    elif name in _PASSING:
        inner = _with(outer, _next_program(words[1:]))
    at_end = inner == outer or inner.image or inner.script
    return inner if at_end else _inside(inner, depth - 1)


def _assigned_before(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the assignments at the beginning of a command, however many they are."""
    found = list[tuple[str, str]]()
    for word in words:
        pair = assignment(word)
        if pair is None:
            break
        found.append(pair)
    return tuple(found)


def _with(
    outer: Command,
    words: Sequence[str],
    sets: tuple[tuple[str, str], ...] = (),
    passes: frozenset[str] | None = None,
    by: str = "",
) -> Command:
    """Return a command that is one step further in. What was set outside must go through the step, too."""
    if passes is None:
        return msgspec.structs.replace(outer, words=tuple(words), sets=(*outer.sets, *sets))
    through = tuple(one for one in outer.sets if one[0] in passes)
    left = passes if outer.passes is None else passes & outer.passes
    return msgspec.structs.replace(outer, words=tuple(words), sets=(*through, *sets), passes=left, by=by)


def _options(words: Sequence[str], name: str) -> tuple[list[tuple[str, str]], int]:
    """Return the options of a command with their values, and where what follows them begins."""
    found, at = list[tuple[str, str]](), 1
    while at < len(words) and words[at][:1] in ("-", "+") and words[at] != "--":
        option, equals, value = words[at].partition("=")
        if not equals and option in _OPTIONS_WITH_VALUE.get(name, ()):
            at += 1
            value = words[at] if at < len(words) else ""
        found.append((option, value))
        at += 1
    return found, at + (words[at : at + 1] == ("--",))


def _next_program(words: Sequence[str]) -> Sequence[str]:
    """Return what follows the options of a command that runs another, whose own values may stand between."""
    known = {"ollama", "env", "sudo", "doas", "su", "runuser"} | _SHELLS | _CONTAINERS | _PASSING
    start = next((at for at, word in enumerate(words) if program(word) in known or assignment(word)), None)
    return () if start is None else words[start:]


def _env(outer: Command, words: Sequence[str], name: str) -> Command:
    options, at = _options(words, name)
    flags = {option for option, _ in options}
    unset = {value for option, value in options if option in ("-u", "--unset")}
    split = [value for option, value in options if option in ("-S", "--split-string")]
    clean = frozenset[str]() if {"-i", "--ignore-environment", "-"} & flags else None
    inner = _with(
        outer, [*" ".join(split).split(), *words[at:]], passes=clean, by="env -i" if clean is not None else ""
    )
    return msgspec.structs.replace(
        inner, unset=inner.unset | unset, sets=tuple(one for one in inner.sets if one[0] not in unset)
    )


def _sudo(outer: Command, words: Sequence[str], name: str) -> Command:
    """Step into sudo, which passes a few variables only unless it is told to (sudoers(5), env_reset)."""
    options, at = _options(words, name)
    kept = [value for option, value in options if option in ("-E", "--preserve-env")]
    if any(not value for value in kept):
        return _with(outer, words[at:])
    return _with(outer, words[at:], passes=frozenset(",".join(kept).split(",")) - {""}, by=name)


def _su(outer: Command, words: Sequence[str], name: str) -> Command:
    """Step into su: a login shell begins with variables of its own (su(1)). The user may stand between options."""
    options, at = _options(words, name)
    rest = words[at:]
    if not {"-u", "--user"} & {option for option, _ in options}:
        more, after = _options(rest, name)
        options, rest = [*options, *more], rest[after:]
    flags = dict(options)
    login = bool({"-", "-l", "--login"} & flags.keys())
    inner = _with(outer, rest, passes=frozenset() if login else None, by=f"{name} -" if login else "")
    return msgspec.structs.replace(inner, script=flags.get("-c", flags.get("--command", "")))


def _shell(outer: Command, words: Sequence[str]) -> Command:
    """Step into a shell: its script is that after `-c`; a script in a file is unknown."""
    for at, word in enumerate(words[1:], 1):
        if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
            inner = words[at + 1 :]
            return msgspec.structs.replace(
                outer, words=(), script=inner[0] if inner else "", parameters=tuple(inner[1:])
            )
        if not word.startswith(("-", "+")):
            break
    return outer


def _container(outer: Command, words: Sequence[str], name: str) -> Command:
    """Step into a container: it gets the variables that are named only."""
    sets, passes, at = list[tuple[str, str]](), set[str](), 2
    while at < len(words) and words[at].startswith("-"):
        option, equals, value = words[at].partition("=")
        if option in ("-e", "--env") or not (equals or option in _FLAGS_OF_RUN):
            if not equals or option == "-e":
                at += 1
                value = words[at] if at < len(words) else ""
            if option in ("-e", "--env"):
                given = assignment(value)
                sets, passes = ([*sets, given], passes) if given else (sets, {*passes, value})
        at += 1
    image = words[at] if at < len(words) else ""
    inner = _with(outer, words[at + 1 :], tuple(sets), frozenset(passes), name)
    return msgspec.structs.replace(inner, image=image)


_STEPS: dict[str, Callable[[Command, Sequence[str], str], Command]] = {
    "sudo": _sudo,
    "doas": _sudo,
    "su": _su,
    "runuser": _su,
    "env": _env,
}
