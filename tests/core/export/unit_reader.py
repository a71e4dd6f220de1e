"""Reads unit files: by systemd itself, where it is installed, and by a reader of their grammar."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

MANAGER = next((path for path in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if os.access(path, os.X_OK)), "")

needs_analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
needs_manager = pytest.mark.skipif(not MANAGER, reason="the systemd program is not installed")

_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


def verified(units: list[Path], *, user: bool = False) -> tuple[int, str]:
    """Return the verdict of systemd on units, without what it says about other units of this machine."""
    folder = units[0].parent
    child = subprocess.run(
        ["systemd-analyze", *(["--user"] if user else []), "verify", *map(str, units)],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:", "XDG_RUNTIME_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    places = [str(folder), *(unit.name for unit in units)]
    ours = [line for line in child.stderr.splitlines() if any(place in line for place in places)]
    return child.returncode, "\n".join(ours)


def as_systemd_reads_them(unit: Path) -> dict[str, str]:
    """Return a unit's variables from systemd's dump; its test mode refuses to run as root."""
    identity = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    dump = _dumped(unit, **identity)
    block = re.split(r"^\t?-> ", dump.split(f"-> Unit {unit.name}:\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    read = re.findall(r"^\t\tEnvironment: (.*(?:\n(?!\t\t).*)*)$", block, re.MULTILINE)
    return dict(line.split("=", 1) for line in read)


def _dumped(unit: Path, **identity: Any) -> str:
    """Return how systemd's test mode parsed a unit."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copy(unit, folder)
        child = subprocess.run(
            [MANAGER, "--test", "--system", f"--unit={unit.name}"],
            env={"PATH": os.environ["PATH"], "HOME": home, "SYSTEMD_UNIT_PATH": f"{folder}:"},
            cwd="/",
            capture_output=True,
            check=False,
            text=True,
            **identity,
        )
        return str(child.stdout)


def variables(text: str) -> dict[str, str]:
    """Return the variables of a unit, as systemd.syntax(7) and systemd.exec(5) have its lines read."""
    lines = re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
    return dict(word.split("=", 1) for line in lines for word in words(line))


def command(line: str) -> Sequence[str]:
    """Return the words of a command line, without quotes and C escapes; the specifiers of its own remain."""
    return tuple(word.replace("%%", "%") for word in _split(line))


def words(line: str) -> Sequence[str]:
    """Return the words of a field, without quotes, C escapes and doubled specifiers."""
    return tuple(without_specifiers(word) for word in _split(line))


def _split(line: str) -> Iterator[str]:
    word, quote, at = None, "", 0
    while at < len(line):
        sign = line[at]
        at += 1
        if sign == "\\":
            escaped, at = _unescaped(line, at)
            word = (word or "") + escaped
        elif quote and sign == quote:
            quote = ""
        elif not quote and sign in "\"'":
            word, quote = word or "", sign
        elif not quote and sign in " \t":
            if word is not None:
                yield word
            word = None
        else:
            word = (word or "") + sign
    assert not quote, "a quote is open at the end of the line"
    if word is not None:
        yield word


def _unescaped(line: str, at: int) -> tuple[str, int]:
    sign = line[at]
    if sign == "x":
        return chr(int(line[at + 1 : at + 3], 16)), at + 3
    return _ESCAPES.get(sign, sign), at + 1


def without_specifiers(word: str) -> str:
    """Return a word with `%` for `%%`; any other specifier would become something of the machine."""
    assert not re.search("%(?!%)", word.replace("%%", "")), word
    return word.replace("%%", "%")
