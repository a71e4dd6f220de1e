"""What is gathered without scripts, as on Windows: its readers run on any system."""

import sqlite3
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.sources.record import SourceKind
from ollama_panel.engine.doctor import windows


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("USERPROFILE", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    return tmp_path


def test_the_usual_sources(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        windows, "variables_text", lambda _, key: "    OLLAMA_HOST    REG_SZ    x" if key == "Environment" else ""
    )
    startup = home / "roaming/Microsoft/Windows/Start Menu/Programs/Startup"
    startup.mkdir(parents=True)
    (startup / "start.bat").write_bytes(b"\xef\xbb\xbfset OLLAMA_HOST=0.0.0.0\r\nollama serve\r\n")
    (startup / "other.bat").write_text("notepad\r\n")
    (home / ".ollama").mkdir()
    (home / ".ollama/server.json").write_text("{}")
    (home / "local/Ollama").mkdir(parents=True)
    with sqlite3.connect(home / "local/Ollama/db.sqlite") as made:
        made.execute("create table settings (expose integer, models text)")
        made.execute("insert into settings values (1, 'D:\\m')")
    made.close()
    found = {one.kind: one.files[0] for one in windows.usual_sources()}
    assert found.keys() == {SourceKind.REGISTRY, SourceKind.BATCH, SourceKind.OLLAMA_FILE, SourceKind.APP}
    assert found[SourceKind.BATCH].text == "set OLLAMA_HOST=0.0.0.0\r\nollama serve\r\n"
    assert found[SourceKind.APP].text == "expose = 1\nmodels = D:\\m\n"


def test_a_file_by_its_path(home: Path) -> None:
    (home / "run.sh").write_text("export OLLAMA_HOST=0.0.0.0\n")
    (source,) = windows.named_sources(str(home / "run.sh"))
    assert source.kind is SourceKind.SHELL
    with pytest.raises(PanelError, match="no file, no unit and no container"):
        windows.named_sources(str(home / "none"))


def test_the_facts_of_a_machine() -> None:
    facts = windows.facts_of_windows(None)
    assert facts.machine.system == "Windows"
    assert facts.machine.memory_total
    assert facts.disks
