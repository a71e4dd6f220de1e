"""Installs the tools that judge exports: those that read such files where they are installed, and checkers of grammars.

    python3 packaging/tools.py               install what is missing
    python3 packaging/tools.py --list        say which are there

The tests need none of them: a test whose tool is missing skips, and the first lines of pytest say which are there.
Programs come with apt, as root or by sudo without a password; what Debian has not, or not yet, is put into `.tools`,
and libraries of Python into `.venv`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dev_python import ROOT, VENV, venv_program
from dev_steps import StepError, answer, say, status_of, succeeds
from dev_system import as_root, has_apt, install

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ROOT / ".tools"
BIN = FOLDER / "bin"
_APT = FOLDER / "apt"
SYSTEM_PROGRAMS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where Debian has programs that are not on everybody's PATH."""

NEXT_DEBIAN = "trixie"
"""The release that is the first of Debian with quadlet, which is in Podman 4.4 and later, and with Docker Compose 2."""


class Tool(NamedTuple):
    """A tool: its program, or the module of a `library`; what it judges, and where it is from.

    `package` is Debian's, of several with `|` the first that a release has; `module` is one of Go; `unpacked` is a
    package of `NEXT_DEBIAN` that has it at the path `inside`; `repository` and `tag` are of Git. `service`: the unit
    that Debian starts with the package, and that nobody has asked for here.
    """

    program: str
    judges: str
    package: str = ""
    module: str = ""
    library: str = ""
    unpacked: str = ""
    inside: str = ""
    repository: str = ""
    tag: str = ""
    service: str = ""

    @property
    def source(self) -> str:
        """Where it is from, in words."""
        if self.library:
            return f"pip install {self.library}"
        if self.repository:
            return f"{self.repository}, {self.tag}"
        if self.module:
            return f"go install {self.module}"
        return (
            f"apt install {self.package.replace('|', ' or ')}"
            if self.package
            else f"from {self.unpacked} of Debian {NEXT_DEBIAN}"
        )


TOOLS = (
    Tool("systemd-analyze", "units and drop-ins of systemd", "systemd"),
    Tool("dash", "scripts of sh", "dash"),
    Tool("shellcheck", "scripts of sh", "shellcheck"),
    Tool("fish", "scripts of fish", "fish"),
    Tool("jq", "JSON", "jq"),
    Tool("plistutil", "property lists of launchd", "libplist-utils"),
    Tool("ruby", "Homebrew's files of variables, read as Homebrew does", "ruby"),
    Tool("nix-instantiate", "modules of NixOS", "nix-bin"),
    Tool("ansible-playbook", "playbooks of Ansible", "ansible-core"),
    Tool("tree_sitter", "scripts of PowerShell, with its grammar", library="tree-sitter"),
    Tool("tree_sitter_powershell", "scripts of PowerShell", library="tree-sitter-powershell"),
    Tool(
        "docker-compose",
        "files of Docker Compose",
        unpacked="docker-compose",
        inside="usr/libexec/docker/cli-plugins/docker-compose",
    ),
    Tool("quadlet", "units of Podman", unpacked="podman", inside="usr/libexec/podman/quadlet"),
    Tool("kustomize", "lists of Kubernetes", module="sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"),
    Tool("kubernetes-validate", "objects of Kubernetes, without a network", library="kubernetes-validate"),
    Tool("helm", "charts", module="helm.sh/helm/v3/cmd/helm@v3.18.6"),
    Tool(
        "ollama-helm",
        "the chart that the values are for",
        repository="https://github.com/otwld/ollama-helm",
        tag="ollama-1.77.0",
    ),
    Tool("docker", "scripts of docker run, against a stand-in of its server", "docker-cli|docker.io"),
    Tool("nginx", "files of nginx", "nginx-light", service="nginx.service"),
    Tool("haproxy", "files of HAProxy", "haproxy", service="haproxy.service"),
    Tool("sshd", "settings that are applied over SSH, to this machine", "openssh-server", service="ssh.service"),
)


def found(tool: Tool) -> bool:
    """Return whether a tool is there."""
    if tool.library:
        return _has_module(tool.program.replace("-", "_"))
    if tool.repository:
        return (FOLDER / tool.program).is_dir()
    if tool.unpacked:
        return (BIN / tool.program).is_file()  # the system's own may be the older one
    return shutil.which(tool.program, path=search_path()) is not None


def _has_module(name: str) -> bool:
    """Return whether Python has a module: the one that runs this, as the tests do, or that of the environment."""
    if importlib.util.find_spec(name) is not None:
        return True
    return answer([venv_program(VENV, "python"), "-c", f"import {name}"]) is not None


def search_path() -> str:
    """Return where programs are looked for: in `.tools`, on PATH, in the folders of the system, and in `.venv`."""
    last = str(Path(venv_program(VENV, "x")).parent)
    return os.pathsep.join((str(BIN), os.environ.get("PATH", os.defpath), *SYSTEM_PROGRAMS, last))


def summary() -> str:
    """Return which tools are there, and which are not, in one or two lines."""
    here = [tool.program for tool in TOOLS if found(tool)]
    missing = [tool.program for tool in TOOLS if tool.program not in here]
    lines = [f"tools that judge exports: {', '.join(here) or 'none'}"]
    return "\n".join([*lines, f"not here (python3 packaging/tools.py): {', '.join(missing)}"] if missing else lines)


def listed() -> int:
    """Print every tool; return 0 if all are there, else 1."""
    width = max(len(tool.program) for tool in TOOLS)
    for tool in TOOLS:
        print(f"{'there  ' if found(tool) else 'missing'}  {tool.program:{width}}  {tool.judges}  ({tool.source})")
    return 0 if all(map(found, TOOLS)) else 1


