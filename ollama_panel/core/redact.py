"""Removes secrets from everything that leaves the panel: its status endpoint, logs, exports, reports.

Three kinds: the value of a variable, an option or a field whose name says that it is secret; the login in a URL, the
value's name whatever; and, in the log of an instance, the very values of its secret variables.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

import msgspec

from ollama_panel.core.settings.tree import PoolSettings, Settings

HIDDEN = "(hidden)"

_SECRET = re.compile(
    r"^PW$|PWD|PASS|DSN|KEY|TOKEN|SECRET|CREDENTIAL|CREDS?$|AUTH|BEARER|JWT|COOKIE|PRIVATE", re.IGNORECASE
)
_LOOK_ALIKE = re.compile(
    r"TOKENI[SZ]\w*|PASS(?:ED|IVE|THROUGH|THRU)|BYPASS\w*|COMPASS|KEY(?:BOARD|FRAME|MAP|WORD)S?|MONKEY|AUTHORS?",
    re.IGNORECASE,
)
"""Parts of names that have such a word in them and are no secret."""
_PARTS = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_COUNT = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]+)?")
_PLURALS = ("TOKENS", "KEYS", "PASSES")
_SWITCHES = frozenset(("", "0", "1", "true", "false", "yes", "no", "on", "off", "null", "[]", "{}"))

_LOGIN = re.compile(
    r"(?<=://)(?:[^/?#\s\"'<>\\]*@"  # all before the last @ of the host's part
    r"|(?!\[)[^/?#\s\"'<>\\:@]*:(?![0-9]*(?:[/?#\s\"'<>\\,;)\]]|$))[^\s\"'<>\\]*@)"  # a password with / or ? in it
)
_BARE_LOGIN = re.compile(r"\A[^\s/:@]+:(?!//)\S+@(?=(?:\[[0-9a-fA-F:]+\]|[\w.-]+)(?::[0-9]+)?/?\Z)")
"""A proxy without a scheme, as `user:password@proxy:3128`."""

_WORD = r"\\?\"[^\"\\]*\\?\"|'[^']*'|[^\s\"\\]*[^\s\"\\'\],;.)}]"
"""A quoted value, or one up to a space: what a value may hold is not known, so rather too much than too little."""
_QUERY = re.compile(r"(?<=[?&])([\w.-]+)(=)([^&\s\"'#]+)")
_VARIABLE = re.compile(rf"(?<![\w-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)([=:])({_WORD})")
_ENTRY = re.compile(r"(?<=[\"'])([A-Za-z_][\w.-]*)(\\?[\"']\s?:\s?)(\\?\"[^\"\\]*\\?\"|'[^']*')")
"""A name and its value in quotes, as JSON and Python write them."""
_OPTION = re.compile(rf"(?<!\S)(--?[A-Za-z][\w-]*)([= ])(?!-)({_WORD})")
_FIELD = re.compile(
    r"(?i)(?<![?&\w])((?:[a-z]+[_-])?(?:api[_-]?key|access[_-]?token|auth[_-]?token|password|passwd|secret|authorization|cookie))"
    rf"(\\?[\"']?\s?[=:]\s?(?:\\?[\"']?(?:basic|bearer) )?)({_WORD})"
)
_PAIR = re.compile(r"((?:\A|(?<=;)) ?[A-Za-z][\w ]{0,40})(=)([^;\s\"']+)(?=;|\Z)")
"""A part of a connection string, as `Server=db;Uid=me;Pwd=...`."""
_BEARER = re.compile(r"(?i)\b(bearer )(?=\S*[0-9._-])[^\s\"']{6,}")
_LONGEST = 8192
"""Longer lines of a log are cut: the search takes a millisecond for each KiB of the worst, and nothing goes on then."""
_SHORTEST = 6
"""Shorter values are not searched for in a log: they would be found everywhere."""


def is_secret(name: str, value: str) -> bool:
    """Return whether the name of a variable says that its value is secret; a switch or a count never is."""
    if value.lower() in _SWITCHES:
        return False
    parts = [part for part in _PARTS.split(name) if _SECRET.search(part) and not _LOOK_ALIKE.fullmatch(part)]
    return bool(parts) and not (_COUNT.fullmatch(value) and all(part.upper().endswith(_PLURALS) for part in parts))


def text(value: str) -> str:
    """Return text without logins in URLs, and without what follows the name of a secret."""
    if "://" in value:
        value = _LOGIN.sub(f"{HIDDEN}@", value)
    if "=" in value or ":" in value or "-" in value:
        for pattern in (_QUERY, _VARIABLE, _ENTRY, _OPTION, _FIELD):
            value = pattern.sub(_without_secret, value)
        if ";" in value:
            value = _PAIR.sub(_without_secret, value)
    return _BEARER.sub(rf"\1{HIDDEN}", value) if " " in value else value


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables; the values of those with a secret-sounding name are hidden, here and in all others."""
    secrets = _all_values(variables.items())
    return {name: variable(name, _without(secrets, value)) for name, value in variables.items()}


