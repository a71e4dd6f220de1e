"""What keeps on a Mac what is lost there."""

import plistlib

from ollama_panel.core.doctor.facts import Facts, MachineFacts
from ollama_panel.core.doctor.mac_fixes import lasting
from ollama_panel.core.sources.record import Assignment, Place, Reading, ServerConfig, SourceKind

MAC = Facts(machine=MachineFacts("Darwin", home="/Users/anna"))
AGENT = "/Users/anna/Library/LaunchAgents/local.ollamapanel.app-environment.plist"


def reading(kind: SourceKind, name: str, **variables: str) -> Reading:
    assignments = tuple(Assignment(one, value, Place("x", 1)) for one, value in variables.items())
    return Reading(kind, f"/Users/anna/Library/LaunchAgents/{name}.plist", (ServerConfig("", assignments),))


def test_what_launchctl_sets_an_agent_sets_at_each_login() -> None:
    fix = lasting(MAC, reading(SourceKind.LAUNCHCTL, "", OLLAMA_NUM_PARALLEL="4", OLLAMA_HOST="0.0.0.0"))
    assert fix is not None
    ((path, before, after),) = fix.files
    assert (path, before, fix.target) == (AGENT, "", "")
    agent = plistlib.loads(after.encode())
    assert agent["RunAtLoad"] is True
    assert agent["ProgramArguments"][-2:] == ["OLLAMA_NUM_PARALLEL", "4"]


def test_an_agent_that_is_there_is_left_alone() -> None:
    there = Facts(machine=MAC.machine, sources=(Reading(SourceKind.LAUNCH_AGENT, AGENT),))
    assert lasting(there, reading(SourceKind.LAUNCHCTL, "", OLLAMA_NUM_PARALLEL="4")) is None


def test_edits_of_homebrews_file_go_where_homebrew_keeps_them() -> None:
    label = "homebrew.mxcl.ollama"
    edited = reading(SourceKind.LAUNCH_AGENT, label, OLLAMA_FLASH_ATTENTION="1", OLLAMA_NUM_PARALLEL="4")
    fix = lasting(MAC, edited)
    assert fix is not None
    assert fix.files == (("/Users/anna/.homebrew/services/ollama.env", "", "OLLAMA_NUM_PARALLEL=4\n"),)
    assert (fix.target, fix.unit, fix.wanted) == ("homebrew", label, {"OLLAMA_NUM_PARALLEL": "4"})


def test_elsewhere_there_is_no_place_for_them() -> None:
    source = reading(SourceKind.LAUNCHCTL, "", OLLAMA_NUM_PARALLEL="4")
    assert lasting(Facts(), source) is None
    assert lasting(MAC, reading(SourceKind.LAUNCHCTL, "", OLLAMA_MODELS="$HOME/models")) is None
    assert lasting(MAC, reading(SourceKind.LAUNCH_AGENT, "com.ollama.serve", OLLAMA_NUM_PARALLEL="4")) is None
