"""Folders of models, on a real file system."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ollama_panel.core.doctor.asking.printed import Block, blocks, script
from ollama_panel.core.doctor.asking.stores import Look, looking, looks_of

pytestmark = pytest.mark.skipif(shutil.which("sh") is None or os.name == "nt", reason="not installed: sh")


def look(*paths: Path) -> dict[str, Look]:
    command = ["sh", "-c", script(looking(map(str, paths)))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return dict(looks_of(blocks(done.stdout)))


def test_models_and_links(tmp_path: Path) -> None:
    store = tmp_path / "my models"
    manifest = store / "manifests/registry.ollama.ai/library/qwen3"
    manifest.mkdir(parents=True)
    (manifest / "8b").touch()
    (store / "manifests/stray").touch()
    (tmp_path / "link").symlink_to(store)
    found = look(store, tmp_path / "link", tmp_path / "none/models")
    seen, linked, missing = found.values()
    assert (seen.access.readable, seen.access.writable, seen.access.models) == (True, True, ("qwen3:8b",))
    assert seen.real == linked.real != ""
    assert (missing.access.readable, missing.access.missing) == (None, True)


def test_a_folder_that_is_closed_names_its_owner() -> None:
    found = looks_of([Block("closed", ("/m",), "ollama ollama 750\t/usr/share/ollama"), Block("real", ("/m",), "")])
    (denial,) = found["/m"].access.denials
    assert (denial.path, denial.owner, denial.group, denial.mode, denial.needed) == (
        "/usr/share/ollama",
        "ollama",
        "ollama",
        0o750,
        "x",
    )
    assert (found["/m"].access.readable, found["/m"].access.closed) == (False, True)


def test_a_part_that_is_closed(tmp_path: Path) -> None:
    found = looks_of([Block("denied", ("/m",), "\t/m/blobs"), Block("looked", ("/m",), "\n")])
    assert [(one.path, one.inside, one.mode) for one in found["/m"].access.denials] == [("/m/blobs", True, 0)]
    assert look(tmp_path)[str(tmp_path)].access.readable is True
