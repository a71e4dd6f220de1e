"""The texts of the Debian package: its control file, changelog and copyright."""

import textwrap
from collections.abc import Iterable, Sequence
from email.utils import formatdate
from typing import NamedTuple

PACKAGE = "ollama-panel"
MAINTAINER = "Ollama Panel contributors <contributors@ollama-panel.invalid>"
"""Nobody publishes the package: it is built by whoever uses it. `.invalid` says that there is no such address."""

SUMMARY = "queue and control panel for local Ollama servers"
DESCRIPTION = (
    "One machine, one graphics card, one Ollama - and more than one client. Ollama Panel is a proxy with a queue in"
    " front of local Ollama servers: no request fails because others arrived first, a window shows what happens, and"
    " sliders decide how much runs at once.",
    "It also runs without a window, as a command or as a service of the user.",
)


class Component(NamedTuple):
    """A project that is part of the bundle: its name, its version and its licence, as its package tells them."""

    name: str
    version: str
    license: str


def control(version: str, architecture: str, installed_kib: int, depends: str) -> str:
    """Return the control file of a binary package (Debian Policy, chapter 5); `depends` are the packages it needs."""
    paragraphs = [textwrap.fill(text, 79, initial_indent=" ", subsequent_indent=" ") for text in DESCRIPTION]
    fields = {
        "Package": PACKAGE,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(installed_kib),
        "Depends": depends,
        "Recommends": "ca-certificates, xdg-utils",
        "Suggests": "fonts-noto-cjk, libgtk-3-0",
        "Section": "net",
        "Priority": "optional",
        "Description": f"{SUMMARY}\n" + "\n .\n".join(paragraphs),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def changelog(version: str, epoch: int) -> str:
    """Return Debian's changelog; `epoch` is when the source was changed last, in seconds since 1970."""
    return (
        f"{PACKAGE} ({version}) unstable; urgency=medium\n\n"
        f"  * Built from the source; CHANGELOG.md in this folder says what changed.\n\n"
        f" -- {MAINTAINER}  {formatdate(epoch)}\n"
    )


def copyright_file(own_license: str, components: Iterable[Component]) -> str:
    """Return the copyright file (DEP 5): the panel's licence, and those of the projects in the bundle."""
    holder = next(line for line in own_license.splitlines() if line.startswith("Copyright"))
    terms = own_license.split(holder, 1)[1].strip()
    return "\n\n".join(
        (
            "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
            "Upstream-Name: Ollama Panel\n"
            "Comment:\n"
            + _folded(
                "The folder /usr/lib/ollama-panel holds Python and libraries from PyPI beside the panel."
                f" Their licences, where they ship them, are in /usr/share/doc/{PACKAGE}/licenses."
                " PySide6, shiboken6 and Qt are used under the LGPL version 3, whose text is in"
                " /usr/share/common-licenses/LGPL-3: their libraries are files of their own, which may be replaced."
            )
            + "\n .\n"
            + "\n".join(f"  {one.name} {one.version}: {one.license}" for one in components),
            f"Files: *\n{holder.replace('Copyright', 'Copyright:', 1).replace('(c) ', '')}\nLicense: Expat",
            f"License: Expat\n{_paragraphs(terms.split(chr(10) * 2))}\n",
        )
    )


def _folded(text: str) -> str:
    return textwrap.fill(text, 79, initial_indent=" ", subsequent_indent=" ")


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n .\n".join(_folded(" ".join(text.split())) for text in texts)
