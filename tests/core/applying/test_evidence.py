from ollama_panel.core.applying.evidence import evidence_of, sections
from ollama_panel.core.redact import HIDDEN

_LINE = (
    "time=2026-11-30T19:11:22.000Z level=INFO source=routes.go:1881 "
    'msg="server config" env="map[OLLAMA_HOST:http://127.0.0.1:11434 OLLAMA_NUM_PARALLEL:4]"'
)
_PRINTED = f"""
@@state
active

@@restarts
0

@@declared
OLLAMA_NUM_PARALLEL=4 "SPACES=a  b" $DOLLAR=x

@@pid
812

@@environment
OLLAMA_NUM_PARALLEL=4
LINES=a\x01b
TOKEN=tell-nobody-9

@@arguments
/usr/bin/ollama
serve

@@log
{_LINE} tell-nobody-9
"""


def test_a_server_that_runs() -> None:
    found = evidence_of(_PRINTED)
    assert (found.state, found.pid, found.restarts) == ("active", 812, 0)
    assert found.environment == {"OLLAMA_NUM_PARALLEL": "4", "LINES": "a\nb", "TOKEN": "tell-nobody-9"}
    assert found.declared == {"OLLAMA_NUM_PARALLEL": "4", "SPACES": "a  b", "DOLLAR": "x"}
    assert found.arguments == ("/usr/bin/ollama", "serve")
    assert found.logged == {"OLLAMA_HOST": "http://127.0.0.1:11434", "OLLAMA_NUM_PARALLEL": "4"}
    assert found.line == f"{_LINE} {HIDDEN}", "a line that is quoted has no secret of the server"


def test_a_server_that_does_not_run() -> None:
    found = evidence_of("\n@@state\nfailed\n\n@@said\nbind: in use\n")
    assert (found.state, found.said) == ("failed", "bind: in use")
    assert (found.environment, found.declared, found.logged, found.line) == (None, None, None, "")


def test_nothing_and_nonsense_are_unknown() -> None:
    assert evidence_of("") == evidence_of("bash: systemctl: command not found\n")
    assert evidence_of("\n@@declared\nA='b\n").declared == {"A": "'b"}


def test_only_a_line_feed_ends_a_line() -> None:
    assert sections("@@a\nx\u2028@@b\ny") == {"a": "x\u2028@@b\ny"}
