"""The options of `docker run` and `podman run` (docker/cli `cli/command/container/opts.go`)."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.sources.containers import CARD

_LONG = {
    "e": "env",
    "p": "publish",
    "v": "volume",
    "m": "memory",
    "w": "workdir",
    "u": "user",
    "h": "hostname",
    "l": "label",
    "c": "cpu-shares",
    "a": "attach",
    "net": "network",
}
_SWITCHES = frozenset(
    (
        *("detach", "d", "interactive", "i", "tty", "t", "rm", "privileged", "publish-all", "P", "init", "read-only"),
        *("sig-proxy", "no-healthcheck", "oom-kill-disable", "quiet", "q", "disable-content-trust", "replace"),
        *("no-hosts", "no-hostname", "tls-verify", "rmi", "env-host", "http-proxy", "passwd", "systemd-activation"),
    )
)
"""Options without a value; all others have one."""


class Option(msgspec.Struct, frozen=True):
    """An option by its long name, with the number of the word in which its value is."""

    name: str
    value: str
    at: int


class Options(msgspec.Struct, frozen=True):
    """The options, the image behind them, and what follows for the program in it."""

    options: tuple[Option, ...] = ()
    image: str = ""
    arguments: tuple[str, ...] = ()

    def all(self, *names: str) -> tuple[str, ...]:
        """Return the values of options in their order."""
        return tuple(one.value for one in self.options if one.name in names)

    def last(self, name: str) -> str:
        """Return the value of an option that counts, "" if it is not there."""
        return next(reversed(self.all(name)), "")

    @property
    def gives_card(self) -> bool:
        """Whether they give the container a card."""
        if self.last("gpus") or self.last("runtime") == "nvidia":
            return True
        return any(map(CARD.match, self.all("device")))


def options_of(words: Sequence[str]) -> Options:
    """Return the options in words that follow `run`."""
    found, index = list[Option](), 0
    while index < len(words):
        word = words[index]
        if word == "--":
            index += 1
            break
        if not word.startswith("-") or word == "-":
            break
        name, equals, value = word.lstrip("-").partition("=")
        if not word.startswith("--"):
            index = _short(words, index, found)
        elif equals:
            found.append(Option(_LONG.get(name, name), value, index))
            index += 1
        elif name in _SWITCHES:
            found.append(Option(name, "true", index))
            index += 1
        else:
            found.append(Option(_LONG.get(name, name), _at(words, index + 1), index + 1))
            index += 2
    return Options(tuple(found), _at(words, index), tuple(words[index + 1 :]))


def _short(words: Sequence[str], index: int, found: list[Option]) -> int:
    """Take short options, which may stand together and have their value behind them; return the next word."""
    letters = words[index][1:]
    if letters.startswith("net="):
        found.append(Option("network", letters.removeprefix("net="), index))
        return index + 1
    while letters:
        letter, letters = letters[0], letters[1:]
        name = _LONG.get(letter, letter)
        if letter in _SWITCHES:
            found.append(Option(name, "true", index))
        elif letters:
            found.append(Option(name, letters.removeprefix("="), index))
            return index + 1
        else:
            found.append(Option(name, _at(words, index + 1), index + 1))
            return index + 2
    return index + 1


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""
