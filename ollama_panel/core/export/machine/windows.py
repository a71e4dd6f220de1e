"""Export for Windows: PowerShell scripts that set the user's variables for Ollama's app, and a task per further worker.

Texts are in single quotes, in which only the quote itself is special; PowerShell takes the typographic ones for it, too
(about_Quoting_Rules). A task of the Task Scheduler has no variables of its own, so each worker has a script that sets
them and starts Ollama again when it ends. The scripts begin with a byte order mark: without it Windows PowerShell 5.1
reads them in the code page of the machine.
"""

import re
from collections.abc import Sequence

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Group, Step, Syntax, Target
from ollama_panel.core.export.meanings import meaning, without_panel
from ollama_panel.core.export.parts import commented, service_variables
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment import is_folder

TARGET = Target(
    "windows",
    Group.MACHINE,
    notice("export.windows.title"),
    notice("export.windows.summary"),
    frozenset({Aspect.VARIABLES, Aspect.WORKERS, Aspect.STORE, Aspect.RESTARTS}),
)

_FILE = "install-ollama-workers.ps1"
_FOLDER = "~/AppData/Local/OllamaPanel"
_BYTE_ORDER_MARK = "\ufeff"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_QUOTES = re.compile("['\u2018-\u201b]")
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_BLANK = re.compile(r"[ \t]")
_BEFORE_QUOTE = re.compile(r'(\\*)"')
_AT_END = re.compile(r"(\\+)\Z")
_USUAL_PROGRAM = "(Join-Path $env:LOCALAPPDATA 'Programs\\Ollama\\ollama.exe')"

_INSTALL = """\
param([switch]$Undo)
$ErrorActionPreference = 'Stop'
$folder = Join-Path $env:LOCALAPPDATA 'OllamaPanel'
$user = [Security.Principal.WindowsIdentity]::GetCurrent().Name
$tasks = '\\OllamaPanel\\'
$ollama = %(program)s
$variables = [ordered]@{
%(variables)s}
$workers = @(%(workers)s)

if (-not $Undo -and -not (Test-Path -LiteralPath $ollama)) {
    Write-Host %(no_program)s
    exit 1
}
Get-ScheduledTask -TaskPath $tasks -ErrorAction SilentlyContinue | ForEach-Object {
    Stop-ScheduledTask -InputObject $_
    Unregister-ScheduledTask -InputObject $_ -Confirm:$false
}
if ($Undo) {
    foreach ($one in $variables.GetEnumerator()) { [Environment]::SetEnvironmentVariable($one.Key, $null, 'User') }
    Write-Host %(undone)s
    exit 0
}

foreach ($one in $variables.GetEnumerator()) { [Environment]::SetEnvironmentVariable($one.Key, $one.Value, 'User') }

New-Item -ItemType Directory -Force -Path $folder | Out-Null
foreach ($worker in $workers) {
    $script = Join-Path $folder "$worker.ps1"
    Copy-Item -LiteralPath (Join-Path $PSScriptRoot "$worker.ps1") -Destination $script -Force
    $arguments = "-NoProfile -ExecutionPolicy Bypass -WindowStyle Hidden -File `"$script`""
    $settings = @{
        AllowStartIfOnBatteries = $true
        DontStopIfGoingOnBatteries = $true
        ExecutionTimeLimit = [TimeSpan]::Zero
        MultipleInstances = 'IgnoreNew'
    }
    $task = @{
        TaskName = $worker
        TaskPath = $tasks
        Action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments
        Trigger = New-ScheduledTaskTrigger -AtLogOn -User $user
        Settings = New-ScheduledTaskSettingsSet @settings
    }
    Register-ScheduledTask @task -Force | Out-Null
    Start-ScheduledTask -TaskPath $tasks -TaskName $worker
}
Write-Host %(done)s
"""

_WORKER = """\
%(variables)s
$ollama = %(program)s
$log = Join-Path $PSScriptRoot %(log)s
while ($true) {
    Start-Process -FilePath $ollama -ArgumentList %(arguments)s -NoNewWindow -Wait -RedirectStandardError $log
    Start-Sleep -Seconds 3
}
"""


def quoted(text: str) -> str:
    """Return text as one single-quoted word of PowerShell."""
    return f"'{_QUOTES.sub(lambda found: found[0] * 2, text)}'"


def render(deployment: Deployment) -> Export:
    """Return the script that installs, and one for each further worker; the app keeps its own address."""
    first, *further = deployment.instances
    workers = tuple(_file(f"{_name(one)}.ps1", _worker(one, first, deployment), _FOLDER) for one in further)
    files = (_file(_FILE, _install(first, further, deployment)), *workers)
    left_out = sorted({found for one in deployment.instances for found in _left_out(one)})
    notes = (
        *(notice("export.units.address", worker=one.id, url=one.url) for one in further),
        *(notice("export.windows.folder", name=name, path=path) for name, path in left_out),
    )
    return Export(files, _steps(further), notes)


