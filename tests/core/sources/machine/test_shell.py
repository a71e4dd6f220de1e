import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.machine.shell import is_profile
from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading

SCRIPT, PROFILE = "start.sh", "/home/ana/.bashrc"

SCRIPTS = {
    "exported": "export OLLAMA_A=1 OLLAMA_B='x y'\nollama serve\n",
    "exported later": "OLLAMA_A=1\nexport OLLAMA_A\nollama serve\n",
    "in front": 'OLLAMA_A=1 OLLAMA_B="2" ollama serve\n',
    "by env": "export OLLAMA_A=1\nenv -u OLLAMA_A OLLAMA_B=2 ollama serve\n",
    "clean": 'export OLLAMA_A=1\nenv -i PATH="$PATH" OLLAMA_B=2 ollama serve\n',
    "all exported": "set -a\nOLLAMA_A=1\nset +a\nOLLAMA_B=2\nollama serve\n",
    "the last wins": "export OLLAMA_A=1\nexport OLLAMA_A=2\nollama serve\n",
    "taken away": "export OLLAMA_A=1 OLLAMA_B=2\nunset OLLAMA_A\nollama serve\n",
    "after it": "ollama serve\nexport OLLAMA_A=1\n",
    "not exported": "OLLAMA_A=1\nollama serve\n",
    "kept again": "export OLLAMA_A=1\nexport -n OLLAMA_A\nollama serve\n",
    "from another": "BASE=/srv\nexport OLLAMA_A=$BASE/a OLLAMA_B=${BASE}/b OLLAMA_C=${NONE:-c}\nollama serve\n",
    "quotes": 'export OLLAMA_A=\'$BASE\' OLLAMA_B="\\$x \\"y\\"" OLLAMA_C=a\\ b\nollama serve\n',
    "home": 'export OLLAMA_A=$HOME/a OLLAMA_B=~/b OLLAMA_C="~/c"\nollama serve\n',
    "comments": "#export OLLAMA_A=1\nexport OLLAMA_B=2 # three\nexport OLLAMA_C=a#b\nollama serve # now\n",
    "one line": "export OLLAMA_A=1; OLLAMA_B=2 nohup ollama serve >/dev/null 2>&1 &\nwait\n",
    "going on": "export OLLAMA_A=1 \\\n  OLLAMA_B=2\nollama \\\n  serve\n",
    "here-document": "cat >/dev/null <<EOF\nexport OLLAMA_A=1\nEOF\nexport OLLAMA_B=2\nollama serve\n",
    "if": "if true; then\n  export OLLAMA_A=1\nfi\nollama serve\n",
    "function": "start() { OLLAMA_A=1 ollama serve; }\nstart\n",
    "subshell": "(export OLLAMA_A=1; ollama serve)\n",
    "inner shell": "export OLLAMA_A=1\nsh -c 'OLLAMA_B=2 exec ollama serve'\n",
    "inner shell with words": "sh -c 'exec \"$@\"' name env OLLAMA_A=1 ollama serve\n",
    "dollar quote": "export OLLAMA_A=$'a\\tb'\nollama serve\n",
    "declared": "declare -x OLLAMA_A=1\nollama serve\n",
}


def _script(text: str, path: str = SCRIPT, kind: SourceKind = SourceKind.SHELL) -> Reading:
    return reading(kind, path, text)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_gives_a_server_what_it_gets_from_bash(text: str, tmp_path: Path) -> None:
    home = "/home/ana"
    programs, seen = tmp_path / "bin", tmp_path / "seen"
    programs.mkdir()
    (programs / "ollama").write_text(f'#!/bin/sh\nenv -0 | grep -z "^OLLAMA_" >"{seen}"\nexit 0\n', encoding="utf-8")
    (programs / "ollama").chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": home}
    subprocess.run(["bash", "-c", text], env=environment, check=True, capture_output=True)
    got = dict(pair.split("=", 1) for pair in seen.read_text(encoding="utf-8").split("\0") if pair)
    assert _script(text, f"{home}/start.sh").variables == got


