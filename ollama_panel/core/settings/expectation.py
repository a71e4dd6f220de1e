"""Descriptions of the values that a type accepts, for messages."""

from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import forms

_KINDS: dict[type, str] = {
    msgspec.inspect.BoolType: "expected.switch",
    msgspec.inspect.VarTupleType: "expected.list",
    msgspec.inspect.DictType: "expected.variables",
}


def bare(kind: Any) -> Any:
    """Return the type of a setting without its limits, title and meaning."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


@lru_cache(maxsize=64)
def fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the fields of a group of settings: msgspec makes them anew with every call, a third of a check's time."""
    return msgspec.structs.fields(kind)


def expectation(kind: Any) -> Notice:
    """Return a description of the values of `kind`, to follow "must be"."""
    info = msgspec.inspect.type_info(kind)
    match info.type if isinstance(info, msgspec.inspect.Metadata) else info:
        case msgspec.inspect.IntType(ge=low, le=high):
            told = between("expected.whole", low, high)
        case msgspec.inspect.FloatType(ge=low, le=high):
            told = between("expected.number", low, high)
        case msgspec.inspect.StrType():
            told = forms.expected(kind)
        case msgspec.inspect.EnumType(cls=choices):
            told = notice("expected.choice", choices=tuple(str(choice.value) for choice in choices))
        case msgspec.inspect.UnionType(types=(msgspec.inspect.EnumType(cls=choices), msgspec.inspect.NoneType())):
            told = notice("expected.or_null", expected=expectation(choices))
        case msgspec.inspect.UnionType(types=(msgspec.inspect.IntType(ge=low, le=high), msgspec.inspect.NoneType())):
            told = notice("expected.or_null", expected=between("expected.whole", low, high))
        case msgspec.inspect.UnionType(types=(msgspec.inspect.FloatType(ge=low, le=high), msgspec.inspect.NoneType())):
            told = notice("expected.or_null", expected=between("expected.number", low, high))
        case other:
            told = notice(_KINDS.get(type(other), "expected.group"))
    return told


def between(code: str, low: float | None, high: float | None) -> Notice:
    """Return the notice of a number, whose `code` has forms for one limit and for both."""
    if low is None:
        return notice(code)
    return notice(f"{code}_from", low=low) if high is None else notice(f"{code}_between", low=low, high=high)
