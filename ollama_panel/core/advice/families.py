"""Whether Ollama runs several requests of a family of models at once, installed or not, and why not."""

import re
from collections.abc import Sequence

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import SERIAL_SINCE, ModelFacts, canonical, forced_serial, is_serial_family
from ollama_panel.core.ollama.versions import NO_VERSION, numbers

_EMBEDDING = re.compile(r"(?i)bert|embed|t5encoder|minilm|paraphrase|^bge|^gte|^e5|arctic")

_FAMILY_OF = {
    "lfm25": "lfm2",
    "llama32vision": "mllama",
    "nemotron3nano": "nemotron_h_moe",
    "nemotron3super": "nemotron_h_moe",
    "nemotronh": "nemotron_h",
    "qwen36": "qwen35",
    "qwen3codernext": "qwen3next",
}
"""Names of Ollama's library that are spelled otherwise than their family."""


def answer(name: str, models: Sequence[ModelFacts] = (), version: str = "") -> Notice:
    """Return whether Ollama runs several requests at once of a family, or of a model that may be among `models`.

    `version` is Ollama's, "" = the newest.
    """
    installed = next((one for one in models if one.name == canonical(name)), None)
    if installed is not None:
        held = forced_serial(installed, version)
        return held if held is not None else notice("advise.runs_parallel", family=installed.name)
    plain = name.strip().rsplit("/", 1)[-1].partition(":")[0]
    if _EMBEDDING.search(plain):
        return notice("serial.embedding")
    family = _serial_family(plain)
    if family is None:
        return notice("advise.runs_parallel", family=name.strip())
    since = SERIAL_SINCE[family]
    if is_serial_family(family, version):
        told = notice("serial.family", family=family)
        return told if since is None else notice("advise.serial_since", told=told, version=_text(since))
    found = version if numbers(version) > NO_VERSION else "—"
    return notice("advise.serial_later", family=family, version=found, since=_text(since or ()))


def _serial_family(plain: str) -> str | None:
    """Return the family of a name that Ollama runs one request at a time in some version.

    A size, a variant or a format may follow the family's name, as in Qwen3.5-9B-GGUF: the longest beginning counts.
    """
    families = {_squashed(family): family for family in SERIAL_SINCE} | _FAMILY_OF
    words = re.split(r"[-_ ]", plain)
    beginnings = (_squashed("".join(words[:count])) for count in range(len(words), 0, -1))
    return next((families[one] for one in beginnings if one in families), None)


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
