"""Builds the Debian package, in the environment and with the tools that `build.py` provides."""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from build_bundle import BUILD, elf_files, make_bundle
from build_components import components, license_files
from build_deb_checks import check
from build_deb_texts import PACKAGE, changelog, control, copyright_file
from build_manual import manual
from dev_python import ROOT
from dev_steps import StepError, answer, say, status_of, succeeds
from ollama_panel import __version__
from ollama_panel.cli import arguments
from ollama_panel.desktop import freedesktop

TREE = BUILD / "deb"
OWN = Path("usr/lib") / PACKAGE
DOCUMENTS = Path("usr/share/doc") / PACKAGE
FILES = ROOT / "packaging" / "debian"

OPTIONAL = "libqgtk3.so"
"""A plugin that Qt leaves out where its libraries are missing: the package does not depend on them."""


def source_epoch() -> int:
    """Return when the source was changed last, in seconds since 1970: all times in the package (SOURCE_DATE_EPOCH)."""
    told = os.environ.get("SOURCE_DATE_EPOCH") or answer(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"])
    return int(told or (ROOT / "CHANGELOG.md").stat().st_mtime)


def build() -> Path:
    """Build the package in `dist` and return its path. Raises StepError if a step fails."""
    epoch = source_epoch()
    architecture = answer(["dpkg", "--print-architecture"])
    if not architecture:
        raise StepError("dpkg does not tell this machine's architecture.", code=1)
    bundle = make_bundle(epoch)
    say("collecting the package")
    shutil.rmtree(TREE, ignore_errors=True)
    (TREE / "DEBIAN").mkdir(parents=True)
    shutil.copytree(bundle, TREE / OWN, symlinks=True)
    (TREE / "usr/bin").mkdir()
    (TREE / "usr/bin" / PACKAGE).symlink_to(f"../lib/{PACKAGE}/{PACKAGE}")
    _write_desktop_files()
    _write_documents(epoch)
    _set_modes()
    size = sum(path.lstat().st_size for path in TREE.rglob("*") if not path.is_dir())
    text = control(__version__, architecture, -(-size // 1024), _dependencies())
    _write("DEBIAN/control", text)
    _set_times(epoch)
    target = ROOT / "dist" / f"{PACKAGE}_{__version__}_{architecture}.deb"
    target.parent.mkdir(exist_ok=True)
    say("packing the package with dpkg-deb")
    packed = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(TREE), str(target)]
    if not succeeds(packed, {"SOURCE_DATE_EPOCH": str(epoch)}):
        raise StepError("dpkg-deb failed; see its message above.", code=1)
    return target


def _write_desktop_files() -> None:
    _write(f"usr/share/applications/{freedesktop.DESKTOP_FILE}", freedesktop.menu_entry([f"/usr/bin/{PACKAGE}"]))
    _write(f"usr/share/metainfo/{freedesktop.METAINFO_FILE}", freedesktop.metainfo())
    for name, content in freedesktop.icons():
        _write(f"usr/share/icons/{name}", content)
    unit = FILES / "ollama-panel.service"
    _write(f"usr/lib/systemd/user/{unit.name}", unit.read_bytes())


def _write_documents(epoch: int) -> None:
    day = answer(["date", "--utc", "--date", f"@{epoch}", "+%Y-%m-%d"]) or ""
    for name, page in manual(arguments.parser(), __version__, day):
        _write(f"usr/share/man/man1/{name}.1.gz", _zipped(page))
    _write(DOCUMENTS / "changelog.gz", _zipped(changelog(__version__, epoch)))
    _write(DOCUMENTS / "CHANGELOG.md.gz", _zipped((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    _write(DOCUMENTS / "copyright", copyright_file((ROOT / "LICENSE").read_text(encoding="utf-8"), components()))
    for project, path in license_files():
        _write(DOCUMENTS / "licenses" / project / path.name, path.read_bytes())
    _write(f"usr/share/lintian/overrides/{PACKAGE}", (FILES / "lintian-overrides").read_bytes())


def _dependencies() -> str:
    """Return the packages that hold the libraries of the bundle. Raises StepError if one is not installed here."""
    say("asking dpkg-shlibdeps which packages the bundle needs")
    work = BUILD / "shlibdeps"
    (work / "debian").mkdir(parents=True, exist_ok=True)
    (work / "debian/control").write_text(f"Source: {PACKAGE}\n\nPackage: {PACKAGE}\nArchitecture: any\n", "utf-8")
    files = [f"-e{path}" for path in elf_files(TREE / OWN) if path.name != OPTIONAL]
    command = ["dpkg-shlibdeps", "-O", f"-S{TREE}", "--warnings=0", *files]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepError(f"dpkg-shlibdeps failed:\n{done.stderr.strip()}", code=1)
    return done.stdout.strip().removeprefix("shlibs:Depends=")


def _write(name: str | Path, content: str | bytes) -> None:
    path = TREE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _zipped(text: str) -> bytes:
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _set_modes() -> None:
    """Let the modes not depend on the umask, and only programs be executable."""
    for path in TREE.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == TREE / OWN / PACKAGE else 0o644)


def _set_times(epoch: int) -> None:
    for path in (TREE, *TREE.rglob("*")):
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def build_and_check() -> int:
    """Build the package and check it; return the exit status. Raises StepError if it cannot be built or used."""
    check(build(), TREE)
    return 0


if __name__ == "__main__":
    sys.exit(status_of(build_and_check))
