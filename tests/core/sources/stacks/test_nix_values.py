from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.sources.stacks.nix_values import Attributes, Sequence, Unknown, Value, evaluated, flat
from ollama_panel.core.sources.stacks.nix_words import BrokenError


def shown(value: Value) -> object:
    match value:
        case Attributes(pairs):
            return {".".join(path): shown(one) for path, one in pairs}
        case Sequence(items):
            return [shown(one) for one in items]
        case Unknown(written):
            return f"?{written}"
        case _:
            return value.text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("{ config, pkgs ? {}, ... }@args: { a.b = 1; }", {"a.b": "1"}),
        ("args@{ a, ... }: b: { c = true; }", {"c": "true"}),
        ('let x = "1"; y = "${x}2"; in { a = x; b = y; }', {"a": "1", "b": "12"}),
        ('with lib; { a = mkDefault 4; b = x.mkForce "c"; d = mkOverride 5 -1; }', {"a": "4", "b": "c", "d": "-1"}),
        ('{ a = toString 4; b = "x" + "y"; c = config.d; }', {"a": "4", "b": "xy", "c": "?config.d"}),
        ('{ a = { b = "1"; } // { c = "2"; }; }', {"a": {"b": "1", "c": "2"}}),
        ('{ a = [ "x" 4 (f y) pkgs.z ]; }', {"a": ["x", "4", "?f y", "?pkgs.z"]}),
        ('{ a = if b then "c" else "d"; e = 1; }', {"a": '?if b then "c" else "d"', "e": "1"}),
        ('{ inherit (x) y; inherit z; "a b".c = null; a.${d} = 1; }', {"a b.c": "null", "a.${d}": "1"}),
        ('rec { a = "1"; b = "${a}"; }', {"a": "1", "b": '?"${a}"'}),
        ("{ a = ./b.nix; c = <nixpkgs>; }", {"a": "?./b.nix", "c": "?<nixpkgs>"}),
    ],
)
def test_what_needs_no_nix_is_known(text: str, right: object) -> None:
    assert shown(evaluated(text)) == right


def test_sets_in_sets_have_one_path() -> None:
    found = {".".join(path): shown(value) for path, value in flat(evaluated("{ a = { b.c = 1; d = {}; }; }"))}
    assert found == {"a.b.c": "1", "a.d": {}}


@pytest.mark.parametrize("text", ["", "{", "{ a = ; }", "{ a }", "a b }", "{ a = (1; }", "let a = 1;", "[", "{" * 500])
def test_what_is_no_expression_is_told(text: str) -> None:
    with pytest.raises(BrokenError):
        evaluated(text)


@given(st.text("{}[]();:=.,@ab1\"$' \n/?", max_size=40))
def test_reading_ends_whatever_is_written(text: str) -> None:
    with suppress(BrokenError):
        evaluated(text)
