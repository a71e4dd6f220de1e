"""Whether Ollama runs several requests of a family of models at once, installed or not, and why not."""

from collections.abc import Sequence

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama import family_names
from ollama_panel.core.ollama.models import SERIAL_SINCE, ModelFacts, canonical, forced_serial, is_serial_family
from ollama_panel.core.ollama.versions import NO_VERSION, numbers


def answer(name: str, models: Sequence[ModelFacts] = (), version: str = "") -> Notice:
    """Return whether Ollama runs several requests at once of a family, or of a model that may be among `models`.

    `version` is Ollama's, "" = the newest.
    """
    installed = next((one for one in models if one.name == canonical(name)), None)
    if installed is not None:
        held = forced_serial(installed, version)
        return held if held is not None else notice("advise.runs_parallel", family=installed.name)
    plain = family_names.plain(name)
    if family_names.is_embedding_name(plain):
        return notice("serial.embedding")
    family = family_names.serial_family(plain)
    if family is None:
        return notice("advise.runs_parallel", family=name.strip())
    since = SERIAL_SINCE[family]
    if is_serial_family(family, version):
        told = notice("serial.family", family=family)
        return told if since is None else notice("advise.serial_since", told=told, version=_text(since))
    found = version if numbers(version) > NO_VERSION else "—"
    return notice("advise.serial_later", family=family, version=found, since=_text(since or ()))


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
