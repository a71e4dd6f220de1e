"""The steps of a take-over with real files, commands, processes and servers."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.records import Role
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import KeyRule, Settings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord
from ollama_panel.core.takeover import StepKind, TakeoverStep
from ollama_panel.core.takeover_plan import Plan, plan_of, way_back
from ollama_panel.core.takeover_steps import Place
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import takeover_steps
from ollama_panel.engine.host.server_process import Launch
from ollama_panel.engine.store import Store
from ollama_panel.engine.takeover_steps import Entry, StepRunner
from tests.fakes import ollama_stub
from tests.fakes.ollama_program import environment
from tests.fakes.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are the shell's")

UNIT = Owner(OwnerKind.USER_UNIT, "llm.service", "llm.service", user_unit=True)
BY_HAND = Owner(OwnerKind.BY_HAND, "bash")
STUB = (ollama_stub.__file__, "serve")


class Harness:
    """A server that is to be moved, and the runner of its steps. `systemctl` is a script that logs what it is told."""

    def __init__(self, folder: Path, owner: Owner, client: httpx.AsyncClient, pid: int = 0, since: float = 0.0) -> None:
        self.address, self.moved_to = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.server = FoundServer("7", pid, since, owner, ours=True, address=self.address)
        self.place = Place(units=str(folder / "units"))
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.store.set_proxy(ProxyRecord(on=True, port=1))
        self.adopted = 0
        self.plan: Plan = plan_of(self.server, self.address, self.moved_to, Settings(), self.place)
        self.runner = StepRunner(self.store, client, change=self._change, refresh=self._nothing, adopt=self._adopt)
        self.launch: Launch | None = None

    def entry(self, *, back: bool = False) -> Entry:
        return Entry(self.plan.takeover, Settings(), self.plan.settings, self.launch, back)

    def step(self, kind: StepKind, *, back: bool = False) -> TakeoverStep:
        steps = way_back(self.plan.takeover, self.place) if back else self.plan.takeover.steps
        return next(step for step in steps if step.kind is kind)

    async def holds(self, kind: StepKind, *, back: bool = False) -> bool:
        return await self.runner.holds(self.step(kind, back=back), self.entry(back=back))

    async def carry_out(self, kind: StepKind, *, back: bool = False) -> None:
        await self.runner.carry_out(self.step(kind, back=back), self.entry(back=back))

    async def _change(self, edit: Edit) -> None:
        self.store.set_settings(edit(self.store.settings))
        port = self.store.settings.proxy.second_port
        self.store.set_second_proxy(ProxyRecord(on=True, port=port) if port else ProxyRecord())

    async def _nothing(self) -> None:
        pass

    async def _adopt(self) -> None:
        self.adopted += 1


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def unit(tmp_path: Path, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Harness:
    monkeypatch.setattr(takeover_steps, "SEEN_S", 0.3)
    return Harness(tmp_path, UNIT, client)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a `systemctl` before all others on PATH."""
    (program := folder / "systemctl").write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@asynccontextmanager
