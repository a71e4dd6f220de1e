"""Which tools say whether the files of an export are in order, how they are asked, and what they have said.

Each tool is the one that reads such a file where it is installed, or that checks its grammar. None of them changes
anything, and none needs a network.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from ollama_panel.core.export.deployment import Export, ExportFile, Syntax
from ollama_panel.core.notices import Notice, notice

FOLDER = "{folder}"
"""What stands in arguments and variables for the folder in which the files lie while they are judged."""

LIMIT_S = 30.0
"""How long a tool may take. `ansible-playbook` needs 2 s on a slow machine; one that hangs must not be waited for."""

_MOST_SAID = 4000
_STUB = "#!/bin/sh\n"
_EXEC_START = re.compile(r'^ExecStart=("(?:[^"\\]|\\.)*"|\S+)', re.MULTILINE)
_UNITS = "etc/systemd/system"
_TARGETS = ("sysinit", "basic", "shutdown", "default", "multi-user", "network-online", "network")
_WHOLE_NGINX = re.compile(r"^\s*http\s*\{", re.MULTILINE)
_TEMPORARY = tuple(f'unknown directive "{name}_temp_path"' for name in ("fastcgi", "uwsgi", "scgi"))
"""What an nginx says that was built without these modules."""
_AROUND_NGINX = """\
error_log stderr;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    include "{folder}/{name}";
}}
"""
_POWERSHELL = """\
$errors = $null
foreach ($name in $args) {
    $path = Join-Path $PSScriptRoot $name
    $null = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$null, [ref]$errors)
    $errors | ForEach-Object { "$($name):$($_.Extent.StartLineNumber): $($_.Message)" }
    if ($errors) { exit 1 }
}
"""


class Outcome(Enum):
    """What came of asking a tool. MISSING: it is not installed here. SILENT: it did not end within `LIMIT_S`."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    MISSING = "missing"
    SILENT = "silent"


class Command(msgspec.Struct, frozen=True):
    """One way to ask a tool: `name` is how people know it, `program` is what it is called on PATH, or its whole path.

    It accepts the files if each of `runs`, lists of arguments, ends with status 0 and, if `quiet`, prints nothing. What
    prints one of the texts `lacking` is not the tool: an older version of it, or one without the part that judges.
    """

    name: str
    program: str
    runs: tuple[tuple[str, ...], ...]
    environment: Mapping[str, str] = {}
    quiet: bool = False
    lacking: tuple[str, ...] = ()