def install_missing() -> int:
    """Install what is missing; what cannot be installed here is told, and is no reason not to install the others."""
    missing = [tool for tool in TOOLS if not found(tool)]
    problems = list[str]()
    for step in (_with_apt, _libraries, _go, _clone, _unpack):
        try:
            step(missing)
        except StepError as problem:
            problems.append(str(problem))
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    print(summary())
    return 1 if problems else 0


def _with_apt(tools: Sequence[Tool]) -> None:
    """Install Debian's packages, and stop the services that Debian starts with them."""
    wanted = [tool for tool in tools if tool.package]
    if not wanted:
        return
    if not has_apt():
        names = ", ".join(tool.program for tool in wanted)
        raise StepError(f"There is no apt here: install {names} as your system does it.")
    install([_package(tool) for tool in wanted])
    units = [tool.service for tool in wanted if tool.service]
    if units and Path("/run/systemd/system").is_dir():
        say(f"stopping what was started with them: {' '.join(units)}")
        succeeds([*(as_root() or []), "systemctl", "disable", "--now", *units])


def _package(tool: Tool) -> str:
    """Return the first package with the tool that this release has; the last if apt knows none."""
    *earlier, last = tool.package.split("|")
    return next((name for name in earlier if answer(["apt-cache", "show", name]) is not None), last)


def _libraries(tools: Sequence[Tool]) -> None:
    wanted = [tool.library for tool in tools if tool.library]
    if not wanted:
        return
    say(f"installing into {VENV.name}: {' '.join(wanted)}")
    python = venv_program(VENV, "python")
    uv = shutil.which("uv")
    installer = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    if not succeeds([*installer, "--quiet", *wanted]):
        raise StepError(f"{' '.join(wanted)} cannot be installed into {VENV.name}; see the message above.", code=1)


def _go(tools: Sequence[Tool]) -> None:
    wanted = [tool for tool in tools if tool.module]
    if wanted and shutil.which("go") is None:
        names = ", ".join(tool.program for tool in wanted)
        raise StepError(f"{names} must be built with Go, which is not here: install it, or the program itself.")
    for tool in wanted:
        say(f"building {tool.program} from {tool.module}: some minutes")
        if not succeeds(["go", "install", tool.module], env={"GOBIN": str(BIN)}):
            raise StepError(f"{tool.program} cannot be built; see the message above.", code=1)


def _clone(tools: Sequence[Tool]) -> None:
    for tool in (one for one in tools if one.repository):
        say(f"fetching {tool.program} from {tool.repository}")
        command = ["git", "clone", "--quiet", "--depth", "1", "--branch", tool.tag, tool.repository]
        if not succeeds([*command, str(FOLDER / tool.program)]):
            raise StepError(f"{tool.program} cannot be fetched; see the message above.", code=1)


def _unpack(tools: Sequence[Tool]) -> None:
    """Take programs out of packages of a newer Debian, which are not installed."""
    wanted = [tool for tool in tools if tool.unpacked]
    if not wanted:
        return
    apt = ["apt-get", *_options_of_next_debian()]
    say(f"reading what Debian {NEXT_DEBIAN} has")
    if not succeeds([*apt, "update"]):
        raise StepError(f"The lists of Debian {NEXT_DEBIAN} cannot be read; see the message above.", code=1)
    BIN.mkdir(parents=True, exist_ok=True)
    for tool in wanted:
        say(f"taking {tool.program} out of its package {tool.unpacked}")
        if not _download([*apt, "download", tool.unpacked]):
            raise StepError(
                f"{tool.unpacked} of Debian {NEXT_DEBIAN} cannot be fetched; see the message above.", code=1
            )
        folder = FOLDER / tool.unpacked
        for archive in FOLDER.glob(f"{tool.unpacked}_*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
            archive.unlink()
        shutil.copy(folder / tool.inside, BIN / tool.program)
        shutil.rmtree(folder)
    shutil.rmtree(_APT)


def _download(command: Sequence[str]) -> bool:
    """Run apt in the folder of the tools, where it puts what it fetches."""
    return subprocess.run(command, cwd=FOLDER, check=False).returncode == 0


def _options_of_next_debian() -> list[str]:
    """Return options that let apt read another release, from where this machine fetches its own, and change nothing.

    Raises StepError if this is no Debian.
    """
    told = answer(["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(COMPONENT)", "Identifier: Packages"])
    sites = [line.split() for line in (told or "").splitlines()]
    site = next((words[0] for words in sites if words[1:] == ["Debian", "main"] and "security" not in words[0]), None)
    if site is None:
        raise StepError("This is no Debian: install Podman 4.4 or newer, which brings quadlet, and Docker Compose 2.")
    for folder in ("lists/partial", "cache/archives/partial"):
        (_APT / folder).mkdir(parents=True, exist_ok=True)
    (_APT / "status").touch()
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (_APT / "sources.list").write_text(f"deb [signed-by={key}] {site} {NEXT_DEBIAN} main\n", encoding="utf-8")
    options = {
        "Dir::Etc::sourcelist": _APT / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State": _APT,
        "Dir::State::status": _APT / "status",
        "Dir::Cache": _APT / "cache",
        "APT::Sandbox::User": "root",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    if not arguments:
        return status_of(install_missing)
    if list(arguments) == ["--list"]:
        return listed()
    print(__doc__)
    return 0 if set(arguments) & {"-h", "--help"} else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
