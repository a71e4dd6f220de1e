"""The state folder is deleted or moved while the panel runs."""

import logging
import shutil
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.engine import configfile, logs
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import PanelInfo, SingleInstanceLock
from tests.fakes.live_engine import LiveEngine, live, settings
from tests.fakes.waiting import deadline


async def made_again(panel: LiveEngine) -> None:
    """Wait until the folder has everything again."""
    wanted = (panel.paths.lock, panel.paths.panel, panel.paths.children, panel.paths.settings)
    async with deadline(lambda: f"{wanted} to be there"):
        while not all(path.exists() for path in wanted):
            await panel.later(1)


def delete(folder: Path) -> None:
    """Delete a folder in which a thread of the panel may write a log at the same time."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("way", ["deleted", "moved"])
async def test_a_folder_that_is_gone_is_made_again_and_no_second_panel_gets_in(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "state"
    async with live(folder, settings(("proxy.queue_limit", "77"))) as panel:
        await panel.ready()
        if way == "deleted":
            delete(folder)
        else:
            folder.rename(tmp_path / "elsewhere")
        with pytest.raises(PanelError, match="already runs on"), SingleInstanceLock(panel.paths):
            pass
        await made_again(panel)
        with pytest.raises(PanelError, match="already runs on"), SingleInstanceLock(panel.paths):
            pass
        assert msgspec.json.decode(panel.paths.panel.read_bytes(), type=PanelInfo).url == panel.snapshot.proxy.url
        assert codec.get(configfile.read(panel.paths.settings).settings, "proxy.queue_limit") == "77"
        assert (await panel.chat()).status_code == 200
        await panel.until(lambda one: not one.problems)
        assert all(one.restarts == 0 for one in panel.snapshot.instances)


async def test_settings_that_somebody_has_put_there_meanwhile_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with live(folder, settings(("proxy.queue_limit", "77"))) as panel:
        await panel.ready()
        delete(folder)
        configfile.write(panel.paths.settings, settings(("proxy.queue_limit", "88")))
        await made_again(panel)
        await panel.until(lambda one: codec.get(one.settings, "proxy.queue_limit") == "88")


async def test_a_folder_that_cannot_be_made_again_is_a_problem_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with live(folder) as panel:
        await panel.ready()
        delete(folder)
        folder.touch()
        await panel.later(2)
        await panel.until(lambda one: any("cannot be used" in render(told.notice) for told in one.problems))
        assert (await panel.chat()).status_code == 200
        folder.unlink()
        await panel.later(2)
        assert (await panel.chat()).status_code == 200  # the log of its worker can be written again
        await panel.until(lambda one: not one.problems)


async def test_a_panel_whose_folder_another_has_taken_says_so_and_leaves_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "state"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    async with live(folder) as panel:
        await panel.ready()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))  # as from a container that shares the folder
        delete(folder)
        with SingleInstanceLock(Paths(folder)) as other:
            other.announce("http://127.0.0.1:1")
            await panel.later(2)
            await panel.until(lambda one: any("another Ollama Panel" in render(told.notice) for told in one.problems))
            assert (await panel.chat()).status_code == 200
            assert b"127.0.0.1:1" in panel.paths.panel.read_bytes()
        await panel.later(2)
        await panel.until(lambda one: not one.problems)


def test_the_log_goes_on_in_a_folder_made_again(tmp_path: Path, plain_logging: None) -> None:
    paths = Paths(tmp_path / "state")
    logs.configure_logging(paths)
    log = logging.getLogger("test")
    log.info("before")
    shutil.rmtree(paths.state_dir)
    log.info("after")
    paths.log.rename(paths.log.with_name("away"))
    log.info("at last")
    assert "at last" in paths.log.read_text()
    assert "after" in paths.log.with_name("away").read_text()
