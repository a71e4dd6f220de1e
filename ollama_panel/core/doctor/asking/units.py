"""The units of systemd and the jobs of launchd that run Ollama, or are named as if they did."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.asking.sources import Named, words
from ollama_panel.core.doctor.facts import UnitFacts

_ENABLED = {"enabled": True, "enabled-runtime": True, "generated": True, "disabled": False, "masked": False}
_JOB = re.compile(r"^(\S+)\t(\S+)\t(.+)$")
_SAID_LINES = 8
_QUIET = frozenset({"active", "inactive"})


def units_of(
    shown: Iterable[tuple[str, Mapping[str, str]]], booted: float | None, named: Iterable[Named] = ()
) -> Iterator[UnitFacts]:
    """Yield the units that systemd knows, as `systemctl show` tells them; `booted` is when the machine was started.

    `named` are the files that are there: of the first drop-in in a new folder systemd (252) does not say that it needs
    to read it. `ActiveEnterTimestampMonotonic` is in microseconds since the start (org.freedesktop.systemd1(5)).
    """
    there = {one.unit: tuple(path for path in one.paths if ".service.d/" in path) for one in named}
    for manager, unit in shown:
        if unit.get("LoadState") == "not-found":
            continue
        active = unit.get("ActiveState") == "active"
        since = unit.get("ActiveEnterTimestampMonotonic", "")
        fragment, read = unit.get("FragmentPath", ""), words(unit.get("DropInPaths", ""))
        drop_ins = there.get(unit["Id"]) or tuple(read)
        yield UnitFacts(
            name=unit["Id"],
            user_unit=manager == "user",
            files=(*([fragment] if fragment else []), *drop_ins),
            state=unit.get("ActiveState", ""),
            pid=_number(unit.get("MainPID", "")),
            restarts=_number(unit.get("NRestarts", "")),
            stale=unit.get("NeedDaemonReload") == "yes" or set(drop_ins) != set(read),
            enabled=_ENABLED.get(unit.get("UnitFileState", "")),
            active_since=booted + int(since) / 1e6 if active and booted and since.isdecimal() and int(since) else None,
        )


def jobs_of(found: Iterable[Block], files: Mapping[str, str]) -> Iterator[UnitFacts]:
    """Yield the jobs of launchd that `launchctl list` has printed: process, last exit status, and label.

    `files` are the property lists by their labels.
    """
    text = next((one.text for one in found if one.name == "jobs"), "")
    listed = {match[3]: match for line in text.split("\n") if (match := _JOB.match(line)) is not None}
    for label in dict.fromkeys((*listed, *files)):
        job = listed.get(label)
        pid = _number(job[1]) if job else 0
        failed = job is not None and not pid and job[2] not in ("0", "-")
        state = "active" if pid else "failed" if failed else "inactive"
        path = files.get(label, "")
        yield UnitFacts(
            name=label,
            user_unit=not path.startswith("/Library/LaunchDaemons"),
            files=(path,) if path else (),
            state=state,
            pid=pid,
            enabled=label in listed if path else None,
        )


def said(units: Iterable[UnitFacts]) -> str:
    """Return the script that asks the journal for the last words of units that do not run as they should."""
    script = ""
    for one in units:
        if (one.state not in _QUIET or one.restarts) and one.name.endswith(".service"):
            option = "_SYSTEMD_USER_UNIT" if one.user_unit else "_SYSTEMD_UNIT"
            journal = f"journalctl --quiet --no-pager --output=cat --lines={_SAID_LINES}"
            name = shlex.quote(one.name)
            script += f"limit 3 $as {journal} {option}={name} 2>/dev/null | say said {name} {one.user_unit}\n"
    return script


def with_said(units: Iterable[UnitFacts], found: Iterable[Block]) -> tuple[UnitFacts, ...]:
    """Return the units with what the script `said` has printed."""
    told = {one.words: one.text for one in found if one.name == "said"}
    lines = {key: tuple(redact.text(line) for line in text.split("\n") if line.strip()) for key, text in told.items()}
    return tuple(msgspec.structs.replace(one, said=lines.get((one.name, str(one.user_unit)), ())) for one in units)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
