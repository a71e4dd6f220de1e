"""A container, a unit or a batch job has less memory and fewer cores than its machine."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from ollama_panel.core.snapshot import BudgetSource, MemoryKind
from ollama_panel.engine.host import cgroups
from ollama_panel.engine.host.cgroups import Limits
from ollama_panel.engine.host.cores import physical_cores
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.host.gpu.main_memory import MainMemory

GIB = 1 << 30
UNLIMITED_V1 = "9223372036854771712"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 8 cores of two threads each, and 64 GiB of which 40 are available."""
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 16 if logical else 8)
    memory = SimpleNamespace(total=64 * GIB, available=40 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def write(root: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    return root


def test_without_groups_there_is_no_limit(tmp_path: Path) -> None:
    assert cgroups.read(tmp_path) == Limits()
    assert MainMemory(tmp_path).read() == Memory(MemoryKind.SYSTEM, 64 * GIB, 24 * GIB, source=BudgetSource.SYSTEM)
    assert physical_cores(tmp_path, allowed=()) == 8


def test_a_group_of_version_2_without_limits_says_max(tmp_path: Path) -> None:
    unit = "sys/fs/cgroup/system.slice/panel.service"
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/system.slice/panel.service",
            f"{unit}/memory.max": "max",
            f"{unit}/memory.high": "max",
            f"{unit}/memory.current": GIB,
            f"{unit}/cpu.max": "max 100000",
        },
    )
    assert cgroups.read(tmp_path) == Limits()


def test_a_container_of_version_2_has_the_memory_and_cores_that_it_was_given(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/memory.max": 8 * GIB,
            "sys/fs/cgroup/memory.current": 3 * GIB,
            "sys/fs/cgroup/memory.stat": f"anon {GIB}\ninactive_file {2 * GIB}\nactive_file 5",
            "sys/fs/cgroup/cpu.max": "400000 100000",
        },
    )
    assert MainMemory(tmp_path).read() == Memory(MemoryKind.SYSTEM, 8 * GIB, GIB, source=BudgetSource.SYSTEM)
    assert physical_cores(tmp_path, allowed=()) == 4


def test_the_tightest_of_the_groups_above_counts(tmp_path: Path) -> None:
    groups = "sys/fs/cgroup"
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/user.slice/a.slice/b.service",
            f"{groups}/user.slice/memory.max": 16 * GIB,
            f"{groups}/user.slice/memory.current": 15 * GIB,
            f"{groups}/user.slice/a.slice/memory.high": 4 * GIB,
            f"{groups}/user.slice/a.slice/memory.max": 6 * GIB,
            f"{groups}/user.slice/a.slice/memory.current": GIB,
            f"{groups}/user.slice/a.slice/b.service/memory.max": "max",
            f"{groups}/user.slice/a.slice/b.service/cpu.max": "600000 100000",
            f"{groups}/user.slice/cpu.max": "250000 100000",
        },
    )
    assert cgroups.read(tmp_path) == Limits(4 * GIB, GIB, 2.5)
    assert MainMemory(tmp_path).read() == Memory(MemoryKind.SYSTEM, 4 * GIB, 3 * GIB, source=BudgetSource.SYSTEM)
    assert physical_cores(tmp_path, allowed=()) == 2


def test_version_1_has_a_hierarchy_for_each_controller(tmp_path: Path) -> None:
    groups = "sys/fs/cgroup"
    write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/f00\n2:cpu,cpuacct:/docker/f00\n1:name=systemd:/docker/f00\n0::/",
            f"{groups}/memory/memory.limit_in_bytes": UNLIMITED_V1,
            f"{groups}/memory/docker/f00/memory.limit_in_bytes": 2 * GIB,
            f"{groups}/memory/docker/f00/memory.usage_in_bytes": GIB,
            f"{groups}/memory/docker/f00/memory.stat": f"inactive_file 7\ntotal_inactive_file {GIB // 2}",
            f"{groups}/cpu,cpuacct/docker/f00/cpu.cfs_quota_us": 150000,
            f"{groups}/cpu,cpuacct/docker/f00/cpu.cfs_period_us": 100000,
            f"{groups}/cpu,cpuacct/cpu.cfs_quota_us": -1,
        },
    )
    assert cgroups.read(tmp_path) == Limits(2 * GIB, 2 * GIB - GIB // 2, 1.5)
    assert physical_cores(tmp_path, allowed=()) == 1


def test_a_container_that_sees_its_group_under_the_name_on_the_host(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/f00\n2:cpu,cpuacct:/docker/f00",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED_V1,
            "sys/fs/cgroup/memory/memory.usage_in_bytes": GIB,
            "sys/fs/cgroup/memory/memory.stat": f"hierarchical_memory_limit {3 * GIB}",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": 300000,
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": 100000,
        },
    )
    assert cgroups.read(tmp_path) == Limits(3 * GIB, 2 * GIB, 3.0)


def test_a_group_outside_of_what_is_mounted_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"proc/self/cgroup": "0::/../other", "sys/fs/other/memory.max": 1, "sys/fs/cgroup/x": ""})
    assert cgroups.read(tmp_path) == Limits()


@pytest.mark.parametrize("content", ["", "nonsense", "0::", "4:memory", "0::/a\x00b", "::::"])
def test_nonsense_is_no_limit(tmp_path: Path, content: str) -> None:
    files = {"memory.max": content or " ", "memory.current": "x", "memory.stat": "a b c\nd", "cpu.max": "x y z"}
    write(tmp_path, {"proc/self/cgroup": content} | {f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert cgroups.read(tmp_path) == Limits()


def test_a_limit_above_the_machine_is_none(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/memory.max": 512 * GIB,
            "sys/fs/cgroup/memory.current": GIB,
            "sys/fs/cgroup/cpu.max": "6400000 100000",
        },
    )
    assert MainMemory(tmp_path).read() == Memory(MemoryKind.SYSTEM, 64 * GIB, 24 * GIB, source=BudgetSource.SYSTEM)
    assert physical_cores(tmp_path, allowed=()) == 8


def test_less_than_a_core_is_one(tmp_path: Path) -> None:
    write(tmp_path, {"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": "50000 100000"})
    assert physical_cores(tmp_path, allowed=()) == 1


def test_only_the_cores_on_which_the_panel_may_run_count(tmp_path: Path) -> None:
    topology = "sys/devices/system/cpu/cpu{0}/topology/thread_siblings_list"
    write(tmp_path, {topology.format(cpu): f"{cpu % 8},{cpu % 8 + 8}" for cpu in range(16)})
    assert physical_cores(tmp_path, allowed=range(16)) == 8
    assert physical_cores(tmp_path, allowed={0, 1, 8, 9}) == 2
    assert physical_cores(tmp_path, allowed={3}) == 1


def test_where_the_system_does_not_tell_what_a_core_is_each_processor_is_one(tmp_path: Path) -> None:
    assert physical_cores(tmp_path, allowed={0, 1, 2}) == 3
    assert physical_cores(tmp_path, allowed=range(16)) == 8
