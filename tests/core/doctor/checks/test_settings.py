"""What was set against what servers run with."""

import msgspec
import pytest

from ollama_panel.core.doctor.checks.settings import CHECKS
from ollama_panel.core.doctor.facts import Facts, FileTime, LogFacts, MachineFacts, UnitFacts
from ollama_panel.core.findings import Finding, RunCommands
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Assignment, Fate, Place, Reading, ServerConfig, SourceKind

FOLDER = "/etc/systemd/system/ollama.service.d"
OVERRIDE, DEFAULTS = f"{FOLDER}/override.conf", "/etc/default/ollama"
SERVICE = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service")


def server(owner: Owner = SERVICE, **variables: str) -> FoundServer:
    return FoundServer("ollama.service", 1412, 1000.0, owner, version="0.32.15", variables=variables)


def reading(*assignments: Assignment, kind: SourceKind = SourceKind.SYSTEMD, name: str = "ollama.service") -> Reading:
    return Reading(kind, assignments[0].place.path, (ServerConfig(name, assignments),))


def sets(name: str, value: str, path: str = OVERRIDE, fate: Fate = Fate.TAKEN) -> Assignment:
    return Assignment(name, value, Place(path, 2, f"Environment={name}={value}"), fate)


def found(facts: Facts) -> dict[str, Finding]:
    return {one.id: one for check in CHECKS if check.blind(facts) is None for one in check.look(facts)}


def test_a_unit_that_systemd_has_not_read_again_is_read_and_restarted() -> None:
    unit = UnitFacts("ollama.service", stale=True, pid=1412)
    facts = Facts(servers=(server(),), units=(unit,), sources=(reading(sets("OLLAMA_NUM_PARALLEL", "4")),))
    (one,) = found(facts).values()
    assert one.id == "settings.stale-unit:ollama.service"
    assert one.fix == RunCommands(("sudo systemctl daemon-reload", "sudo systemctl restart ollama.service"))


def test_a_stale_unit_that_changes_no_variable_is_silent() -> None:
    unit = UnitFacts("ollama.service", stale=True, pid=1412)
    facts = Facts(
        servers=(server(OLLAMA_NUM_PARALLEL="4"),), units=(unit,), sources=(reading(sets("OLLAMA_NUM_PARALLEL", "4")),)
    )
    assert found(facts) == {}


def test_a_file_that_has_changed_since_the_start_asks_for_a_restart() -> None:
    facts = Facts(
        servers=(server(OLLAMA_NUM_PARALLEL="1"),),
        sources=(reading(sets("OLLAMA_NUM_PARALLEL", "4"), sets("OLLAMA_KEEP_ALIVE", "1h")),),
        times=(FileTime(OVERRIDE, 2000.0),),
    )
    (one,) = found(facts).values()
    assert one.id == "settings.restart:ollama.service"
    assert render(one.told) == "Ollama does not run with what is set: OLLAMA_NUM_PARALLEL and OLLAMA_KEEP_ALIVE."
    assert one.fix == RunCommands(("sudo systemctl daemon-reload", "sudo systemctl restart ollama.service"))


def test_a_server_that_tells_nothing_is_older_than_its_file_all_the_same() -> None:
    closed = msgspec.structs.replace(server(), variables=None)
    source = reading(sets("OLLAMA_NUM_PARALLEL", "4"))
    for modified, told in ((2000.0, ["settings.restart:ollama.service"]), (900.0, [])):
        facts = Facts(servers=(closed,), sources=(source,), times=(FileTime(OVERRIDE, modified),))
        assert list(found(facts)) == told


def test_a_program_that_was_started_before_a_value_was_set_is_opened_anew() -> None:
    one = reading(sets("OLLAMA_NUM_PARALLEL", "4", "HKCU"), kind=SourceKind.REGISTRY, name="")
    facts = Facts(servers=(server(Owner(OwnerKind.DESKTOP_APP)),), sources=(one,), machine=MachineFacts("Windows"))
    (only,) = found(facts).values()
    assert only.id == "settings.restart:ollama.service"
    assert isinstance(only.fix, RunCommands)
    assert only.fix.by_hand


