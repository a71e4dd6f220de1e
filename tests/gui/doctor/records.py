"""Hand-made records of the doctor: findings of each level and kind of fix, checks, and what was mended before."""

import msgspec

from ollama_panel.core.applying.record import (
    Action,
    ActionKind,
    Applying,
    ApplyStage,
    FileChange,
    FileState,
    Proof,
    ProofSource,
    ProofState,
)
from ollama_panel.core.findings import (
    Area,
    BundleFile,
    ChangeSettings,
    CheckResult,
    CheckState,
    DoctorRecord,
    EditFiles,
    Evidence,
    Finding,
    FixPlan,
    Ignored,
    Mended,
    Remedy,
    Report,
    RunCommands,
    UseRemedy,
)
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools, Notice, notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.takeover import StepState

OVERRIDE = "/etc/systemd/system/ollama.service.d/override.conf"
BEFORE = 'Environment="OLLAMA_NUM_PARALLEL=4"\n[Service]\nEnvironment="OLLAMA_FLASH_ATTENTION=1"\n'
AFTER = '[Service]\nEnvironment="OLLAMA_FLASH_ATTENTION=1"\nEnvironment="OLLAMA_NUM_PARALLEL=4"\n'
WRITTEN_AT = 1_763_600_000.0
"""A day of November 2025, in Unix time."""


def at_level(told: Notice, level: Level) -> Notice:
    return msgspec.structs.replace(told, level=level)


def said(text: str, level: Level = Level.INFO) -> Notice:
    """Return a notice of any words, for what has no template yet."""
    first, _, then = text.partition(" ")
    return at_level(notice("joined", first=first, then=then), level)


WRONG_SECTION = Finding(
    "settings.outside_section:ollama.service",
    "settings.outside_section",
    Area.SETTINGS,
    said("Parallel is set to 4, but Ollama runs with 1", Level.ERROR),
    said("The line stands before [Service], and systemd does not read it there. So setting it changed nothing."),
    (
        Evidence('Environment="OLLAMA_NUM_PARALLEL=4"', OVERRIDE, 1),
        Evidence("--parallel 1", "runner 7240"),
    ),
    EditFiles(((OVERRIDE, BEFORE, AFTER),), "systemd", "ollama.service", False, {"OLLAMA_NUM_PARALLEL": "4"}),
)
PAST_THE_QUEUE = Finding(
    "alert.bypass.seen",
    "requests.past",
    Area.REQUESTS,
    said("rag-indexer goes past the queue", Level.WARNING),
    said("It talks to Ollama directly, so open-webui cannot be put before it."),
    (Evidence("24 connections to 127.0.0.1:11434", "process 4121"),),
    UseRemedy(Remedy.CONNECT),
)
NO_GAIN = Finding(
    "parallel.serial:embedding",
    "parallel.serial",
    Area.MODELS,
    said("Parallel 8 brings nothing for nomic-embed-text", Level.WARNING),
    said("Ollama runs embedding models one at a time. More workers help: 2 gave 84 texts/s, 1 gave 43."),
    (Evidence("embedding pool: wanted 8, in force 1"),),
    ChangeSettings(ChangePools((PoolName("embedding"),), parallel=1, workers=2)),
)
FOLKLORE = Finding(
    "settings.folklore:OLLAMA_GPU_LAYERS",
    "settings.folklore",
    Area.SETTINGS,
    said("OLLAMA_GPU_LAYERS is not a setting of Ollama"),
    said("Many guides name it, but Ollama does not read it. To limit layers, set num_gpu in a request."),
    (Evidence("OLLAMA_GPU_LAYERS=40", "~/stack/docker-compose.yml", 9),),
    EditFiles(
        (
            (
                "/home/alice/stack/docker-compose.yml",
                "services:\n  ollama:\n    image: ollama/ollama\n    environment:\n      - OLLAMA_GPU_LAYERS=40\n"
                "      - OLLAMA_NUM_PARALLEL=2\n",
                "services:\n  ollama:\n    image: ollama/ollama\n    environment:\n      - OLLAMA_NUM_PARALLEL=2\n",
            ),
        ),
        "compose",
        "ollama",
    ),
    said("Remove the line"),
)
TAKEN_PORT = Finding(
    "network.exposed",
    "network.exposed",
    Area.NETWORK,
    said("Everybody in the network can use Ollama without a key", Level.ERROR),
    said("It listens on 0.0.0.0:11434, and nothing before it asks for a key."),
    (Evidence("LISTEN 0.0.0.0:11434", "process 812"), Evidence("OLLAMA_HOST=0.0.0.0", "/etc/environment", 4)),
    RunCommands(("sudo systemctl disable --now ollama.socket", "sudo ss -ltnp 'sport = :11434'")),
)
BY_HAND = Finding(
    "settings.desktop_app",
    "settings.desktop_app",
    Area.SETTINGS,
    said("Docker on a Mac has no graphics card", Level.WARNING),
    said("Ollama in a container computes on the CPU there. Run Ollama.app beside Docker."),
    (Evidence("Docker Desktop 4.45, darwin/arm64"),),
    RunCommands(("brew install ollama", "brew services start ollama"), by_hand=True),
)
UNKNOWN_VERSION = Finding(
    "servers.version",
    "servers.version",
    Area.SERVERS,
    said("Ollama 0.33.0 is out"),
    said("This machine has 0.32.15."),
)
FINDINGS = (WRONG_SECTION, PAST_THE_QUEUE, NO_GAIN, FOLKLORE, UNKNOWN_VERSION)

