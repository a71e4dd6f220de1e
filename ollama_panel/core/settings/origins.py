"""Allowed origins: how one is written, and which web pages it stands for.

One `*` stands for any text, as in `OLLAMA_ORIGINS` (gin-contrib/cors 1.7.2 `validateWildcardOrigin`), but never for
what would make it the host of somebody else: at the end of a host it stands for the rest of an address or for one part
of a name. So `http://192.168.1.*` is not `http://192.168.1.20.evil.com`, which Ollama lets in.
"""

import re
from functools import lru_cache

from ollama_panel.core.notices import Notice, notice

ANY = "*"

_ENTRY = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.*]+\]|[a-z0-9._*-]*)(?::(?P<port>[0-9*]{1,5}))?"
)
_WEB = frozenset({"http", "https"})
_ANY_HOST = r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])"


def flaw(entry: str) -> Notice | None:
    """Return what is wrong with an allowed origin, to follow the key of the setting; None if nothing is."""
    if entry == ANY:
        return None
    scheme, separator, rest = entry.partition("://")
    if not separator or not rest.strip():
        return notice("setting.origin_scheme", given=entry)
    if ANY in scheme or entry.count(ANY) > 1:
        return notice("setting.origin_star", given=entry)
    parts = _ENTRY.fullmatch(entry.lower())
    if parts is None or (scheme.lower() in _WEB and not parts["host"]):
        return notice("setting.origin_form", given=entry)
    return None


def stands_for(entry: str, origin: str) -> bool:
    """Return whether `origin`, as a browser sends it, is the one that an entry names, or one of those it stands for."""
    return entry == ANY or _pattern(entry).fullmatch(origin) is not None


def names_a_host(entry: str) -> bool:
    """Return whether an entry says which pages of the web it means; `*` and `https://*` do not."""
    return entry != ANY and re.match(r"https?://\*(?::|\Z)", entry, re.IGNORECASE) is None


@lru_cache(maxsize=256)
def _pattern(entry: str) -> re.Pattern[str]:
    """Return the pattern of the origins that an entry stands for; of none if the entry has a flaw."""
    parts = _ENTRY.fullmatch(entry.lower())
    if flaw(entry) is not None or parts is None:
        return re.compile(r"(?!)")
    scheme, host, port = parts["scheme"], parts["host"], parts["port"]
    if scheme not in _WEB:  # an app or an extension, whose origins nobody else can have
        return re.compile("[!-~]*".join(map(re.escape, entry.split(ANY))))
    if port is None:
        port_pattern = "(?::[0-9]{1,5})?" if host.endswith(ANY) else ""
    else:
        port_pattern = ":" + port.replace(ANY, "[0-9]{1,5}")
    return re.compile(f"{scheme}://{_host_pattern(host)}{port_pattern}")


def _host_pattern(host: str) -> str:
    before, star, after = host.partition(ANY)
    if not star:
        any_text = ""
    elif host == ANY:
        return _ANY_HOST
    elif host.startswith("["):
        any_text = "[0-9a-f:.]*"
    elif after:
        any_text = "[a-z0-9._-]*"
    else:
        any_text = "[0-9.]*" if re.fullmatch(r"[0-9.]+", before) else "[a-z0-9_-]*"
    return re.escape(before) + any_text + re.escape(after)