def _steps(further: Sequence[InstanceSpec]) -> tuple[Step, ...]:
    run = f"powershell -ExecutionPolicy Bypass -File .\\{_FILE}"
    urls = ("http://127.0.0.1:11434", *(one.url for one in further))
    return (
        Step(notice("export.windows.copy")),
        Step(notice("export.windows.run"), run),
        Step(notice("export.windows.app")),
        Step(notice("export.windows.check"), "\n".join(f"curl.exe {url}/api/version" for url in urls)),
        *([Step(notice("export.windows.logs"), "dir $env:LOCALAPPDATA\\OllamaPanel\\*.log")] if further else ()),
        Step(notice("export.windows.undo"), f"{run} -Undo"),
    )


def _file(name: str, text: str, folder: str = "") -> ExportFile:
    return ExportFile(name, _BYTE_ORDER_MARK + text, Syntax.POWERSHELL, f"{folder}/{name}" if folder else "")


def _install(first: InstanceSpec, further: Sequence[InstanceSpec], deployment: Deployment) -> str:
    provenance = deployment.provenance
    values = {name: value for name, value in _environment(first).items() if name != "OLLAMA_HOST"}
    script = _INSTALL % {
        "program": _program(first),
        "variables": "".join(
            f"{_indented(meaning(name, provenance))}    {quoted(name)} = {quoted(value)}\n"
            for name, value in values.items()
        ),
        "workers": ", ".join(quoted(_name(one)) for one in further),
        "undone": _said(notice("export.windows.undone"), deployment),
        "no_program": _said(notice("export.windows.no_program"), deployment),
        "done": _said(notice("export.windows.done"), deployment),
    }
    about = f"# {provenance.line('export.windows.worker', worker=first.id)}\n"
    return f"{commented(deployment)}{about}{without_panel(provenance)}{script}"


def _worker(instance: InstanceSpec, first: InstanceSpec, deployment: Deployment) -> str:
    """Return the script of a further worker, in which a variable that only the app is to have is taken away."""
    provenance, values = deployment.provenance, _environment(instance)
    foreign = [name for name in _environment(first) if name.upper() not in map(str.upper, values)]
    lines = (
        *(f"{meaning(name, provenance)}$env:{name} = {quoted(value)}" for name, value in values.items()),
        *(f"$env:{name} = $null" for name in foreign),
    )
    script = _WORKER % {
        "variables": "\n".join(lines),
        "program": _program(instance),
        "log": quoted(f"{_name(instance)}.log"),
        "arguments": quoted(_arguments(instance)),
    }
    about = provenance.line("export.windows.task", worker=instance.id, url=instance.url)
    return f"{commented(deployment)}# {about}\n{script}"


def _environment(instance: InstanceSpec) -> dict[str, str]:
    """Return a worker's variables without folders that are none of Windows. Names that differ in case are refused."""
    values = service_variables(instance, _CONTROL, notice("export.windows.script"))
    seen = dict[str, str]()
    for name in values:
        if seen.setdefault(name.upper(), name) != name:
            raise PanelError(notice("export.windows.case", pool=instance.pool, names=(seen[name.upper()], name)))
    left_out = {name for name, _ in _left_out(instance)}
    return {name: value for name, value in values.items() if name not in left_out}


def _left_out(instance: InstanceSpec) -> list[tuple[str, str]]:
    folders = ((name, value) for name, value in instance.environment.items() if value and is_folder(name))
    return [(name, value) for name, value in folders if not _WINDOWS_PATH.match(value)]


def _program(instance: InstanceSpec) -> str:
    """Return the program as PowerShell has it: where Ollama's installer puts it, unless the settings name another."""
    if _CONTROL.search("".join(instance.argv)):
        raise PanelError(notice("export.windows.no_path", program=instance.argv[0]))
    return quoted(instance.argv[0]) if _WINDOWS_PATH.match(instance.argv[0]) else _USUAL_PROGRAM


def _arguments(instance: InstanceSpec) -> str:
    """Return the arguments as one line; those of a program of another system are not those of Ollama there."""
    return " ".join(map(argument, instance.argv[1:])) if _WINDOWS_PATH.match(instance.argv[0]) else "serve"


def argument(text: str) -> str:
    """Return text as one argument of a command line, as programs of Windows take it apart (CommandLineToArgvW)."""
    escaped = _BEFORE_QUOTE.sub(r'\1\1\\"', text)
    if text and not _BLANK.search(text):
        return escaped
    inside = _AT_END.sub(r"\1\1", escaped)
    return f'"{inside}"'


def _indented(line: str) -> str:
    return f"    {line}" if line else ""


def _said(told: Notice, deployment: Deployment) -> str:
    return quoted(deployment.provenance.words(told))


def _name(instance: InstanceSpec) -> str:
    return f"ollama-{instance.id}"