def test_each_server_of_a_script_has_its_own_variables() -> None:
    found = _script("OLLAMA_HOST=:1 ollama serve &\nexport OLLAMA_DEBUG=1\nOLLAMA_HOST=:2 ollama serve &\n")
    assert [server.variables for server in found.servers] == [
        {"OLLAMA_HOST": ":1"},
        {"OLLAMA_DEBUG": "1", "OLLAMA_HOST": ":2"},
    ]


@pytest.mark.parametrize(
    "loop", ["for i in 0 1; do", "for i in {0..1}\ndo", "for i in $(seq 0 1); do\n", "for i in 0 \\\n  1; do"]
)
def test_a_loop_starts_a_server_for_each_of_its_words(loop: str) -> None:
    start = "CUDA_VISIBLE_DEVICES=$i OLLAMA_HOST=127.0.0.1:$((11434 + 2 * i)) ollama serve &"
    found = _script(f"export OLLAMA_DEBUG=1\n{loop} export OLLAMA_MAX_QUEUE=1$i\n  {start}\ndone\nwait\n")
    assert [server.variables for server in found.servers] == [
        {
            "OLLAMA_DEBUG": "1",
            "OLLAMA_MAX_QUEUE": f"1{i}",
            "CUDA_VISIBLE_DEVICES": str(i),
            "OLLAMA_HOST": f"127.0.0.1:{11434 + 2 * i}",
        }
        for i in (0, 1)
    ]
    assert not found.mistakes


def test_a_loop_over_what_is_unknown_goes_round_once() -> None:
    (server,) = _script("for i in $(gpus); do\n  CUDA_VISIBLE_DEVICES=$i ollama serve\ndone\n").servers
    assert server.variables == {"CUDA_VISIBLE_DEVICES": "$i"}


def test_loops_within_loops_come_to_an_end() -> None:
    depth = 8
    loops = "".join(f"for v{number} in {{0..99}}; do\n" for number in range(depth))
    found = _script(f"{loops}OLLAMA_DEBUG=$v0 ollama serve\n" + "done\n" * depth)
    assert 1 <= len(found.servers) <= 64


def test_sudo_holds_back_what_it_is_not_told_to_keep() -> None:
    found = _script("export OLLAMA_DEBUG=1\nsudo ollama serve\n")
    assert found.variables == {}
    assert mended(found, codes.WRAPPER_WITHOUT_VARIABLE).endswith("sudo --preserve-env=OLLAMA_DEBUG ollama serve\n")
    assert codes_of(_script(mended(found, codes.WRAPPER_WITHOUT_VARIABLE))) == set()


