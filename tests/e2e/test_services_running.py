"""The exported units and quadlets, run by systemd itself, with stubs of Ollama and of podman."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest

from ollama_panel.core.export import Export, render
from ollama_panel.core.export.deployment import Site
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.settings.tree import Settings
from tests.core.export.container.test_quadlet import generated, needs_quadlet
from tests.core.export.samples import TRICKY, instances, pools
from tests.fakes import podman_stub, user_manager
from tests.fakes.ports import free_ports
from tests.fakes.user_manager import UserManager
from tests.fakes.waiting import polled

STUB = (sys.executable, str(Path(__file__).parents[1] / "fakes" / "ollama_stub.py"))
HOSTILE = {**TRICKY, "LINES": "two\nlines\n", "LONG": "x y\\\"'$%`" * 1024}

pytestmark = pytest.mark.anyio


@pytest.fixture
def manager() -> Iterator[UserManager]:
    if why := user_manager.why_not():
        pytest.skip(why)
    with user_manager.user_manager() as running:
        yield running


def planned(settings: Settings, ports: list[int]) -> tuple[InstanceSpec, ...]:
    return tuple(
        msgspec.structs.replace(one, port=port, environment={**one.environment, "OLLAMA_HOST": f"127.0.0.1:{port}"})
        for one, port in zip(instances(settings, STUB), ports, strict=True)
    )


def installed(manager: UserManager, folder: Path, settings: Settings, workers: tuple[InstanceSpec, ...]) -> Export:
    """Save the export and type its first step."""
    site = Site(of_user=True)
    export = render("systemd-units", settings, workers, version="1.2.3", date="2026-11-23", site=site)
    for file in export.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    typed = subprocess.run(
        ["sh", "-c", export.steps[0].command], env=manager.environment, cwd=folder, capture_output=True, check=False
    )
    assert typed.returncode == 0, typed.stderr
    return export


def main_pid(manager: UserManager, worker: InstanceSpec) -> int:
    """Return the process of a worker's service, 0 while there is none."""
    shown = manager.run("systemctl", "--user", "show", "--property=MainPID", "--value", f"ollama-{worker.id}.service")
    return int(shown.stdout)


async def until_it_answers(worker: InstanceSpec) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def answers() -> bool:
            try:
                return (await client.get(f"{worker.url}/api/version")).is_success
            except httpx.TransportError:
                return False

        await polled(answers, f"{worker.id} to answer")


async def test_every_worker_is_a_service_with_the_very_variables(manager: UserManager, tmp_path: Path) -> None:
    settings = pools(HOSTILE)
    workers = planned(settings, free_ports(3))
    export = installed(manager, tmp_path, settings, workers)
    for worker in workers:
        await until_it_answers(worker)
        running = psutil.Process(main_pid(manager, worker))
        assert tuple(running.cmdline()) == worker.argv
        assert worker.environment.items() <= running.environ().items()
    enabled = manager.home / ".config" / "systemd" / "user" / "default.target.wants"
    assert sorted(path.name for path in enabled.iterdir()) == sorted(f"ollama-{one.id}.service" for one in workers)
    assert manager.run("journalctl", "--sync").returncode == 0
    proof = manager.run("sh", "-c", export.steps[-1].command).stdout
    assert "server config" in proof
    assert "OLLAMA_NUM_PARALLEL:4" in proof


async def test_a_worker_that_is_killed_comes_back_and_a_second_export_is_in_force_at_once(
    manager: UserManager, tmp_path: Path
) -> None:
    settings = pools(workers=1)
    workers = planned(settings, free_ports(2))
    installed(manager, tmp_path, settings, workers)
    first = workers[0]
    await until_it_answers(first)
    killed = main_pid(manager, first)
    psutil.Process(killed).kill()

    async def another() -> bool:
        return main_pid(manager, first) not in (0, killed)

    await polled(another, "systemd to start the worker again")
    (chat, embedding) = settings.pools
    more = Settings(pools=(msgspec.structs.replace(chat, parallel=16), embedding))
    installed(manager, tmp_path, more, planned(more, [one.port for one in workers]))
    await until_it_answers(first)
    assert psutil.Process(main_pid(manager, first)).environ()["OLLAMA_NUM_PARALLEL"] == "16"


@needs_quadlet
async def test_systemd_hands_the_very_variables_to_podman(manager: UserManager, tmp_path: Path) -> None:
    """Podman's own generator makes the services, in whose command lines the variables are."""
    settings = pools(HOSTILE)
    workers = planned(settings, free_ports(3))
    site = Site(of_user=True)
    export = render("quadlet", settings, workers, version="1.2.3", date="2026-11-23", site=site)
    podman = f"{sys.executable} {Path(podman_stub.__file__)}"
    manager.units.mkdir(parents=True)
    for name, text in generated(tmp_path, export).items():
        (manager.units / name).write_text(text.replace("/usr/bin/podman", podman), encoding="utf-8")
    assert manager.run("systemctl", "--user", "daemon-reload").returncode == 0
    started = manager.run("systemctl", "--user", "restart", *(f"ollama-{one.id}.service" for one in workers))
    assert started.returncode == 0, started.stderr
    for worker in workers:
        await until_it_answers(worker)
        seen = psutil.Process(main_pid(manager, worker)).environ()
        assert seen["INSIDE"] == "0.0.0.0:11434"
        assert seen == {**worker.environment, "INSIDE": seen["INSIDE"]}