def test_a_container_is_made_anew() -> None:
    one = reading(sets("OLLAMA_NUM_PARALLEL", "4", "/srv/compose.yaml"), kind=SourceKind.COMPOSE, name="ollama")
    facts = Facts(servers=(server(Owner(OwnerKind.DOCKER, "srv-ollama-1")),), sources=(one,))
    (only,) = found(facts).values()
    assert only.fix == RunCommands(("docker compose -f /srv/compose.yaml up -d",))


def test_two_files_that_contradict_each_other_are_told_with_the_one_that_counts() -> None:
    one = reading(sets("OLLAMA_NUM_PARALLEL", "4", fate=Fate.OVERRULED), sets("OLLAMA_NUM_PARALLEL", "2", DEFAULTS))
    facts = Facts(servers=(server(OLLAMA_NUM_PARALLEL="2"),), sources=(one,))
    (only,) = found(facts).values()
    assert render(only.told) == f"OLLAMA_NUM_PARALLEL is 2 in {DEFAULTS} and 4 in {OVERRIDE}: 2 counts."


def test_a_drop_in_that_overrules_its_unit_is_what_drop_ins_are_for() -> None:
    base = "/etc/systemd/system/ollama.service"
    one = reading(sets("OLLAMA_NUM_PARALLEL", "4", base, Fate.OVERRULED), sets("OLLAMA_NUM_PARALLEL", "2"))
    facts = Facts(servers=(server(OLLAMA_NUM_PARALLEL="2"),), sources=(one,))
    assert found(facts) == {}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("OLLAMA_GPU_OVERHEAD", "1024", True),
        ("OLLAMA_MODELS", "~/models", True),
        ("OLLAMA_GPU_LAYERS", "40", True),
        ("OLLAMA_NEW_ENGINE", "false", False),
        ("OLLAMA_DEBUG", "INFO", False),
        ("OLLAMA_NUM_PARALLEL", "0", False),
        ("OLLAMA_BASE_URL", "http://localhost:11434", False),
        ("OLLAMA_PANEL_HOME", "/x", False),
        ("HOME", "~", False),
    ],
)
def test_a_wrong_variable_of_a_process_is_told_if_no_source_is_known(name: str, value: str, told: bool) -> None:
    assert bool(found(Facts(servers=(server(**{name: value}),)))) is told


@pytest.mark.parametrize(
    ("version", "flash", "told"),
    [("0.24.0", None, True), ("0.24.0", "1", False), ("0.32.15", None, False), ("0.32.15", "0", True)],
)
def test_a_small_cache_without_flash_attention_is_told_by_the_version(
    version: str, flash: str | None, told: bool
) -> None:
    variables = {"OLLAMA_KV_CACHE_TYPE": "q8_0", **({"OLLAMA_FLASH_ATTENTION": flash} if flash else {})}
    one = msgspec.structs.replace(server(**variables), version=version)
    ids = list(found(Facts(servers=(one,))))
    assert ids == (["settings.values:ollama.service:OLLAMA_KV_CACHE_TYPE"] if told else [])


def test_what_only_the_log_prints_is_silent() -> None:
    printed = {"OLLAMA_NEW_ENGINE": "false", "OLLAMA_NUM_PARALLEL": "0", "OLLAMA_DEBUG": "INFO"}
    assert found(Facts(servers=(server(),), logs=(LogFacts(1412, printed),))) == {}


def test_without_a_server_that_tells_its_variables_nothing_is_compared() -> None:
    closed = FoundServer("x", 7, 0.0, SERVICE)
    blind = {check.id for check in CHECKS if check.blind(Facts(servers=(closed,))) is not None}
    assert blind == {"settings.in-force", "settings.values"}
