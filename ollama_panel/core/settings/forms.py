"""The forms that the texts in settings must have: what the panel, the system and the exports can live with.

A type names its form in `Meta(extra_json_schema={"form": ...})`; without one it is a line of text.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import paths
from ollama_panel.core.settings.addresses import host_in, is_host

_POOL = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
"""The name of a field in HTTP: RFC 9110 section 5.1."""
_DURATION = re.compile(r"|[+-]?\d{1,9}|[+-]?(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h))+")
"""Nothing, whole seconds, or a duration of Go: what Ollama takes for OLLAMA_KEEP_ALIVE (`envconfig.KeepAlive`)."""
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
_EVERY_HOST = frozenset({"*", "*.*.*.*", "all", "any", "0", "+"})
_LONGEST = 32_000
"""Characters. Windows takes 32,767 in an environment variable, Linux 131,072 bytes with its name."""
LONGEST_NAME = 1_000
"""Characters of the name of a client for which there is a rule."""
_QUOTED = 100
_LONGEST_PATH, _LONGEST_FILE_NAME = 4095, 255
"""Bytes: Linux' PATH_MAX without its end, and NAME_MAX; a longer path is an error to every function that takes one."""


def problem(kind: Any, text: str) -> Notice | None:
    """Return what a text of type `kind` must be instead, to follow "must be"; None if it has the form."""
    form = _form(kind)
    return form.instead(text) or (None if form.fits(text) else notice(form.expected))


def expected(kind: Any) -> Notice:
    """Return what a text of type `kind` must be."""
    return notice(_form(kind).expected)


def is_line(text: str) -> bool:
    """Return whether a text is one line that can be written anywhere: no control characters, no broken ones."""
    return len(text) <= _LONGEST and all(map(_is_visible, text))


def is_name(text: str) -> bool:
    """Return whether a text is a name that can be written anywhere."""
    return bool(text.strip()) and len(text) <= LONGEST_NAME and is_line(text)


def quoted(text: str) -> str:
    """Return what was given as a sentence repeats it: on one line, and not all of a long one."""
    start = "".join(one if _is_visible(one) else one.encode("unicode_escape").decode() for one in text[:_QUOTED])
    return start if len(text) <= _QUOTED else f"{start}…"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")


def _nothing(_: str) -> Notice | None:
    return None


class _Form(NamedTuple):
    """A form: the code of its name, whether a text has it, and what is meant by one that does not, if known."""

    expected: str
    fits: Callable[[str], bool]
    instead: Callable[[str], Notice | None] = _nothing


def _form(kind: Any) -> _Form:
    metas = (meta.extra_json_schema or {} for meta in get_args(kind)[1:])
    return _FORMS[next((meta["form"] for meta in metas if "form" in meta), "line")]


def _host_alone(text: str) -> Notice | None:
    meant = None if is_host(text) else host_in(text)
    return None if meant is None else notice("expected.host_alone", host=meant)


def _listening(text: str) -> Notice | None:
    return notice("expected.every_host") if text.strip() in _EVERY_HOST else _host_alone(text)


def _is_header(text: str) -> bool:
    """Return whether a text is the name of a header whose value may be shown: those of clients are in the status."""
    return _HEADER.fullmatch(text) is not None and text.lower() not in _CREDENTIALS


def _program(text: str) -> Notice | None:
    """Return what the path of a program must be instead."""
    wrong = paths.flaw(text)
    alone = wrong is not None and wrong.code == "expected.path_whole" and not re.search(r"[/\\]", text)
    return None if alone else wrong


def _is_path(text: str) -> bool:
    if not is_line(text):
        return False
    names = re.split(r"[/\\]", text)
    return len(text.encode()) <= _LONGEST_PATH and all(len(one.encode()) <= _LONGEST_FILE_NAME for one in names)


_FORMS = {
    "line": _Form("expected.text", is_line),
    "name": _Form("expected.label", lambda text: is_line(text) and bool(text.strip())),
    "pool": _Form("expected.name", lambda text: _POOL.fullmatch(text) is not None),
    "digest": _Form("expected.digest", lambda text: _DIGEST.fullmatch(text) is not None),
    "listen": _Form("expected.host", is_host, _listening),
    "host": _Form("expected.host", is_host, _host_alone),
    "header": _Form("expected.header", _is_header),
    "duration": _Form("expected.duration", lambda text: _DURATION.fullmatch(text) is not None),
    "program": _Form("expected.path", _is_path, _program),
    "folder": _Form("expected.path", _is_path, paths.flaw),
}
