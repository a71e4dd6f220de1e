from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import LastImport
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import imported_file
from tests.core.importing.servers import DROP_IN, unit


def imported(path: Path, before: Settings) -> Settings:
    """Keep an import into settings, and return these afterwards."""
    made = planned([unit({"OLLAMA_NUM_PARALLEL": "6", "HTTPS_PROXY": "http://ann:hunter22@proxy"})], before)
    imported_file.keep(path, 7.0, made.plan, before, made.settings)
    return made.settings


def test_what_is_kept_takes_the_import_back_and_leaves_later_changes(tmp_path: Path) -> None:
    path, before = tmp_path / "imported.json", Settings()
    after = imported(path, before)
    assert (imported_file.last(path).at, imported_file.last(path).sources) == (7.0, (DROP_IN,))
    later = msgspec.structs.replace(after, proxy=msgspec.structs.replace(after.proxy, queue_limit=7))
    assert imported_file.undone(path, later) == msgspec.structs.replace(before, proxy=later.proxy)
    imported_file.forget(path)
    assert imported_file.last(path) == LastImport()
    with pytest.raises(PanelError, match="no import"):
        imported_file.undone(path, later)


def test_only_the_owner_may_read_it_because_the_variables_of_workers_are_in_it(tmp_path: Path) -> None:
    path = tmp_path / "imported.json"
    imported(path, Settings())
    assert path.stat().st_mode & 0o077 == 0
    assert "hunter22" not in str(imported_file.last(path))


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "imported.json"
    path.write_text("{")
    with pytest.raises(PanelError, match=r"imported\.json"):
        imported_file.last(path)


def test_each_import_is_undone_in_turn_the_last_one_first(tmp_path: Path) -> None:
    path, now = tmp_path / "imported.json", Settings()
    seen = [now]
    for number in range(2, imported_file.MOST + 4):
        made = planned([unit({"OLLAMA_NUM_PARALLEL": str(number)})], now)
        imported_file.keep(path, float(number), made.plan, now, made.settings)
        now = made.settings
        seen.append(now)
    for before in seen[-2 : -2 - imported_file.MOST : -1]:
        now = imported_file.undone(path, now)
        imported_file.forget(path)
        assert now == before
    assert imported_file.last(path) == LastImport()


def test_a_file_of_the_version_that_kept_one_import_is_read(tmp_path: Path) -> None:
    path, before = tmp_path / "imported.json", Settings()
    after = imported(path, before)
    (only,) = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode(only))
    assert imported_file.undone(path, after) == before


def test_an_import_takes_the_place_of_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "imported.json"
    path.write_text("{")
    after = imported(path, Settings())
    assert imported_file.undone(path, after) == Settings()


def test_one_import_is_undone_without_the_one_after_it(tmp_path: Path) -> None:
    path, before = tmp_path / "imported.json", Settings()
    now = before
    for at, variables in ((1.0, {"OLLAMA_NUM_PARALLEL": "6"}), (2.0, {"OLLAMA_KEEP_ALIVE": "1h"})):
        made = planned([unit(variables)], now)
        imported_file.keep(path, at, made.plan, now, made.settings)
        now = made.settings
    now = imported_file.undone(path, now, 1.0)
    assert (now.pools[0].parallel, now.pools[0].environment) == (before.pools[0].parallel, {"OLLAMA_KEEP_ALIVE": "1h"})
    imported_file.forget(path, 1.0)
    with pytest.raises(PanelError, match="no import"):
        imported_file.undone(path, now, 1.0)
    assert imported_file.last(path).at == 2.0
    assert imported_file.undone(path, now) == before