class Judge(msgspec.Struct, frozen=True):
    """A check of the files with the names `files`: by the first of `commands` that is there.

    `laid` lies in the folder meanwhile, and `added`, which the export has not and in which `FOLDER` is replaced.
    `package` is Debian's that has the tool.
    """

    commands: tuple[Command, ...]
    files: tuple[str, ...]
    laid: tuple[ExportFile, ...]
    package: str = ""
    added: tuple[ExportFile, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """What came of a judge: the tool by its name, what it printed (without the folder), and the files it looked at."""

    tool: str
    outcome: Outcome
    said: str = ""
    files: tuple[str, ...] = ()
    package: str = ""


def judges_of(target: str, export: Export) -> tuple[Judge, ...]:
    """Return who judges the export of a target; none if there is no tool for its files."""
    if (own := _BY_TARGET.get(target)) is not None:
        return tuple(own(export))
    return tuple(_by_syntax(export))


def words_of(printed: str, folder: str) -> str:
    """Return what a tool has printed as it is told: without the folder, and no longer than people read."""
    return printed.replace(f"{folder}/", "").replace(folder, ".").strip()[:_MOST_SAID]


def told(verdict: Verdict) -> Notice:
    """Return a verdict as one short line."""
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return notice("export.judged.accepted", tool=verdict.tool)
        case Outcome.REFUSED:
            return notice("export.judged.refused", tool=verdict.tool)
        case Outcome.SILENT:
            return notice("export.judged.silent", tool=verdict.tool, limit=LIMIT_S)
        case Outcome.MISSING:
            return notice("export.judged.missing", tool=verdict.tool)


def all_told(verdicts: Sequence[Verdict]) -> tuple[Notice, ...]:
    """Return what came of all judges of an export, a line for each."""
    return tuple(map(told, verdicts)) or (notice("export.judged.none"),)


def remedy(verdict: Verdict) -> Notice | None:
    """Return how a tool that is missing gets here, None if it is not or nobody knows."""
    if verdict.outcome is not Outcome.MISSING or not verdict.package:
        return None
    return notice("export.judged.install", tool=verdict.tool, package=verdict.package)


def _by_syntax(export: Export) -> Iterator[Judge]:
    """Yield the judges of files whose grammar says all about them."""
    units = _of(export, Syntax.INI)
    if units:
        yield _systemd(units)
    if scripts := _of(export, Syntax.SHELL):
        yield _each(scripts, "sh -n", "sh", ("-n",), "dash")
        yield _each(scripts, "shellcheck", "shellcheck", ("--norc", "--severity=warning"), "shellcheck")
    if scripts := _of(export, Syntax.FISH):
        yield _each(scripts, "fish -n", "fish", ("--no-config", "--no-execute"), "fish")
    if lists := _of(export, Syntax.XML):
        yield _plists(lists)
    if documents := _of(export, Syntax.JSON):
        yield _each(documents, "jq", "jq", ("empty",), "jq")
    if sources := _of(export, Syntax.NIX):
        arguments = ("--store", "dummy://", "--parse")
        yield _each(sources, "nix-instantiate --parse", "nix-instantiate", arguments, "nix-bin")
    if scripts := _of(export, Syntax.POWERSHELL):
        yield _powershell(scripts)
    if configurations := _of(export, Syntax.HAPROXY):
        yield _haproxy(configurations)
    if configurations := _of(export, Syntax.NGINX):
        yield _nginx(configurations)


def _of(export: Export, syntax: Syntax) -> tuple[ExportFile, ...]:
    return tuple(file for file in export.files if file.syntax is syntax)


def _each(files: tuple[ExportFile, ...], name: str, program: str, arguments: tuple[str, ...], package: str) -> Judge:
    """Return a judge that is asked about each file by itself."""
    runs = tuple((*arguments, f"{FOLDER}/{file.name}") for file in files)
    return Judge((Command(name, program, runs),), _names(files), files, package)


def _names(files: tuple[ExportFile, ...]) -> tuple[str, ...]:
    return tuple(file.name for file in files)


def _systemd(files: tuple[ExportFile, ...]) -> Judge:
    """Return the judge of units and drop-ins, which lie in a root of their own with what they refer to.

    Units of a user are judged as those of the system, whose grammar is the same: only these have `--root`.
    """
    laid = tuple(msgspec.structs.replace(file, name=f"{_UNITS}/{_in_manager(file)}") for file in files)
    dropped_into = {file.name.split(".d/")[0] for file in laid if ".d/" in file.name}
    units = dropped_into | {file.name for file in laid if ".d/" not in file.name}
    added = {f"{_UNITS}/{name}.target": "[Unit]\nDefaultDependencies=no\n" for name in _TARGETS}
    added |= dict.fromkeys(dropped_into - {file.name for file in laid}, "[Service]\nExecStart=/bin/true\n")
    texts = [*added.values(), *(file.text for file in files)]
    programs = sorted({_program(word) for text in texts for word in _EXEC_START.findall(text)})
    stubs = [_file(program.lstrip("/"), _STUB, executable=True) for program in programs]
    arguments = ("verify", f"--root={FOLDER}", "--man=no", *sorted(name.rpartition("/")[2] for name in units))
    lacking = ("unrecognized option", "only supported for")  # before systemd 250
    command = Command("systemd-analyze verify", "systemd-analyze", (arguments,), {}, quiet=True, lacking=lacking)
    added_files = (*(_file(name, text) for name, text in added.items()), *stubs)
    return Judge((command,), _names(files), laid, "systemd", added_files)


def _in_manager(file: ExportFile) -> str:
    """Return the path of a unit below the folder of units, from where it is installed."""
    folder, _, name = (file.place or file.name).rpartition("/")
    above = folder.rpartition("/")[2]
    return f"{above}/{name}" if above.endswith(".d") else name


def _program(word: str) -> str:
    """Return the path of a program from the first word of a command of systemd."""
    plain = re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word
    return plain.replace("%%", "%")


def _file(name: str, text: str, *, executable: bool = False) -> ExportFile:
    return ExportFile(name, text, Syntax.TEXT, executable=executable)


def _plists(files: tuple[ExportFile, ...]) -> Judge:
    """Return the judge of property lists: macOS's own tool, elsewhere that of libplist."""
    there = [f"{FOLDER}/{file.name}" for file in files]
    apple = Command("plutil -lint", "plutil", (("-lint", *there),))
    libplist = Command("plistutil", "plistutil", tuple(("-i", path, "-o", f"{FOLDER}/read") for path in there))
    return Judge((apple, libplist), _names(files), files, "libplist-utils")


def _powershell(files: tuple[ExportFile, ...]) -> Judge:
    script = _file("judge.ps1", _POWERSHELL)
    arguments = ("-NoProfile", "-NonInteractive", "-File", f"{FOLDER}/{script.name}", *_names(files))
    commands = tuple(Command("PowerShell", program, (arguments,)) for program in ("pwsh", "powershell"))
    return Judge(commands, _names(files), files, added=(script,))


def _haproxy(files: tuple[ExportFile, ...]) -> Judge:
    return _each(files, "haproxy -c", "haproxy", ("-c", "-f"), "haproxy")


def _nginx(files: tuple[ExportFile, ...]) -> Judge:
    """Return the judge of nginx's files, which may be whole or what is included into `http`.

    The folders of the system, which nginx makes on its first start, are root's.
    """
    added, runs = list[ExportFile](), list[tuple[str, ...]]()
    for file in files:
        whole = file
        if not _WHOLE_NGINX.search(file.text):
            whole = _file(f"around-{file.name.replace('/', '-')}", _AROUND_NGINX.format(folder=FOLDER, name=file.name))
            added.append(whole)
        runs.append(("-t", "-q", "-e", "stderr", "-p", FOLDER, "-c", f"{FOLDER}/{whole.name}"))
    return Judge(
        (Command("nginx -t", "nginx", tuple(runs), lacking=_TEMPORARY),), _names(files), files, "nginx", tuple(added)
    )


def _compose(export: Export) -> Iterator[Judge]:
    files = _of(export, Syntax.YAML)
    there = [f"{FOLDER}/{file.name}" for file in files]
    plugin = tuple(("compose", "-f", path, "config", "-q") for path in there)
    absent = ("unknown command", "docker command", "unknown shorthand flag")
    commands = (
        Command("docker compose config", "docker", plugin, lacking=absent),
        Command("docker-compose config", "docker-compose", tuple(arguments[1:] for arguments in plugin)),
    )
    yield Judge(commands, _names(files), export.files, "docker-compose")


def _quadlet(export: Export) -> Iterator[Judge]:
    """Yield Podman's generator; what it is called depends on the version, and no place of it is on PATH."""
    units = tuple(file for file in export.files if file.syntax is Syntax.INI)
    laid = tuple(msgspec.structs.replace(file, name=file.name.rpartition("/")[2]) for file in export.files)
    places = ("quadlet", "/usr/libexec/podman/quadlet", "/usr/lib/podman/quadlet")
    folder = {"QUADLET_UNIT_DIRS": FOLDER}
    commands = tuple(Command("quadlet --dryrun", place, (("--dryrun", "--no-kmsg-log"),), folder) for place in places)
    yield Judge(commands, _names(units), laid, "podman")


def _kubernetes(export: Export) -> Iterator[Judge]:
    lists = tuple(file for file in export.files if file.name.endswith("kustomization.yaml"))
    folders = [f"{FOLDER}/{file.name}".rpartition("/")[0] for file in lists]
    commands = (
        Command("kustomize build", "kustomize", tuple(("build", folder) for folder in folders)),
        Command("kubectl kustomize", "kubectl", tuple(("kustomize", folder) for folder in folders)),
    )
    yield Judge(commands, _names(export.files), export.files)
    if configurations := _of(export, Syntax.HAPROXY):
        yield _haproxy(configurations)


def _ansible(export: Export) -> Iterator[Judge]:
    """Yield the check of each playbook: a list of plays, which other files of the export are not."""
    playbooks = tuple(file for file in export.files if re.search(r"^-? *\"?hosts\"?:", file.text, re.MULTILINE))
    runs = tuple(("--syntax-check", "-i", "localhost,", f"{FOLDER}/{file.name}") for file in playbooks)
    own_settings = _file("ansible.cfg", "")  # 2.14 takes no other kind of file, such as /dev/null
    own = {"ANSIBLE_HOME": f"{FOLDER}/.ansible", "ANSIBLE_LOCAL_TEMP": f"{FOLDER}/.ansible/tmp", "HOME": FOLDER}
    own |= {
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_CONFIG": f"{FOLDER}/{own_settings.name}",
    }
    command = Command("ansible-playbook --syntax-check", "ansible-playbook", runs, own)
    yield Judge((command,), _names(playbooks), export.files, "ansible-core", (own_settings,))


_BY_TARGET = {
    "compose": _compose,
    "quadlet": _quadlet,
    "kubernetes": _kubernetes,
    "ansible": _ansible,
}
