"""Which tools are asked about an export, and how."""

import pytest

from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Export, ExportFile, Syntax
from ollama_panel.core.export.judges import (
    FOLDER,
    LIMIT_S,
    Outcome,
    Verdict,
    all_told,
    judges_of,
    remedy,
    told,
    words_of,
)
from ollama_panel.core.notices.render import render
from tests.core.export.samples import exported, pools


def export(*files: ExportFile) -> Export:
    return Export(files, ())


def tools(target: str, made: Export) -> list[str]:
    return [command.name for judge in judges_of(target, made) for command in judge.commands]


def test_a_script_is_judged_by_its_shell_and_by_shellcheck() -> None:
    assert tools("shell", exported("shell", pools())) == ["sh -n", "shellcheck"]


@pytest.mark.parametrize(
    ("syntax", "name"),
    [
        (Syntax.FISH, "fish -n"),
        (Syntax.JSON, "jq"),
        (Syntax.NIX, "nix-instantiate --parse"),
        (Syntax.HAPROXY, "haproxy -c"),
        (Syntax.NGINX, "nginx -t"),
        (Syntax.INI, "systemd-analyze verify"),
    ],
)
def test_each_grammar_has_its_tool(syntax: Syntax, name: str) -> None:
    assert tools("any", export(ExportFile("a", "", syntax))) == [name]


def test_the_tool_of_macos_is_asked_before_that_of_other_systems() -> None:
    made = export(ExportFile("a.plist", "", Syntax.XML), ExportFile("b.plist", "", Syntax.XML))
    (judge,) = judges_of("launchd", made)
    apple, libplist = judge.commands
    assert apple.runs == (("-lint", f"{FOLDER}/a.plist", f"{FOLDER}/b.plist"),)
    assert [run[:2] for run in libplist.runs] == [("-i", f"{FOLDER}/a.plist"), ("-i", f"{FOLDER}/b.plist")]


def test_a_file_that_no_tool_reads_has_no_judge() -> None:
    assert judges_of("env", export(ExportFile("a.env", "A=1\n", Syntax.ENV))) == ()


def test_units_lie_in_a_root_of_their_own_with_what_they_refer_to() -> None:
    unit = '[Service]\nExecStart="/opt/my 100%% \\"ollama\\"" serve\n'
    made = export(
        ExportFile("ollama.conf", "[Service]\n", Syntax.INI, "/etc/systemd/system/ollama.service.d/zz.conf"),
        ExportFile("ollama-chat-2.service", unit, Syntax.INI, "~/.config/systemd/user/ollama-chat-2.service"),
    )
    (judge,) = judges_of("systemd-units", made)
    assert [file.name for file in judge.laid] == [
        "etc/systemd/system/ollama.service.d/zz.conf",
        "etc/systemd/system/ollama-chat-2.service",
    ]
    added = {file.name: file for file in judge.added}
    assert "ExecStart=/bin/true" in added["etc/systemd/system/ollama.service"].text
    assert added['opt/my 100% "ollama"'].executable
    assert judge.commands[0].runs[0][-2:] == ("ollama-chat-2.service", "ollama.service")
    assert judge.files == ("ollama.conf", "ollama-chat-2.service")


def test_a_part_of_nginx_s_configuration_is_judged_within_a_whole_one() -> None:
    part = ExportFile("conf.d/ollama.conf", "upstream chat {}\n", Syntax.NGINX)
    whole = ExportFile("nginx.conf", "events {}\nhttp {\n}\n", Syntax.NGINX)
    (judge,) = judges_of("nginx", export(part, whole))
    assert [run[-1] for run in judge.commands[0].runs] == [
        f"{FOLDER}/around-conf.d-ollama.conf",
        f"{FOLDER}/nginx.conf",
    ]
    (around,) = judge.added
    assert f'include "{FOLDER}/conf.d/ollama.conf";' in around.text
    assert around.text.count("_temp_path {folder}/") == 5, "those of the system may be root's alone"


def test_ansible_is_asked_about_the_playbooks_alone() -> None:
    playbook = ExportFile("playbook.yml", '- "hosts": "all"\n', Syntax.YAML)
    (judge,) = judges_of("ansible", export(playbook, ExportFile("vars.yml", '"hosts_of": 1\n', Syntax.YAML)))
    assert judge.files == ("playbook.yml",)


def test_every_judge_looks_at_files_that_the_export_has_and_at_most_once() -> None:
    for target in targets():
        made = exported(target.id, pools())
        for judge in judges_of(target.id, made):
            assert judge.files
            assert set(judge.files) <= {file.name for file in made.files}
            laid = [file.name for file in (*judge.laid, *judge.added)]
            assert len(laid) == len(set(laid))
            assert all(command.runs for command in judge.commands)


def test_what_a_tool_says_names_the_files_and_not_the_folder() -> None:
    assert words_of("/tmp/x/a.conf:1: bad\n/tmp/x\n", "/tmp/x") == "a.conf:1: bad\n."
    assert len(words_of("a" * 10_000, "/tmp/x")) == 4000


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome.ACCEPTED, "jq: accepted"),
        (Outcome.REFUSED, "jq: refused"),
        (Outcome.MISSING, "Not checked: jq is not installed"),
        (Outcome.SILENT, f"Not checked: jq gave no answer within {LIMIT_S:g} s"),
    ],
)
def test_a_verdict_is_told_in_one_line(outcome: Outcome, line: str) -> None:
    assert render(told(Verdict("jq", outcome))) == line


def test_what_nobody_judges_is_said_to_be_unchecked() -> None:
    assert [render(line) for line in all_told(())] == ["No tool checks such files"]
    assert len(all_told([Verdict("jq", Outcome.ACCEPTED), Verdict("sh -n", Outcome.MISSING)])) == 2


def test_for_a_missing_tool_there_is_a_package_if_somebody_has_made_one() -> None:
    missing = remedy(Verdict("jq", Outcome.MISSING, package="jq"))
    assert missing is not None
    assert render(missing) == "Debian and Ubuntu have jq in the package jq."
    assert remedy(Verdict("PowerShell", Outcome.MISSING)) is None
    assert remedy(Verdict("jq", Outcome.REFUSED, package="jq")) is None
