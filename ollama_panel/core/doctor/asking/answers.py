"""What servers answer: their versions and the models that they have loaded."""

import shlex
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import LoadedFacts
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.show import facts_from_show

_MOST_S = 8
"""So long servers are asked one after another; each has 2 s for an answer."""
_GET = r"""
begun=$(date +%s)
ask() { # ask NAME PID URL [BODY]
    [ $(($(date +%s) - begun)) -lt MOST_S ] || return 0
    if command -v curl >/dev/null; then curl -s -f -m 2 --noproxy '*' ${4:+--data "$4"} "$3"
    elif command -v wget >/dev/null; then http_proxy= wget -q -T 2 -O - ${4:+--post-data "$4"} "$3"
    else
        python3 -c 'import sys, urllib.request as u
body = sys.argv[2].encode() or None
print(u.build_opener(u.ProxyHandler({})).open(sys.argv[1], body, 2).read().decode())' "$3" "$4"
    fi 2>/dev/null | head -c "$most" | say "$1" "$2"
}
""".replace("MOST_S", str(_MOST_S))
_MOST_SHOWN = 8
T = TypeVar("T")


class _Version(msgspec.Struct):
    version: str = ""


class _Details(msgspec.Struct):
    family: str = ""


class _Loaded(msgspec.Struct):
    name: str = ""
    size: int = 0
    size_vram: int = 0
    context_length: int | None = None
    details: _Details | None = None


class _Ps(msgspec.Struct):
    models: list[_Loaded] | None = None


def asking(urls: Mapping[int, str]) -> str:
    """Return the script that asks servers, each by its process, for their versions and loaded models."""
    lines = (
        f"ask version {pid} {shlex.quote(f'{url}/api/version')}\nask ps {pid} {shlex.quote(f'{url}/api/ps')}\n"
        for pid, url in urls.items()
    )
    return _GET + "".join(lines)


def showing(loaded: Iterable[LoadedFacts], urls: Mapping[int, str]) -> str:
    """Return the script that asks about the loaded models."""
    lines = []
    for one in [*loaded][:_MOST_SHOWN]:
        body = msgspec.json.encode({"model": one.name}).decode()
        url = f"{urls[one.server]}/api/show"
        lines.append(f"ask show {shlex.quote(f'{one.server} {one.name}')} {shlex.quote(url)} {shlex.quote(body)}\n")
    return _GET + "".join(lines)


def versions_of(found: Iterable[Block]) -> dict[int, str]:
    """Return the versions of servers by their processes."""
    answers = (
        (one.words[0], _decoded(one.text, _Version)) for one in found if one.name == "version" and _is_of_process(one)
    )
    return {int(pid): told.version for pid, told in answers if told is not None and told.version}


def loaded_of(found: Iterable[Block]) -> tuple[LoadedFacts, ...]:
    """Return the models that servers have loaded."""
    result = list[LoadedFacts]()
    for one in found:
        told = _decoded(one.text, _Ps) if one.name == "ps" and _is_of_process(one) else None
        for model in (told.models or ()) if told is not None else ():
            family = model.details.family if model.details is not None else ""
            result.append(
                LoadedFacts(
                    int(one.words[0]), model.name, model.size, model.size_vram, model.context_length, family=family
                )
            )
    return tuple(result)


def shown_of(loaded: Iterable[LoadedFacts], found: Iterable[Block]) -> tuple[LoadedFacts, ...]:
    """Return the loaded models with what `/api/show` tells of them."""
    answers = {one.words[0]: one.text for one in found if one.name == "show" and one.words}
    return tuple(_completed(one, answers.get(f"{one.server} {one.name}", "")) for one in loaded)


def _completed(loaded: LoadedFacts, answer: str) -> LoadedFacts:
    try:
        told = facts_from_show(ModelFacts(ModelName(loaded.name)), answer.encode())
    except (msgspec.DecodeError, UnicodeError):
        return loaded
    return msgspec.structs.replace(
        loaded,
        family=told.family or loaded.family,
        layers=told.layers,
        embedding="embedding" in told.capabilities,
    )


def _is_of_process(one: Block) -> bool:
    return bool(one.words) and one.words[0].isdecimal()


def _decoded(text: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(text.encode(), type=kind)
    except (msgspec.DecodeError, UnicodeError):
        return None