def test_what_is_not_exported_is_told_with_its_mended_line() -> None:
    found = _script("  OLLAMA_DEBUG=1\nollama serve\n")
    assert mistakes(found) == [(codes.NOT_EXPORTED, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.NOT_EXPORTED) == "  export OLLAMA_DEBUG=1\nollama serve\n"


def test_what_is_set_after_the_start_is_told() -> None:
    assert mistakes(_script("ollama serve &\nexport OLLAMA_DEBUG=1\n")) == [(codes.SET_AFTER_START, "OLLAMA_DEBUG", 2)]


def test_a_profile_sets_what_a_server_gets_that_is_started_in_its_shell() -> None:
    found = _script("export PATH=/x\nexport OLLAMA_DEBUG=1\nexport OLLAMA_MODELS=$HOME/models\n", PROFILE)
    assert found.variables == {"OLLAMA_DEBUG": "1", "OLLAMA_MODELS": "/home/ana/models"}
    assert not found.mistakes


def test_a_home_that_the_path_does_not_tell_stays_as_it_is_written() -> None:
    assert _script("export OLLAMA_MODELS=$HOME/models\n", "~/.zshrc").variables == {"OLLAMA_MODELS": "$HOME/models"}


def test_quotes_that_keep_the_home_from_being_filled_in_are_told() -> None:
    found = _script("export OLLAMA_MODELS='$HOME/models'\n", PROFILE)
    assert mistakes(found) == [(codes.NOT_EXPANDED, "OLLAMA_MODELS", 1)]
    assert mended(found, codes.NOT_EXPANDED) == 'export OLLAMA_MODELS="$HOME/models"\n'


def test_a_shell_that_starts_a_service_gives_it_nothing() -> None:
    found = _script("export OLLAMA_HOST=0.0.0.0\nsudo systemctl restart ollama\n")
    assert (found.servers, codes_of(found)) == ((), {codes.CLIENT_SIDE})
    assert fates(found) == [("OLLAMA_HOST", "0.0.0.0", Fate.CLIENT)]


def test_a_blank_at_the_sign_is_told_where_it_is_meant_as_an_assignment() -> None:
    found = _script("export OLLAMA_DEBUG = 1\n", PROFILE)
    assert mended(found, codes.BLANK_AROUND_EQUALS) == "export OLLAMA_DEBUG=1\n"
    assert codes_of(_script("OLLAMA_HOST= ollama list\n", PROFILE)) == set()


def test_a_file_of_variables_that_a_script_reads_is_followed() -> None:
    found = reading(
        SourceKind.SHELL,
        "start.sh",
        "set -a\n. ./ollama.env\nset +a\nollama serve\n",
        ("/srv/ollama.env", "OLLAMA_DEBUG=1\n"),
    )
    assert found.variables == {"OLLAMA_DEBUG": "1"}
    assert found.servers[0].assignments[0].place.path == "/srv/ollama.env"


def test_a_login_session_has_what_launchctl_sets_until_the_next_reboot() -> None:
    text = "launchctl setenv OLLAMA_HOST '0.0.0.0'\nlaunchctl setenv X 1\nlaunchctl unsetenv X\n"
    found = _script(text, "shell", SourceKind.LAUNCHCTL)
    assert found.variables == {"OLLAMA_HOST": "0.0.0.0"}
    assert mistakes(found) == [(codes.LOST_AT_REBOOT, "", 1)]


def test_a_script_of_something_else_says_nothing() -> None:
    found = _script('#!/bin/sh\nfor file in *; do echo "$file"; done\ncase $x in a) ;; esac\ncat <(ls)\n')
    assert (found.servers, found.others, found.mistakes) == ((), (), ())


@pytest.mark.parametrize(
    "path", ["~/.bashrc", "/home/ana/.zprofile", "/etc/profile.d/ollama.sh", "/etc/zsh/zshenv", "~/.profile"]
)
def test_profiles_are_known_by_their_paths(path: str) -> None:
    assert is_profile(path)
    assert not is_profile("/opt/start-ollama.sh")


@pytest.mark.parametrize("text", ["export A='", 'x="${', "a=$(", "`", "<<EOF\nx", "\\", "'", "${", "<(", "(((", "$'"])
def test_a_script_that_is_cut_off_is_read_to_its_end(text: str) -> None:
    assert _script(text).problem is None


@pytest.mark.parametrize("value", ["$(hostname -I):11434", "`cat /etc/host`"])
def test_what_a_command_tells_when_the_script_runs_is_unknown(value: str) -> None:
    for text in (
        f'export OLLAMA_HOST="{value}"\nollama serve\n',
        f"OLLAMA_HOST={value.replace(' -I', '')} ollama serve\n",
    ):
        found = reading(SourceKind.SHELL, "/opt/start.sh", text)
        assert (found.variables, codes_of(found)) == ({}, set())
        assert [one.fate for one in found.assignments] == [Fate.IGNORED]


@pytest.mark.parametrize("text", ["'{}'", '"\\{}"'])
def test_what_is_quoted_so_that_the_shell_computes_nothing_is_known(text: str) -> None:
    value = "`x"
    found = reading(SourceKind.SHELL, "/opt/start.sh", f"export OLLAMA_MODELS={text.format(value)}\nollama serve\n")
    assert found.variables == {"OLLAMA_MODELS": value}


def test_what_an_inner_shell_computes_is_unknown() -> None:
    text = "sh -c 'export OLLAMA_HOST=$(hostname); ollama serve'\n"
    found = reading(SourceKind.SHELL, "/opt/start.sh", text)
    assert (found.variables, [one.fate for one in found.assignments]) == ({}, [Fate.IGNORED])
