"""Findings about mistakes in sources: what they say, what shows them, and how they are mended."""

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.sources import CHECKS
from ollama_panel.core.doctor.facts import Facts, LogFacts, RunnerFacts
from ollama_panel.core.findings import EditFiles, Evidence, Finding, RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources import codes, read
from ollama_panel.core.sources.record import (
    Assignment,
    Fate,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
)

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"
LINE = 'Environment="OLLAMA_NUM_PARALLEL=4"'
BASE = f"{LINE}\n[Service]\nEnvironment=OLLAMA_NEW_ENGINE=1\n"
MOVED = f"[Service]\nEnvironment=OLLAMA_NEW_ENGINE=1\n{LINE}\n"
WITHOUT = f"{LINE}\n[Service]\n"
SERVER = FoundServer("ollama.service", 1412, 0.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"))
TOLD = notice("source.unknown", path="x")


def outside(value: str = "4") -> Reading:
    place = Place(DROP_IN, 1, LINE)
    lost = Assignment("OLLAMA_NUM_PARALLEL", value, place, Fate.IGNORED)
    mistake = Mistake(codes.OUTSIDE_SECTION, TOLD, place, "OLLAMA_NUM_PARALLEL", MOVED)
    dead = Mistake(codes.DEAD_VARIABLE, TOLD, Place(DROP_IN, 3, "…"), "OLLAMA_NEW_ENGINE", WITHOUT)
    source = Source(SourceKind.SYSTEMD, (TextFile(DROP_IN, BASE),), "Linux", "ollama.service")
    servers = (ServerConfig("ollama.service", (lost,)),)
    return Reading(SourceKind.SYSTEMD, DROP_IN, servers, (), (mistake, dead), source=source)


def found(facts: Facts) -> dict[str, Finding]:
    return {one.id: one for check in CHECKS if check.blind(facts) is None for one in check.look(facts)}


def with_log(*sources: Reading, parallel: str = "1") -> Facts:
    return Facts(
        servers=(SERVER,),
        sources=sources,
        logs=(LogFacts(1412, {"OLLAMA_NUM_PARALLEL": parallel}),),
        runners=(RunnerFacts(7240, 1412, arguments=("llama-server", "--parallel", parallel)),),
    )


def test_what_is_set_and_not_in_force_is_told_with_both_values() -> None:
    one = found(with_log(outside()))[f"sources.not-taken:{DROP_IN}:outside-section:OLLAMA_NUM_PARALLEL"]
    assert render(one.told) == "Parallel is set to 4, but Ollama runs with 1."
    assert one.why == TOLD
    assert one.evidence == (
        Evidence(LINE, DROP_IN, 1),
        Evidence("OLLAMA_NUM_PARALLEL:1", "ollama.service"),
        Evidence("--parallel 1", "runner 7240"),
    )


def test_all_mistakes_of_a_file_are_mended_in_one_go() -> None:
    fixes = [one.fix for one in found(with_log(outside())).values()]
    assert {one.files for one in fixes if isinstance(one, EditFiles)} == {((DROP_IN, BASE, f"[Service]\n{LINE}\n"),)}


def test_a_line_that_is_not_read_is_no_fault_where_the_server_has_its_value_anyway() -> None:
    facts = with_log(outside(), parallel="4")
    assert [one.check for one in found(facts).values()] == ["sources.names"]


def test_what_a_process_shows_again_is_told_of_its_source_alone() -> None:
    again = Reading(
        SourceKind.PROCESS,
        "PID 1412",
        mistakes=(Mistake(codes.DEAD_VARIABLE, TOLD, Place("PID 1412"), "OLLAMA_NEW_ENGINE"),),
    )
    assert [key for key in found(with_log(outside(), again)) if "PID" in key] == []
    assert [key for key in found(with_log(again)) if "PID" in key] != []


def test_a_variable_is_not_dead_where_the_version_that_runs_reads_it() -> None:
    facts = with_log(outside(), parallel="4")
    for version, told in (("0.24.0", []), ("0.32.15", ["sources.names"]), (None, ["sources.names"])):
        server = msgspec.structs.replace(SERVER, version=version)
        known = msgspec.structs.replace(facts, servers=(server,))
        assert [one.check for one in found(known).values()] == told


def test_what_the_panel_gives_its_workers_it_checks_itself() -> None:
    worker = FoundServer("chat-1", 77, 0.0, Owner(OwnerKind.PANEL))
    mistake = Mistake(codes.BAD_VALUE, TOLD, Place("process 77"), "OLLAMA_KEEP_ALIVE")
    shown = Reading(SourceKind.PROCESS, "process 77", mistakes=(mistake,))
    assert found(Facts(servers=(worker,), sources=(shown,))) == {}


def test_what_the_machine_shows_better_is_left_to_other_checks() -> None:
    mistakes = tuple(Mistake(code, TOLD, Place("x", 1)) for code in (codes.OPEN_TO_NETWORK, codes.RESTART_NEEDED))
    assert found(with_log(Reading(SourceKind.REGISTRY, "x", mistakes=mistakes))) == {}


def test_a_mistake_of_a_kind_that_no_check_names_is_told_all_the_same() -> None:
    strange = Reading(SourceKind.SHELL, "x", mistakes=(Mistake("something-new", TOLD, Place("x", 1, "y")),))
    assert list(found(with_log(strange))) == ["sources.other:x:something-new"]


def test_without_a_source_there_is_nothing_to_say_of_sources() -> None:
    assert examine(Facts(), checks=CHECKS).checks == ()


def test_the_fix_of_a_judgement_is_made_alone() -> None:
    reading = outside()
    judged = Mistake(codes.PARALLEL_WITHOUT_EFFECT, TOLD, Place(DROP_IN, 1, LINE), "OLLAMA_NUM_PARALLEL", "[Service]\n")
    facts = with_log(msgspec.structs.replace(reading, mistakes=(*reading.mistakes, judged)))
    fixes = {key.rpartition("/")[2]: one.fix for key, one in found(facts).items()}
    alone = fixes["override.conf:parallel-without-effect:OLLAMA_NUM_PARALLEL"]
    both = fixes["override.conf:dead-variable:OLLAMA_NEW_ENGINE"]
    assert isinstance(alone, EditFiles)
    assert isinstance(both, EditFiles)
    assert (alone.files[0][2], both.files[0][2]) == ("[Service]\n", f"[Service]\n{LINE}\n")


def test_what_is_commented_out_is_not_said_to_be_set() -> None:
    text = "[Service]\n;Environment=OLLAMA_NUM_PARALLEL=4\n"
    reading = read(Source(SourceKind.SYSTEMD, (TextFile(DROP_IN, text),), "Linux"))
    (finding,) = examine(with_log(reading), checks=CHECKS).findings
    assert render(finding.told).startswith("OLLAMA_NUM_PARALLEL is commented out")


@pytest.mark.parametrize(("key", "whole"), [("HKCU", ""), ("HKLM", " /M")])
def test_variables_of_windows_are_mended_by_setx(key: str, whole: str) -> None:
    text = f"{key}\\Environment\n    OLLAMA_GPU_OVERHEAD    REG_SZ    2048\n"
    reading = read(Source(SourceKind.REGISTRY, (TextFile(f"reg query {key}\\Environment", text),), "Windows"))
    (finding,) = examine(Facts(sources=(reading,)), checks=CHECKS).findings
    assert finding.fix == RunCommands((f'setx OLLAMA_GPU_OVERHEAD "2147483648"{whole}',), by_hand=True)
