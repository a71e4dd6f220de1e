from pathlib import Path

import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.doctor import panel_file


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (codec.dump(Settings()).decode(), []),
        ("{\n\n  x", [("settings.json", 3, "x")]),
        ("", [("settings.json", 1, "")]),
        ('{\n"proxy": {\n  "bogus": 1}}', [("proxy.bogus", 3, '"bogus": 1}}')]),
        ('{\n"pools": [\n{"name": "chat",\n"parallel": "x"}]}', [("pools.chat.parallel", 4, '"parallel": "x"}]}')]),
        ('{"version": 99}', [("version", 1, '{"version": 99}')]),
        ("[]", [("settings.json", 0, "")]),
    ],
)
def test_problems_have_their_lines(tmp_path: Path, text: str, places: list[tuple[str, int, str]]) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    found = panel_file.look(path)
    assert found is not None
    assert [(one.problem.where, one.line, one.text) for one in found.problems] == places
    assert (path.read_text(), list(tmp_path.iterdir())) == (text, [path])


def test_there_may_be_no_file_and_no_valid_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert panel_file.look(path) is None
    path.write_text("{")
    backup = tmp_path / "settings.json.bak"
    backup.write_text("{")
    found = panel_file.look(path)
    assert (found and found.backup, found and found.modified) == ("", int(path.stat().st_mtime))
    backup.write_text("{}")
    found = panel_file.look(path)
    assert found
    assert found.backup == str(backup)


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{}")
    monkeypatch.setattr("os.access", lambda place, _: Path(place) != tmp_path)
    found = panel_file.look(path)
    assert found
    assert found.closed == str(tmp_path)


def test_a_secret_in_a_line_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"bogus": "sk-abcdefghijklmnopqrstuvwx"}')
    found = panel_file.look(path)
    assert found
    assert "sk-abc" not in found.problems[0].text
