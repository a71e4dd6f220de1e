"""The whole state of scheduler and timeline as bytes: what a recording begins with that does not begin at the start.

It is a pickle, because the two are a graph of objects that know each other. What is read back may be a stranger's file:
only values and classes of `core`, which do nothing outside of themselves, are made of it.

All classes of the graph have `__slots__`: to pickle an object without them CPython (3.11, 3.12) makes the dictionary of
its attributes, and each look at one of them takes longer from then on, which cost a fifth of the cheapest step.
"""

import io
import pickle
from collections.abc import Callable
from enum import Enum, EnumMeta
from types import MethodType
from typing import Any

from typing_extensions import override

from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.timeline import Timeline, nobody

_OURS = __name__.rpartition(".")[0] + "."
_PLAIN = {
    "builtins": frozenset({"set", "frozenset", "int", "float", "str", "list", "dict", "tuple", "bytes"}),
    "collections": frozenset({"deque", "Counter", "OrderedDict", "defaultdict"}),
}


def saved(dispatcher: Dispatcher, timeline: Timeline) -> bytes:
    """Return the state of both, between two steps. Some milliseconds, and 2 KB for each request that they know."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5)
    pickler.dispatch_table = {MethodType: _reduced, Settings: _left_out}
    pickler.dump((dispatcher, timeline))
    return stream.getvalue()


def restored(data: bytes) -> tuple[Dispatcher, Timeline]:
    """Return the scheduler and the timeline of a checkpoint; nobody is told of the ends of its requests.

    Raises ValueError if it is none of this version.
    """
    try:
        found = _Unpickler(io.BytesIO(data)).load()
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    match found:
        case (Dispatcher() as dispatcher, Timeline() as timeline):
            return dispatcher, timeline
        case _:
            raise ValueError(type(found).__name__)


class _Unpickler(pickle.Unpickler):
    """Finds nothing but plain values and what modules of `core` define themselves."""

    @override
    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if (module, name) == ("builtins", "getattr"):  # how Python writes members of enums until 3.11.3
            return _member
        if module.startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if getattr(found, "__module__", None) == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _member(kind: object, name: str) -> Enum:
    """Return a member of an enum of `core`."""
    if not isinstance(kind, EnumMeta):
        raise pickle.UnpicklingError(name)
    return kind[name]


def _reduced(method: MethodType) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Return how a method is found again: one of an object outside of `core` is left out."""
    owner = method.__self__
    if type(owner).__module__.startswith(_OURS):
        return _method, (owner, method.__name__)
    return _method, (None, "")


def _left_out(_: object) -> tuple[Callable[[], None], tuple[()]]:
    """Return None in the place of settings that something has kept to compare: they have secrets."""
    return _nothing, ()


def _nothing() -> None:
    return None


def _method(owner: object, name: str) -> Callable[..., Any]:
    """Return a method of an object of `core` by its name; `nobody` if the object was left out."""
    if owner is None:
        return nobody
    found = getattr(owner, name)
    if not type(owner).__module__.startswith(_OURS) or not isinstance(found, MethodType):
        raise pickle.UnpicklingError(name)
    return found
