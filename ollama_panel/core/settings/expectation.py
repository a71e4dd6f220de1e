"""Descriptions of the values that a type accepts, for messages."""

from typing import Annotated, Any, get_args, get_origin

import msgspec

_PATTERNS = {r"^[a-z][a-z0-9_-]{0,31}$": "a name of lower-case letters, digits, - and _, 32 at most, a letter first"}
_KINDS: dict[type, str] = {
    msgspec.inspect.BoolType: "true or false",
    msgspec.inspect.VarTupleType: "a list",
    msgspec.inspect.DictType: "names with values, in braces",
}


def bare(kind: Any) -> Any:
    """Return the type of a setting without its limits, title and meaning."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def expectation(kind: Any) -> str:
    """Return a description of the values of `kind`, to follow "must be"."""
    info = msgspec.inspect.type_info(kind)
    match info.type if isinstance(info, msgspec.inspect.Metadata) else info:
        case msgspec.inspect.IntType(ge=low, le=high):
            words = "a whole number" + between(low, high)
        case msgspec.inspect.FloatType(ge=low, le=high):
            words = "a number" + between(low, high)
        case msgspec.inspect.StrType(pattern=pattern):
            words = _PATTERNS.get(pattern or "", "text")
        case msgspec.inspect.EnumType(cls=choices):
            words = "one of " + ", ".join(str(choice.value) for choice in choices)
        case msgspec.inspect.UnionType(types=(msgspec.inspect.EnumType(cls=choices), msgspec.inspect.NoneType())):
            words = expectation(choices) + ", null"
        case other:
            words = _KINDS.get(type(other), "a group of settings in braces")
    return words


def between(low: float | None, high: float | None) -> str:
    """Return the limits of a number, to follow "a number"; "" if it has none."""
    if low is None and high is None:
        return ""
    if high is None:
        return f" from {low} up"
    return f" from {low} to {high}"
