"""An Ollama that is installed while the panel runs."""

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine import installation_watch
from ollama_panel.engine.host import installation
from ollama_panel.engine.installation_watch import watch_installation
from ollama_panel.engine.overrides import Overrides
from tests.fakes.live_engine import answers, chat_pool, live, settings
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.usefixtures("fast")


def install(folder: Path) -> Path:
    """Install a program in the place of Ollama."""
    path = folder / "ollama"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ollama_panel.sim "$@"\n')
    path.chmod(0o755)
    return path


async def test_an_ollama_that_is_installed_takes_the_place_of_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Path] = []
    search = installation.find_binary
    monkeypatch.setattr(installation, "find_binary", lambda named: search(named) if named else next(iter(found), None))
    program = str(tmp_path / "ollama")
    async with live(tmp_path / "state", settings(pools=chat_pool()), Overrides(port=0), simulated=program) as panel:
        snapshot = await panel.ready()
        assert (snapshot.demo, snapshot.demo_asked) == (True, False)
        found.append(install(tmp_path))
        await panel.later(10)
        snapshot = await panel.until(lambda one: one.ollama_binary and not one.demo)
        assert snapshot.ollama_binary == program
        await panel.until(lambda one: all(map(answers, one.instances)) and not one.pools[0].progress)
        assert (await panel.chat()).status_code == 200


async def test_a_demonstration_that_was_asked_for_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = install(tmp_path)
    monkeypatch.setattr(installation, "find_binary", lambda _: program)
    async with live(tmp_path / "state", settings(pools=chat_pool()), Overrides(port=0, demo=True)) as panel:
        await panel.ready()
        await panel.later(20)
        assert (panel.snapshot.demo, panel.snapshot.demo_asked) == (True, True)


async def test_a_program_that_was_named_before_it_was_there_is_run_once_it_is(tmp_path: Path) -> None:
    program = str(tmp_path / "ollama")
    wanted = settings(("ollama.binary", program), pools=chat_pool())
    async with live(tmp_path / "state", wanted, Overrides(port=0)) as panel:
        await panel.until(lambda one: one.instances and one.instances[0].phase is Phase.FAILED)
        assert panel.snapshot.problems[0].where == "ollama.binary"
        install(tmp_path)
        await panel.later(10)
        await panel.until(lambda one: answers(one.instances[0]) and not one.problems)


class ShrinkingFleet:
    """Each instance that is started takes the others with it, as an Apply does meanwhile."""

    def __init__(self, names: list[InstanceId]) -> None:
        self.names = names
        self.started = asyncio.Event()

    def __contains__(self, name: InstanceId) -> bool:
        return name in self.names

    async def start(self, name: InstanceId) -> None:
        if name not in self.names:
            raise PanelError(notice("instance.none", instance=name))
        self.names = [name]
        self.started.set()


async def test_an_instance_that_is_removed_meanwhile_does_not_stop_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = notice("program.missing", path="/no/ollama")
    failed = [
        InstanceRecord(InstanceId(name), PoolName("chat"), Role.CHAT, True, "", Phase.FAILED, detail=lost)
        for name in ("chat-1", "chat-2")
    ]
    fleet, begun = ShrinkingFleet([one.id for one in failed]), asyncio.Event()
    store = SimpleNamespace(settings=Settings(), instances=lambda: failed)
    composition = SimpleNamespace(store=store, fleet=fleet, rollout=SimpleNamespace(begin=begun.set))
    before = installation.Installation((), None)
    context = SimpleNamespace(installation=before, overrides=Overrides())
    found = installation.Installation(("/bin/ollama",), "/bin/ollama")

    async def put_into_force(*_: object) -> None:
        context.installation = found

    monkeypatch.setattr(installation_watch, "resolve", lambda *_: found)
    monkeypatch.setattr(installation_watch, "POLL_S", 0.01)
    watching = watch_installation(composition, context, asyncio.Lock(), put_into_force)  # type: ignore[arg-type]  # they have what it uses
    async with asyncio.TaskGroup() as group:
        task = group.create_task(watching)
        async with deadline("the roll-out to begin"):
            await begun.wait()
        task.cancel()
    assert fleet.started.is_set()
