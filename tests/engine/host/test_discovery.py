import sys
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Site
from ollama_panel.core.notices import notice
from ollama_panel.engine.host.desktop_app import app_conflict
from ollama_panel.engine.host.discovery import candidates, exported_workers, find_binary, install_paths, unit_folders
from ollama_panel.engine.host.servers import find_servers
from ollama_panel.engine.instances.probe import new_client
from tests.core.export.samples import exported, instances, pools

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@POSIX
def test_the_program_of_the_settings_wins(tmp_path):
    mine = program(tmp_path / "mine" / "my-ollama")
    program(tmp_path / "ollama")
    assert find_binary(str(mine), {"PATH": str(tmp_path)}) == mine


def test_a_program_of_the_settings_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(PanelError, match="is no program that can be run: give the path of Ollama's program"):
        find_binary(str(tmp_path / "nothing"))
    with pytest.raises(PanelError, match="~nobody-has-this-name/ollama is no program"):
        find_binary("~nobody-has-this-name/ollama")


@POSIX
def test_then_comes_the_path_then_the_usual_places(tmp_path):
    environment = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    usual = program(tmp_path / ".local" / "bin" / "ollama")
    installed = [place for place in install_paths(environment) if place.exists() and place != usual]
    assert find_binary("", environment) == (installed[0] if installed else usual)
    on_path = program(tmp_path / "bin" / "ollama")
    assert find_binary("", environment) == on_path


def test_each_system_has_its_usual_places():
    windows = install_paths({"LOCALAPPDATA": "C:/Users/me/AppData/Local", "USERPROFILE": "C:/Users/me"}, "win32")
    assert windows[0].as_posix() == "C:/Users/me/AppData/Local/Programs/Ollama/ollama.exe"
    mac = [place.as_posix() for place in install_paths({"HOME": "/Users/me"}, "darwin")]
    assert "/Applications/Ollama.app/Contents/Resources/ollama" in mac
    assert "/Users/me/Applications/Ollama.app/Contents/Resources/ollama" in mac


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("", {}),
        ("127.0.0.1:11434", {}),
        ("0.0.0.0", {}),
        ("0.0.0.0:8080", {8080: "127.0.0.1"}),
        (":8080", {8080: "127.0.0.1"}),
        ("http://localhost", {80: "localhost"}),
        ("[::]:9000", {9000: "::1"}),
        (' "localhost:9000" ', {9000: "localhost"}),
        ("127.0.0.2", {11434: "127.0.0.2"}),
        ("127.0.0.2:9000", {9000: "127.0.0.2"}),
        ("127.0.0.1:99999", {}),
        ("https://localhost", {}),
        ("10.1.2.3:11434", {}),
        ("example.com", {}),
        ("what: is this", {}),
    ],
)
def test_a_server_is_looked_for_at_the_default_and_where_the_users_own_variable_says(host, more):
    assert candidates({"OLLAMA_HOST": host}) == {11434: "127.0.0.1", **more}


async def serve(version: object, host: str = "127.0.0.1", **headers: str) -> tuple[web.AppRunner, int]:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(version, headers=headers)

    app = web.Application()
    app.router.add_get("/api/version", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    return runner, runner.addresses[0][1]


async def test_a_running_server_is_found_once():
    runner, port = await serve({"version": "0.32.15"})
    async with new_client() as client:
        assert await find_servers(client, {port: "127.0.0.1", 1: "127.0.0.1"}) == (port,)
        assert await find_servers(client, {port: "127.0.0.1"}, exclude=[port]) == ()
    await runner.cleanup()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
async def test_a_server_that_listens_on_another_loopback_address_is_found_there():
    runner, port = await serve({"version": "0.32.15"}, host="127.0.0.2")
    async with new_client() as client:
        assert await find_servers(client, {port: "127.0.0.1"}) == ()
        assert await find_servers(client, candidates({"OLLAMA_HOST": f"127.0.0.2:{port}"})) == (port,)
    await runner.cleanup()


@pytest.mark.parametrize(
    ("answer", "headers"),
    [({"version": "1"}, {"X-Panel-Instance": "chat-1"}), ({"version": 3}, {}), ([1], {}), ({}, {})],
)
async def test_a_panel_and_other_programs_are_no_servers(answer, headers):
    runner, port = await serve(answer, **headers)
    async with new_client() as client:
        assert await find_servers(client, {port: "127.0.0.1"}) == ()
    await runner.cleanup()


def test_the_front_door_on_ollamas_own_port_is_warned_about_while_the_app_runs():
    told = app_conflict({11434}, app_runs=True)
    assert told is not None
    assert msgspec.structs.replace(told, ways=()) == notice("app.conflict", port=11434)
    assert app_conflict({11434}, app_runs=False) is app_conflict({11435}, app_runs=True) is None


@pytest.mark.parametrize(
    ("target", "of_user", "first"),
    [("systemd-units", False, 1), ("systemd-units", True, 0), ("quadlet", False, 0), ("quadlet", True, 0)],
)
def test_the_workers_that_an_export_made_services_are_found_with_their_pools(
    tmp_path: Path, target: str, of_user: bool, first: int
) -> None:
    for file in exported(target, pools(), site=Site(of_user=of_user)).files:
        if "/" not in file.name:
            (tmp_path / file.name).write_text(file.text, encoding="utf-8")
    (tmp_path / "ollama-other.service").write_text("[Service]\nExecStart=/usr/bin/ollama serve\n", encoding="utf-8")
    (tmp_path / "ollama-folder.service").mkdir()
    planned = instances(pools())
    assert exported_workers([tmp_path]) == {one.port: one.pool for one in planned[first:]}
    assert exported_workers([tmp_path / "none"]) == {}


def test_services_of_the_user_are_looked_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / ".config" / "systemd" / "user" in unit_folders()
    assert tmp_path / ".config" / "containers" / "systemd" in unit_folders()
