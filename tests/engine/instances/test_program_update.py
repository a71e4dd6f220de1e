"""The program is replaced while its instances run, as by an update: missing, half written, or another version."""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from tests.engine.instances.test_supervisor import STUB, SupervisorHarness, post, spec_of, supervising

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let a running program be replaced")


def install(program: Path, version: str) -> None:
    """Put the program in place as a package does: a new file, renamed over the old one."""
    new = program.with_suffix(".new")
    new.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STUB}" --version {version} "$@"\n')
    new.chmod(0o755)
    new.rename(program)


def remove(program: Path) -> None:
    program.unlink()


def forbid(program: Path) -> None:
    program.unlink()
    program.mkdir()


def half_write(program: Path) -> None:
    program.unlink()
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)


async def waits_for_its_program(harness: SupervisorHarness) -> None:
    """Restart the instance and see it wait, more often than a server that crashes."""
    harness.supervisor.restart()
    for _ in range(10):
        waiting = await harness.phase(Phase.BACKOFF)
        assert waiting.detail is not None
        assert "as soon as that works" in render(waiting.detail)


@pytest.mark.parametrize("meanwhile", [remove, forbid, half_write])
async def test_an_instance_waits_until_its_program_is_there_again_and_runs_the_new_one(
    tmp_path: Path, meanwhile: Callable[[Path], None]
) -> None:
    program = tmp_path / "ollama"
    install(program, "0.30.1")
    async with supervising(spec_of(command=(str(program),))) as harness:
        first = await harness.started()
        assert first.version == "0.30.1"
        meanwhile(program)
        await harness.supervisor.checked()
        assert harness.supervisor.status.phase is Phase.READY
        assert harness.supervisor.status.version == "0.30.1"
        await waits_for_its_program(harness)
        program.rmdir() if program.is_dir() else program.unlink(missing_ok=True)
        install(program, "0.31.0")
        second = await harness.until(lambda status: status.phase is Phase.READY and status.version)
        assert (second.version, second.detail) == ("0.31.0", None)


async def test_so_does_one_whose_program_is_still_being_written(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.30.1")
    async with supervising(spec_of(command=(str(program),))) as harness:
        await harness.started()
        with program.open("ab"):
            await waits_for_its_program(harness)
        await harness.phase(Phase.READY)


async def test_a_crash_during_the_update_waits_likewise(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.30.1")
    async with supervising(spec_of(command=(str(program),))) as harness:
        first = await harness.started()
        program.unlink()
        with pytest.raises(httpx.RemoteProtocolError):
            await post(first.url + "/stub/exit")
        await harness.until(lambda status: status.detail and "as soon as that works" in render(status.detail))
        install(program, "0.31.0")
        second = await harness.until(lambda status: status.phase is Phase.READY and status.version)
        assert (second.version, second.restarts) == ("0.31.0", 1)


async def test_another_program_that_does_not_exist_fails_at_once(tmp_path: Path) -> None:
    program = tmp_path / "ollama"
    install(program, "0.30.1")
    async with supervising(spec_of(command=(str(program),))) as harness:
        await harness.started()
        harness.supervisor.restart(spec_of(command=("/nowhere/ollama",)))
        failed = await harness.phase(Phase.FAILED)
        assert failed.detail is not None
        assert "There is no program /nowhere/ollama" in render(failed.detail)
