"""Checks of the finished Debian package: its sizes, and what Debian's and freedesktop.org's tools say of it."""

import shutil
from pathlib import Path

from dev_steps import StepError, say, succeeds

MAX_FILE_MB = 75.0
MAX_INSTALLED_MB = 215.0
"""Millions of bytes."""


def check(package: Path, tree: Path) -> None:
    """Print the sizes, and run the checking tools that are installed. Raises StepError if anything is wrong."""
    file = package.stat().st_size / 1e6
    installed = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) / 1e6
    wrong = [problem for problem in (too_large("file", file, MAX_FILE_MB),) if problem]
    if problem := too_large("installed package", installed, MAX_INSTALLED_MB):
        wrong.append(problem)
    for command in commands(package, tree):
        if shutil.which(command[0]) is None:
            say(f"not checked with {command[0]}, which is not installed")
        elif succeeds(command):
            say(f"{command[0]}: nothing to object to")
        else:
            wrong.append(f"{command[0]} objects")
    if wrong:
        raise StepError(f"The package is not fit to be used: {'; '.join(wrong)}.", code=1)
    say(f"{package.name}: {file:.0f} MB, {installed:.0f} MB when installed")
    print(f"\nInstall it with:\n\n    sudo apt install --reinstall {package}\n")


def too_large(what: str, size: float, limit: float) -> str:
    """Return what is wrong with a size in MB, "" if it is within the limit."""
    return f"the {what} has {size:.0f} MB, more than {limit:.0f}" if size > limit else ""


def commands(package: Path, tree: Path) -> list[list[str]]:
    """Return the commands of the checking tools; each succeeds if nothing is wrong."""
    share = tree / "usr/share"
    (entry,) = (share / "applications").glob("*.desktop")
    (metainfo,) = (share / "metainfo").glob("*.xml")
    return [
        ["lintian", "--fail-on", "error", "--tag-display-limit", "0", str(package)],
        ["desktop-file-validate", str(entry)],
        ["appstreamcli", "validate", "--no-net", str(metainfo)],
        ["man", "--warnings", "--local-file", str(share / "man/man1/ollama-panel.1.gz")],
    ]
