"""How the kubelet reads values and arguments of a container, and the schemas by which Kubernetes accepts objects."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

needs_schemas = pytest.mark.skipif(
    not shutil.which("kubernetes-validate"), reason="kubernetes-validate is not installed"
)
VERSION = "1.32"


def expanded(text: str, known: dict[str, str]) -> str:
    """Return what a container gets: `third_party/forked/golang/expansion/expand.go` of Kubernetes, function Expand."""
    found, place = "", 0
    while place < len(text):
        sign, after = text[place], text[place + 1 : place + 2]
        end = text.find(")", place)
        if sign != "$" or not after:
            found, place = found + sign, place + 1
        elif after == "$":
            found, place = found + "$", place + 2
        elif after == "(" and end > 0:
            name = text[place + 2 : end]
            found, place = found + known.get(name, f"$({name})"), end + 1
        else:
            found, place = found + sign + after, place + 2
    return found


def variables(container: Any) -> dict[str, str]:
    """Return the environment that a container gets; a value may name the variables before it."""
    found = dict[str, str]()
    for one in container["env"]:
        found[one["name"]] = expanded(one["value"], found)
    return found


def require_valid(objects: list[Any], folder: Path) -> None:
    """Assert that Kubernetes knows every field of the objects."""
    files = [folder / f"{number}.yaml" for number in range(len(objects))]
    for file, one in zip(files, objects, strict=True):
        file.write_text(yaml.safe_dump(one), encoding="utf-8")
    command = ["kubernetes-validate", "--strict", "-k", VERSION, *map(str, files)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stdout + child.stderr