def variable(name: str, value: str) -> str:
    """Return the value of a variable, or what is shown of it: neither a secret nor the login of a URL."""
    return HIDDEN if is_secret(name, value) else _BARE_LOGIN.sub(f"{HIDDEN}@", text(value))


def command(words: Sequence[str]) -> list[str]:
    """Return the words of a command line without secrets; the value of an option may be the next word."""
    before = ("", *words)
    return [
        HIDDEN if option.startswith("-") and not word.startswith("-") and is_secret(option, word) else text(word)
        for option, word in zip(before, words, strict=False)
    ]


def hider(variables: Mapping[str, str]) -> Callable[[str], str]:
    """Return `text` for lines of a log, which also hides the secret values of these variables wherever they stand."""
    return hider_of(variables.items())


def hider_of(variables: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """Return what `hider` does for names and values, of which a name may come again with another value."""
    secrets = _all_values(variables)

    def hide(line: str) -> str:
        short = line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
        return text(_without(secrets, short))

    return hide


def pool(whole: PoolSettings) -> PoolSettings:
    """Return a pool that may be shown to others: without the secrets in its environment."""
    return msgspec.structs.replace(whole, environment=environment(whole.environment))


def settings(whole: Settings) -> Settings:
    """Return settings that may be shown to others: without digests of keys and secrets in environments."""
    keys = tuple(msgspec.structs.replace(key, digest=HIDDEN) for key in whole.proxy.api_keys)
    pools = tuple(map(pool, whole.pools))
    proxy = msgspec.structs.replace(whole.proxy, api_keys=keys)
    return msgspec.structs.replace(whole, proxy=proxy, pools=pools)


def _without_secret(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    if value.strip("\"'\\") in (HIDDEN, HIDDEN[:-1]):  # a bracket at its end is no part of a word
        return found[0]
    return f"{name}{between}{HIDDEN}" if is_secret(name, value.strip("\"'\\")) else found[0]


def _without(secrets: tuple[str, ...], value: str) -> str:
    for secret in secrets:
        if secret in value:
            value = value.replace(secret, HIDDEN)
    return value


def _all_values(variables: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what must not be shown of these variables, the longest first: one may be part of another."""
    found = {value for one in variables for value in _values(*one)}
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def _values(name: str, value: str) -> Iterator[str]:
    """Yield what must not be shown of a variable; a path is no secret, nor is a plain word, which logs are full of."""
    found = [value.strip()] if is_secret(name, value) else []
    for login in (*_LOGIN.findall(value), *_BARE_LOGIN.findall(value)):
        found += [login.removesuffix("@"), login.removesuffix("@").partition(":")[2]]
    for one in {*found, *map(unquote, found)}:
        if len(one) >= _SHORTEST and not one.startswith(("/", "~")) and not (one.isalpha() and one.islower()):
            yield one
