"""The programs `ollama` of a machine: where they are, and why one does not tell its version."""

import sys
from pathlib import Path

import pytest

from ollama_panel.core.ollama.programs import Program
from ollama_panel.engine.host import programs
from ollama_panel.engine.host.programs import Programs, places

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are scripts of a shell")


def script(folder: Path, text: str, mode: int = 0o755) -> Path:
    """Return a new program in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (program := folder / "ollama").write_text(text)
    program.chmod(mode)
    return program


def told(version: str) -> str:
    return f'#!/bin/sh\necho "Warning: client version is {version}, at $OLLAMA_HOST"\n'


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "install_paths", lambda *_: ())


def of(tmp_path: Path, *folders: Path) -> Programs:
    path = ":".join(map(str, folders))
    return Programs({"PATH": path, "HOME": str(tmp_path / "home"), "OLLAMA_HOST": "theirs"})


def test_each_program_is_told_once_with_its_own_version(tmp_path: Path) -> None:
    first, second = script(tmp_path / "a", told("0.9.6")), script(tmp_path / "home/.local/bin", told("0.32.15"))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "ollama").symlink_to(first)
    (tmp_path / "c" / "ollama").mkdir(parents=True)  # a folder of that name
    found = of(tmp_path, tmp_path / "a", tmp_path / "b", tmp_path / "c", tmp_path / "none").read(str(second))
    assert [one for one in found if str(tmp_path) in one.path] == [
        Program(str(second), "0.32.15", chosen=True),
        Program(str(first), "0.9.6"),
    ]


def test_the_running_server_is_not_asked_for_its_version(tmp_path: Path) -> None:
    program = script(tmp_path / "a", '#!/bin/sh\n[ "$OLLAMA_HOST" = 127.0.0.1:1 ] && echo client version is 1.2.3\n')
    found = of(tmp_path, tmp_path / "a").read(None)
    assert next(one for one in found if one.path == str(program)).version == "1.2.3"


@pytest.mark.parametrize(
    ("text", "mode", "code", "words"),
    [
        ("#!/bin/sh\necho no such library >&2\nexit 127\n", 0o755, "programs.failed", ("no such library",)),
        ("#!/bin/sh\n", 0o755, "programs.no_version", ()),
        ("#!/nowhere/sh\n", 0o755, "programs.not_started", ()),
        ("no program at all", 0o755, "programs.not_started", ()),
        ("#!/bin/sh\n", 0o644, "programs.forbidden", ()),
        ("#!/bin/sh\nwhile :; do :; done\n", 0o755, "programs.slow", ()),
    ],
)
def test_a_broken_program_says_why(
    tmp_path: Path, text: str, mode: int, code: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if code == "programs.slow":
        monkeypatch.setattr(programs, "LIMIT_S", 0.1)
    program = script(tmp_path / "a", text, mode)
    found = next(one for one in of(tmp_path, tmp_path / "a").read(None) if one.path == str(program))
    assert found.version is None
    assert found.problem is not None
    assert (found.problem.code, found.problem.evidence) == (code, words)


def test_a_program_is_run_again_only_if_its_file_has_changed(tmp_path: Path) -> None:
    counting = '#!/bin/sh\necho x >> "$HOME.count"\necho "client version is 0.9.6"\n'
    program = script(tmp_path / "a", counting)
    known = of(tmp_path, tmp_path / "a")
    assert known.read(None) == known.read(None)
    assert (tmp_path / "home.count").read_text() == "x\n"
    program.write_text(told("0.32.15"))
    assert next(one for one in known.read(None) if one.path == str(program)).version == "0.32.15"


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", ("/home/linuxbrew/.linuxbrew/bin/ollama", "/home/me/.nix-profile/bin/ollama", "/env/bin/ollama")),
        ("darwin", ("/opt/homebrew/opt/ollama/bin/ollama", "/usr/local/opt/ollama/bin/ollama", "/env/bin/ollama")),
        ("win32", ("/home/me/scoop/shims/ollama.exe", "C:/ProgramData/chocolatey/bin/ollama.exe")),
    ],
)
def test_the_usual_places(platform: str, expected: tuple[str, ...]) -> None:
    found = [path.as_posix() for path in places({"HOME": "/home/me", "CONDA_PREFIX": "/env", "PATH": ""}, platform)]
    assert set(expected) <= set(found)
