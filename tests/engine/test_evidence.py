"""The folders with what was found of instances before they are restarted."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine import evidence
from ollama_panel.engine.evidence import MOST_KEPT, EvidenceWriter
from ollama_panel.engine.gather import gather
from tests.fakes.live_engine import LiveEngine, chat_pool, live, settings


def writer(panel: LiveEngine, folder: Path, wall: float = 1_785_585_600.0) -> EvidenceWriter:
    parts = panel.composition
    assert parts is not None
    return EvidenceWriter(
        folder, parts.store, parts.fleet, parts.timeline, panel.client, now=lambda: 100.0, wall=lambda: wall
    )


def record(panel: LiveEngine) -> InstanceRecord:
    """Return the record of the worker, with our own process in place of the simulated one's."""
    return msgspec.structs.replace(panel.instance("chat-1"), pid=os.getpid())


def files(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text() for one in folder.iterdir()}


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.iterdir())}


async def test_it_has_log_processes_and_models_for_its_owner_alone(tmp_path: Path) -> None:
    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        await panel.chat()
        kept = Path(await writer(panel, tmp_path / "evidence").collect(record(panel), "hung", [(90.0, "asked")]))
    assert kept.name == "20260801-120000-chat-1-hung"
    found = files(kept)
    assert found["watchdog.txt"] == "    -10.0 s  asked\n"
    assert "llama3.1" in found["ps.json"]
    assert "Listening" in found["log.txt"]
    (own, *_) = msgspec.json.decode(found["processes.json"])
    assert own["pid"] == os.getpid()
    assert own["cpu_user_s"] > 0
    assert modes(kept) == {0o600, 0o700}


async def test_of_instances_that_hang_at_once_all_is_kept(tmp_path: Path) -> None:
    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        kept = writer(panel, tmp_path / "evidence")
        other = msgspec.structs.replace(record(panel), id=InstanceId("chat-2"))
        folders = await gather(kept.collect(one, "hung") for one in (record(panel), other))
    assert [Path(one).name for one in folders] == ["20260801-120000-chat-1-hung", "20260801-120000-chat-2-hung"]
    for folder in folders:
        (own, *_) = msgspec.json.decode(files(Path(folder))["processes.json"])
        assert own["pid"] == os.getpid()


async def test_what_does_not_answer_is_missing_and_holds_up_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(evidence, "_ASKED_S", 0.05)

    async def never(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("nothing")

    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        parts = panel.composition
        assert parts is not None
        async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as client:
            silent = EvidenceWriter(
                tmp_path, parts.store, parts.fleet, parts.timeline, client, now=lambda: 0.0, wall=lambda: 0.0
            )
            gone = msgspec.structs.replace(record(panel), pid=None, id=InstanceId("gone"), phase=Phase.BACKOFF)
            kept = Path(await silent.collect(gone, "crashed"))
    found = files(kept)
    assert {"instance.json", "ps.json", "requests.json"} <= found.keys()
    assert not {"log.txt", "processes.json"} & found.keys()
    assert "ReadTimeout" in found["ps.json"]


async def test_the_oldest_go(tmp_path: Path) -> None:
    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        for number in range(MOST_KEPT + 3):
            await writer(panel, tmp_path / "evidence", wall=60.0 * number).collect(record(panel), "hung")
    names = sorted(one.name for one in (tmp_path / "evidence").iterdir())
    assert len(names) == MOST_KEPT
    assert names[0] == "19700101-000300-chat-1-hung"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no full disk can be made there")
async def test_a_disk_that_takes_nothing_is_told_until_it_does(tmp_path: Path) -> None:
    blocked = tmp_path / "evidence"
    blocked.write_text("a file where the folder should be")
    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        assert await writer(panel, blocked).collect(record(panel), "hung") == ""
        (problem,) = [one for one in panel.snapshot.problems if one.where == "evidence"]
        assert "could not be kept" in render(problem.notice)
        blocked.unlink()
        assert await writer(panel, blocked).collect(record(panel), "hung") != ""
        assert not [one for one in panel.snapshot.problems if one.where == "evidence"]


async def test_old_folders_that_cannot_be_listed_stay_and_the_new_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(folder: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        monkeypatch.setattr(Path, "iterdir", refuse)
        assert await writer(panel, tmp_path / "evidence").collect(record(panel), "hung") != ""
        monkeypatch.undo()
    assert "Permission denied" in caplog.text


async def test_what_does_not_fit_leaves_no_part_and_the_oldest_have_made_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = tmp_path / "evidence", evidence.write_whole
    for number in range(MOST_KEPT):
        (folder / f"2026-{number:02}").mkdir(parents=True)

    def full(path: Path, content: bytes, *, durable: bool) -> None:
        if path.name == "log.txt":
            raise PanelError(not_written(str(path), OSError(errno.ENOSPC, "No space left on device")))
        whole(path, content, durable=durable)

    monkeypatch.setattr(evidence, "write_whole", full)
    async with live(tmp_path / "state", settings(pools=chat_pool())) as panel:
        await panel.ready()
        assert await writer(panel, folder).collect(record(panel), "hung") == ""
    assert sorted(one.name for one in folder.iterdir()) == [f"2026-{number:02}" for number in range(1, MOST_KEPT)]