_CHECKED = {
    Area.SERVERS: ("Version known", "Ports free", "No two fight", "Owner known", "All answer", "No other panel"),
    Area.GRAPHICS: ("Driver new", "All layers on it", "No throttling", "No integrated card", "Containers see it"),
    Area.MEMORY: ("Pools fit", "412 GiB free", "Clock is right", "No swap", "No container limits"),
    Area.MODELS: ("Folder readable", "One store", "No reload storms", "No serial models", "All complete", "All known"),
    Area.SETTINGS: ("Which of 4 places wins", "Units of numbers", "No unknown names", "Right sections", "No quotes"),
    Area.NETWORK: ("Only this machine", "No key is needed", "Origins known", "Port free"),
    Area.REQUESTS: ("0 of 1,204 failed", "No prompt was cut"),
}
CHECKS = (
    *(
        CheckResult(f"{area.value}.{number}", area, said(title), CheckState.WELL)
        for area, titles in _CHECKED.items()
        for number, title in enumerate(titles)
    ),
    *(CheckResult(one.check, one.area, one.told, CheckState.FOUND) for one in FINDINGS),
    CheckResult(
        "servers.log",
        Area.SERVERS,
        said("Server log"),
        CheckState.UNKNOWN,
        said("The journal of ollama.service is closed to alice: join the group systemd-journal."),
    ),
)
MENDED = (
    Mended("m3", "stores.unreadable", said("Models folder unreadable"), WRITTEN_AT, can_undo=True),
    Mended(
        "m2",
        "servers.two",
        said("Two servers on one card"),
        WRITTEN_AT - 100,
        Applying(
            "1", "systemd", "", ApplyStage.APPLIED, (FileChange("/etc/systemd/system/a.conf", FileState.CHANGED),)
        ),
        can_undo=True,
    ),
    Mended("m1", "network.port", said("Port 11435 was taken"), WRITTEN_AT - 9 * 86400, undone=True),
)
IGNORED = (Ignored(UNKNOWN_VERSION.id, UNKNOWN_VERSION.told, WRITTEN_AT),)
REPORT = Report(WRITTEN_AT, 1.2, findings=FINDINGS, checks=CHECKS)
RECORD = DoctorRecord(REPORT, IGNORED, MENDED)
WELL = DoctorRecord(
    Report(WRITTEN_AT, 0.8, checks=tuple(one for one in CHECKS if one.state is CheckState.WELL)), (), ()
)

CHANGE = FileChange(OVERRIDE, FileState.CHANGED, BEFORE, AFTER, root=True)
PLAN = FixPlan(
    "plan-1",
    WRONG_SECTION.id,
    (notice("apply.keeps", paths=(f"{OVERRIDE}.ollama-panel-1",)), notice("apply.goes_back")),
    (CHANGE,),
    (
        Action(ActionKind.BACKUP, said("Keep a copy"), (f"sudo cp {OVERRIDE} {OVERRIDE}.ollama-panel-1",), True),
        Action(ActionKind.WRITE, notice("apply.write", paths=(OVERRIDE,)), (f"sudo tee {OVERRIDE}",), True),
        Action(ActionKind.RELOAD, said("Let systemd read it"), ("sudo systemctl daemon-reload",), True),
        Action(ActionKind.RESTART, said("Restart ollama.service"), ("sudo systemctl restart ollama",), True),
    ),
    asks_password=True,
)
PROOF = Proof(
    "ollama.service",
    "OLLAMA_NUM_PARALLEL",
    "4",
    "4",
    ProofState.HOLDS,
    ProofSource.LOG,
    "server config env=map[OLLAMA_NUM_PARALLEL:4]",
)
DONE = Mended(
    "m4",
    WRONG_SECTION.id,
    WRONG_SECTION.told,
    WRITTEN_AT,
    Applying(
        "1",
        "systemd",
        "",
        ApplyStage.APPLIED,
        (CHANGE,),
        tuple(msgspec.structs.replace(one, state=StepState.DONE) for one in PLAN.actions),
        (PROOF,),
    ),
    can_undo=True,
)
BUNDLE = (
    BundleFile("report.txt", said("What was found"), "4 findings in 41 checks\n"),
    BundleFile("settings.json", said("The settings of the panel, without keys"), '{"pools": []}\n'),
    BundleFile("logs/ollama.log", said("The last lines of the server's log"), "level=INFO msg=listening\n"),
)