async def serving(address: str) -> AsyncIterator[psutil.Process]:
    """Run a server at an address."""
    command = (sys.executable, *STUB)
    process = await asyncio.create_subprocess_exec(
        *command, env=environment(OLLAMA_HOST=address), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async for line in process.stdout:
        if b"Listening" in line:
            break
    try:
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_drop_in_is_written_seen_and_removed_with_its_folder(unit: Harness, tmp_path: Path) -> None:
    file = tmp_path / "units" / "llm.service.d" / "zz-ollama-panel.conf"
    assert (await unit.holds(StepKind.CONFIGURE), await unit.holds(StepKind.CONFIGURE, back=True)) == (False, True)
    await unit.carry_out(StepKind.CONFIGURE)
    assert f'Environment="OLLAMA_HOST={unit.moved_to}"' in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o644
    assert (await unit.holds(StepKind.CONFIGURE), await unit.holds(StepKind.CONFIGURE, back=True)) == (True, False)
    file.write_text("[Service]\n")
    assert not await unit.holds(StepKind.CONFIGURE), "half of it, or another one's"
    await unit.carry_out(StepKind.CONFIGURE, back=True)
    assert not file.parent.exists()
    await unit.carry_out(StepKind.CONFIGURE)
    (file.parent / "override.conf").touch()
    await unit.carry_out(StepKind.CONFIGURE, back=True)
    assert [one.name for one in file.parent.iterdir()] == ["override.conf"]


async def test_what_cannot_be_written_says_where(unit: Harness, tmp_path: Path) -> None:
    (tmp_path / "units").touch()
    with pytest.raises(PanelError, match=r"zz-ollama-panel\.conf cannot be written"):
        await unit.carry_out(StepKind.CONFIGURE)


async def test_a_manager_tells_whether_it_has_read_it(
    unit: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tmp_path / "known"
    tells = f'echo "Environment=OLLAMA_HOST={unit.moved_to}" > "{known}"'
    stand_in(tmp_path, monkeypatch, f'case "$2" in show) cat "{known}";; daemon-reload) {tells};; esac')
    known.write_text("Environment=\n")
    assert not await unit.holds(StepKind.RELOAD)
    assert await unit.holds(StepKind.RELOAD, back=True)
    await unit.carry_out(StepKind.RELOAD)
    assert await unit.holds(StepKind.RELOAD)
    with pytest.raises(PanelError, match="was not seen"):
        await unit.carry_out(StepKind.RELOAD, back=True)


async def test_a_command_that_fails_tells_the_last_of_its_words(
    unit: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, 'echo "Failed to restart." >&2; exit 5')
    with pytest.raises(PanelError) as failed:
        await unit.carry_out(StepKind.RESTART)
    assert str(failed.value) == "`systemctl --user restart llm.service` has failed: Failed to restart."


async def test_a_server_has_moved_when_it_answers_there_and_no_more_here(unit: Harness) -> None:
    assert not await unit.holds(StepKind.RESTART)
    async with serving(unit.moved_to):
        assert await unit.holds(StepKind.RESTART)
        assert not await unit.holds(StepKind.RESTART, back=True)
        async with serving(unit.address):
            assert not await unit.holds(StepKind.RESTART), "two servers"
            assert await unit.holds(StepKind.RESTART, back=True)


async def test_the_moved_server_is_used_when_its_instance_is_ready(unit: Harness) -> None:
    port = int(unit.moved_to.rpartition(":")[2])
    record = InstanceRecord(
        *(InstanceId("adopted"), PoolName(""), Role.CHAT, False, f"http://{unit.moved_to}", Phase.STARTING), port=port
    )
    unit.store.put_instance(record)
    assert not await unit.holds(StepKind.USE)
    unit.store.put_instance(msgspec.structs.replace(record, phase=Phase.READY))
    await unit.carry_out(StepKind.USE)
    assert (unit.store.settings.ollama.adopt, unit.adopted) == (True, 1)
    assert not await unit.holds(StepKind.USE, back=True)
    unit.store.drop_instance(record.id)
    await unit.carry_out(StepKind.USE, back=True)
    assert unit.adopted == 2


async def test_the_panel_has_the_address_when_somebody_answers_there_for_it(unit: Harness) -> None:
    async with serving(unit.address):
        assert not await unit.holds(StepKind.LISTEN), "it is not the panel"
        await unit.carry_out(StepKind.LISTEN)
        assert unit.store.settings.proxy.second_port == int(unit.address.rpartition(":")[2])
    await unit.carry_out(StepKind.LISTEN, back=True)
    assert unit.store.settings == Settings()


async def test_a_unit_that_starts_anew_at_its_old_address_is_set_elsewhere(
    unit: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "true")
    async with serving(unit.address):
        with pytest.raises(PanelError, match=r"llm\.service has started anew and is at .* again"):
            await unit.carry_out(StepKind.RESTART)


async def test_a_server_that_something_starts_again_at_once_is_no_success(
    tmp_path: Path, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeover_steps, "SEEN_S", 0.3)
    one = Harness(tmp_path, BY_HAND, client)
    async with serving(one.address), serving(one.moved_to):
        with pytest.raises(PanelError, match=r"Something has started Ollama at .* again"):
            await one.runner.wait(one.step(StepKind.START), one.entry())


async def test_what_somebody_has_changed_by_hand_since_stays_when_it_is_undone(unit: Harness) -> None:
    unit.plan = plan_of(unit.server, f"0.0.0.0:{free_port()}", unit.moved_to, Settings(), unit.place)
    by_hand = msgspec.structs.replace(unit.plan.settings.proxy, require_key=KeyRule.ALWAYS, queue_limit=7)
    unit.store.set_settings(msgspec.structs.replace(unit.plan.settings, proxy=by_hand))
    await unit.carry_out(StepKind.LISTEN, back=True)
    left = unit.store.settings.proxy
    assert (left.require_key, left.queue_limit, left.second_port) == (KeyRule.ALWAYS, 7, 0)


async def test_a_proxy_that_is_off_is_not_switched_on_by_the_way(unit: Harness) -> None:
    unit.store.set_proxy(ProxyRecord())
    with pytest.raises(PanelError, match="The proxy is off"):
        await unit.carry_out(StepKind.LISTEN)


async def test_a_server_by_hand_is_stopped_and_started_at_the_other_address_and_back(
    tmp_path: Path, client: httpx.AsyncClient
) -> None:
    one = Harness(tmp_path, BY_HAND, client)
    variables = environment(OLLAMA_HOST=one.address)
    one.launch = Launch(sys.executable, STUB, variables, str(tmp_path), str(tmp_path / "log"))
    async with serving(one.address) as theirs:
        one.server = msgspec.structs.replace(one.server, pid=theirs.pid, since=theirs.create_time())
        one.plan = plan_of(one.server, one.address, one.moved_to, Settings(), one.place)
        assert not await one.holds(StepKind.STOP)
        await one.carry_out(StepKind.STOP)
    await one.carry_out(StepKind.START)
    (moved,) = [two for two in psutil.process_iter() if _serves_at(two, one.moved_to)]
    found = msgspec.structs.replace(one.server, pid=moved.pid, since=moved.create_time(), address=one.moved_to)
    one.store.set_found_servers((found,))
    assert not await one.holds(StepKind.STOP, back=True)
    await one.carry_out(StepKind.STOP, back=True)
    await one.carry_out(StepKind.START, back=True)
    (back,) = [two for two in psutil.process_iter() if _serves_at(two, one.address)]
    back.kill()


def _serves_at(process: psutil.Process, address: str) -> bool:
    try:
        return process.cmdline()[1:] == [*STUB] and process.environ().get("OLLAMA_HOST") == address
    except psutil.Error:
        return False


async def test_a_server_that_ends_at_once_or_is_forgotten_is_told(tmp_path: Path, client: httpx.AsyncClient) -> None:
    one = Harness(tmp_path, BY_HAND, client)
    with pytest.raises(PanelError, match="not known any more how the server ran"):
        await one.carry_out(StepKind.START)
    one.launch = Launch(sys.executable, ("-c", "raise SystemExit(1)"), environment(), str(tmp_path))
    with pytest.raises(PanelError, match="ended at once"):
        await one.carry_out(StepKind.START)
