"""What the system lets this process and its children have: the limits of its control groups, on Linux.

A container, a systemd unit or a batch job has less memory and fewer cores than the machine; psutil tells the machine's.
Read here for both versions (kernel documentation `admin-guide/cgroup-v2.rst` and `cgroup-v1/memory.rst`), in the own
group and in all above it, because each of them limits. Own code: no library that is kept well does this.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

ROOT = Path("/")
_UNLIMITED = 1 << 60
"""Version 1 writes "no limit" as the greatest multiple of a page, near 2^63."""


class Limits(msgspec.Struct, frozen=True):
    """Bytes of memory in all and still available, and cores' worth of time; None = no limit."""

    memory: int | None = None
    available: int | None = None
    cores: float | None = None


def read(root: Path = ROOT) -> Limits:
    """Return the limits of this process; `root` is the folder that has its `proc` and `sys`."""
    memory, available, cores = list[int](), list[int](), list[float]()
    for group in groups(root, "memory"):
        limit = _memory_limit(group)
        if limit is not None:
            memory.append(limit)
            available.append(max(0, limit - _in_use(group)))
    for group in groups(root, "cpu"):
        quota = _quota(group)
        if quota is not None:
            cores.append(quota)
    return Limits(min(memory, default=None), min(available, default=None), min(cores, default=None))


def groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of the own group and of those above it that may limit what `controller` divides.

    In a container the path of a group may be the host's, of which only the mounted part is there.
    """
    for line in text(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        hierarchy = root / "sys/fs/cgroup"
        mounts = (
            [hierarchy / controllers, hierarchy / controller] if controllers else [hierarchy, hierarchy / "unified"]
        )
        for mount in dict.fromkeys(mounts):
            below = PurePosixPath(path.lstrip("/"))
            yield from (mount / group for group in (below, *below.parents) if ".." not in group.parts)


def _memory_limit(group: Path) -> int | None:
    """Return the limit of a group: of version 2 the lower of the hard one and of that from which it is slowed down.

    Version 1 also tells that of the groups above, which a container does not see.
    """
    found = [_number(group / name) for name in ("memory.max", "memory.high", "memory.limit_in_bytes")]
    found.append(_counts(group).get("hierarchical_memory_limit"))
    return min((limit for limit in found if limit is not None and limit < _UNLIMITED), default=None)


def _in_use(group: Path) -> int:
    """Return the bytes in use, without the files that the kernel drops first when memory is needed."""
    used = _number(group / "memory.current") or _number(group / "memory.usage_in_bytes") or 0
    counts = _counts(group)
    return max(0, used - counts.get("total_inactive_file", counts.get("inactive_file", 0)))


def _counts(group: Path) -> dict[str, int]:
    lines = (line.partition(" ") for line in text(group / "memory.stat").splitlines())
    return {name: int(value) for name, _, value in lines if value.isdecimal()}


def _quota(group: Path) -> float | None:
    quota, _, period = text(group / "cpu.max").strip().partition(" ")
    if not quota:
        quota, period = text(group / "cpu.cfs_quota_us").strip(), text(group / "cpu.cfs_period_us").strip()
    if quota.isdecimal() and period.isdecimal() and int(quota) and int(period):
        return int(quota) / int(period)
    return None


def _number(path: Path) -> int | None:
    number = text(path).strip()
    return int(number) if number.isdecimal() else None


def text(path: Path) -> str:
    """Return a file's text, "" if there is none: most systems have one version only, and macOS and Windows neither."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except (OSError, ValueError):
        return ""
