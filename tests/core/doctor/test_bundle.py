"""The support bundle: what is in it, and that no secret is."""

import io
import zipfile

import msgspec

from ollama_panel.core.doctor import bundle
from ollama_panel.core.doctor.facts import Facts, LogFacts, MachineFacts
from ollama_panel.core.findings import Area, DoctorRecord, EditFiles, Evidence, Finding, Report
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import ApiKey, Settings
from ollama_panel.core.sources.record import (
    Assignment,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
)

CANARY = "canary-77"
TEXT = f"HF_TOKEN={CANARY}\nOLLAMA_DEBUG=1\n"
PATH = "/home/ann/.config/ollama.env"
PLACE = Place(PATH, 1, f"HF_TOKEN={CANARY}")
READING = Reading(
    SourceKind.ENVIRONMENT_FILE,
    PATH,
    (ServerConfig(assignments=(Assignment("HF_TOKEN", CANARY, PLACE),), command=("serve", "--api-key", CANARY)),),
    mistakes=(Mistake("folklore", notice("doctor.not_looked"), PLACE, mended=TEXT),),
    source=Source(SourceKind.ENVIRONMENT_FILE, (TextFile(PATH, TEXT),)),
)
FACTS = Facts(
    machine=MachineFacts(home="/home/ann", release="6.8"),
    drivers={"NVIDIA": "580.65.06"},
    sources=(READING, READING),
    logs=(LogFacts(7, {"HF_TOKEN": CANARY}, (f"time=1 HF_TOKEN={CANARY} /home/ann/x",)),),
    environment={"OPENAI_API_KEY": CANARY, "OLLAMA_HOST": "127.0.0.1"},
)
FINDING = Finding(
    "a",
    "a",
    Area.SETTINGS,
    notice("doctor.not_looked"),
    evidence=(Evidence(f"HF_TOKEN={CANARY}", PATH, 1),),
    fix=EditFiles(((PATH, TEXT, TEXT),), wanted={"HF_TOKEN": CANARY}),
)
RECORD = DoctorRecord(Report(0.0, findings=(FINDING,)))


def made() -> dict[str, str]:
    settings = msgspec.structs.replace(
        Settings(), proxy=msgspec.structs.replace(Settings().proxy, api_keys=(ApiKey("a", CANARY),))
    )
    logs = {"panel.log": (f"GET http://ann:{CANARY}@127.0.0.1/",)}
    return {one.name: one.text for one in bundle.files_of(RECORD, FACTS, settings, logs, {"Ollama Panel": "1.0"})}


def test_it_has_all_that_helps_and_no_secret() -> None:
    files = made()
    assert list(files) == [
        *("report.txt", "report.json", "facts.json", "versions.txt", "settings.json"),
        *("sources/01-ollama.env", "logs/panel.log", "logs/server-7.log"),
    ]
    assert [name for name, text in files.items() if CANARY in text or "/home/ann" in text] == []
    assert files["sources/01-ollama.env"] == "HF_TOKEN=(hidden)\nOLLAMA_DEBUG=1\n"
    assert files["versions.txt"] == "Ollama Panel: 1.0\nSystem: Linux 6.8\nNVIDIA: 580.65.06\n"


def test_the_secrets_of_pools_are_in_no_log_however_they_are_quoted() -> None:
    pool = msgspec.structs.replace(Settings().pools[0], environment={"HF_TOKEN": CANARY})
    settings = msgspec.structs.replace(Settings(), pools=(pool,))
    facts = Facts(logs=(LogFacts(7, {}, (f"{CANARY} is refused",)),))
    logs = {"panel.log": (f"the token {CANARY} is not known",)}
    files = {one.name: one.text for one in bundle.files_of(DoctorRecord(), facts, settings, logs, {})}
    assert files["logs/panel.log"] == "the token (hidden) is not known\n"
    assert files["logs/server-7.log"] == "(hidden) is refused\n"


def test_its_facts_can_be_examined_again() -> None:
    facts = msgspec.json.decode(made()["facts.json"], type=Facts)
    assert (facts.drivers, facts.sources[0].kind) == (FACTS.drivers, SourceKind.ENVIRONMENT_FILE)
    assert facts.environment == {"OPENAI_API_KEY": "(hidden)", "OLLAMA_HOST": "127.0.0.1"}


def test_it_is_an_archive_with_one_folder() -> None:
    files = bundle.files_of(RECORD, FACTS, None, {}, {})
    with zipfile.ZipFile(io.BytesIO(bundle.archive(files, 0.0))) as packed:
        assert packed.namelist() == [f"{bundle.NAME}/{one.name}" for one in files]
        assert packed.read(f"{bundle.NAME}/versions.txt") == b"System: Linux 6.8\nNVIDIA: 580.65.06\n"
    assert bundle.file_name(0.0) == "ollama-panel-support-19700101-000000.zip"


def test_the_login_of_a_registry_in_the_name_of_a_model_is_hidden_and_a_digest_is_not() -> None:
    models = (f"registry.example/ann:{CANARY}@host:5000/m", "ollama/ollama:0.12@sha256:abcdef/x", "qwen3:8b")
    pools = (msgspec.structs.replace(Settings().pools[0], models=models),)
    settings = msgspec.structs.replace(Settings(), pools=pools)
    line = f"pulling ann:{CANARY}@host/m"
    files = {one.name: one.text for one in bundle.files_of(RECORD, FACTS, settings, {"panel.log": (line,)}, {})}
    assert files["logs/panel.log"] == "pulling (hidden)@host/m\n"
    assert "registry.example/(hidden)@host:5000/m" in files["settings.json"]
    assert models[1] in files["settings.json"]
    assert CANARY not in "".join(files.values())
