"""File systems of folders, and the times of files."""

import subprocess
import sys

import pytest

from ollama_panel.core.doctor.asking.disks import _PLACE, disks_of, times, times_of
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import Disk, FileTime
from tests.fakes.waiting import DEADLINE_S

DF = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
MOUNTS = "/dev/sda1 / ext4 rw,noatime 0 0\nnas:/models /mnt/my\\040models nfs4 ro,vers=4.2 0 0\n"


def test_each_file_system_once_with_its_kind() -> None:
    found = [
        Block("disk", ("/home/ada/.ollama/models",), f"{DF}/dev/sda1 1000 400 600 40% /\n"),
        Block("disk", ("/home/ada",), f"{DF}/dev/sda1 1000 400 600 40% /\n"),
        Block("disk", ("/mnt/my models/x",), f"{DF}nas:/models 2000 1999 -5 100% /mnt/my models\n"),
        Block("disk", ("/gone",), ""),
        Block("mounts", (), MOUNTS),
    ]
    assert disks_of(found) == (
        Disk("/home/ada/.ollama/models", 1000 << 10, 600 << 10, "ext4", False),
        Disk("/mnt/my models/x", 2000 << 10, 0, "nfs4", True),
    )


def test_the_file_systems_of_macos() -> None:
    found = [
        Block("disk", ("/Users/ada",), f"{DF}/dev/disk3s5 1000 400 600 40% /System/Volumes/Data\n"),
        Block("mounted", (), "/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled)\n"),
    ]
    assert disks_of(found) == (Disk("/Users/ada", 1000 << 10, 600 << 10, "apfs"),)


def test_when_files_were_written() -> None:
    assert times_of([Block("times", (), "1700000000 /etc/a b.conf\nstat: no\n")]) == (
        FileTime("/etc/a b.conf", 1700000000.0),
    )
    assert times(["process 7", ""]) == ""
    assert "'/a b'" in times(["/a b", "process 7"])


@pytest.mark.skipif(sys.platform == "win32", reason="a script of sh")
@pytest.mark.parametrize(("path", "folder"), [("relative/x", "/"), ("/gone/a b/c", "/"), ("/usr/gone/x", "/usr")])
def test_the_folder_of_a_path_that_is_gone_is_found_without_other_programs(path: str, folder: str) -> None:
    script = f'{_PLACE}\nlimit() {{ echo "$5"; }}\nsay() {{ read -r line; echo "$line"; }}\nplace \'{path}\''
    done = subprocess.run(
        ("/bin/sh", "-c", script), env={"PATH": "/none"}, capture_output=True, text=True, check=True, timeout=DEADLINE_S
    )
    assert done.stdout.strip() == folder
