import plistlib
from collections.abc import Sequence

import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, fates, mended, mistakes, reading

SERVE = ("/usr/local/bin/ollama", "serve")


def _agent(
    variables: dict[str, object] | None = None,
    words: Sequence[str] = SERVE,
    label: str = "local.ollama",
    **more: object,
) -> Reading:
    document = {"Label": label, "ProgramArguments": list(words), "EnvironmentVariables": variables or {}, **more}
    return _text(plistlib.dumps(document, sort_keys=False).decode())


def _text(text: str) -> Reading:
    return reading(SourceKind.LAUNCH_AGENT, "~/Library/LaunchAgents/x.plist", text)


def test_an_agent_gives_its_server_the_variables_with_their_lines() -> None:
    found = _agent({"OLLAMA_DEBUG": "1", "HOME": "/x", "X_A": "a & <b>"})
    assert found.variables == {"OLLAMA_DEBUG": "1", "X_A": "a & <b>"}
    (server,) = found.servers
    assert (server.name, server.command) == ("local.ollama", SERVE)
    assert "OLLAMA_DEBUG" in server.assignments[0].place.text


def test_the_program_is_what_runs_and_the_first_word_only_a_name() -> None:
    assert _agent({"OLLAMA_DEBUG": "1"}, ("x", "serve"), Program="/opt/ollama").servers[0].command == (
        "/opt/ollama",
        "serve",
    )


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("/bin/sh", "-c", 'exec "$@" >>"$HOME/log" 2>&1', "name", *SERVE), {"OLLAMA_A": "1"}),
        (("/usr/bin/env", "OLLAMA_B=2", *SERVE), {"OLLAMA_A": "1", "OLLAMA_B": "2"}),
        (("/bin/zsh", "-c", "OLLAMA_B=2 ollama serve"), {"OLLAMA_A": "1", "OLLAMA_B": "2"}),
        (("/usr/bin/sudo", "-u", "x", *SERVE), {}),
    ],
)
def test_wrappers_are_followed(words: Sequence[str], variables: dict[str, str]) -> None:
    found = _agent({"OLLAMA_A": "1"}, words)
    assert found.variables == variables
    assert (codes.WRAPPER_WITHOUT_VARIABLE in codes_of(found)) is (variables == {})


@pytest.mark.parametrize("value", [1, True, 1.5])
def test_a_number_is_left_out_and_mended_as_a_text(value: object) -> None:
    found = _agent({"OLLAMA_DEBUG": value, "X_A": "1"})
    assert found.variables == {"X_A": "1"}
    again = _text(mended(found, codes.NUMBER_NOT_TEXT))
    assert (set(again.variables), codes_of(again) - {codes.BAD_VALUE}) == ({"OLLAMA_DEBUG", "X_A"}, set())


def test_quotes_and_a_home_that_nothing_fills_in_are_told() -> None:
    found = _agent({"OLLAMA_HOST": '"127.0.0.1"', "OLLAMA_MODELS": "~/models"})
    assert mistakes(found) == [(codes.QUOTES_INSIDE, "OLLAMA_HOST", 14), (codes.NOT_EXPANDED, "OLLAMA_MODELS", 16)]
    assert _text(mended(found, codes.QUOTES_INSIDE)).variables["OLLAMA_HOST"] == "127.0.0.1"


def test_a_variable_beside_the_right_key_is_told() -> None:
    assert codes_of(_agent(OLLAMA_DEBUG="1")) == {codes.WRONG_SECTION}


def test_an_agent_of_another_program_does_nothing_for_the_server() -> None:
    found = _agent({"OLLAMA_KEEP_ALIVE": "1h", "OLLAMA_HOST": "x"}, ("/opt/bot",))
    assert (found.servers, codes_of(found)) == ((), {codes.WRONG_UNIT})
    assert {fate for _, _, fate in fates(found)} == {Fate.CLIENT}
    assert codes_of(_text(mended(found, codes.WRONG_UNIT))) == set()


def test_edits_of_homebrews_file_are_lost_but_what_the_formula_sets_is_not() -> None:
    own = {"OLLAMA_FLASH_ATTENTION": "1", "OLLAMA_KV_CACHE_TYPE": "q8_0"}
    assert codes_of(_agent(dict(own), label="homebrew.mxcl.ollama")) == set()
    edited = _agent({**own, "OLLAMA_DEBUG": "1"}, label="homebrew.mxcl.ollama")
    assert [(one.code, one.name) for one in edited.mistakes] == [(codes.EDITS_LOST, "OLLAMA_DEBUG")]
    assert edited.servers[0].name == ""


@pytest.mark.parametrize(
    "words",
    [
        ("/bin/launchctl", "setenv", "OLLAMA_DEBUG", "1"),
        ("/bin/sh", "-c", "launchctl setenv OLLAMA_DEBUG 1"),
        (
            "/bin/sh",
            "-c",
            'while [ "$#" -gt 1 ]; do launchctl setenv "$1" "$2"; shift 2; done',
            "sh",
            "OLLAMA_DEBUG",
            "1",
        ),
    ],
)
def test_an_agent_that_sets_the_session_anew_at_each_login_is_no_mistake(words: Sequence[str]) -> None:
    found = _agent(None, words)
    assert (found.variables, codes_of(found)) == ({"OLLAMA_DEBUG": "1"}, set())


@pytest.mark.parametrize("text", ["", "bplist00\x00", "<plist><dict>", "<plist><array/></plist>", "{}"])
def test_what_is_no_property_list_says_so(text: str) -> None:
    assert _text(text).problem is not None


@pytest.mark.parametrize("inner", ["<key>A</key>", "<dict><string>x</string></dict>", "<string>x</string><string/>"])
def test_xml_that_is_no_property_list_says_so(inner: str) -> None:
    found = reading(SourceKind.LAUNCH_AGENT, "x.plist", f'<plist version="1.0">{inner}</plist>')
    assert found.problem is not None
