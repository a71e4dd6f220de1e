"""Reads the texts of guides as the programs do, so that a mistake in their syntax is found."""

import ast
import json
import shlex
import tomllib
from typing import Any

import yaml

from ollama_panel.core.connect.records import Language, Way


def check(way: Way) -> None:
    """Raise what a reader of the way's language raises."""
    assert way.text.endswith("\n")
    match way.language:
        case Language.SHELL:
            assert shell(way)
        case Language.PYTHON:
            ast.parse(way.text)
        case Language.JSON | Language.YAML | Language.TOML:
            assert data(way)
        case Language.FIELDS:
            assert fields(way)
        case Language.JAVASCRIPT | Language.POWERSHELL:
            pass  # nothing here reads them: the e2e tests run JavaScript where there is Node


def data(way: Way) -> Any:
    """Return what a file of settings says."""
    match way.language:
        case Language.JSON:
            return json.loads(way.text)
        case Language.TOML:
            return tomllib.loads(way.text)
        case Language.YAML:
            return yaml.safe_load(way.text)
    raise AssertionError(way.language)


def fields(way: Way) -> dict[str, str]:
    """Return the values of a form by their labels."""
    parts = (line.partition(": ") for line in way.text.splitlines())
    return {name: value for name, _, value in parts}


def shell(way: Way) -> list[list[str]]:
    """Return the commands of a POSIX shell as lists of words; those that set variables begin with "export"."""
    return [shlex.split(line) for line in way.text.replace("\\\n", " ").splitlines()]


def exported(way: Way) -> dict[str, str]:
    """Return the variables that a shell's commands set."""
    pairs = (words[1].partition("=") for words in shell(way) if words[0] == "export")
    return {name: value for name, _, value in pairs}
