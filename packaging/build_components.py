"""The projects whose files are in the bundle, and their licences: those of the build's environment."""

import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from build_deb_texts import Component

_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")
_LICENSE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


def components() -> list[Component]:
    """Return the projects that are installed for the panel, itself left out, with Python and PyInstaller's program."""
    found = [
        Component(one.metadata["Name"], one.version, _license(one))
        for one in distributions()
        if one.metadata["Name"] != "ollama-panel"
    ]
    python = Component("Python", sys.version.split()[0], "PSF-2.0")
    bootloader = distribution("pyinstaller")
    loader = Component("PyInstaller's loader", bootloader.version, "GPL-2.0-or-later WITH Bootloader-exception")
    return sorted([*found, python, loader], key=lambda one: one.name.lower())


def license_files() -> Iterator[tuple[str, Path]]:
    """Yield the licences that the projects ship: the project's name, and the file."""
    for one in distributions():
        if one.metadata["Name"] == "ollama-panel":
            continue
        for file in one.files or ():
            path = Path(str(one.locate_file(file)))
            if ".dist-info" in str(file) and _LICENSE_FILE.match(path.name) and path.is_file():
                yield one.metadata["Name"], path
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():
        yield "Python", python


def distributions() -> list[Distribution]:
    """Return the panel and all that it requires, directly or not, as far as it is installed here."""
    found: dict[str, Distribution] = {}
    names = ["ollama-panel"]
    while names:
        name = names.pop()
        try:
            one = distribution(name)
        except PackageNotFoundError:  # required on other systems or by an extra
            continue
        if one.metadata["Name"] not in found:
            found[one.metadata["Name"]] = one
            names += [
                word[0] for text in one.requires or () if "extra ==" not in text and (word := _REQUIREMENT.match(text))
            ]
    return list(found.values())


def _license(one: Distribution) -> str:
    for field in ("License-Expression", "License"):
        if field in one.metadata and "\n" not in one.metadata[field]:
            return one.metadata[field]
    classifiers = (text for text in one.metadata.get_all("Classifier", []) if text.startswith("License ::"))
    return next((text.rpartition(":: ")[2] for text in classifiers), "see its licence")
