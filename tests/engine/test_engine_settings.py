"""The engine's own writing of the settings, while other programs write them, too."""

import asyncio
import json
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
from tests.fakes.live_engine import LiveEngine, chat_pool, live, settings

pytestmark = pytest.mark.usefixtures("fast")


def command(panel: LiveEngine, key: str, text: str) -> None:
    """Change a setting as `ollama-panel settings set` does."""
    configfile.change(panel.paths.settings, lambda now: codec.set(now, key, text))


def in_file(panel: LiveEngine) -> Settings:
    return configfile.look(panel.paths.settings).settings


async def test_what_a_command_changed_just_before_an_apply_stays(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        draft = codec.set(panel.snapshot.settings, "pools.chat.parallel", "3")
        command(panel, "proxy.queue_limit", "77")
        await panel.engine.apply(draft)
        snapshot = await panel.until(lambda one: one.settings.proxy.queue_limit == 77)
        assert snapshot.settings == in_file(panel) == codec.set(draft, "proxy.queue_limit", "77")


async def test_a_draft_of_older_settings_does_not_undo_what_was_read_since(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        command(panel, "proxy.queue_limit", "77")
        await panel.later(1)
        await panel.until(lambda one: one.settings.proxy.queue_limit == 77)
        await panel.engine.apply(codec.set(base, "pools.chat.parallel", "3"), base)
        assert in_file(panel).proxy.queue_limit == 77
        assert in_file(panel).pools[0].parallel == 3


async def test_commands_and_applies_at_once_all_take_effect(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        drafts = [codec.set(base, f"pools.chat.environment.W{number}", "1") for number in range(5)]
        async with asyncio.TaskGroup() as group:
            for number, draft in enumerate(drafts):
                group.create_task(panel.engine.apply(draft, base))
                group.create_task(asyncio.to_thread(command, panel, f"pools.chat.environment.C{number}", "1"))
        wanted = {f"{kind}{number}" for kind in "WC" for number in range(5)}
        assert in_file(panel).pools[0].environment.keys() == wanted
        await panel.later(1)
        await panel.until(lambda one: one.settings.pools[0].environment.keys() == wanted)


async def test_a_slip_in_the_file_moves_the_panel_nowhere_and_a_change_of_another_setting_mends_it(
    tmp_path: Path,
) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        await panel.ready()
        command(panel, "scheduling.dwell_s", "9")
        await panel.later(1)
        await panel.until(lambda one: one.settings.scheduling.dwell_s == 9)
        slip = json.loads(panel.paths.settings.read_text())
        slip["scheduling"]["dwell_s"] = "a"
        panel.paths.settings.write_text(json.dumps(slip))
        await panel.later(1)
        told = await panel.until(lambda one: one.problems)
        assert [(one.where, one.notice.code) for one in told.problems] == [("scheduling.dwell_s", "setting.kept")]
        assert told.settings.scheduling.dwell_s == 9
        await panel.engine.apply(codec.set(told.settings, "proxy.queue_limit", "77"))
        assert (in_file(panel).scheduling.dwell_s, in_file(panel).proxy.queue_limit) == (9, 77)
        await panel.until(lambda one: not one.problems)


async def test_an_apply_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        panel.paths.settings.unlink()
        panel.paths.settings.mkdir()
        with pytest.raises(PanelError, match="cannot be backed up"):
            await panel.engine.apply(codec.set(base, "pools.chat.parallel", "3"))
        assert panel.snapshot.settings == base


async def test_an_apply_over_a_file_that_somebody_broke_keeps_it_beside(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        panel.paths.settings.write_bytes(b"{ half")
        await panel.later(1)
        await panel.until(lambda one: one.problems)
        await panel.engine.apply(codec.set(base, "pools.chat.parallel", "3"))
        assert (tmp_path / "settings.json.broken-1").read_bytes() == b"{ half"
        snapshot = await panel.until(lambda one: not one.problems)
        assert snapshot.settings == in_file(panel) == codec.set(base, "pools.chat.parallel", "3")


async def test_a_pipe_that_takes_the_place_of_the_file_is_said_and_nobody_waits(tmp_path: Path) -> None:
    os = pytest.importorskip("posix")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        panel.paths.settings.unlink()
        os.mkfifo(panel.paths.settings)
        await panel.later(1)
        snapshot = await panel.until(lambda one: one.problems)
        assert "settings.json is a pipe" in render(snapshot.problems[0].notice)
        assert snapshot.settings == base


async def test_variables_of_the_panels_own_environment_without_effect_are_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in {"OLLAMA_NUM_PARALLEL": "8", "OLLAMA_MAX_WORKERS": "4"}.items():
        monkeypatch.setenv(name, value)
    caplog.set_level("INFO")
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        (problem,) = (await panel.ready()).problems
        assert problem.where == "environment"
        assert render(problem.told).startswith("The panel was started with variables that have no effect")
        assert all(name in render(problem.notice) for name in ("OLLAMA_NUM_PARALLEL", "OLLAMA_MAX_WORKERS"))
        await panel.engine.apply(codec.set(panel.snapshot.settings, "proxy.queue_limit", "77"))
        assert sum("OLLAMA_MAX_WORKERS" in line.getMessage() for line in caplog.records) == 1
        await panel.engine.apply(codec.set(panel.snapshot.settings, "pools.chat.parallel", "8"))
        snapshot = await panel.until(lambda one: "OLLAMA_NUM_PARALLEL" not in str(one.problems))
        assert len(snapshot.problems) == 1


async def test_a_variable_that_never_existed_is_refused_by_an_apply(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        with pytest.raises(PanelError, match="OLLAMA_MAX_WORKERS does not exist"):
            await panel.engine.apply(codec.set(base, "pools.chat.environment.OLLAMA_MAX_WORKERS", "4"))
        assert in_file(panel) == base


async def test_a_batch_size_is_in_force_with_the_next_request_and_without_a_restart(tmp_path: Path) -> None:
    async with live(tmp_path, settings(pools=chat_pool())) as panel:
        base = (await panel.ready()).settings
        pid = panel.instance("chat-1").pid
        await panel.chat()
        await panel.engine.apply(codec.set(base, "pools.chat.batch", "192"))
        await panel.chat()
        await panel.chat()
        assert panel.instance("chat-1").pid == pid
        _, lines = await panel.engine.log_lines(panel.instance("chat-1").id)
        assert ["-b 192 -ub 192" in line for line in lines if " -ub " in line] == [False, True]
