"""Imports of a running engine: previewed, put into force, undone."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.record import ImportRequest
from ollama_panel.core.sources.record import Source, SourceKind, TextFile
from ollama_panel.engine import importing
from tests.fakes.api_client import live_api

PROCESS = Source(
    SourceKind.PROCESS,
    (TextFile("process 12", "OLLAMA_NUM_PARALLEL=6\nOLLAMA_KEEP_ALIVE=1h\nOLLAMA_HOST=0.0.0.0\nollama serve\n"),),
)


def wanted(**more: object) -> dict[str, object]:
    return {"sources": [msgspec.to_builtins(PROCESS)], **more}


async def test_an_import_is_what_the_preview_has_shown_and_undo_leaves_later_changes(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        before = (await api.get("/settings"))["settings"]
        plan = (await api("POST /imports/plan", wanted())).json()
        assert (await api.get("/settings"))["settings"] == before
        assert [one["id"] for one in plan["offers"]] == ["network"]

        done = await api("POST /imports?wait=true", wanted(plan=plan["id"]))
        assert done.status_code == 200, done.text
        pool, *_ = (await api.get("/pools"))["pools"]
        assert (pool["parallel"], pool["environment"]) == (6, {"OLLAMA_KEEP_ALIVE": "1h"})
        assert (await api.get("/settings"))["settings"]["proxy"] == before["proxy"]
        assert (await api.get("/imports"))["sources"] == ["process 12"]

        assert (await api("PATCH /pools/chat?wait=true", {"context_length": 8192})).status_code == 200
        assert (await api("POST /imports/undo?wait=true")).status_code == 200
        pool, *_ = (await api.get("/pools"))["pools"]
        assert (pool["parallel"], pool["context_length"]) == (before["pools"][0]["parallel"], 8192)
        assert (await api("POST /imports/undo")).json()["code"] == "import.none_to_undo"
        assert (await api.get("/imports"))["at"] == 0.0


async def test_a_preview_of_other_settings_is_not_carried_out(tmp_path: Path) -> None:
    async with live_api(tmp_path) as api:
        plan = (await api("POST /imports/plan", wanted())).json()
        assert (await api("PATCH /pools/chat?wait=true", {"context_length": 8192})).status_code == 200
        refused = await api("POST /imports", wanted(plan=plan["id"]))
        assert (refused.status_code, refused.json()["code"]) == (409, "import.changed")


async def test_a_file_is_read_by_its_path_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    env = tmp_path / "ollama.env"
    env.write_text("OLLAMA_CONTEXT_LENGTH=4096\n")
    async with live_api(tmp_path / "state") as api:
        plan = (await api("POST /imports/plan", {"what": str(env)})).json()
        assert [one["path"] for one in plan["sources"]] == [str(env)]
        gone = await api("POST /imports/plan", {"what": str(tmp_path / "gone")})
        assert (gone.status_code, gone.json()["code"]) == (404, "looking.nothing")
        assert (await api("POST /imports/plan", {})).json()["code"] == "import.what"
        nothing = {"sources": [{"kind": "compose", "files": []}]}
        assert (await api("POST /imports/plan", nothing)).json()["code"] == "import.what"


async def test_nothing_to_take_is_said(tmp_path: Path) -> None:
    none = msgspec.to_builtins(Source(SourceKind.PROCESS, (TextFile("process 1", problem=None),)))
    async with live_api(tmp_path) as api:
        refused = await api("POST /imports", {"sources": [{**none, "kind": "truenas"}]})
        assert (refused.status_code, refused.json()["code"]) == (409, "import.nothing")


async def test_the_workers_of_a_panel_are_no_sources_of_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (variables,) = PROCESS.files
    worker = msgspec.structs.replace(variables, text=f"OLLAMA_PANEL_RUN=1a2b\n{variables.text}")
    found = (PROCESS, msgspec.structs.replace(PROCESS, files=(worker,)))

    async def sources_of(host: object, what: str) -> tuple[Source, ...]:
        return found

    monkeypatch.setattr(importing, "sources_of", sources_of)
    assert await importing.sources_for(ImportRequest("auto")) == (PROCESS,)
    found = found[1:]
    with pytest.raises(PanelError, match="Nothing on this machine"):
        await importing.sources_for(ImportRequest("auto"))
