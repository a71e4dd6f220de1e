"""Where a server's models are, and whether this user may read them."""

import os
import sys
from pathlib import Path

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.stores import Access, Found
from ollama_panel.engine.host.model_stores import May, access, of_server, of_worker, real
from ollama_panel.engine.host.services import Server

TINY = ModelName("tiny:latest")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.mark.parametrize(
    ("server", "path", "found"),
    [
        (Server(variables={"OLLAMA_MODELS": "/srv/m"}, found=Found.UNIT, complete=True), "/srv/m", Found.UNIT),
        (Server(variables={"OLLAMA_MODELS": '"/srv/m" '}, found=Found.LOG, complete=True), "/srv/m", Found.LOG),
        (Server(home="/usr/share/ollama"), "/usr/share/ollama/.ollama/models", Found.HOME),
        (Server(home="/root", variables={"HOME": "/srv"}, found=Found.UNIT), "/srv/.ollama/models", Found.HOME),
        (
            Server(variables={"HOME": "/srv"}, found=Found.ENVIRONMENT, complete=True),
            "/srv/.ollama/models",
            Found.ENVIRONMENT,
        ),
        (Server(home="/root", contained=True), "", Found.CONTAINER),
        (Server(home="/root", variables={"OLLAMA_MODELS": "models"}), "", Found.UNKNOWN),
        (Server(), "", Found.UNKNOWN),
    ],
)
def test_the_store_of_a_server(server: Server, path: str, found: Found) -> None:
    assert of_server(server) == (path, found)


def test_the_store_of_a_worker() -> None:
    assert of_worker({"HOME": "/home/alice"}) == ("/home/alice/.ollama/models", Found.HOME)
    assert of_worker({"HOME": "/home/alice", "OLLAMA_MODELS": "/srv"}) == ("/srv", Found.SETTINGS)
    assert of_worker({}) == ("", Found.UNKNOWN)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with one model in a home that everybody may read."""
    store = tmp_path / "ollama" / ".ollama" / "models"
    manifest = store / "manifests" / "registry.ollama.ai" / "library" / "tiny" / "latest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}")
    (store / "blobs").mkdir()
    (store / "blobs" / "sha256-0").write_text("weights")
    for place in tmp_path.rglob("*"):
        place.chmod(0o755 if place.is_dir() else 0o644)
    return store


def stranger(below: Path) -> May:
    """Return what somebody who is neither the owner nor in the group may do below a folder; anything above it."""

    def may(path: Path, mode: int) -> bool:
        try:
            bits = Path(path).stat().st_mode
        except OSError:
            return False
        return below not in Path(path).parents or (bits & mode) == mode

    return may


def test_a_store_that_everybody_may_read(store: Path, tmp_path: Path) -> None:
    assert access(str(store), stranger(tmp_path)) == Access(readable=True, writable=False, models=(TINY,))
    assert access(str(store)) == Access(readable=True, writable=True, models=(TINY,))


@pytest.mark.parametrize(
    ("manifest", "name"),
    [
        ("registry.ollama.ai/library/Tiny/8B", "tiny:8b"),
        ("registry.ollama.ai/alice/tiny/latest", "alice/tiny:latest"),
        ("hf.co/alice/tiny-GGUF/Q8_0", "hf.co/alice/tiny-gguf:q8_0"),
    ],
)
def test_the_models_of_a_store_are_those_that_its_server_lists(store: Path, manifest: str, name: str) -> None:
    place = store / "manifests" / manifest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    (store / "manifests" / "registry.ollama.ai" / ".DS_Store").touch()
    assert set(access(str(store)).models) == {TINY, name}


def test_a_home_that_is_closed_is_named_with_owner_group_and_mode(store: Path, tmp_path: Path) -> None:
    home = tmp_path / "ollama"
    home.chmod(0o750)
    found = access(str(store), stranger(tmp_path))
    (denial,) = found.denials
    assert found.readable is False
    assert (denial.path, denial.mode, denial.needed, denial.inside) == (str(home), 0o750, "x", False)
    assert (denial.owner, denial.group) == (home.owner(), home.group())
    assert found.closed
    assert (denial.group_id, denial.member) == (home.stat().st_gid, True)


@pytest.mark.parametrize(
    ("place", "mode", "needed", "closed"),
    [
        ("manifests", 0o700, "rx", True),
        ("blobs", 0o711, "rx", True),
        ("blobs/sha256-0", 0o600, "r", False),
        ("manifests/registry.ollama.ai/library/tiny/latest", 0o600, "r", False),
        ("manifests/registry.ollama.ai/library", 0o700, "rx", False),
    ],
)
def test_a_part_of_the_store_that_is_closed(
    store: Path, tmp_path: Path, place: str, mode: int, needed: str, closed: bool
) -> None:
    (store / place).chmod(mode)
    found = access(str(store), stranger(tmp_path))
    (denial,) = found.denials
    assert found.readable is False
    assert (denial.path, denial.needed, denial.inside) == (str(store / place), needed, True)
    assert found.closed is closed, "servers list and load what they can read, unless they reach nothing"


def test_of_many_closed_files_one_is_named(store: Path, tmp_path: Path) -> None:
    for number in range(3):
        (store / "blobs" / f"sha256-{number}").touch(0o600)
        (store / "blobs" / f"sha256-{number}").chmod(0o600)
    assert len(access(str(store), stranger(tmp_path)).denials) == 1


def test_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    assert access(str(tmp_path / "none" / "models")) == Access(readable=None, writable=True, missing=True)
    (tmp_path / "empty").mkdir()
    assert access(str(tmp_path / "empty")) == Access(readable=True, writable=True)
    (tmp_path / "empty" / "manifests").mkdir()  # a server makes it at the first look, the other at the first pull
    assert access(str(tmp_path / "empty")) == Access(readable=True, writable=True)


def test_a_link_is_followed_and_both_ways_must_be_open(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store)
    assert real(str(link)) == real(str(store)) != real(str(tmp_path))
    assert access(str(link), stranger(tmp_path)).readable
    (tmp_path / "ollama").chmod(0o700)
    assert access(str(link), stranger(tmp_path)).readable is False


def test_what_access_allows_must_be_read_in_fact(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A security module may refuse what the permissions allow."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert access(str(store), os.access).readable is False
