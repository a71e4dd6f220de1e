"""The steps of a replacement, with real processes and everything that can go wrong on the way."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.replacements import Means, Stage
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import replacing
from ollama_panel.engine.host.server_process import Launch
from ollama_panel.engine.replacing import Replacing
from ollama_panel.engine.store import Store
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM is of POSIX")

BY_HAND = Owner(OwnerKind.BY_HAND, "bash")
USER_UNIT = Owner(OwnerKind.USER_UNIT, "llm.service", "llm.service", user_unit=True)
SYSTEM_UNIT = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service")
STUBBORN = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); sys.stdin.read()"


class Harness:
    """What is decided of one server; `run` answers commands."""

    def __init__(self, folder: Path, server: FoundServer) -> None:
        self.file, self.server = folder / "servers.json", server
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.store.set_found_servers((server,))
        self.asked = list[Sequence[str]]()
        self.now = 0.0
        self.run: Callable[[Sequence[str]], str | None] = lambda _: ""
        self.replacing = self.anew()

    def anew(self) -> Replacing:
        """Return the decisions as the next panel reads them."""
        return Replacing(
            self.file,
            self.file.parent / "logs",
            self.store,
            change=self._change,
            refresh=self._nothing,
            adopt=self._nothing,
            now=lambda: self.now,
            environment={"HOME": str(self.file.parent)},
            run=self._run,
        )

    def _run(self, command: Sequence[str]) -> str | None:
        self.asked.append(command)
        return self.run(command)

    async def _change(self, edit: Edit) -> None:
        self.store.set_settings(edit(self.store.settings))

    async def _nothing(self) -> None:
        pass

    @property
    def stages(self) -> list[Stage]:
        return [one.stage for one in self.store.snapshot(0.0, ()).replacements]

    @property
    def port(self) -> int:
        return self.store.settings.proxy.port


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def harness(folder: Path, pid: int, owner: Owner, *, ours: bool = True) -> Harness:
    since = psutil.Process(pid).create_time()
    return Harness(folder, FoundServer("7", pid, since, owner, ours=ours, address="127.0.0.1:9434"))


async def test_a_server_that_does_not_end_stays_in_place(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "GONE_S", 0.05)
    one = harness(tmp_path, child.pid, BY_HAND)
    with pytest.raises(PanelError, match="has not ended within"):
        await one.replacing.replace("7")
    assert (one.stages, one.store.settings, child.poll()) == ([], Settings(), None)


async def test_a_demonstration_takes_no_place_of_a_real_server(
    tmp_path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    world = harness(tmp_path, child.pid, BY_HAND)
    world.store.set_ollama(None, demo=True)
    for ask in (world.replacing.plan, world.replacing.replace):
        with pytest.raises(PanelError, match="simulation"):
            await ask(world.server.id)
    assert (child.poll(), world.stages, world.asked) == (None, [], [])


async def test_a_suspended_server_is_not_asked_to_end(tmp_path: Path, child: "subprocess.Popen[bytes]") -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    child.send_signal(signal.SIGSTOP)
    await polled(lambda: suspended(child.pid), "the process to be suspended")
    with pytest.raises(PanelError, match=f"kill -CONT {child.pid}"):
        await one.replacing.replace("7")
    assert one.stages == []


async def suspended(pid: int) -> bool:
    return psutil.Process(pid).status() == psutil.STATUS_STOPPED


async def test_a_user_unit_is_stopped_and_started_by_its_manager(
    tmp_path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    one = harness(tmp_path, child.pid, USER_UNIT)

    def stop(command: Sequence[str]) -> str:
        child.kill()
        return ""

    one.run = stop
    await one.replacing.replace("7")
    assert (one.stages, one.port) == ([Stage.REPLACED], 9434)
    with pytest.raises(PanelError, match="is being replaced already"):
        await one.replacing.replace("7")
    await one.anew().give_back("7")
    assert (one.stages, one.port) == ([], Settings().proxy.port)
    assert [" ".join(command) for command in one.asked] == [
        "systemctl --user stop llm.service",
        "systemctl --user start llm.service",
    ]


async def test_what_another_program_has_taken_meanwhile_is_told(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    monkeypatch.setattr(replacing.server_process, "terminate", lambda *_: child.kill())
    one.store.set_proxy(ProxyRecord(problem=notice("proxy.no_free_port", host="127.0.0.1", first=1, last=2)))

    async def look() -> None:
        one.store.set_found_servers((msgspec.structs.replace(one.server, pid=1),))

    monkeypatch.setattr(one.replacing, "_refresh", look)
    answer = await one.replacing.replace("7")
    assert [one.code for one in answer.told] == ["replacing.runs_again", "proxy.no_free_port"]


async def test_a_manager_that_refuses_changes_nothing(tmp_path: Path, child: "subprocess.Popen[bytes]") -> None:
    one = harness(tmp_path, child.pid, USER_UNIT)
    one.run = lambda _: None
    with pytest.raises(PanelError, match=r"systemctl --user stop llm\.service` has failed"):
        await one.replacing.replace("7")
    assert (one.stages, one.store.settings) == ([], Settings())


async def test_what_cannot_be_kept_is_not_done(tmp_path: Path, child: "subprocess.Popen[bytes]") -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    one.file.mkdir()
    with pytest.raises(PanelError):
        await one.anew().replace("7")
    assert (one.stages, child.poll()) == ([], None)


async def test_a_panel_goes_on_with_what_an_earlier_one_waited_for(
    tmp_path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    one = harness(tmp_path, child.pid, SYSTEM_UNIT, ours=False)
    answer = await one.replacing.replace("7")
    assert (answer.todo, one.asked) == (("sudo systemctl stop ollama.service",), [])
    later = one.anew()
    task = asyncio.ensure_future(later.run())  # noqa: TID251 - it is cancelled below
    child.kill()

    async def taken() -> bool:
        return one.stages == [Stage.REPLACED]

    await polled(taken, "the workers to take its place")
    back = await later.give_back("7")
    assert back.todo == ("sudo systemctl start ollama.service",)
    again = msgspec.structs.replace(one.server, pid=1, since=0.0)
    one.store.set_found_servers((again,))

    async def over() -> bool:
        return one.stages == []

    await polled(over, "the server to be found again")
    task.cancel()


async def test_a_panel_that_was_killed_before_it_stopped_a_server_leaves_it_alone(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Replacing, "_stop", killed)
    with pytest.raises(KeyboardInterrupt):
        await one.replacing.replace("7")
    assert one.stages == [Stage.STOPPING]
    later = one.anew()
    await later._go_on(later._kept.replaced[0])
    assert one.stages == [Stage.STOPPING], "it may have been asked to end, and be about to"
    one.now += replacing.GONE_S + 1
    await later._go_on(later._kept.replaced[0])
    assert (one.stages, one.port) == ([], Settings().proxy.port)


async def test_a_panel_that_was_killed_after_it_stopped_a_server_takes_its_place_later(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    monkeypatch.setattr(replacing.server_process, "terminate", lambda *_: child.kill())

    async def killed(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(one.replacing, "_change", killed)
    with pytest.raises(KeyboardInterrupt):
        await one.replacing.replace("7")
    later = one.anew()
    await later._go_on(later._kept.replaced[0])
    assert (one.stages, one.port) == ([Stage.REPLACED], 9434)


async def test_a_panel_that_was_killed_while_it_gave_a_server_back_does_so_later_but_tries_once(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, USER_UNIT)
    monkeypatch.setattr(replacing, "is_alive", lambda *_: False)
    await one.replacing.replace("7")

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(one.replacing, "_change", killed)
    with pytest.raises(KeyboardInterrupt):
        await one.replacing.give_back("7")
    later, one.run = one.anew(), lambda _: None
    await later._go_on(later._kept.replaced[0])
    await later._go_on(later._kept.replaced[0])
    assert (one.stages, one.port) == ([Stage.RETURNING], Settings().proxy.port)
    assert len(one.asked) == 2, "to stop it, and once to start it"
    one.store.set_found_servers((msgspec.structs.replace(one.server, pid=1, owner=Owner(OwnerKind.BY_HAND)),))
    await later._go_on(later._kept.replaced[0])
    assert one.stages == [], "somebody has started it"


async def test_a_server_that_runs_again_is_not_started_a_second_time(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, USER_UNIT)
    monkeypatch.setattr(replacing, "is_alive", lambda *_: False)
    await one.replacing.replace("7")
    one.store.set_found_servers((msgspec.structs.replace(one.server, pid=1),))
    await one.replacing.give_back("7")
    assert (one.stages, len(one.asked)) == ([], 1)


async def test_the_commands_of_a_unit_of_an_odd_name_are_words(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    name = r"my\x2dllm.service"
    one = harness(tmp_path, child.pid, Owner(OwnerKind.USER_UNIT, name, name, user_unit=True))
    monkeypatch.setattr(replacing, "is_alive", lambda *_: False)
    await one.replacing.replace("7")
    await one.replacing.give_back("7")
    assert [[*command] for command in one.asked] == [
        ["systemctl", "--user", "stop", name],
        ["systemctl", "--user", "start", name],
    ]


async def test_a_manager_that_is_slow_to_stop_a_server_is_told_to_let_it_run(
    tmp_path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    one = harness(tmp_path, child.pid, USER_UNIT)
    one.run = lambda command: None if "stop" in command else ""
    with pytest.raises(PanelError, match="has failed"):
        await one.replacing.replace("7")
    assert [" ".join(command) for command in one.asked][1:] == ["systemctl --user start llm.service"]


@pytest.mark.parametrize("content", ["", "[]", '{"replaced": 3}'])
async def test_a_file_that_is_none_is_as_good_as_none(
    tmp_path: Path, child: "subprocess.Popen[bytes]", content: str
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    one.file.write_text(content)
    assert one.anew().left() == frozenset()
    with pytest.raises(PanelError, match="is not replaced"):
        await one.anew().give_back("7")


async def test_a_server_of_which_nobody_tells_how_it_was_started_is_the_users_to_stop(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)

    def refuse(_: psutil.Process) -> dict[str, str]:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "environ", refuse)
    answer = await one.replacing.replace("7")
    assert answer.todo == (f"kill {child.pid}",)
    (kept,) = one.store.snapshot(0.0, ()).replacements
    assert kept.control.means is Means.USER


async def test_a_server_that_does_not_stay_when_it_is_given_back_says_so(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    short = Launch("/bin/sh", ("-c", "exit 1"), {}, str(tmp_path), str(tmp_path / "theirs.log"))
    monkeypatch.setattr(replacing.server_process, "launch_of", lambda *_: short)
    monkeypatch.setattr(replacing.server_process, "terminate", lambda *_: child.kill())
    await one.replacing.replace("7")
    with pytest.raises(PanelError, match="ended at once"):
        await one.replacing.give_back("7")
    assert (one.stages, one.port) == ([Stage.RETURNING], Settings().proxy.port), "it can be tried again"


async def test_a_server_that_somebody_else_has_started_first_is_given_back(
    tmp_path: Path, child: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    taken = Launch("/bin/sh", ("-c", "exit 1"), {}, str(tmp_path), str(tmp_path / "theirs.log"))
    monkeypatch.setattr(replacing.server_process, "launch_of", lambda *_: taken)
    monkeypatch.setattr(replacing.server_process, "terminate", lambda *_: child.kill())
    await one.replacing.replace("7")
    looks = list[int]()

    async def look() -> None:
        looks.append(1)
        again = msgspec.structs.replace(one.server, pid=1)
        one.store.set_found_servers((again,) if len(looks) > 1 else ())

    monkeypatch.setattr(one.replacing, "_refresh", look)
    await one.replacing.give_back("7")
    assert one.stages == []


async def test_used_and_left_are_places_of_servers(tmp_path: Path, child: "subprocess.Popen[bytes]") -> None:
    one = harness(tmp_path, child.pid, BY_HAND)
    await one.replacing.use("7")
    assert (one.anew().used(), one.anew().left()) == ({9434: "127.0.0.1"}, frozenset())
    await one.replacing.leave("7")
    assert (one.anew().used(), one.anew().left()) == ({}, {9434})
    assert one.anew().is_left("127.0.0.1:9434")


async def test_the_user_is_not_told_to_start_a_server_that_runs_again(
    tmp_path: Path, child: "subprocess.Popen[bytes]"
) -> None:
    one = harness(tmp_path, child.pid, SYSTEM_UNIT, ours=False)
    await one.replacing.replace("7")
    child.kill()
    child.wait()
    await one.replacing._go_on(one.replacing._kept.replaced[0])
    one.store.set_found_servers((msgspec.structs.replace(one.server, pid=1),))
    back = await one.replacing.give_back("7")
    assert (back.todo, one.stages) == ((), [])
