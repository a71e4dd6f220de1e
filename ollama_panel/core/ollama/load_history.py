"""The measured loads of all models: which of them are kept, which hold now, and their form as a file. Pure."""

from collections.abc import Collection

import msgspec

from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.models import ModelFacts

CONTEXTS = 4
"""Loads kept of a model, each with another context: two show how its buffers grow, and settings go back and forth."""
DEVICES = 4
"""Devices kept of a model, those that it was loaded on last."""
MODELS = 200
"""Models kept, those loaded last; a model has less than 4 KB."""
_FORMAT = 1


class _File(msgspec.Struct, frozen=True):
    """The content of the file; `models` are loads, newest first, by the digest of the model."""

    format: int
    models: dict[str, list[msgspec.Raw]]


class LoadHistory(msgspec.Struct, frozen=True):
    """The measured loads by digest, newest first; the models in the order of their last load."""

    models: dict[str, tuple[MeasuredLoad, ...]] = {}

    def after(self, digest: str, load: MeasuredLoad) -> "LoadHistory":
        """Return the history with one more load.

        It replaces what was measured with the same context, or by another Ollama on the same devices. What is not told
        of the process itself is as it was.
        """
        if load.overhead is None:
            load = msgspec.structs.replace(load, overhead=self._overhead(digest, load))
        here = [one for one in self.models.get(digest, ()) if _of_device(one) != _of_device(load) or _stays(one, load)]
        kept = list[MeasuredLoad]()
        for one in (load, *here):
            if sum(_of_device(other) == _of_device(one) for other in kept) < CONTEXTS:
                kept.append(one)
        others = {name: loads for name, loads in self.models.items() if name != digest}
        while len(others) >= MODELS:
            del others[next(iter(others))]
        return LoadHistory({**others, digest: tuple(kept[: DEVICES * CONTEXTS])})

    def _overhead(self, digest: str, load: MeasuredLoad) -> int | None:
        same = (one for one in self.models.get(digest, ()) if one.ollama == load.ollama)
        return next((one.overhead for one in same if _of_device(one) == _of_device(load) and one.overhead), None)

    def applied(self, models: Collection[ModelFacts], devices: Collection[str]) -> tuple[ModelFacts, ...]:
        """Return the models with their loads on these devices; one that has the right ones stays the same object."""
        return tuple(self._applied(facts, devices) for facts in models)

    def _applied(self, facts: ModelFacts, devices: Collection[str]) -> ModelFacts:
        found = tuple(one for one in self.models.get(facts.digest, ()) if one.device in devices)
        return facts if facts.loads == found else msgspec.structs.replace(facts, loads=found)

    def encoded(self) -> bytes:
        """Return the content of the file."""
        return msgspec.json.encode({"format": _FORMAT, "models": self.models})


def decoded(content: bytes) -> LoadHistory:
    """Return the history in a file; loads that lack something, or have nonsense, are left out.

    Raises msgspec.DecodeError if it is no such file. One of another format is an empty history: nothing is lost that
    the next loads do not tell again.
    """
    try:
        file = msgspec.json.decode(content, type=_File)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from error
    if file.format != _FORMAT:
        return LoadHistory()
    models = {digest: tuple(filter(None, map(_load, loads))) for digest, loads in file.models.items()}
    return LoadHistory({digest: loads[: DEVICES * CONTEXTS] for digest, loads in [*models.items()][-MODELS:] if loads})


def _load(raw: msgspec.Raw) -> MeasuredLoad | None:
    try:
        return msgspec.json.decode(raw, type=MeasuredLoad)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _of_device(load: MeasuredLoad) -> tuple[str, bool]:
    return load.device, load.gpu


def _stays(old: MeasuredLoad, new: MeasuredLoad) -> bool:
    return old.ollama == new.ollama and old.context != new.context
