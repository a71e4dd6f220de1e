"""The machine itself: its system, who asks, its memory, its clock, and the variables of the session."""

import re
from collections.abc import Iterable

import msgspec

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import MachineFacts
from ollama_panel.core.ollama.environment import may_be_read

MACHINE = r"""
uname -s | say system
printf '%s' "$as" | say rights
uname -m | say architecture
id -un | say user
id -Gn | say groups
printf '%s' "$HOME" | say home
date +%s | say now
{ limit 3 systemctl --user show-environment 2>/dev/null; env; } | say environment
if [ "$(uname -s)" = Darwin ]; then
    sw_vers -productVersion 2>/dev/null | say release
    sysctl hw.memsize hw.ncpu kern.boottime vm.swapusage 2>/dev/null | say sysctl
    vm_stat 2>/dev/null | say vm_stat
    exit 0
fi
uname -r | say release
nproc 2>/dev/null | say cores
cat /proc/meminfo 2>/dev/null | say meminfo
sed -n 's/^btime //p' /proc/stat 2>/dev/null | say booted
group=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
{
    while :; do
        cat "/sys/fs/cgroup$group/memory.max" 2>/dev/null
        case $group in ''|/) break ;; esac
        group=${group%/*}
    done
    cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null
} | say limits
"""
_UNLIMITED = 1 << 60
"""Version 1 of control groups writes "no limit" as the greatest multiple of a page, near 2^63."""
_MEMINFO = re.compile(r"^(\w+): +(\d+) kB$", re.MULTILINE)
_SYSCTL = re.compile(r"^([\w.]+): (.*)$", re.MULTILINE)
_BOOTTIME = re.compile(r"sec = (\d+)")
_SWAP = re.compile(r"used = ([\d.]+)([KMG])")
_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_PAGE = re.compile(r"page size of (\d+) bytes")
_AVAILABLE = re.compile(r"^Pages (?:free|inactive|speculative|purgeable): +(\d+)\.$", re.MULTILINE)


def machine_of(found: Iterable[Block]) -> MachineFacts:
    """Return what the script `MACHINE` has printed of the machine."""
    told = {one.name: one.text.strip() for one in found}
    system, release = told.get("system", ""), told.get("release", "")
    facts = dict[str, int | float | None]()
    if system == "Darwin":
        facts = _of_mac(told)
    else:
        memory = {name: int(size) << 10 for name, size in _MEMINFO.findall(told.get("meminfo", ""))}
        swap = memory.get("SwapTotal"), memory.get("SwapFree")
        limits = [int(line) for line in told.get("limits", "").split("\n") if line.isdecimal()]
        facts = {
            "cores": _number(told.get("cores", "")),
            "memory_total": memory.get("MemTotal"),
            "memory_available": memory.get("MemAvailable"),
            "swap_used": None if None in swap else (swap[0] or 0) - (swap[1] or 0),
            "memory_limit": min((one for one in limits if one < _UNLIMITED), default=None),
            "booted": _number(told.get("booted", "")),
        }
    known = MachineFacts(
        system=system,
        release=release,
        architecture=told.get("architecture", ""),
        user=told.get("user", ""),
        groups=tuple(told.get("groups", "").split()),
        home=told.get("home", ""),
        wsl="microsoft" in release.lower(),
    )
    return msgspec.structs.replace(known, **facts)


def _of_mac(told: dict[str, str]) -> dict[str, int | float | None]:
    values = dict(_SYSCTL.findall(told.get("sysctl", "")))
    boot, swap = _BOOTTIME.search(values.get("kern.boottime", "")), _SWAP.search(values.get("vm.swapusage", ""))
    page, pages = _PAGE.search(told.get("vm_stat", "")), _AVAILABLE.findall(told.get("vm_stat", ""))
    return {
        "cores": _number(values.get("hw.ncpu", "")),
        "memory_total": _number(values.get("hw.memsize", "")),
        "memory_available": int(page[1]) * sum(map(int, pages)) if page and pages else None,
        "swap_used": int(float(swap[1]) * _UNITS[swap[2]]) if swap else None,
        "booted": int(boot[1]) if boot else None,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def rights_of(found: Iterable[Block]) -> str:
    """Return what a command begins with that an administrator may run."""
    return next((one.text for one in found if one.name == "rights"), "")


def clock_of(found: Iterable[Block]) -> int | None:
    """Return what the clock of the machine shows, in Unix time."""
    return next((_number(one.text.strip()) for one in found if one.name == "now"), None)


def session_of(found: Iterable[Block]) -> dict[str, str]:
    """Return the variables of the user's session that Ollama, its runner or its clients read; the shell's own win."""
    text = next((one.text for one in found if one.name == "environment"), "")
    pairs = (line.partition("=")[::2] for line in text.split("\n") if "=" in line)
    return {name: value for name, value in pairs if may_be_read(name)}
