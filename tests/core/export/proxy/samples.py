"""Pools that a proxy tells apart, and the grammars of HAProxy and nginx."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from ollama_panel.core.export.deployment import Deployment, Provenance
from ollama_panel.core.ids import PoolName
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings, Settings
from tests.core.export.samples import instances, pools

NAMES = {
    "spaces": " a  b ",
    "double": 'say "hi"',
    "single": "it's ''",
    "backslash": r"C:\temp\new \\ \x41 end\\",
    "dollar": "$HOME ${PATH} $(id) `id`",
    "percent": "%[src] %% 100%n",
    "signs": "#;&|<>*?[]{}~!=,",
    "flag": "-i",
    "unicode": "模型 é 🦙",
    "long": "x" * 10_000,
}
"""Names that break whatever is not quoted."""


def with_coder(*models: str, **proxy: object) -> Settings:
    """Return a chat pool, an embedding pool and one for code with these models."""
    coder = PoolSettings(PoolName("coder"), Role.CODE, workers=1, parallel=2, models=models)
    return msgspec.structs.replace(pools(), pools=(*pools().pools, coder), proxy=ProxySettings(**proxy))  # type: ignore[arg-type]


def deployment(settings: Settings) -> Deployment:
    return Deployment(settings, instances(settings), Provenance("1.2.3", "2026-11-23"))


_QUOTED = re.compile(r"'(?P<strong>[^']*)'|\\(?P<escaped>.)|(?P<comment>#.*)|(?P<blank>\s+)|(?P<plain>[^\s'\"\\#]+)")
"""Chapter 2.2 of HAProxy's manual, without double quotes, which the panel does not write."""


def haproxy_words(line: str) -> list[str]:
    """Return the words of a line as HAProxy reads them. Raises ValueError if it would not."""
    words, end, begun = [""], 0, False
    for found in _QUOTED.finditer(line):
        if found.start() != end:
            raise ValueError(line)
        end = found.end()
        if found.lastgroup == "blank":
            words += [""] if begun else []
            begun = False
        elif found.lastgroup != "comment":
            words[-1] += found[found.lastgroup or 0]
            begun = True
    if end != len(line):
        raise ValueError(line)
    return words if begun else words[:-1]


def haproxy_lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each line that has some."""
    return filter(None, map(haproxy_words, text.split("\n")))


def patterns(text: str, acl: str) -> list[str]:
    """Return what the lines of an access list compare with, behind the end of its flags."""
    return [word for words in haproxy_lines(text) if words[:2] == ["acl", acl] for word in _after_flags(words)]


def _after_flags(words: list[str]) -> Iterable[str]:
    return words[words.index("--") + 1 :] if "--" in words else ()


_NGINX = re.compile(
    r"""(?P<blank>\s+)|(?P<comment>\#[^\n]*)|(?P<end>[;{}])|"(?P<double>(?:[^"\\]|\\.)*)"(?=[\s;)])"""
    r"""|(?P<plain>[^\s;{"'\#}\\][^\s;{"'\\]*)""",
    re.DOTALL,
)
"""`ngx_conf_read_token` of nginx 1.22, without single quotes and escapes outside of quotes, which the panel does not
write."""


def nginx_statements(text: str) -> Iterator[list[str]]:
    """Yield the words of each directive, with `{` at the end of one that opens a block, and `}` alone.

    Raises ValueError if nginx would not read it.
    """
    words, end = list[str](), 0
    for found in _NGINX.finditer(text):
        if found.start() != end:
            break
        end, value = found.end(), found[found.lastgroup or 0]
        if found.lastgroup == "double":
            words.append(re.sub(r"\\([\\\"])", r"\1", value))
        elif found.lastgroup == "plain":
            words.append(value)
        elif found.lastgroup == "end":
            yield [*words, *([value] if value != ";" else [])]
            words = []
    if words or end != len(text):
        raise ValueError(text[end : end + 40])
