"""Secrets of a pool's environment are put in everywhere, and looked for in all that comes out."""

import asyncio
import logging
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core import checkpoint, export
from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.export.deployment import Aspect
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.event_log import unpacked
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import control_doctor, logs
from ollama_panel.engine.applying.hosts import Host
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from tests.fakes.api_client import secret_of
from tests.fakes.live_engine import CHAT, LiveEngine, chat_pool, live, settings

ENVIRONMENT = {
    "HF_TOKEN": "canary-1",
    "MYSQL_PWD": "canary-2",
    "openai_api_key": "canary-3",
    "SENTRY_DSN": "https://canary-4@sentry.example/1",
    "HTTPS_PROXY": "http://me:canary-5@127.0.0.1:1",
    "HTTP_PROXY": "http://me:cana/ry-6@127.0.0.1:1",
    "NO_PROXY": "canary-2,localhost",
    "OLLAMA_REMOTES": "https://me:canary-7@registry.example",
    "OLLAMA_LOAD_TIMEOUT": "http://me:canary-8@127.0.0.1:1",
}
CANARIES = ("canary-", "ry-6")


def wanted(**more: str) -> Settings:
    (pool,) = chat_pool()
    pool = msgspec.structs.replace(pool, environment=ENVIRONMENT | more)
    return settings(("scheduling.record_events", "on"), pools=(pool,))


def found_in(*texts: str | bytes) -> list[str]:
    """Return the lines with a canary in them."""
    every = [text if isinstance(text, str) else text.decode(errors="replace") for text in texts]
    return [line for text in every for line in text.splitlines() if any(canary in line for canary in CANARIES)]


def written(folder: Path) -> dict[str, bytes]:
    """Return all files of a state folder but the settings, by name."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("settings.json")]
    return {path.name: path.read_bytes() for path in files}


async def pages(panel: LiveEngine) -> list[bytes]:
    """Return what the panel's endpoints answer."""
    async with httpx.AsyncClient(base_url=panel.snapshot.proxy.url, timeout=60, trust_env=False) as client:
        answers = [await client.get(f"/panel/{name}") for name in ("status", "metrics", "health", "nothing")]
        answers.append(await client.post("/panel/reload"))
        answers += [await client.get(f"/api/{name}") for name in ("version", "ps", "tags")]
        owner = {"Authorization": f"Bearer {secret_of(panel)}"}
        shown = ("settings", "pools", "pools/chat", "instances", "instances/chat-1/logs", "requests", "keys", "status")
        shown = (*shown, "doctor/bundle", "doctor")
        answers += [await client.get(f"/panel/v1/{name}", headers=owner) for name in shown]
        answers.append(await client.patch("/panel/v1/pools/chat?dry_run=true", json={"parallel": 3}, headers=owner))
        async with client.stream("GET", "/panel/v1/events", headers=owner) as events:
            first = await anext(events.aiter_bytes())
    return [first, *(answer.content for answer in answers)]


@pytest.fixture(autouse=True)
def nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doctor look at what the panel has, and not at this machine."""

    async def gather(_: Host, snapshot: Snapshot | None = None) -> Facts:
        return Facts(snapshot=snapshot)

    monkeypatch.setattr(control_doctor, "gather", gather)


async def test_nothing_that_a_run_shows_or_writes_has_a_secret(tmp_path: Path, plain_logging: None) -> None:
    paths = Paths(tmp_path)
    logs.configure_logging(paths)
    async with live(tmp_path, wanted()) as panel:
        await panel.ready()
        assert (await panel.chat()).status_code == 200
        _, lines = await panel.engine.log_lines(InstanceId("chat-1"))
        assert any("HTTPS_PROXY" in line for line in lines)
        assert found_in(*lines) == []
        assert found_in(*await pages(panel)) == []
        draining = asyncio.ensure_future(panel.chat(tokens=300))  # noqa: TID251 - it is awaited below
        await panel.until(lambda one: one.instances[0].in_flight)
        changing = asyncio.ensure_future(panel.engine.apply(wanted(HF_TOKEN="canary-9", HTTPS_PROXY="h:canary-9@h")))  # noqa: TID251 - it is awaited below
        progress = await panel.until(lambda one: one.pools[0].progress)
        told = progress.pools[0].progress
        assert told is not None
        assert "HF_TOKEN" in render(told)
        assert found_in(render(told), *await pages(panel)) == []
        await draining
        await changing
        await panel.engine.control.recording.save_recent()
        assert panel.composition is not None
        state = checkpoint.saved(panel.composition.dispatcher, panel.composition.timeline)
    files = written(tmp_path)
    recordings = [name for name in files if name.endswith(".jsonl") and name[0].isdigit()]
    assert len(recordings) == 2
    assert "panel.log" in files
    begun = [unpacked(next(event_log.read(files[name].splitlines())).checkpoint) for name in recordings]
    assert b"chat-1" in state
    assert found_in(*files.values(), *begun, state) == []


async def test_what_an_instance_said_last_is_shown_without_its_secrets(tmp_path: Path) -> None:
    quoting = wanted(OLLAMA_SIM_PROFILE="canary-1 http://me:canary-5@127.0.0.1:1")
    async with live(tmp_path, quoting, Overrides(port=0, demo=True), processes=True) as panel:
        told = await panel.until(lambda one: any(record.phase is Phase.BACKOFF for record in one.instances))
        (record,) = told.instances
        assert record.detail is not None
        assert "is not known" in render(record.detail)
        assert found_in(render(record.detail), *await pages(panel)) == []


def test_a_traceback_in_the_log_has_no_login(
    tmp_path: Path, plain_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = Paths(tmp_path)
    logs.configure_logging(paths)
    try:
        raise ValueError("cannot connect to http://me:canary-1@proxy:3128 with --api-key canary-2")
    except ValueError:
        logging.getLogger("test").exception("HF_TOKEN=canary-3")
    assert "proxy:3128" in paths.log.read_text()
    assert found_in(paths.log.read_text(), capsys.readouterr().err) == []


@pytest.mark.parametrize("target", export.targets(), ids=lambda target: target.id)
def test_an_export_names_the_secrets_and_does_not_have_them(target: export.Target) -> None:
    whole = wanted()
    named = msgspec.structs.replace(whole.pools[0], models=(ModelName(CHAT),))  # for the export of a model
    whole = msgspec.structs.replace(whole, pools=(named,))
    specs = plan_instances(whole, ("/usr/bin/ollama",), cores=4, gpu=True)
    made = export.render(target.id, whole, specs, version="1", date="2026-11-29")
    assert found_in(made.text, render(made.instructions)) == []
    if Aspect.VARIABLES in target.carries:
        for name in ("HF_TOKEN", "MYSQL_PWD", "openai_api_key", "SENTRY_DSN", "HTTPS_PROXY"):
            assert name in made.text
            assert name in render(made.instructions)
