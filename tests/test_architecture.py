"""The rules of the project that a test can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ollama_panel"
PRODUCT = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(path for folder in (PACKAGE, ROOT / "tests", ROOT / "packaging") for path in folder.rglob("*.py"))

VOCABULARY = {
    "ids",
    "records",
    "snapshot",
    "messages",
    "model_messages",
    "errors",
    "effective_value",
    "clients",
    "codes",
    "deployment",
    "bypass",
    "figures",
    "profile",
    "record",
    "task",
    "verdict",
    "drill",
    "gpu_yield",
    "recording",
    "watchdog_record",
    "instance_events",
    "message",
    "crash_causes",
}
"""Modules of `core` that only declare names and fields; the tests of their users cover them."""

SECRET_PLACES = {
    "a folder of the machine it was written on": r"(?<![\w.])/(?:work|opt/real|root(?!/\.ollama))/",
    "a package index": r"(?i)pypi\.org|pythonhosted|index[-_]url|find-links",
}
"""The patterns that no tracked file may contain, by their meaning."""


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tracked_text() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout: which files are tracked is unknown")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    raw = [(_name(path), path.read_bytes()) for path in paths if path.is_file() and path != Path(__file__)]
    return [(name, data.decode(errors="replace")) for name, data in raw if b"\0" not in data]


def test_dependencies_point_inward() -> None:
    """In a process of its own: import-linter switches off all loggers that are there, and later tests read them."""
    check = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_logo=True))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_core_module_has_a_test() -> None:
    modules = [path for path in (PACKAGE / "core").rglob("*.py") if path.stem not in {*VOCABULARY, "__init__"}]
    untested = [_name(path) for path in modules if not _has_test(path.relative_to(PACKAGE / "core"))]
    assert sorted(untested) == []


def _has_test(module: Path) -> bool:
    """Return whether a test in the mirrored folder has the name of the module, or of the one it was split from."""
    named = [path.stem.removeprefix("test_") for path in (ROOT / "tests/core" / module.parent).glob("test_*.py")]
    return any(module.stem.startswith(name) or name.startswith(module.stem) for name in named)


@pytest.mark.parametrize("module", ["ollama_panel.headless", "ollama_panel.cli", "ollama_panel.sim.http.server"])
def test_runs_where_qt_is_not_installed(module: str) -> None:
    poison = "import sys; sys.modules.update(dict.fromkeys(['PySide6', 'shiboken6', 'qasync', 'pyqtgraph']))"
    child = subprocess.run(
        [sys.executable, "-c", f"{poison}; import {module}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr


def test_no_nested_event_loops() -> None:
    nesting = {"exec", "exec_", "processEvents", "asyncSlot", "asyncClose"}
    assert [_name(path) for path in PRODUCT if nesting & _attributes(path)] == []


@pytest.mark.parametrize(("field", "owner"), [("state", "fleet.py"), ("stage", "ticket.py")])
def test_one_module_of_the_scheduler_changes_a_state(field: str, owner: str) -> None:
    writers = [path.name for path in PACKAGE.glob("core/scheduling/*.py") if _assigns(path, field)]
    assert writers == [owner]


def _assigns(path: Path, field: str) -> bool:
    """Return whether a file assigns to the field of an object, other than in the object's own initialisation."""
    targets = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == field
    )
    return any(field != "state" or ast.unparse(node) != "self.state" for node in targets)


def _attributes(path: Path) -> set[str]:
    """Return every name after a dot, and every name imported."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.name for node in nodes if isinstance(node, ast.alias)
    }


def test_no_class_has_a_vague_name() -> None:
    vague = re.compile(r"^\s*class (\w*(?:Manager|Helper|Utils|Base)\w*)", re.MULTILINE)
    assert [name for path in PRODUCT for name in vague.findall(path.read_text(encoding="utf-8"))] == []


def test_the_packaging_folder_does_not_shadow_the_library_of_that_name() -> None:
    code = "import packaging.version"
    assert not (ROOT / "packaging" / "__init__.py").exists()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    shadowing = {path.stem for path in (ROOT / "packaging").glob("*.py")} & sys.stdlib_module_names
    assert not shadowing


def test_the_engine_gathers_so_that_no_coroutine_is_left_behind() -> None:
    """`engine/gather.py` says what asyncio's own does."""
    sources = (path for path in PRODUCT if path.is_relative_to(PACKAGE / "engine"))
    assert [_name(path) for path in sources if "asyncio.gather(" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("what", SECRET_PLACES)
def test_the_repository_names_no_particular_machine(what: str) -> None:
    pattern = re.compile(SECRET_PLACES[what])
    found = [f"{name}: {hit.group()}" for name, text in _tracked_text() for hit in pattern.finditer(text)]
    assert found == []
