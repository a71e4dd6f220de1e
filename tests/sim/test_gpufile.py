"""The file of a shared GPU, where there is no room for it."""

import contextlib
import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ollama_panel.sim import gpufile
from ollama_panel.sim.gpufile import GpuFile
from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a file system without a free byte."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    folder = tmp_path / "full"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False).returncode != 0:
        pytest.skip("this system mounts no tmpfs")
    try:
        (folder / "gpu").mkdir()
        with contextlib.suppress(OSError), (folder / "fill").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        yield folder / "gpu"
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_folder_is_an_error_that_leaves_nothing_there(full: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        GpuFile(full)
    assert list(full.iterdir()) == []


async def answers_without_the_folder(folder: Path) -> None:
    server = SimServer(options_of({"OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_SIM_GPU": str(folder)}), quiet=True)
    await server.start()
    try:
        assert "the GPU is not shared" in "\n".join(server.log.kept)
        assert server.machine.instances
    finally:
        await server.stop()


async def test_a_server_whose_folder_is_full_serves_with_a_gpu_of_its_own(full: Path) -> None:
    await answers_without_the_folder(full)


async def test_so_does_one_whose_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gpufile, "_new", refuse)
    await answers_without_the_folder(tmp_path)


async def test_and_one_whose_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "gpu").touch()
    await answers_without_the_folder(tmp_path / "gpu")


def test_a_folder_that_was_deleted_shows_no_others_and_is_no_error(tmp_path: Path) -> None:
    one, two = GpuFile(tmp_path / "gpu"), GpuFile(tmp_path / "gpu")
    two.publish(1, 100)
    assert one.others(relist=True) == (1, 100)
    for path in (tmp_path / "gpu").iterdir():
        path.unlink()
    (tmp_path / "gpu").rmdir()
    assert one.others(relist=True) == (0, 0)
    one.publish(2, 50)
    one.close()
    two.close()
