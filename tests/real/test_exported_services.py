"""The exported units start a real Ollama under a real service manager, and its own log says what is in force."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.export import Export, render
from ollama_panel.core.export.deployment import Site
from ollama_panel.core.launch import InstanceSpec
from tests.core.export.samples import instances, pools
from tests.fakes import user_manager
from tests.fakes.ports import free_ports
from tests.fakes.user_manager import UserManager
from tests.fakes.waiting import polled

pytestmark = pytest.mark.anyio


@pytest.fixture
def manager() -> Iterator[UserManager]:
    if why := user_manager.why_not():
        pytest.skip(why)
    with user_manager.user_manager() as running:
        yield running


def started(manager: UserManager, folder: Path, ollama: Path) -> tuple[Export, tuple[InstanceSpec, ...]]:
    """Save the units of workers at free ports, and type the first step."""
    settings = pools({"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": "1", "OLLAMA_KEEP_ALIVE": "7m"})
    planned = instances(settings, [str(ollama.resolve())])
    workers = tuple(
        msgspec.structs.replace(one, port=port, environment={**one.environment, "OLLAMA_HOST": f"127.0.0.1:{port}"})
        for one, port in zip(planned, free_ports(len(planned)), strict=True)
    )
    site = Site(of_user=True)
    export = render("systemd-units", settings, workers, version="1.2.3", date="2026-11-23", site=site)
    for file in export.files:
        (folder / file.name).write_text(file.text, encoding="utf-8")
    subprocess.run(["sh", "-c", export.steps[0].command], env=manager.environment, cwd=folder, check=True)
    return export, workers


async def test_the_log_of_each_worker_says_what_its_unit_has_set(
    ollama: Path, manager: UserManager, tmp_path: Path
) -> None:
    export, workers = started(manager, tmp_path, ollama)

    async def proof() -> list[str]:
        manager.run("journalctl", "--sync")
        lines = manager.run("sh", "-c", export.steps[-1].command).stdout.splitlines()
        return lines if len([line for line in lines if "server config" in line]) == len(workers) else []

    lines = "\n".join(await polled(proof, "each worker to log its configuration"))
    assert lines.count("OLLAMA_KV_CACHE_TYPE:q8_0") == 2
    assert lines.count("OLLAMA_KEEP_ALIVE:7m0s") == 2
    for worker in workers:
        assert f"OLLAMA_HOST:http://127.0.0.1:{worker.port} " in lines
