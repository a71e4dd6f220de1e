"""An Ollama that is updated under running workers: real processes of a program that another version replaces."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ollama_panel.core.notices import FollowUpdates, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.updates import IDLE_S
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.updating import LOOK_S, cause, program_file
from tests.fakes.live_engine import LiveEngine, answers, chat_pool, live, settings
from tests.fakes.ports import free_port

pytestmark = pytest.mark.usefixtures("fast")


def install(path: Path, version: str, *, whole: bool = True) -> None:
    """Put a program of a version in the place of one, at once as installers do."""
    new = path.with_suffix(".new")
    run = f'OLLAMA_SIM_VERSION={version} exec "{sys.executable}" -m ollama_panel.sim "$@"'
    new.write_text(f"#!/bin/sh\n{run}\n" if whole else "#!/bin/sh\nexit 1\n")
    new.chmod(0o755)
    new.replace(path)


def versions(one: Snapshot) -> list[str | None]:
    return [record.version for record in one.instances]


def told(one: Snapshot) -> list[str]:
    return [render(notice) for notice in one.notices if notice.code.startswith("updates.")]


async def looked(panel: LiveEngine, times: int = 5) -> None:
    """Let the panel look at the program so often; between two looks the workers, which are processes, answer it."""
    for _ in range(times):
        await panel.later(LOOK_S)
        for one in panel.snapshot.instances:
            with suppress(httpx.TransportError):  # it is being replaced just now
                await panel.client.get(one.url + "/api/version")


async def idle(panel: LiveEngine) -> None:
    """Let so much time pass that a worker without a request is idle."""
    await looked(panel, int(IDLE_S / LOOK_S) + 1)


async def updated(panel: LiveEngine, program: Path, **how: bool) -> None:
    install(program, "0.33.0", **how)
    await looked(panel)


async def test_workers_follow_one_after_the_other_when_they_are_idle(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.24.0")
    wanted = settings(
        ("ollama.binary", str(program)), ("ollama.first_port", str(free_port())), pools=chat_pool(workers=2)
    )
    async with live(tmp_path / "state", wanted, Overrides(port=0), processes=True) as panel:
        await panel.until(lambda one: one.instances and all(map(answers, one.instances)))
        await panel.until(lambda one: versions(one) == ["0.24.0"] * 2)
        pids = [one.pid for one in panel.snapshot.instances]
        await updated(panel, program)
        found = await panel.until(told)
        assert told(found)[0].startswith(
            "Ollama was updated from 0.24.0 to 0.33.0; the workers follow when they are idle. Left: "
        )
        await idle(panel)
        seen = list[int]()

        def look(one: Snapshot) -> bool:
            seen.append(sum(map(answers, one.instances)))
            return versions(one) == ["0.33.0"] * 2 and not told(one)

        await panel.until(look)
        assert min(seen) >= 1
        assert not {one.pid for one in panel.snapshot.instances} & set(pids)
        assert (await panel.chat()).status_code == 200


async def test_an_update_between_the_start_of_a_worker_and_the_first_look_at_the_file_is_noticed(
    tmp_path: Path,
) -> None:
    program, newer = tmp_path / "ollama", tmp_path / "newer"
    install(newer, "0.33.0")
    install(program, "0.24.0")
    started = f'[ "$1" = serve ] && mv "{newer}" "{program}"\n'
    program.write_text(program.read_text().replace("OLLAMA_SIM", f"{started}OLLAMA_SIM", 1))
    wanted = settings(("ollama.binary", str(program)), ("ollama.first_port", str(free_port())), pools=chat_pool())
    async with live(tmp_path / "state", wanted, Overrides(port=0), processes=True) as panel:
        await panel.until(lambda one: one.instances and versions(one) == ["0.24.0"])
        await looked(panel)
        await panel.until(told)
        await idle(panel)
        await panel.until(lambda one: versions(one) == ["0.33.0"] and not told(one))


async def test_a_worker_that_nobody_waits_for_follows_while_requests_wait_for_another_pool(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.24.0")
    wanted = settings(("ollama.binary", str(program)), ("ollama.first_port", str(free_port())))
    async with live(tmp_path / "state", wanted, Overrides(port=0), processes=True) as panel:
        await panel.until(lambda one: one.instances and versions(one) == ["0.24.0"] * 2)
        await panel.engine.set_paused(True)
        async with asyncio.TaskGroup() as group:
            chat = group.create_task(panel.chat())
            await panel.until(lambda one: [pool.queued for pool in one.pools] == [1, 0])
            await updated(panel, program)
            await panel.until(told)
            await idle(panel)
            await panel.until(lambda one: versions(one) == ["0.24.0", "0.33.0"])
            await panel.engine.set_paused(False)
        assert chat.result().status_code == 200
        await idle(panel)
        await panel.until(lambda one: versions(one) == ["0.33.0"] * 2 and not told(one))


async def test_it_is_only_told_if_the_user_wants_that_and_a_restart_is_enough(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.24.0")
    wanted = settings(
        ("ollama.binary", str(program)),
        ("ollama.first_port", str(free_port())),
        ("ollama.follow_updates", "off"),
        pools=chat_pool(),
    )
    async with live(tmp_path / "state", wanted, Overrides(port=0), processes=True) as panel:
        await panel.until(lambda one: one.instances and versions(one) == ["0.24.0"])
        await updated(panel, program)
        found = await panel.until(told)
        assert "ollama-panel restart --all" in told(found)[0]
        assert [one.action for one in found.notices if one.code == "updates.off"] == [FollowUpdates()]
        await idle(panel)
        assert versions(panel.snapshot) == ["0.24.0"]
        await panel.engine.restart(panel.snapshot.instances[0].id)
        await panel.until(lambda one: versions(one) == ["0.33.0"] and not told(one))


async def test_a_file_that_does_not_tell_its_version_is_not_taken(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.24.0")
    wanted = settings(("ollama.binary", str(program)), ("ollama.first_port", str(free_port())), pools=chat_pool())
    async with live(tmp_path / "state", wanted, Overrides(port=0), processes=True) as panel:
        await panel.until(lambda one: one.instances and versions(one) == ["0.24.0"])
        await updated(panel, program, whole=False)
        await idle(panel)
        assert (versions(panel.snapshot), told(panel.snapshot)) == (["0.24.0"], [])
        await updated(panel, program)
        await idle(panel)
        await panel.until(lambda one: versions(one) == ["0.33.0"])


def test_the_reason_why_a_new_program_does_not_run_speaks_of_no_settings() -> None:
    silent = notice("instance.silent")
    assert cause(notice("rollout.failed", instance="chat-1", why=silent)) == silent
    assert cause(silent) == silent


def test_a_program_behind_a_link_is_the_file_at_its_end(tmp_path: Path) -> None:
    link, first, second = tmp_path / "ollama", tmp_path / "1", tmp_path / "2"
    assert program_file(str(link)) is None
    for file in (first, second):
        file.write_text(file.name)
    link.symlink_to(first)
    before = program_file(str(link))
    link.unlink()
    link.symlink_to(second)
    after = program_file(str(link))
    assert before is not None
    assert after is not None
    assert before != after
    assert (before.path, after.path) == (str(first.resolve()), str(second.resolve()))
